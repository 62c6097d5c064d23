"""When a claim may leave: which hold keeps it, and until when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from .deadlines import edit_window, filing_days_left, local_date, start_of_day, utc
from .record import Policy


class Freeze(StrEnum):
    """What stops a claim until somebody decides."""

    CANCELLATION_REQUEST = "cancellation_request"
    CHANGE_REQUEST = "change_request"
    NEGATIVE_VERIFICATION = "negative_verification"


_FREEZE_SENTENCES = {
    Freeze.CANCELLATION_REQUEST: "The claim waits: a request to cancel the session is open.",
    Freeze.CHANGE_REQUEST: "The claim waits: a request to change the session is open.",
    Freeze.NEGATIVE_VERIFICATION: "The claim waits: the plan answered that it does not cover the client.",
}


class NoteStanding(StrEnum):
    """How the session is documented, as far as a claim cares."""

    TEMPLATE_SIGNED = "template_signed"
    DECLARED = "declared"
    """An upload, or a note kept elsewhere, with author and signature date declared."""
    DRAFTED = "drafted"
    OWED = "owed"
    NONE = "none"

    @property
    def satisfies_signature(self) -> bool:
        """An owed or drafted note never does."""
        return self in (NoteStanding.TEMPLATE_SIGNED, NoteStanding.DECLARED)


class ReleaseState(StrEnum):
    FROZEN = "frozen"
    SIGNATURE_HOLD = "signature_hold"
    EDIT_HOLD = "edit_hold"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What decides over one claim. `file_by` is the last date of receipt (None: no limit known); `zone`
    is the session's."""

    confirmed_at: datetime
    zone: str
    note: NoteStanding
    requires_signed_note: bool
    file_by: date | None
    freezes: frozenset[Freeze] = frozenset()


@dataclass(frozen=True, slots=True)
class Release:
    """Where a claim stands.

    `leaves_at` is when it leaves if nothing changes (UTC; `now` when ready, None when it never would).
    For the end of the edit window, `leaves_at` is the window's last instant: it leaves right after.
    `early` says that it leaves before the edit window closes; `received_by` is the assumed date of
    receipt and `in_time` whether that is within the filing limit (for a claim held until somebody acts: if it
    left now); `filing_short` says that fewer filing
    days are left than the policy wants while it is still held: somebody should know.
    """

    state: ReleaseState
    sentence: str
    leaves_at: datetime | None
    early: bool
    received_by: date | None
    in_time: bool
    filing_short: bool


def release(facts: ReleaseFacts, *, now: datetime, policy: Policy) -> Release:
    """Freeze before signature hold before edit-window hold; early release lifts only the last.

    A claim leaves once `now` is past the edit window, or already inside it when fewer than 5 days (the
    policy's number) of filing time remain. A modification after that follows the correction path.
    """
    now = utc(now)
    window = edit_window(facts.confirmed_at, policy)
    early_from = _early_from(facts, policy)
    short = early_from is not None and now >= early_from
    if facts.freezes:
        first = next(freeze for freeze in Freeze if freeze in facts.freezes)
        return _held(facts, policy, ReleaseState.FROZEN, _FREEZE_SENTENCES[first], now, short)
    if facts.requires_signed_note and not facts.note.satisfies_signature:
        sentence = "The claim waits for the signed note: this plan asks for it."
        return _held(facts, policy, ReleaseState.SIGNATURE_HOLD, sentence, now, short)
    if window.has_passed(now):
        return _leaving(facts, policy, ReleaseState.READY, "The claim is ready to leave.", now, early=False)
    if short:
        left = 0 if facts.file_by is None else filing_days_left(facts.file_by, now, facts.zone)
        sentence = f"The claim leaves early: {_filing_words(left)}."
        return _leaving(facts, policy, ReleaseState.READY, sentence, now, early=True)
    if early_from is not None and early_from <= window.closes_at:
        sentence = "The claim waits, but leaves sooner than usual: filing time is short."
        return _leaving(facts, policy, ReleaseState.EDIT_HOLD, sentence, early_from, early=True)
    sentence = "The claim waits for a time after confirming."
    return _leaving(facts, policy, ReleaseState.EDIT_HOLD, sentence, window.closes_at, early=False)


def _early_from(facts: ReleaseFacts, policy: Policy) -> datetime | None:
    """The first instant with fewer days of filing time left than the policy wants."""
    if facts.file_by is None:
        return None
    return start_of_day(facts.file_by - timedelta(days=policy.early_release_days - 1), facts.zone)


def _filing_words(left: int) -> str:
    if left < 0:
        return "the filing limit has passed"
    if left == 0:
        return "today is the last day to file it"
    return f"{left} day{'' if left == 1 else 's'} of filing time left"


def _in_time(facts: ReleaseFacts, policy: Policy, at: datetime) -> tuple[date, bool]:
    """The assumed date of receipt of a claim that leaves then, and whether that is in time."""
    received_by = local_date(at, facts.zone) + timedelta(days=policy.receipt_days)
    return received_by, facts.file_by is None or received_by <= facts.file_by


def _held(
    facts: ReleaseFacts, policy: Policy, state: ReleaseState, sentence: str, now: datetime, short: bool
) -> Release:
    """Held until somebody acts; `in_time` is judged as if it left now."""
    _, in_time = _in_time(facts, policy, now)
    return Release(state, sentence, None, False, None, in_time, short)


def _leaving(
    facts: ReleaseFacts, policy: Policy, state: ReleaseState, sentence: str, at: datetime, *, early: bool
) -> Release:
    received_by, in_time = _in_time(facts, policy, at)
    if not in_time:
        sentence += " It may arrive after the plan's filing limit."
    return Release(state, sentence, at, early, received_by, in_time, False)
