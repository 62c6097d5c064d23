"""Every write to the calendar: booking, moving, cancelling, closing, and the stored chip."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from attest.calendar.models import CONSULTATION, ActualInterval, Session
from attest.clients.models import Client
from attest.core import audit, clock
from attest.core.models import insert, save_fields
from attest.core.ready import ready
from attest.policy.chips import UNCONFIRMED, ChipState
from attest.policy.deadlines import ConfirmWindow, confirm_window, has_started
from attest.policy.minutes import Interval
from attest.practice.models import Location, Provider
from attest.practice.queries import policy_for


class Refused(Exception):
    """The session cannot be changed this way. The message is a plain sentence for the person."""


Listener = Callable[[Session, UUID | None], None]
_listeners: list[Listener] = []


def when_reopened(listener: Listener) -> None:
    """A room above is told, within the transaction, when a session is open again: with the locked session and `by`."""
    _listeners.append(listener)


def schedule_session(
    *,
    client: Client,
    provider: Provider,
    starts_at: datetime,
    ends_at: datetime,
    by: UUID | None,
    kind: str = "individual",
    modality: str = "in_person",
    location: Location | None = None,
    client_state: str = "",
    client_at_home: bool = True,
    self_pay: bool = False,
    do_not_bill: bool = False,
    occasion_id: UUID | None = None,
) -> Session:
    """Book a session in the provider's zone. One whose start has passed is flagged as entered after the fact.

    Telehealth defaults to the state of the client's address; in person to the provider's usual location.
    Members of a group are booked with one `occasion_id`. Raises Refused when it ends before it starts.
    """
    if ends_at <= starts_at:
        raise Refused("The session ends before it starts.")
    in_person = modality == "in_person"
    session = Session(
        organization_id=provider.organization_id,
        client=client,
        provider=provider,
        location=(location or provider.location) if in_person else None,
        kind=kind,
        modality=modality,
        client_state="" if in_person else client_state or client.state,
        client_at_home=client_at_home,
        zone=provider.zone,
        starts_at=starts_at,
        ends_at=ends_at,
        self_pay=self_pay,
        do_not_bill=do_not_bill,
        entered_after=has_started(starts_at, clock.now()),
    )
    if occasion_id:
        session.occasion_id = occasion_id
    with transaction.atomic():
        session.save(force_insert=True)
        _record("session.scheduled", session, by, entered_after=session.entered_after)
    return session


def move_session(*, session_id: UUID, starts_at: datetime, ends_at: datetime, by: UUID | None) -> Session:
    """Move a session to other times, possible until its start has passed and never after.

    Raises Refused; a session cannot be moved into the past either.
    """
    with transaction.atomic():
        session = lock_session(session_id)
        now = clock.now()
        if session.chip != ChipState.SCHEDULED:
            raise Refused("Only a session that is still scheduled can be moved.")
        if has_started(session.starts_at, now):
            raise Refused(
                "This session's start has passed, so it cannot be moved any more. "
                "Confirm it with its actual times, or say that it did not take place."
            )
        if has_started(starts_at, now):
            raise Refused("That time has already passed.")
        if ends_at <= starts_at:
            raise Refused("The session ends before it starts.")
        save_fields(session, starts_at=starts_at, ends_at=ends_at)
        _record("session.moved", session, by)
    return session


def edit_session(
    *,
    session_id: UUID,
    kind: str,
    modality: str,
    location: Location | None,
    client_state: str,
    client_at_home: bool,
    self_pay: bool,
    by: UUID | None,
) -> Session:
    """Change how and where an unconfirmed session is held. Raises Refused once it is confirmed or closed."""
    with transaction.atomic():
        session = lock_session(session_id)
        if session.chip not in UNCONFIRMED:
            raise Refused("This session can no longer be changed here.")
        save_fields(
            session,
            kind=kind,
            modality=modality,
            location=location if modality == "in_person" else None,
            client_state="" if modality == "in_person" else client_state,
            client_at_home=client_at_home,
            self_pay=self_pay,
        )
        _record("session.edited", session, by)
    return session


def cancel_session(*, session_id: UUID, reason: str, by: UUID | None) -> Session:
    """Cancel a session before it starts. Raises Refused afterwards: then it did not take place, or is confirmed."""
    with transaction.atomic():
        session = lock_session(session_id)
        if session.chip not in UNCONFIRMED:
            raise Refused("This session can no longer be cancelled here.")
        if has_started(session.starts_at, clock.now()):
            raise Refused("This session's start has passed. Say that it did not take place instead.")
        return _close(session, ChipState.CANCELLED, reason, by, "session.cancelled")


def mark_not_held(*, session_id: UUID, reason: str, by: UUID | None) -> Session:
    """A session whose start has passed did not take place.

    Raises Refused when confirmed, before its start, and after the last day to confirm: then it can only be closed.
    """
    with transaction.atomic():
        session = lock_session(session_id)
        if session.chip not in UNCONFIRMED:
            raise Refused("This session can no longer be marked so.")
        if not has_started(session.starts_at, clock.now()):
            raise Refused("This session has not started yet. Cancel it instead.")
        _refuse_when_too_late(session)
        return _close(session, ChipState.DID_NOT_TAKE_PLACE, reason, by, "session.not_held")


def reopen_not_held(*, session_id: UUID, by: UUID | None) -> Session:
    """Take *did not take place* back, within the confirm window. Raises Refused otherwise.

    The session is scheduled again; rooms above, told by `when_reopened`, know whether it is signed.
    """
    with transaction.atomic():
        session = lock_session(session_id)
        if session.chip != ChipState.DID_NOT_TAKE_PLACE:
            raise Refused("This session was not marked as not having taken place.")
        _refuse_when_too_late(session)
        save_fields(session, closed_at=None, closed_by=None, closed_reason="")
        mark(session, ChipState.SCHEDULED, by=by)
        for listener in _listeners:
            listener(session, by)
        _record("session.reopened", session, by)
    return session


def close_not_billable(*, session_id: UUID, reason: str, by: UUID | None) -> Session:
    """Close an unconfirmed session for good: no claim, no charge. Its note can still be signed.

    Possible once the confirm window has closed; before that a session is confirmed or did not take place.
    """
    with transaction.atomic():
        session = lock_session(session_id)
        if session.chip not in UNCONFIRMED:
            raise Refused("This session is not waiting to be confirmed.")
        if _window(session).may_confirm(clock.now()):
            raise Refused("This session can still be confirmed.")
        if not reason.strip():
            raise Refused("Say in a few words why it was not confirmed in time.")
        return _close(session, ChipState.NOT_BILLABLE, reason, by, "session.closed")


def mark(session: Session, chip: ChipState, *, by: UUID | None) -> None:
    """Set the session's stored chip: the one place that does. Rooms above call it as things happen."""
    if session.chip != chip:
        save_fields(session, chip=str(chip))


