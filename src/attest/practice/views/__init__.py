"""The front door and the settings pages."""
