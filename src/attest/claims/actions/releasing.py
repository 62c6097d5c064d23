"""From held to ready: a claim may leave once no hold on it is open."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from attest.calendar.actions import lock_session, mark
from attest.calendar.models import Session
from attest.claims.models import Claim, Hold
from attest.core import audit, clock, work
from attest.core.models import save_fields
from attest.policy.chips import ChipState
from attest.policy.record import Policy
from attest.policy.release import NoteStanding, Release, ReleaseFacts, ReleaseState, release
from attest.practice.queries import policy_for

RELEASE = "claim.release"
"""The kind of work that looks whether a claim may leave."""
_JUST_AFTER = timedelta(microseconds=1)
_CHIPS = {"held": ChipState.CONFIRMED, "ready": ChipState.CLAIM_READY, "sent": ChipState.CLAIM_SENT}


def window_standing(claim: Claim, *, now: datetime, policy: Policy) -> Release:
    """Whether the session's edit window holds the claim at `now`, apart from every other hold.

    It does until `now` is past `confirmed_at` + 48 h, or until fewer than 5 days of filing time remain.
    """
    facts = ReleaseFacts(
        confirmed_at=claim.confirmed_at,
        zone=claim.session.zone,
        note=NoteStanding.NONE,
        requires_signed_note=False,
        file_by=claim.file_by,
    )
    return release(facts, now=now, policy=policy)


def schedule_release(claim: Claim, window: Release) -> None:
    """Look at the claim right after the moment its edit window stops holding it; now, if it holds no longer."""
    if window.state is ReleaseState.EDIT_HOLD and window.leaves_at is not None:
        work.schedule(RELEASE, claim.pk, at=window.leaves_at + _JUST_AFTER)
    else:
        work.enqueue(RELEASE, claim.pk)


def show(session: Session, claim: Claim, *, by: UUID | None) -> None:
    """The session's chip follows its claim, but stays *Note due* until a note that is owed has been signed."""
    if session.chip != ChipState.NOTE_DUE:
        mark(session, _CHIPS[claim.state], by=by)


def release_when_free(*, claim_id: UUID, by: UUID | None = None) -> Claim:
    """Close the edit-window hold when its time has come, and make the claim ready when no hold is open.

    Locks the session first, as every change to a confirmed session does, so that a modification and a release
    cannot both win. A claim that is not held is left as it is.
    """
    with transaction.atomic():
        session = _lock_session_of(claim_id)
        claim = Claim.objects.select_for_update().get(organization_id=session.organization_id, pk=claim_id)
        claim.session = session
        if claim.state != "held":
            return claim
        now = clock.now()
        holds = list(
            Hold.objects.filter(
                organization_id=claim.organization_id, claim_id=claim.pk, closed_at__isnull=True
            )
        )
        for hold in [hold for hold in holds if hold.kind == "edit_window"]:
            window = window_standing(claim, now=now, policy=policy_for(claim.organization_id))
            if window.state is ReleaseState.EDIT_HOLD:
                if hold.until != window.leaves_at:  # the practice's numbers have changed meanwhile
                    save_fields(hold, until=window.leaves_at)
                    schedule_release(claim, window)
                    _record("claim.hold_moved", claim, session, by)
                return claim
            save_fields(hold, closed_at=now)
            holds.remove(hold)
            _record("claim.hold_ended", claim, session, by, hold=hold.kind)
        if not holds:
            save_fields(claim, state="ready", ready_at=now)
            show(session, claim, by=by)
            _record("claim.ready", claim, session, by)
    return claim


def signature_given(*, session: Session, by: UUID | None) -> None:
    """The session's note has been signed: its claim no longer waits for that, and is ready if for nothing else.

    A claim that did not wait may have left meanwhile; the session's chip, no longer *Note due*, now says so.
    """
    with transaction.atomic():
        locked = lock_session(session.pk)
        claim = (
            Claim.objects.filter(organization_id=session.organization_id, session_id=session.pk)
            .exclude(state="dropped")
            .order_by("-version", "-pk")
            .first()
        )
        if claim is None:
            return
        if claim.state != "held":
            show(locked, claim, by=by)
            return
        ended = Hold.objects.filter(
            organization_id=session.organization_id,
            claim_id=claim.pk,
            kind="signature",
            closed_at__isnull=True,
        ).update(closed_at=clock.now())
        if ended:
            _record("claim.hold_ended", claim, session, by, hold="signature")
        release_when_free(claim_id=claim.pk, by=by)


def _lock_session_of(claim_id: UUID) -> Session:
    return lock_session(Claim.objects.values_list("session_id", flat=True).get(pk=claim_id))


def _record(kind: str, claim: Claim, session: Session, by: UUID | None, **data: str) -> None:
    audit.record(
        kind,
        subject_type="claim",
        subject_id=claim.pk,
        client_id=session.client_id,
        organization_id=claim.organization_id,
        by=by,
        **data,
    )