def record_intervals(session: Session, intervals: tuple[Interval, ...]) -> None:
    """Keep when a confirmed session truly took place; earlier intervals of it no longer count.

    The database refuses an overlap with another confirmed session of the provider (IntegrityError), except
    within one occasion; callers ask `overlapping` first, so this is the guard against two at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE calendar_actualinterval SET active = false"
            " WHERE organization_id = %s AND session_id = %s AND active",
            [session.organization_id, session.pk],
        )
    insert(
        *(
            ActualInterval(
                organization_id=session.organization_id,
                session=session,
                provider_id=session.provider_id,
                occasion_id=session.occasion_id,
                starts_at=interval.start,
                ends_at=interval.stop,
            )
            for interval in intervals
        )
    )


def lock_session(session_id: UUID) -> Session:
    """The session's row, locked until the transaction ends, with client, provider and organization, not locked.

    Raises Session.DoesNotExist.
    """
    for session in _locked(session_id):
        return session
    raise Session.DoesNotExist


@ready
def _locked(session_id: UUID) -> QuerySet[Session]:
    sessions = Session.objects.select_for_update(of=("self",)).filter(pk=session_id)
    return sessions.select_related("organization", "client", "provider")


def _window(session: Session) -> ConfirmWindow:
    return confirm_window(
        scheduled_start=session.starts_at,
        actual_start=None,
        zone=session.zone,
        policy=policy_for(session.organization_id),
    )


def _refuse_when_too_late(session: Session) -> None:
    """After the last day to confirm, whether a session took place changes nothing any more: it can only be closed."""
    if session.kind != CONSULTATION and not _window(session).may_confirm(clock.now()):
        raise Refused(
            "The last day to confirm this session has passed. It can only be closed as not billable."
        )


def _close(session: Session, chip: ChipState, reason: str, by: UUID | None, event: str) -> Session:
    save_fields(session, closed_at=clock.now(), closed_by=by, closed_reason=reason.strip()[:200])
    mark(session, chip, by=by)
    _record(event, session, by)
    return session


def _record(event: str, session: Session, by: UUID | None, **data: object) -> None:
    audit.record(
        event,
        subject_type="session",
        subject_id=session.pk,
        client_id=session.client_id,
        organization_id=session.organization_id,
        by=by,
        **data,
    )
