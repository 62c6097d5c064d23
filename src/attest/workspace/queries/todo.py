"""What is owed: sessions to confirm, notes to sign or write, sessions to close, and clients who must act."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from attest.calendar.models import CONSULTATION, Session
from attest.clients.models import Client
from attest.confirmation.facts import Case
from attest.confirmation.queries import session_cases
from attest.core.access import Scope, scope_of
from attest.notes.client_notes import client_drafts
from attest.notes.models import Note, TreatmentPlan
from attest.notes.plans import REVIEW_SOON, plans_to_review
from attest.policy.chips import CHIPS, UNCONFIRMED, Chip, ChipState
from attest.policy.deadlines import local_date
from attest.policy.readiness import Owner, Roadblock
from attest.workspace.queries.calendar import sessions_of
from attest.workspace.queries.unsigned import Age, Unsigned, ages
from attest.workspace.shown import chip_of, is_unconfirmed

PERMISSION = "todo.view"
MOST = 200
"""Sessions looked at, the oldest first; more are said to be there."""
AHEAD = timedelta(days=7)
"""How far ahead clients are named who must act before their session."""
OWED = (*sorted(str(chip) for chip in UNCONFIRMED), str(ChipState.NOTE_DUE))


@dataclass(frozen=True, slots=True)
class Task:
    """One session that waits for somebody: what to do, until when, and what stands in the way."""

    session: Session
    chip: Chip
    due_at: datetime
    since: datetime
    note_due_at: datetime | None = None
    """When the note is due, where that is not what `due_at` says."""
    blocks: tuple[Roadblock, ...] = ()
    unsigned: tuple[Unsigned, ...] = ()
    """The session's note, while nobody has signed it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks of one sort, the oldest first."""

    key: str
    title: str
    lead: str
    tasks: list[Task] = field(default_factory=list)


@dataclass(slots=True)
class Waiting:
    """A client who must act, with what is missing and the sessions that wait for it, the oldest first."""

    client: Client
    blocks: dict[str, Roadblock] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    due_at: datetime | None = None
    since: datetime | None = None
    """When the oldest started: its confirm window runs from there. None while all of them are to come."""

    @property
    def first(self) -> Session:
        return self.sessions[0]


@dataclass(frozen=True, slots=True)
class Todo:
    groups: tuple[Group, ...]
    waiting: tuple[Waiting, ...]
    plans: tuple[TreatmentPlan, ...]
    """Treatment plans whose review is due or soon will be, the earliest first."""
    drafts: tuple[Note, ...]
    """Begun notes about clients without a session, the oldest first."""
    more: int
    """How many sessions were not looked at because there are so many."""

    @property
    def count(self) -> int:
        """As the rail counts: everything but what waits for clients."""
        return sum(len(group.tasks) for group in self.groups) + len(self.plans) + len(self.drafts) + self.more

    def ages(self, now: datetime) -> list[Age]:
        """The notes of all these tasks that nobody has signed, by age."""
        return ages([note for group in self.groups for task in group.tasks for note in task.unsigned], now)

    @property
    def first(self) -> Task | None:
        """The one to begin with."""
        return next((group.tasks[0] for group in self.groups if group.tasks), None)


def todo(member: Any, scope: Scope, now: datetime, provider_id: UUID | None = None) -> Todo:
    """All that is owed, as the member may see it. A constant number of queries."""
    sessions = sessions_of(member, scope, provider_id)
    begun = _begun(sessions, now)
    found = list(begun.select_related("client", "provider").order_by("starts_at", "pk")[: MOST + 1])
    more = begun.count() - MOST if len(found) > MOST else 0
    drafted = list(_drafted(sessions).select_related("client", "provider").order_by("starts_at", "pk")[:MOST])
    mine = sorted([*found[:MOST], *drafted], key=lambda session: (session.starts_at, session.pk))
    coming = _coming(sessions, now)
    judged = session_cases([*mine, *coming], now)
    ordered = [judged[session.pk] for session in mine]
    ahead = [judged[session.pk] for session in coming]
    plans = _plans(member, scope, now, provider_id)
    drafts = _begun_apart(member, scope, provider_id)
    return Todo(_groups(ordered, now), _waiting(ordered, ahead, now), plans, drafts, more)


def _begun_apart(member: Any, scope: Scope, provider_id: UUID | None) -> tuple[Note, ...]:
    """Theirs to sign; a practice's admin sees that they wait, not what is in them."""
    if scope is not Scope.ALL and member.provider_id is None:
        return ()
    author_id = provider_id if scope is Scope.ALL else member.provider_id
    return tuple(client_drafts(member.organization_id, author_id)[:MOST])


def _plans(member: Any, scope: Scope, now: datetime, provider_id: UUID | None) -> tuple[TreatmentPlan, ...]:
    today = local_date(now, member.organization.zone)
    rows = plans_to_review(member, scope, on=today, by=today + REVIEW_SOON)
    if provider_id is not None:
        rows = rows.filter(client__provider_id=provider_id)
    return tuple(rows[:MOST])


