"""The calendar's sessions as they are shown, and the one line above it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate

from attest.calendar import queries as calendar
from attest.calendar.models import CONSULTATION, Session
from attest.confirmation.queries import readiness
from attest.core.access import Scope
from attest.notes.models import Note
from attest.policy.chips import CHIPS, Chip, ChipState
from attest.policy.deadlines import has_started, local, start_of_day
from attest.policy.readiness import RoadblockCode
from attest.policy.record import Policy
from attest.practice.queries import policy_for
from attest.workspace.shown import chip_of, is_unconfirmed, window_of
from attest.workspace.standing import ABSENT

DAY = (8, 18)
NEAR = timedelta(days=21)
"""How far around a date the hours of its day are looked at."""
NOT_YET = frozenset({RoadblockCode.NOT_STARTED})
"""Said of every session to come, so no sign of trouble."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A session as the calendar draws it. `roadblock`: something blocks confirming it, as far as is known ahead."""

    session: Session
    chip: Chip
    roadblock: bool
    note_signed: bool
    movable: bool

    @property
    def minutes(self) -> int:
        return round((self.session.ends_at - self.session.starts_at).total_seconds() / 60)

    @property
    def off(self) -> bool:
        """It is not held."""
        return self.chip.state in ABSENT


@dataclass(frozen=True, slots=True)
class Day:
    """A local calendar day of the agenda."""

    day: date
    is_today: bool
    sessions: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is said above the calendar: how many can and must be confirmed, or else for how many it is too late."""

    count: int
    oldest: Session | None
    """The one to begin with."""
    last_day: date | None
    """The last local date on which the oldest can be confirmed."""
    expired: int
    """How many it is too late for, said when nothing else is."""


def sessions_of(member: Any, scope: Scope, provider_id: UUID | None = None) -> QuerySet[Session]:
    """The sessions the member may see, of one provider only when asked for."""
    sessions = calendar.visible_sessions(member, scope)
    return sessions.filter(provider_id=provider_id) if provider_id else sessions


def shown_between(sessions: QuerySet[Session], start: datetime, end: datetime, now: datetime) -> list[Shown]:
    """Those that start in [start, end), earliest first: a constant number of queries, however many there are."""
    found = list(calendar.between(sessions, start, end).select_related("client", "provider"))
    if not found:
        return []
    policy = policy_for(found[0].organization_id)
    blocked = _blocked([session for session in found if is_unconfirmed(session)], now)
    signed = _signed(found)
    return [_shown(session, now, policy, blocked, signed) for session in found]


def _shown(session: Session, now: datetime, policy: Policy, blocked: set[UUID], signed: set[UUID]) -> Shown:
    return Shown(
        session=session,
        chip=CHIPS[chip_of(session, now, policy)],
        roadblock=session.pk in blocked,
        note_signed=session.pk in signed,
        movable=session.chip == ChipState.SCHEDULED and not has_started(session.starts_at, now),
    )


def _blocked(sessions: Sequence[Session], now: datetime) -> set[UUID]:
    billed = [session for session in sessions if session.kind != CONSULTATION]
    return {
        session_id
        for session_id, blocks in readiness(billed, now).items()
        if any(block.blocks and block.code not in NOT_YET for block in blocks)
    }


def _signed(sessions: Iterable[Session]) -> set[UUID]:
    sessions = list(sessions)
    return set(
        Note.objects.filter(
            organization_id=sessions[0].organization_id,
            session_id__in=[session.pk for session in sessions],
            state="signed",
        ).values_list("session_id", flat=True)
    )


def agenda(shown: Iterable[Shown], first: date, days: int, zone: str, now: datetime) -> list[Day]:
    """The sessions by local day in `zone`, from `first` on; days without any are left out, but today never is."""
    today = local(now, zone).date()
    by_day: dict[date, list[Shown]] = {first + timedelta(days=n): [] for n in range(days)}
    for one in shown:
        by_day.setdefault(local(one.session.starts_at, zone).date(), []).append(one)
    return [
        Day(day, day == today, tuple(found)) for day, found in sorted(by_day.items()) if found or day == today
    ]


def days_between(first: date, days: int, zone: str) -> tuple[datetime, datetime]:
    """The instants at which the local day `first` begins and the last of `days` days ends."""
    return start_of_day(first, zone), start_of_day(first + timedelta(days=days), zone)


def owed(sessions: QuerySet[Session], now: datetime, organization_id: UUID) -> Owed:
    """What waits to be confirmed, or else to be closed. One index range; only so far back as confirming is allowed."""
    policy = policy_for(organization_id)
    open_sessions = calendar.unconfirmed(sessions, now).exclude(kind=CONSULTATION)
    since = now - timedelta(days=policy.confirm_days + 2)
    waiting = [
        (window.closes_at, session.starts_at, window.last_date, session)
        for session in open_sessions.filter(starts_at__gte=since)
        if (window := window_of(session, policy)).may_confirm(now)
    ]
    if not waiting:
        return Owed(0, None, None, open_sessions.count())
    _, _, last_day, oldest = min(waiting, key=lambda row: row[:2])
    return Owed(len(waiting), oldest, last_day, 0)


def hours(sessions: QuerySet[Session], around: date, zone: str) -> tuple[int, int]:
    """From which to which hour the calendar draws a day: 8 to 18, wider where sessions of the weeks around are."""
    start, end = days_between(around - NEAR, 2 * NEAR.days, zone)
    there = ZoneInfo(zone)
    near = sessions.filter(starts_at__gte=start, starts_at__lt=end).annotate(
        there_starts=TruncDate("starts_at", tzinfo=there), there_ends=TruncDate("ends_at", tzinfo=there)
    )
    found = near.aggregate(
        first=Min(ExtractHour("starts_at", tzinfo=there)),
        last=Max(ExtractHour("ends_at", tzinfo=there)),
        late=BoolOr(Q(there_ends__gt=F("there_starts"))),
    )
    if found["first"] is None:
        return DAY
    last = 24 if found["late"] else min(24, found["last"] + 1)
    return min(DAY[0], found["first"]), max(DAY[1], last)
