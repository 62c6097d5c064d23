"""What stands in the way of sessions, for badges, lists and panels."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from attest.calendar.models import Session
from attest.confirmation.background import backgrounds
from attest.confirmation.facts import Case, cases
from attest.confirmation.models import Confirmation, Details
from attest.policy.readiness import Roadblock


def session_cases(sessions: Sequence[Session], now: datetime) -> dict[UUID, Case]:
    """Each session's case as it stands before anything is typed, at a constant number of queries."""
    return cases(backgrounds(sessions, now=now), now=now)


def readiness(sessions: Sequence[Session], now: datetime) -> dict[UUID, tuple[Roadblock, ...]]:
    """What stands in the way of each session, days ahead as well as now."""
    return {session_id: case.roadblocks for session_id, case in session_cases(sessions, now).items()}


def confirmation_of(session: Session) -> Confirmation | None:
    """The session's active confirmation."""
    return Confirmation.objects.filter(
        organization_id=session.organization_id, session=session, active=True
    ).first()


def details_of(confirmation: Confirmation) -> Details:
    """The version of the details the confirmation points at."""
    return Details.objects.get(
        organization_id=confirmation.organization_id,
        confirmation=confirmation,
        number=confirmation.details_number,
    )
