"""Pages about clients, and this room's part of the settings."""
