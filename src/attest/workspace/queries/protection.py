"""The protection of sessions that were held: for a panel, a list, and the report."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from attest.calendar.models import CONSULTATION, Session
from attest.calendar.queries import visible_sessions
from attest.confirmation.models import Confirmation, Details
from attest.core.access import Scope
from attest.notes.header import NOT_HELD
from attest.notes.models import Note, NoteVersion, UploadedNote
from attest.notes.queries import lines_of_business_of
from attest.policy.deadlines import signature_due, start_of_day
from attest.policy.payer import signs_strictly
from attest.policy.protection import NotePath, Protection, ProtectionState, protection
from attest.practice.queries import policy_for

NOT_COUNTED = tuple(str(chip) for chip in NOT_HELD)
"""Stored chips of sessions that were not held: nothing is to be protected."""
MOST = 2_000
"""Sessions of one report."""


def protections(sessions: Sequence[Session], now: datetime) -> dict[UUID, Protection]:
    """The standing of each session that was held, in a constant number of queries. Others are left out."""
    held = [one for one in sessions if _counts(one, now)]
    if not held:
        return {}
    organization_id = held[0].organization_id
    ids = [one.pk for one in held]
    own = {"organization_id": organization_id, "session_id__in": ids}
    drafts = set(Note.objects.filter(**own, state="draft").values_list("session_id", flat=True))
    late: dict[UUID, bool] = dict(
        NoteVersion.objects.filter(organization_id=organization_id, note__session_id__in=ids).values_list(
            "note__session_id", "late"
        )
    )
    uploads = set(
        UploadedNote.objects.filter(**own, withdrawn_at__isnull=True).values_list("session_id", flat=True)
    )
    paths: dict[UUID, str] = dict(
        Confirmation.objects.filter(**own, active=True).values_list("session_id", "note_path")
    )
    due = _due(held)
    return {
        one.pk: protection(
            NotePath(
                signed=one.pk in late,
                late=late.get(one.pk, False),
                draft=one.pk in drafts,
                uploaded=one.pk in uploads,
                elsewhere=paths.get(one.pk) == "elsewhere",
                overdue=now > due[one.pk],
                confirmed=one.pk in paths,
            )
        )
        for one in held
    }


def _counts(session: Session, now: datetime) -> bool:
    return session.starts_at <= now and session.kind != CONSULTATION and session.chip not in NOT_COUNTED


def _due(sessions: Sequence[Session]) -> dict[UUID, datetime]:
    """When each note is or was due: by the actual stop where one was confirmed, else by the schedule."""
    organization_id = sessions[0].organization_id
    policy = policy_for(organization_id)
    lines = lines_of_business_of(organization_id, {one.client_id for one in sessions})
    stops = _actual_stops(organization_id, [one.pk for one in sessions])
    return {
        one.pk: signature_due(
            scheduled_stop=one.ends_at,
            actual_stop=stops.get(one.pk),
            strict=signs_strictly(lines.get(one.client_id, ())),
            policy=policy,
        ).due_at
        for one in sessions
    }


def _actual_stops(organization_id: UUID, session_ids: list[UUID]) -> dict[UUID, datetime]:
    rows = Details.objects.filter(
        organization_id=organization_id,
        confirmation__session_id__in=session_ids,
        confirmation__active=True,
    ).order_by("number")
    return {
        session_id: max(datetime.fromisoformat(stop) for _, stop in intervals)
        for session_id, intervals in rows.values_list("confirmation__session_id", "intervals")
    }


@dataclass(frozen=True, slots=True)
class Report:
    """Sessions of some time with their standing, the newest first, and how many stand how."""

    rows: tuple[tuple[Session, Protection], ...]
    counts: dict[ProtectionState, int]
    more: bool
    """There were more sessions than one report holds."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def report(
    member: Any,
    scope: Scope,
    *,
    since: date,
    until: date,
    zone: str,
    now: datetime,
    provider_id: UUID | None = None,
    states: Iterable[ProtectionState] = (),
) -> Report:
    """The sessions held from one local day through another that the member may see; `states` narrows the rows."""
    sessions: QuerySet[Session] = visible_sessions(member, scope).filter(
        starts_at__gte=start_of_day(since, zone), starts_at__lt=start_of_day(until + timedelta(days=1), zone)
    )
    if provider_id is not None:
        sessions = sessions.filter(provider_id=provider_id)
    chosen = sessions.exclude(chip__in=NOT_COUNTED).exclude(kind=CONSULTATION).filter(starts_at__lte=now)
    found = list(chosen.select_related("client", "provider").order_by("-starts_at", "-pk")[: MOST + 1])
    standing = protections(found[:MOST], now)
    wanted = frozenset(states) or frozenset(ProtectionState)
    return Report(
        rows=tuple((one, standing[one.pk]) for one in found[:MOST] if standing[one.pk].state in wanted),
        counts=Counter(one.state for one in standing.values()),
        more=len(found) > MOST,
    )
