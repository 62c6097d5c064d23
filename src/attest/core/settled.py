"""What a practice has settled: read once, and again only after a change.

Fees, contracts, payers' rules and the like are asked for by every session and change a few times a year. Triggers on
their tables (`settled_tables` in the migrations) give the practice a new stamp with every change, in the same
transaction; what was read under a stamp is true as long as the stamp is the same. Nobody has to remember to say
that something changed, and no process has to be told.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import TypeVar
from uuid import UUID

from django.db import connection

Settled = TypeVar("Settled")
PRACTICES_KEPT = 64
"""Of how many practices a process keeps what it has read."""
_asked: ContextVar[dict[UUID, UUID | None] | None] = ContextVar("attest_settled_asked", default=None)


def settled(read: Callable[[UUID], Settled]) -> Callable[[UUID], Settled]:
    """Decorator for a read of settled tables, given the organization's id: repeated only after a change.

    Behind the wall of another organization there is no stamp, and nothing is found but what an unset one would find.
    The answer is shared by all who ask, so nobody may change it.
    """

    @lru_cache(maxsize=PRACTICES_KEPT)
    def kept(organization_id: UUID, stamp: UUID | None) -> Settled:
        return read(organization_id)

    @wraps(read)
    def current(organization_id: UUID) -> Settled:
        return kept(organization_id, _stamp(organization_id))

    return current


@contextmanager
def asked_once() -> Iterator[None]:
    """Within the block each practice's stamp is asked for once: around reads that follow each other, and no write."""
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


def _stamp(organization_id: UUID) -> UUID | None:
    asked = _asked.get()
    if asked is None:
        return _read_stamp(organization_id)
    if organization_id not in asked:
        asked[organization_id] = _read_stamp(organization_id)
    return asked[organization_id]


def _read_stamp(organization_id: UUID) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT stamp FROM core_settledstamp WHERE organization_id = %s", [organization_id])
        row = cursor.fetchone()
    return row[0] if row else None


_CHANGES = {"insert": "NEW", "update": "NEW", "delete": "OLD"}


def settled_tables(*tables: str) -> str:
    """SQL for a migration: every change of these tables gives their practice a new stamp."""
    return "".join(
        f'CREATE TRIGGER settled_{change} AFTER {change} ON "{table}" REFERENCING {rows} TABLE AS changed'
        " FOR EACH STATEMENT EXECUTE FUNCTION settled_changed();\n"
        for table in tables
        for change, rows in _CHANGES.items()
    )


def unsettled_tables(*tables: str) -> str:
    """SQL for the way back."""
    return "".join(
        f'DROP TRIGGER settled_{change} ON "{table}";\n' for table in tables for change in _CHANGES
    )
