"""Whether the trail is what it was when it was sealed: every event, its place, every checkpoint, and the file's lines.

Reads the chain from its first place in chunks, each in a transaction of its own, so that a trail of any length neither
fills the memory nor keeps anything from being written. What is sealed while it runs is left to the next time.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from attest.core import audit, keys
from attest.core.audit.chain import SELECTED, START, Event, checkpoint_message, digest
from attest.core.audit.journal import Journal, Line, line_of
from attest.core.audit.sealing import practices
from attest.core.keys import PublicKey, verifies
from attest.core.models import AuditCheckpoint, AuditEvent
from attest.core.walls import inside

log = logging.getLogger("attest.audit")
CHUNK = 5_000
Progress = Callable[[int, int], None]
"""Called with how many events are checked and how many there are."""


@dataclass(slots=True)
class Verification:
    """One check of a practice's trail. The counts are right once `differences()` has been read to its end."""

    organization_id: UUID
    sealed: int = 0
    """Events that have a place in the chain and are as they were."""
    checkpoints: int = 0
    unsealed: int = 0
    """Events that have no place yet: the sealer comes every minute."""
    found: int = 0
    """How many differences."""
    _known: dict[UUID, PublicKey] = field(default_factory=dict)
    _in_file: set[int] = field(default_factory=set)

    def differences(self, progress: Progress = lambda done, of: None) -> Iterator[str]:
        """Every difference as a plain sentence, as it is found. Raises OSError when the file cannot be read."""
        for sentence in self._all(progress):
            self.found += 1
            yield sentence

    def record(self) -> None:
        """Leave an event that says what was found: the trail's page shows when it was last checked."""
        with inside(self.organization_id):
            audit.record(
                "audit.verified",
                subject_type="audit",
                subject_id=None,
                by=None,
                sealed=self.sealed,
                differences=self.found,
            )

    def _all(self, progress: Progress) -> Iterator[str]:
        journal = Journal(self.organization_id)
        with journal.locked(shared=True), inside(self.organization_id):
            size = journal.size()
            self._known = {key.id: key for key in keys.public_keys(self.organization_id)}
            newest = _own(self.organization_id).order_by("-number").first()
        end = newest.number if newest else 0
        if size is not None:
            yield from self._file(journal, size)
        elif end:
            yield f"The file {journal.path} is missing: nothing outside the database bears the chain out."
        yield from self._chain(end, progress, with_file=size is not None)
        with inside(self.organization_id):
            loose, self.unsealed = _loose_links(self.organization_id), _count_unsealed(self.organization_id)
        if loose:
            first, last = loose
            yield f"{_events(first, last)} have places in the chain that no checkpoint covers."

    # -- the file ------------------------------------------------------------------------------------------

    def _file(self, journal: Journal, size: int) -> Iterator[str]:
        """Lines that were edited, and lines whose checkpoint the database does not have as it was."""
        chunk: list[tuple[int, Line]] = []
        reached, number = 0, 0
        for number, line in enumerate(journal.lines(size), start=1):
            if line is None:
                yield f"Line {number} of {journal.path} cannot be read: it was edited or cut."
                continue
            if line.number <= reached:
                yield f"Line {number} of {journal.path} goes back to event {line.number}: the chain was made twice."
            reached = max(reached, line.number)
            chunk.append((number, line))
            if len(chunk) == 1000:
                yield from self._lines(chunk)
                chunk = []
        yield from self._lines(chunk)

    def _lines(self, chunk: list[tuple[int, Line]]) -> Iterator[str]:
        with inside(self.organization_id):
            rows = _own(self.organization_id).filter(number__in=[line.number for _, line in chunk])
            found = {row.number: row for row in rows}
        for place, line in chunk:
            sentence = self._line(line, found.get(line.number))
            if sentence is None:
                self._in_file.add(line.number)
            else:
                yield f"Line {place} of the file: {sentence}"

    def _line(self, line: Line, checkpoint: AuditCheckpoint | None) -> str | None:
        if line.organization != str(self.organization_id):
            return "it belongs to another practice."
        key = self._known.get(UUID(line.key))
        if key is None or key.fingerprint != line.fingerprint:
            return "the key that signed it is not in the database any more, or was replaced there."
        if not verifies(line.message, line.signature_bytes, key.raw):
            return "its signature does not hold; the line was edited."
        if checkpoint is None:
            return (
                f"it says that events up to {line.number:,} were sealed; the database has no such checkpoint."
                " Events, or the record that they were sealed, were deleted."
            )
        if line_of(checkpoint, key.fingerprint) != line:
            return f"the database has another checkpoint at event {line.number:,} than was written here."
        return None

    # -- the chain -----------------------------------------------------------------------------------------

    def _chain(self, end: int, progress: Progress, *, with_file: bool) -> Iterator[str]:
        """Every place up to `end`, and the checkpoints on the way.

        `stored` is the digest that stands at the last place, `computed` what it should be: when only the digest of a
        place was changed, the place after it is not blamed. After a gap nobody knows what the next place follows.
        """
        checkpoints = _checkpoints(self.organization_id, end)
        due = next(checkpoints, None)
        covered, number, gap = 0, 0, False
        stored = computed = START
        for place, event_id, link_digest, event in places(self.organization_id, end):
            while due is not None and due.number < place:  # its own place is gone, which is said below
                yield from self._checkpoint(due, covered, None, with_file)
                covered, due = due.number, next(checkpoints, None)
            if place != number + 1:
                gap = True
                yield f"{_events(number + 1, place - 1)} are missing with their places in the chain."
            number = place
            if event is None:
                yield f"Event {number:,} ({event_id}) is missing."
                stored = computed = link_digest
            else:
                after_stored = self._digest(event, number, stored)
                if link_digest == after_stored:
                    self.sealed += 1
                elif not gap and link_digest != self._digest(event, number, computed):
                    yield f"Event {number:,} ({event_id}) was changed or moved after it was sealed."
                stored, computed = link_digest, after_stored
            gap = False
            if due is not None and due.number == number:
                yield from self._checkpoint(due, covered, (stored, computed), with_file)
                covered, due = due.number, next(checkpoints, None)
            if number % CHUNK == 0:
                progress(number, end)
        while due is not None:
            yield from self._checkpoint(due, covered, None, with_file)
            covered, due = due.number, next(checkpoints, None)
        if number < end:
            yield f"{_events(number + 1, end)} are missing with their places in the chain."
        progress(end, end)

    def _digest(self, event: Event, number: int, previous: str) -> str:
        return digest(event, organization_id=self.organization_id, number=number, previous=previous)

    def _checkpoint(
        self, row: AuditCheckpoint, covered: int, digests: tuple[str, str] | None, with_file: bool
    ) -> Iterator[str]:
        """What is wrong with a checkpoint; `digests` are those of its place, None when that is gone."""
        self.checkpoints += 1
        name = f"The checkpoint at event {row.number:,}"
        key = self._known.get(row.key_id)
        message = checkpoint_message(
            checkpoint_id=row.pk,
            organization_id=self.organization_id,
            number=row.number,
            digest=row.digest,
            count=row.count,
            at=row.at,
        )
        if key is None:
            yield f"{name} was signed with a key that the database does not have."
            return
        if not verifies(message, bytes(row.signature), key.raw):
            yield f"{name} was changed: its signature does not hold."
            return
        if digests is not None and row.digest not in digests:
            yield f"{name} was signed over another chain than the one that is there."
        if covered + row.count != row.number:
            yield f"{name} does not follow the one before it: a checkpoint between them is missing."
        if with_file and row.number not in self._in_file:
            yield f"{name} has no line in the file that fits it."


