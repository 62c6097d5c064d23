"""Identifiers: UUIDv7, made in Python, so that rows sort by the moment they were made."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7 as a standard `uuid.UUID`."""
    return uuid7()
