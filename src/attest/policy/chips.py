"""One word, icon and tone for the state of a session: the same chip everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from .deadlines import confirm_window, has_started
from .record import Policy


class ChipState(StrEnum):
    """What a chip can say. CONFIRM and EXPIRED come with time and are never stored."""

    SCHEDULED = "scheduled"
    CONFIRM = "confirm"
    SIGNED = "signed"
    """The note is signed, the session not yet confirmed."""
    CONFIRMED = "confirmed"
    NOTE_DUE = "note_due"
    """Confirmed, its note still owed."""
    SELF_PAY = "self_pay"
    """Confirmed without a claim."""
    CLAIM_READY = "claim_ready"
    CLAIM_SENT = "claim_sent"
    ACCEPTED = "accepted"
    PAID = "paid"
    DENIED = "denied"
    REJECTED = "rejected"
    DID_NOT_TAKE_PLACE = "did_not_take_place"
    NO_SHOW = "no_show"
    LATE_CANCEL = "late_cancel"
    CANCELLED = "cancelled"
    NOT_BILLABLE = "not_billable"
    EXPIRED = "expired"


class Tone(StrEnum):
    """What a colour says, and nothing else."""

    PRESS = "press"
    """Teal: the thing to press."""
    OWED = "owed"
    """Amber: owed by somebody, with time left."""
    LOST = "lost"
    """Red: lost or about to be lost."""
    DONE = "done"
    """Green: money arrived or done."""
    SIGNED = "signed"
    """Violet: signed, locked."""
    PLANNED = "planned"
    """Blue: planned or on its way."""
    ABSENT = "absent"
    """Striped grey: did not take place."""


@dataclass(frozen=True, slots=True)
class Chip:
    state: ChipState
    word: str
    icon: str
    tone: Tone


_TABLE = (
    Chip(ChipState.SCHEDULED, "Scheduled", "calendar", Tone.PLANNED),
    Chip(ChipState.CONFIRM, "Confirm", "circle-alert", Tone.OWED),
    Chip(ChipState.SIGNED, "Signed", "lock", Tone.SIGNED),
    Chip(ChipState.CONFIRMED, "Confirmed", "circle-check", Tone.SIGNED),
    Chip(ChipState.NOTE_DUE, "Note due", "file-pen", Tone.OWED),
    Chip(ChipState.SELF_PAY, "Self-pay", "wallet", Tone.DONE),
    Chip(ChipState.CLAIM_READY, "Claim ready", "file-check", Tone.PLANNED),
    Chip(ChipState.CLAIM_SENT, "Claim sent", "send", Tone.PLANNED),
    Chip(ChipState.ACCEPTED, "Accepted", "inbox", Tone.PLANNED),
    Chip(ChipState.PAID, "Paid", "circle-dollar", Tone.DONE),
    Chip(ChipState.DENIED, "Denied", "circle-x", Tone.LOST),
    Chip(ChipState.REJECTED, "Rejected", "undo", Tone.LOST),
    Chip(ChipState.DID_NOT_TAKE_PLACE, "Did not take place", "calendar-off", Tone.ABSENT),
    Chip(ChipState.NO_SHOW, "No-show", "user-x", Tone.ABSENT),
    Chip(ChipState.LATE_CANCEL, "Late cancel", "clock-alert", Tone.ABSENT),
    Chip(ChipState.CANCELLED, "Cancelled", "calendar-x", Tone.ABSENT),
    Chip(ChipState.NOT_BILLABLE, "Not billable", "ban", Tone.ABSENT),
    Chip(ChipState.EXPIRED, "Expired", "hourglass", Tone.LOST),
)

CHIPS: Mapping[ChipState, Chip] = MappingProxyType({chip.state: chip for chip in _TABLE})

UNCONFIRMED = frozenset({ChipState.SCHEDULED, ChipState.SIGNED})
"""The stored states whose shown chip depends on the time."""


def shown_state(
    stored: ChipState,
    *,
    scheduled_start: datetime,
    zone: str,
    now: datetime,
    policy: Policy,
    actual_start: datetime | None = None,
) -> ChipState:
    """The state to show: a scheduled session asks to be confirmed once its start has passed.

    When it is too late to confirm (see `deadlines.confirm_window`), scheduled and signed sessions alike
    show as expired. Every other stored state is shown as it is.
    """
    if stored not in UNCONFIRMED or not has_started(scheduled_start, now):
        return stored
    window = confirm_window(
        scheduled_start=scheduled_start, actual_start=actual_start, zone=zone, policy=policy
    )
    if not window.may_confirm(now):
        return ChipState.EXPIRED
    return ChipState.CONFIRM if stored is ChipState.SCHEDULED else stored
