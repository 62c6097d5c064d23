"""Attest: from the calendar to the paid claim."""
