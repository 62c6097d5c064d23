"""What an address asks for: a date, a view, a provider. Whatever cannot be read counts as not asked."""

from datetime import UTC, date, datetime
from uuid import UUID


def read_day(text: str | None, otherwise: date) -> date:
    """A date such as 2026-11-24 between 2000 and 2100."""
    try:
        found = date.fromisoformat((text or "")[:10])
    except ValueError:
        return otherwise
    return found if 2000 <= found.year < 2100 else otherwise


def read_id(text: str | None) -> UUID | None:
    """A UUID."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def read_instant(text: str | None) -> datetime | None:
    """An ISO instant with its offset, as UTC; one without an offset is no instant."""
    try:
        # In an address a plus sign may have become a space.
        found = datetime.fromisoformat((text or "").strip().replace(" ", "+"))
    except ValueError:
        return None
    if found.utcoffset() is None or not 2000 <= found.year < 2100:
        return None
    return found.astimezone(UTC)


def read_wall(text: str | None) -> datetime | None:
    """A local date and time without an offset, such as 2026-11-24T14:00."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.replace(tzinfo=None) if 2000 <= found.year < 2100 else None