MOST_COUNTED = 1000
"""The rail counts no further: it stands on every page."""
_COUNT = """
SELECT count(*) FROM (
    SELECT s.id FROM calendar_session s
    WHERE s.organization_id = %(organization)s AND s.starts_at <= %(now)s
      AND s.chip IN ('scheduled', 'signed', 'note_due') AND s.kind <> 'consultation'
      AND (%(provider)s::uuid IS NULL OR s.provider_id = %(provider)s::uuid)
    UNION ALL
    SELECT s.id FROM notes_note n
    JOIN calendar_session s ON s.organization_id = n.organization_id AND s.id = n.session_id
    WHERE n.organization_id = %(organization)s AND n.state = 'draft'
      AND (s.chip NOT IN ('scheduled', 'signed', 'note_due') OR s.kind = 'consultation')
      AND (%(provider)s::uuid IS NULL OR s.provider_id = %(provider)s::uuid)
    UNION ALL
    SELECT n.id FROM notes_note n
    WHERE n.organization_id = %(organization)s AND n.state = 'draft' AND n.session_id IS NULL
      AND (%(provider)s::uuid IS NULL OR n.author_id = %(provider)s::uuid)
    UNION ALL
    SELECT p.id FROM notes_treatmentplan p
    JOIN clients_client c ON c.organization_id = p.organization_id AND c.id = p.client_id
    WHERE p.organization_id = %(organization)s AND c.active
      AND p.starts_on <= %(today)s AND (p.until IS NULL OR p.until > %(today)s) AND p.review_on <= %(review)s
      AND (%(provider)s::uuid IS NULL OR c.provider_id = %(provider)s::uuid)
    LIMIT %(most)s
) owed
"""


def count(member: Any, now: datetime) -> int:
    """How many sessions and treatment plans wait for the member: one statement over the indexes of what is owed."""
    scope = scope_of(member, PERMISSION)
    if scope is Scope.NONE or (scope is Scope.OWN and member.provider_id is None):
        return 0
    provider = None if scope is Scope.ALL else member.provider_id
    today = local_date(now, member.organization.zone)
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "organization": member.organization_id,
                "provider": provider,
                "now": now,
                "today": today,
                "review": today + REVIEW_SOON,
                "most": MOST_COUNTED,
            },
        )
        found: int = cursor.fetchone()[0]
    return found


def _begun(sessions: QuerySet[Session], now: datetime) -> QuerySet[Session]:
    """Sessions that have started and wait to be confirmed, or for their note."""
    return sessions.filter(chip__in=OWED, starts_at__lte=now).exclude(kind=CONSULTATION)


def _drafted(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Sessions that wait for nothing else, with a draft that nobody signed."""
    drafts = Note.objects.filter(
        organization_id=OuterRef("organization_id"), session_id=OuterRef("pk"), state="draft"
    )
    return sessions.filter(~Q(chip__in=OWED) | Q(kind=CONSULTATION)).filter(Exists(drafts))


def _coming(sessions: QuerySet[Session], now: datetime) -> list[Session]:
    """Those of the coming days that will have to be confirmed, the earliest first."""
    ahead = sessions.filter(
        chip__in=[str(c) for c in UNCONFIRMED], starts_at__gt=now, starts_at__lte=now + AHEAD
    )
    rows = ahead.exclude(kind=CONSULTATION).select_related("client", "provider")
    return list(rows.order_by("starts_at", "pk")[:MOST])


def _groups(judged: Iterable[Case], now: datetime) -> tuple[Group, ...]:
    confirm = Group("confirm", "Confirm", "Held, and not yet confirmed.")
    sign = Group("sign", "Sign", "Begun in a template; signing is what is left.")
    owed = Group(
        "owed", "Owed notes", "Confirmed with the note still to come. Their claims may be waiting for it."
    )
    close = Group(
        "close", "Too late to confirm", "Close them as not billable; their notes can still be signed."
    )
    for case in judged:
        group, task = _task(case, now)
        {"confirm": confirm, "sign": sign, "owed": owed, "close": close}[group].tasks.append(task)
    return tuple(group for group in (confirm, sign, owed, close) if group.tasks)


def _task(case: Case, now: datetime) -> tuple[str, Task]:
    session, window, note = case.session, case.window, case.facts.note
    chip = CHIPS[chip_of(session, now, case.behind.policy)]
    due = case.signature_due.due_at
    if chip.state is ChipState.EXPIRED:
        return "close", Task(session, chip, window.last_instant, window.opens_at)
    unsigned = () if note.signed else (Unsigned(due, session.ends_at),)
    if note.draft:
        return "sign", Task(session, chip, due, session.ends_at, unsigned=unsigned)
    if session.chip == ChipState.NOTE_DUE:
        return "owed", Task(session, chip, due, session.ends_at, unsigned=unsigned)
    return "confirm", Task(
        session=session,
        chip=chip,
        due_at=window.last_instant,
        since=window.opens_at,
        note_due_at=None if note.signed else due,
        blocks=tuple(block for block in case.roadblocks if block.blocks),
        unsigned=unsigned,
    )


def _waiting(judged: Iterable[Case], ahead: Iterable[Case], now: datetime) -> tuple[Waiting, ...]:
    found: dict[UUID, Waiting] = {}
    still_open = [case for case in judged if is_unconfirmed(case.session) and case.window.may_confirm(now)]
    for case in [*still_open, *ahead]:
        missing = [block for block in case.roadblocks if block.blocks and block.owner is Owner.CLIENT]
        if not missing:
            continue
        row = found.setdefault(case.session.client_id, Waiting(case.session.client))
        row.blocks.update({str(block.code): block for block in missing})
        row.sessions.append(case.session)
        if row.due_at is None:
            held = case.session.starts_at <= now
            row.due_at = case.window.last_instant if held else case.session.starts_at
            row.since = case.window.opens_at if held else None
    return tuple(sorted(found.values(), key=lambda row: row.first.starts_at))
