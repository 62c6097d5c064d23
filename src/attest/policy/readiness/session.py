"""Roadblocks of the session itself: its state, the dates, the actual times and the place."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ..catalogue import SessionKind
from ..deadlines import confirm_window, has_started, local_date, utc
from ..place import Modality
from ..record import Policy
from .explained import roadblock
from .facts import Details, Facts, SessionStatus
from .roadblock import Roadblock
from .roadblock import RoadblockCode as C

_CLOSED = {
    SessionStatus.CANCELLED: (C.SESSION_CANCELLED, "This session was cancelled."),
    SessionStatus.LATE_CANCELLED: (C.SESSION_CANCELLED, "This session was cancelled late."),
    SessionStatus.NO_SHOW: (C.DID_NOT_TAKE_PLACE, "The client did not come to this session."),
    SessionStatus.DID_NOT_TAKE_PLACE: (C.DID_NOT_TAKE_PLACE, "This session did not take place."),
    SessionStatus.NOT_BILLABLE: (C.CLOSED_NOT_BILLABLE, "This session was closed as not billable."),
    SessionStatus.CONFIRMED: (C.ALREADY_CONFIRMED, "This session is confirmed already."),
}


def closed(facts: Facts) -> Roadblock | None:
    """The one roadblock of a session that cannot be confirmed whatever else is mended."""
    if facts.session.status in _CLOSED:
        return roadblock(*_CLOSED[facts.session.status])
    if facts.session.kind is SessionKind.CONSULTATION:
        return roadblock(C.CONSULTATION, "A consultation is not confirmed and not billed.")
    return None


def days(facts: Facts, now: datetime, policy: Policy) -> Iterator[Roadblock]:
    """Too late, too early, and what is said about the date."""
    session, details = facts.session, facts.details
    actual_start = None if details is None else details.start
    window = confirm_window(
        scheduled_start=session.scheduled_start, actual_start=actual_start, zone=session.zone, policy=policy
    )
    if not window.may_confirm(now):
        yield roadblock(C.TOO_LATE, f"The last day to confirm this session was {window.last_date:%m/%d/%Y}.")
    if session.entered_afterwards:
        yield roadblock(C.ENTERED_AFTERWARDS, "This session was entered after it was held.")
    if details is None:
        return
    if not has_started(session.scheduled_start, now):
        yield roadblock(C.NOT_STARTED, "This session has not started yet.")
    if actual_start is not None and facts.date_of_service != facts.scheduled_date:
        scheduled = f"{facts.scheduled_date:%m/%d/%Y}"
        if details.date_reason.strip():
            yield roadblock(C.DATE_DIFFERS, f"The session was scheduled for another date, {scheduled}.")
        else:
            yield roadblock(
                C.DATE_REASON_MISSING, f"Say why the date differs from the scheduled one, {scheduled}."
            )


def times(facts: Facts, details: Details, now: datetime, policy: Policy) -> Iterator[Roadblock]:
    """Actual times: there, meant, in order, past, plausible, affirmed and not in another session."""
    if details.unreadable:
        yield roadblock(
            C.NOT_READABLE, f"The {' and the '.join(details.unreadable)} cannot be read as typed."
        )
    if not details.times or any(t.interval is None and not t.ambiguous for t in details.times):
        yield roadblock(C.TIMES_MISSING, _missing(details))
    if any(t.ambiguous for t in details.times):
        yield roadblock(C.TIME_AMBIGUOUS, "A time you typed happened twice that night: say which one it was.")
    intervals = details.intervals
    if any(i.stop < i.start for i in intervals):
        yield roadblock(C.TIMES_REVERSED, "The stop time is before the start time.")
    elif any(i.stop == i.start for i in intervals):
        yield roadblock(C.TIMES_REVERSED, "The stop time is the same as the start time.")
    if any(i.stop > utc(now) or i.start > utc(now) for i in intervals):
        yield roadblock(C.TIMES_IN_FUTURE, "The stop time has not come yet.")
    if any(i.length > timedelta(hours=policy.longest_session_hours) for i in intervals):
        words = f"The start and stop are more than {policy.longest_session_hours} hours apart."
        yield roadblock(C.TIMES_TOO_LONG, words)
    if any(a.overlaps(b) for n, a in enumerate(intervals) for b in intervals[n + 1 :]):
        yield roadblock(C.TIMES_OVERLAP_EACH_OTHER, "Two parts of this session overlap each other.")
    if len({local_date(i.start, facts.session.zone) for i in intervals}) > 1:
        yield roadblock(C.TIMES_ON_SEVERAL_DATES, "The parts of this session began on different dates.")
    if any(i.overlaps(other) for i in intervals for other in details.other_sessions):
        yield roadblock(C.OVERLAP, "These times overlap another session you have confirmed.")
    if intervals and not details.affirmed:
        yield roadblock(C.TIMES_NOT_AFFIRMED, "Affirm that these are the actual times.")
    if details.same_minutes_in_a_row >= policy.same_times_in_a_row:
        number = details.same_minutes_in_a_row
        yield roadblock(C.SAME_TIMES, f"{number} sessions in a row kept exactly their scheduled times.")


def _missing(details: Details) -> str:
    starts = bool(details.times) and all(t.start is not None for t in details.times)
    stops = bool(details.times) and all(t.stop is not None for t in details.times)
    if starts:
        return "Enter when the session stopped."
    return "Enter when the session started." if stops else "Enter when the session started and stopped."


def place(facts: Facts) -> Iterator[Roadblock]:
    """Where the session is held. Whether the client is at home is asked with the details."""
    setting = facts.setting
    if not setting.modality.is_telehealth:
        if not setting.location_pos or not setting.location_state:
            yield roadblock(C.LOCATION_MISSING, "Choose the location of the session.")
        return
    if not setting.client_state:
        yield roadblock(C.CLIENT_STATE_MISSING, "Enter the state the client is in during the session.")
    if facts.details is not None and setting.client_at_home is None:
        yield roadblock(C.HOME_NOT_SAID, "Say whether the client was at home.")
    rule = facts.payer_rule
    if rule is not None and setting.modality is Modality.AUDIO_ONLY and not rule.pays_audio_only:
        payer = facts.coverage.payer_name if facts.coverage else "The plan"
        yield roadblock(C.AUDIO_NOT_PAID, f"{payer} does not pay for audio-only sessions.")
