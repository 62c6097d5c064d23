"""What stands between a session and its confirmation."""
