"""The one clock for business time.

`now()` is real time, except in the demo (a stored offset, moved by the time machine) and inside `at(...)`
(tests, and the demo's history). Logins and signatures of foreign systems use `real_now()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

_fixed: ContextVar[datetime | None] = ContextVar("attest_clock_fixed", default=None)
_offset: ContextVar[timedelta | None] = ContextVar("attest_clock_offset", default=None)


def real_now() -> datetime:
    """The machine's own time (UTC)."""
    return datetime.now(UTC)


def now() -> datetime:
    """Business time as an aware UTC datetime."""
    fixed = _fixed.get()
    if fixed is not None:
        return fixed
    if not settings.ATTEST_DEMO:
        return real_now()
    offset = _offset.get()
    if offset is None:
        offset = _stored_offset()
        _offset.set(offset)
    return real_now() + offset


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Business time stands still at `instant` (aware) within the block."""
    if instant.tzinfo is None:
        raise ValueError("the clock takes aware datetimes only")
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


def forget() -> None:
    """Read the stored offset anew at the next `now()`: each request and each job begins with this."""
    _offset.set(None)


def move_to(instant: datetime) -> None:
    """Move the demo's clock forward to `instant`. Raises ValueError outside the demo or when it lies behind."""
    if not settings.ATTEST_DEMO:
        raise ValueError("Only the demo has a clock that can be moved.")
    forget()
    if instant < now():
        raise ValueError("The clock only moves forward.")
    offset = instant - real_now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_democlock (id, shift) VALUES (1, %s * interval '1 second')"
            " ON CONFLICT (id) DO UPDATE SET shift = excluded.shift",
            [str(offset.total_seconds())],
        )
    forget()


def _stored_offset() -> timedelta:
    with connection.cursor() as cursor:
        cursor.execute("SELECT shift FROM core_democlock WHERE id = 1")
        row = cursor.fetchone()
    return row[0] if row else timedelta(0)
