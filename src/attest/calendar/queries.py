"""Reads of the calendar, always narrowed to what the member may see."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from attest.calendar.models import Session
from attest.core.access import Scope, concerns
from attest.core.reach import own_or_all, way_to
from attest.core.ready import ready
from attest.policy.chips import UNCONFIRMED
from attest.policy.minutes import Interval

LONGEST = timedelta(days=1)
"""No interval is longer: an overlap is looked for from so long before (a range index cannot serve under the wall)."""


def visible_sessions(member: Any, scope: Scope) -> QuerySet[Session]:
    """The sessions a member may see: those they hold as a provider, more of them for reading, or all."""
    return own_or_all(Session.objects.all(), member, scope, "provider_id", client="client")


def session_for(member: Any, scope: Scope, session_id: UUID) -> Session:
    """One session with its client, provider and location. Raises Http404 when the member may not see it."""
    for session in _one(member.organization_id, session_id):
        way = way_to(
            member,
            scope,
            holder_id=session.provider_id,
            client_id=session.client_id,
            client_of=session.client.provider_id,
        )
        if way is not None:
            concerns(session.client_id, way.grant_id)
            return session
    raise Http404("no such session")


@ready
def _one(organization_id: UUID, session_id: UUID) -> QuerySet[Session]:
    sessions = Session.objects.filter(organization_id=organization_id, pk=session_id)
    return sessions.select_related("client", "provider", "location")


def between(sessions: QuerySet[Session], start: datetime, end: datetime) -> QuerySet[Session]:
    """Those that start in [start, end), earliest first, with their client: one index range, no overlap operator."""
    return (
        sessions.filter(starts_at__gte=start, starts_at__lt=end)
        .select_related("client")
        .order_by("starts_at")
    )


def unconfirmed(sessions: QuerySet[Session], now: datetime) -> QuerySet[Session]:
    """Those that have started and are neither confirmed nor closed, oldest first."""
    return sessions.filter(chip__in=[str(c) for c in UNCONFIRMED], starts_at__lte=now).order_by("starts_at")


def overlapping(session: Session, intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The provider's other confirmed times that could overlap, without members of the same occasion."""
    intervals = [interval for interval in intervals if interval.stop > interval.start]
    if not intervals:
        return ()
    first, last = min(i.start for i in intervals), max(i.stop for i in intervals)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT starts_at, ends_at FROM calendar_actualinterval"
            " WHERE organization_id = %s AND provider_id = %s AND active AND occasion_id <> %s"
            " AND starts_at < %s AND starts_at > %s AND ends_at > %s",
            [
                session.organization_id,
                session.provider_id,
                session.occasion_id,
                last,
                first - LONGEST,
                first,
            ],
        )
        return tuple(Interval(start, stop) for start, stop in cursor.fetchall())
