"""The sealer: chains what has been committed, practice by practice, and signs how far it has come.

Events are written without looking at each other, so a reader of a chart waits for nobody. The sealer comes after them,
alone (a lock in the database and one on the file), takes what is committed and has no place in the chain yet in the
order of the events' ids, and gives each the next place. A transaction that took long is not lost: its events are older
than others that are sealed already, and get later places.

Each batch is one transaction with its checkpoint; the checkpoint's line goes into the file after the commit. A crash
between the two leaves the file one line behind, and the next run begins by adding what the file lacks. That it did so
is an event of its own: a file that was cut is never mended in silence.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from attest.core import audit, clock, keys
from attest.core.audit.chain import SELECTED, START, Event, checkpoint_message, digest
from attest.core.audit.journal import Journal, Line, line_of
from attest.core.ids import new_id
from attest.core.models import AuditCheckpoint, insert
from attest.core.walls import inside

log = logging.getLogger("attest.audit")
BATCH = 10_000
FIRST = UUID(int=0)
SLOWEST = timedelta(hours=1)
"""A transaction that took longer than this is found by the nightly run, which looks at every event."""

PracticeLister = Callable[[], Iterable[UUID]]
_listers: list[PracticeLister] = []


def list_practices_with(lister: PracticeLister) -> None:
    """`practice` hands in the ids of all practices."""
    _listers[:] = [lister]


def practices() -> list[UUID]:
    """The id of every practice of this installation."""
    return list(_listers[0]())


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a run did: events that got a place, and lines that the file had lacked."""

    events: int
    lines_added: int


def seal_all(*, thorough: bool = False) -> int:
    """Seal every practice; one that cannot be sealed keeps none of the others from it. Returns how many events."""
    events = 0
    for organization_id in practices():
        try:
            events += seal(organization_id, thorough=thorough).events
        except Exception as problem:
            log.error("the audit trail of %s was not sealed: %s", organization_id, type(problem).__name__)
    return events


def seal(organization_id: UUID, *, thorough: bool = False, batch: int = BATCH) -> Sealed:
    """Give every committed event of the practice its place, `batch` at a time.

    `thorough` looks at every event ever written and not only at those since the last run. Not to be called within a
    transaction. Raises keys.KeyMissing and OSError; what is sealed by then stays sealed.
    """
    journal = Journal(organization_id)
    events = 0
    with journal.locked():
        added = _catch_up(organization_id, journal)
        after = None
        while True:
            with transaction.atomic(durable=True), inside(organization_id):
                made = _seal_batch(organization_id, after, thorough, batch)
            if made is None:
                break
            line, after = made
            journal.append([line])
            events += line.count
            if line.count < batch:
                break
    return Sealed(events, added)


def _seal_batch(
    organization_id: UUID, after: UUID | None, thorough: bool, batch: int
) -> tuple[Line, UUID] | None:
    """One batch with its checkpoint, in the current transaction: its line for the file, and its last event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit {organization_id}"])
        number, previous, newest = _head(cursor, organization_id)
        since = after or (FIRST if thorough or newest is None else _long_before(newest))
        events = _unsealed(cursor, organization_id, since, batch)
        if not events:
            return None
        numbers, digests = [], []
        for event in events:
            number += 1
            previous = digest(event, organization_id=organization_id, number=number, previous=previous)
            numbers.append(number)
            digests.append(previous)
        cursor.execute(
            "INSERT INTO core_auditlink (event_id, organization_id, number, digest)"
            " SELECT made.event, %s::uuid, made.number, made.digest"
            " FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS made (event, number, digest)",
            [organization_id, [event.id for event in events], numbers, digests],
        )
    return _checkpoint(organization_id, number, previous, len(events)), events[-1].id


def _head(cursor: Any, organization_id: UUID) -> tuple[int, str, UUID | None]:
    """The last place of the chain: its number, its digest and the event there."""
    cursor.execute(
        "SELECT number, digest, event_id FROM core_auditlink WHERE organization_id = %s"
        " ORDER BY number DESC LIMIT 1",
        [organization_id],
    )
    return cursor.fetchone() or (0, START, None)


def _unsealed(cursor: Any, organization_id: UUID, since: UUID, batch: int) -> list[Event]:
    cursor.execute(
        f"SELECT {SELECTED} FROM core_auditevent e"  # noqa: S608 - columns of ours
        " WHERE e.organization_id = %s AND e.id >= %s"
        " AND NOT EXISTS (SELECT 1 FROM core_auditlink l WHERE l.event_id = e.id)"
        " ORDER BY e.id LIMIT %s",
        [organization_id, since, batch],
    )
    return [Event(*row) for row in cursor.fetchall()]


def _long_before(newest: UUID) -> UUID:
    """The smallest id of an event written SLOWEST before that one (an id begins with its moment in milliseconds)."""
    moment = max(0, (newest.int >> 80) - int(SLOWEST.total_seconds() * 1000))
    return UUID(int=moment << 80)


def _checkpoint(organization_id: UUID, number: int, digest: str, count: int) -> Line:
    """Sign how far the chain goes, in the current transaction."""
    checkpoint_id, at = new_id(), clock.now()
    message = checkpoint_message(
        checkpoint_id=checkpoint_id,
        organization_id=organization_id,
        number=number,
        digest=digest,
        count=count,
        at=at,
    )
    signed = keys.sign(message, organization_id=organization_id)
    checkpoint = AuditCheckpoint(
        pk=checkpoint_id,
        organization_id=organization_id,
        number=number,
        digest=digest,
        count=count,
        at=at,
        key_id=signed.key_id,
        signature=signed.signature,
    )
    insert(checkpoint)
    return line_of(checkpoint, fingerprints(organization_id)[signed.key_id])


def fingerprints(organization_id: UUID) -> dict[UUID, str]:
    """The fingerprint of each public key of the practice, retired ones too."""
    return {key.id: key.fingerprint for key in keys.public_keys(organization_id)}


# -- the file, after a crash ---------------------------------------------------------------------------------------


def _catch_up(organization_id: UUID, journal: Journal) -> int:
    """Add the checkpoints that the file's end lacks, and leave an event that says so. Returns how many."""
    with transaction.atomic(durable=True), inside(organization_id):
        newest = AuditCheckpoint.objects.filter(organization_id=organization_id).order_by("-number").first()
        last = journal.last()
        if newest is None or (last is not None and last.id == str(newest.pk)):
            return 0
        known = fingerprints(organization_id)
        lacking = [
            line_of(checkpoint, known.get(checkpoint.key_id, ""))
            for checkpoint in _after_last_of_file(organization_id, journal)
        ]
        journal.append(lacking)
        if lacking:
            log.warning("%d lines were added to the audit file of %s", len(lacking), organization_id)
            audit.record(
                "audit.file_mended", subject_type="audit", subject_id=None, by=None, lines=len(lacking)
            )
    return len(lacking)


def _after_last_of_file(organization_id: UUID, journal: Journal) -> Iterator[AuditCheckpoint]:
    """The checkpoints after the newest one that the file has."""
    own = AuditCheckpoint.objects.filter(organization_id=organization_id)
    ids = [UUID(line.id) for line in journal.lines(journal.size() or 0) if line] if journal.size() else []
    reached = 0
    for start in range(0, len(ids), 1000):
        found = own.filter(pk__in=ids[start : start + 1000]).order_by("-number").first()
        reached = max(reached, found.number if found else 0)
    yield from own.filter(number__gt=reached).order_by("number").iterator()
