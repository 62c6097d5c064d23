"""The chip of a session as it is shown at a moment."""

from datetime import datetime

from attest.calendar.models import CONSULTATION, Session
from attest.policy.chips import UNCONFIRMED, ChipState, shown_state
from attest.policy.deadlines import ConfirmWindow, confirm_window, has_started
from attest.policy.record import Policy


def chip_of(session: Session, now: datetime, policy: Policy) -> ChipState:
    """The chip to show. A consultation that has begun is not billable instead of asking to be confirmed."""
    stored = ChipState(session.chip)
    if session.kind == CONSULTATION:
        begun = stored is ChipState.SCHEDULED and has_started(session.starts_at, now)
        return ChipState.NOT_BILLABLE if begun else stored
    return shown_state(stored, scheduled_start=session.starts_at, zone=session.zone, now=now, policy=policy)


def is_unconfirmed(session: Session) -> bool:
    """Neither confirmed nor closed."""
    return ChipState(session.chip) in UNCONFIRMED


def window_of(session: Session, policy: Policy) -> ConfirmWindow:
    """When the session may be confirmed, as far as its schedule says."""
    return confirm_window(
        scheduled_start=session.starts_at, actual_start=None, zone=session.zone, policy=policy
    )