def _own(organization_id: UUID) -> Any:
    return AuditCheckpoint.objects.filter(organization_id=organization_id)


def _checkpoints(organization_id: UUID, end: int) -> Iterator[AuditCheckpoint]:
    """Every checkpoint up to `end`, in order."""
    after = 0
    while True:
        with inside(organization_id):
            rows = list(
                _own(organization_id).filter(number__gt=after, number__lte=end).order_by("number")[:1000]
            )
        yield from rows
        if len(rows) < 1000:
            return
        after = rows[-1].number


def places(organization_id: UUID, end: int) -> Iterator[tuple[int, UUID, str, Event | None]]:
    """Every place up to `end` in order: its number, the event's id, the digest, and the event if it is there."""
    after = 0
    while True:
        with inside(organization_id), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT l.number, l.event_id, l.digest, {SELECTED} FROM core_auditlink l"  # noqa: S608
                " LEFT JOIN core_auditevent e ON e.id = l.event_id AND e.organization_id = l.organization_id"
                " WHERE l.organization_id = %s AND l.number > %s AND l.number <= %s"
                " ORDER BY l.number LIMIT %s",
                [organization_id, after, end, CHUNK],
            )
            rows = cursor.fetchall()
        for number, event_id, stored, *event in rows:
            yield number, event_id, stored, Event(*event) if event[0] is not None else None
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]


def _loose_links(organization_id: UUID) -> tuple[int, int] | None:
    """The first and last place after the newest checkpoint; both are written together, so there should be none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(number), max(number) FROM core_auditlink WHERE organization_id = %s AND number >"
            " (SELECT coalesce(max(number), 0) FROM core_auditcheckpoint WHERE organization_id = %s)",
            [organization_id, organization_id],
        )
        first, last = cursor.fetchone()
    return None if first is None else (first, last)


def _count_unsealed(organization_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM core_auditevent e WHERE e.organization_id = %s"
            " AND NOT EXISTS (SELECT 1 FROM core_auditlink l WHERE l.event_id = e.id)",
            [organization_id],
        )
        count: int = cursor.fetchone()[0]
    return count


def _events(first: int, last: int) -> str:
    return f"Event {first:,}" if first == last else f"Events {first:,} to {last:,}"


def verify_all() -> int:
    """Check every practice's trail, and leave an event and, where something is wrong, a line in the log.

    Returns how many differences there are. One practice that cannot be checked keeps none of the others from it.
    """
    found = 0
    for organization_id in practices():
        check = Verification(organization_id)
        try:
            found += sum(1 for _ in check.differences())
            check.record()
        except Exception as problem:
            log.error("the audit trail of %s was not checked: %s", organization_id, type(problem).__name__)
        if check.found:
            log.error(
                "the audit trail of %s has %d differences; see: attest audit verify",
                organization_id,
                check.found,
            )
    return found


def last_checked(organization_id: UUID) -> tuple[datetime, int] | None:
    """When the trail was last checked and how many differences were found, in the practice that is set."""
    event = (
        AuditEvent.objects.filter(organization_id=organization_id, kind="audit.verified")
        .order_by("-at", "-id")
        .first()
    )
    return (event.at, event.data["differences"]) if event else None
