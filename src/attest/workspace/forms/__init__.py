"""The plain forms of the calendar: scheduling, changing, cancelling and closing a session."""
