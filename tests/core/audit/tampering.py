"""A sealed trail to tamper with, and the hands that do it: those of the tables' owner, past every guard."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from attest.core import audit
from attest.core.audit.journal import Journal
from attest.core.audit.sealing import seal
from attest.core.audit.verifying import Verification
from attest.core.ids import new_id
from attest.core.walls import inside

TABLES = ("core_auditevent", "core_auditlink", "core_auditcheckpoint", "core_signingkey")


def write_events(organization_id: UUID, count: int) -> list[UUID]:
    """`count` committed events of a practice; their ids."""
    with inside(organization_id):
        return [
            audit.record(
                "session.view",
                subject_type="session",
                subject_id=new_id(),
                client_id=new_id(),
                by=new_id(),
                turn=turn,
                share=0.1,
            ).pk
            for turn in range(count)
        ]


def sealed_trail(*batches: int) -> UUID:
    """A practice whose events were sealed in these batches, each with its checkpoint."""
    organization_id = new_id()
    for batch in batches:
        write_events(organization_id, batch)
        assert seal(organization_id).events == batch
    return organization_id


def differences(organization_id: UUID) -> list[str]:
    """What verifying finds."""
    return list(Verification(organization_id).differences())


@contextmanager
def as_owner(*, keep: bool = False) -> Iterator[Any]:
    """A cursor of the tables' owner with every trigger off; what was done is undone after the block, unless kept.

    The product reads over the same connection meanwhile, so that it sees what was done.
    """
    default, owner = connections["default"], connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute("SET LOCAL attest.upkeep = 'on'")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL attest.upkeep = 'on'")
        connections["default"] = owner
        try:
            yield cursor
        finally:
            connections["default"] = default
            transaction.set_rollback(not keep, using="owner")
        if keep:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def file_as_it_was(organization_id: UUID) -> Iterator[Path]:
    """The practice's file, to be edited; its bytes come back after the block."""
    path = Journal(organization_id).path
    before = path.read_bytes()
    try:
        yield path
    finally:
        path.write_bytes(before)
