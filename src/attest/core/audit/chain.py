"""How one event follows another: the exact text that is hashed, and nothing that needs a database.

The digest of a place in the chain is SHA-256 over a canonical JSON text that holds the practice, the place's number,
every column of the event there and the digest of the place before it. Whoever has that text and the digest can check
both with any SHA-256 program.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

START = ""
"""What stands for the digest before the first place."""
COLUMNS = ("id", "at", "user_id", "kind", "subject_type", "subject_id", "client_id", "data")
"""An event's columns as they are read for sealing and verifying; the practice is known."""
SELECTED = ", ".join(f"e.{column}" for column in COLUMNS[:-1]) + ", e.data::text"
"""The same in SQL, of the table called `e`. `data` is read as the database's own text: nothing is rounded."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is sealed. `data` is the text PostgreSQL gives for it."""

    id: UUID
    at: datetime
    user_id: UUID | None
    kind: str
    subject_type: str
    subject_id: UUID | None
    client_id: UUID | None
    data: str


def canonical(value: Any) -> str:
    """The one spelling of a JSON value: keys sorted, no blanks, no escapes but the needed ones."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def instant(at: datetime) -> str:
    """An aware moment in UTC to the microsecond, as it is hashed and signed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def hashed(event: Event, *, organization_id: UUID, number: int, previous: str) -> str:
    """The text whose SHA-256 is the digest of `event` at place `number`, after the digest `previous`."""
    return canonical(
        {
            "at": instant(event.at),
            "client": _id(event.client_id),
            "data": event.data,
            "event": str(event.id),
            "kind": event.kind,
            "number": number,
            "organization": str(organization_id),
            "previous": previous,
            "subject": _id(event.subject_id),
            "subject_type": event.subject_type,
            "user": _id(event.user_id),
        }
    )


def digest(event: Event, *, organization_id: UUID, number: int, previous: str) -> str:
    """The digest of `event` at place `number`, in hexadecimal."""
    text = hashed(event, organization_id=organization_id, number=number, previous=previous)
    return hashlib.sha256(text.encode()).hexdigest()


def checkpoint_message(
    *, checkpoint_id: UUID, organization_id: UUID, number: int, digest: str, count: int, at: datetime
) -> bytes:
    """What a checkpoint's signature covers."""
    return canonical(
        {
            "at": instant(at),
            "count": count,
            "digest": digest,
            "id": str(checkpoint_id),
            "number": number,
            "organization": str(organization_id),
            "signed": "attest audit checkpoint",
        }
    ).encode()


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)
