"""Roads to systems outside: one folder for each. They know `core` alone, and call nothing above it."""
