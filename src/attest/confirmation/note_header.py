"""What confirming tells the notes room: how the session went, and what a signature given later sets free."""

from datetime import datetime
from typing import Any
from uuid import UUID

from attest.calendar import actions as calendar
from attest.calendar.models import Session
from attest.claims import actions as claims
from attest.claims.models import Claim
from attest.clients.icd import dotted, labels_of
from attest.confirmation.drafts import draft_values
from attest.confirmation.facts import Case
from attest.confirmation.models import Confirmation, Details, ServiceLine
from attest.confirmation.queries import details_of
from attest.confirmation.typed import read
from attest.core import audit
from attest.core.models import save_fields
from attest.notes.header import HeaderFacts, TimesFrom, place_words
from attest.notes.models import NoteVersion, UploadedNote
from attest.policy.chips import ChipState
from attest.policy.minutes import Interval
from attest.policy.readiness import NoteChoice
from attest.practice.models import Location


def header_of(case: Case) -> HeaderFacts:
    """The facts at the head of a note that is signed while confirming: as typed on the form."""
    typed, details, session = case.typed, case.facts.details, case.session
    assert typed is not None and details is not None
    return HeaderFacts(
        intervals=details.intervals or (Interval(session.starts_at, session.ends_at),),
        modality=str(typed.modality),
        place=place_words(
            str(typed.modality),
            location=case.behind.locations.get(typed.location_id) if typed.location_id else None,
            client_at_home=typed.client_at_home,
            client_state=typed.client_state,
        ),
        times_from=_times_from(typed.times_from, typed.affirmed),
        minutes=details.spent,
        diagnoses=tuple((dotted(code), case.labels.get(code, "")) for code in typed.diagnoses),
        services=tuple((line.service.code, line.service.label) for line in details.lines),
    )


def known_of(session: Session) -> HeaderFacts | None:
    """The facts at the head of a note signed by itself: the confirmed details, else the times typed so far."""
    confirmation = Confirmation.objects.filter(
        organization_id=session.organization_id, session=session, active=True
    ).first()
    return _confirmed(session, details_of(confirmation)) if confirmation else _typed_so_far(session)


def _confirmed(session: Session, details: Details) -> HeaderFacts:
    labels = labels_of(details.diagnoses, details.date_of_service)
    lines = ServiceLine.objects.filter(organization_id=session.organization_id, details=details)
    return HeaderFacts(
        intervals=tuple(
            Interval(datetime.fromisoformat(start), datetime.fromisoformat(stop))
            for start, stop in details.intervals
        ),
        modality=details.modality,
        place=place_words(
            details.modality,
            location=_location(session, details.location_id),
            client_at_home=details.client_at_home,
            client_state=details.client_state,
        ),
        times_from=_times_from(details.times_from, True),
        minutes=details.minutes,
        diagnoses=tuple((dotted(code), labels.get(code, "")) for code in details.diagnoses),
        services=tuple((line.code, line.label) for line in lines.order_by("position")),
    )


def _typed_so_far(session: Session) -> HeaderFacts | None:
    values, revision = draft_values(session)
    if not revision:
        return None
    typed = read(session, values)
    intervals = tuple(i for t in typed.times if (i := t.interval) and i.stop > i.start)
    labels = labels_of(typed.diagnoses, typed.day)
    return HeaderFacts(
        intervals=intervals or (Interval(session.starts_at, session.ends_at),),
        modality=str(typed.modality),
        place=place_words(
            str(typed.modality),
            location=_location(session, typed.location_id),
            client_at_home=typed.client_at_home,
            client_state=typed.client_state,
        ),
        times_from=_times_from(typed.times_from if intervals else "schedule", typed.affirmed),
        diagnoses=tuple((dotted(code), labels.get(code, "")) for code in typed.diagnoses),
    )


def after_signing(session: Session, version: NoteVersion, user_id: UUID) -> None:
    """A confirmed session's owed note was signed: its claim need not wait for it, and the chip says so."""
    _delivered(session, user_id, note_path=str(NoteChoice.TEMPLATE), note=version.note)


def after_upload(session: Session, upload: UploadedNote, user_id: UUID) -> None:
    """The same for an owed note that was handed in as a file."""
    _delivered(session, user_id, note_path=str(NoteChoice.UPLOAD))


def _delivered(session: Session, user_id: UUID, **kept: Any) -> None:
    if session.chip != ChipState.NOTE_DUE:
        return
    confirmation = Confirmation.objects.get(
        organization_id=session.organization_id, session=session, active=True
    )
    save_fields(confirmation, **kept)
    claimed = Claim.objects.filter(organization_id=session.organization_id, session=session).exists()
    calendar.mark(session, ChipState.CONFIRMED if claimed else ChipState.SELF_PAY, by=user_id)
    if claimed:
        claims.signature_given(session=session, by=user_id)
    audit.record(
        "note.delivered",
        subject_type="session",
        subject_id=session.pk,
        client_id=session.client_id,
        organization_id=session.organization_id,
        by=user_id,
    )


def _location(session: Session, location_id: UUID | None) -> Location | None:
    if location_id is None:
        return None
    return Location.objects.filter(organization_id=session.organization_id, pk=location_id).first()


def _times_from(times_from: str, affirmed: bool) -> TimesFrom:
    if times_from == "typed":
        return TimesFrom.TYPED
    return TimesFrom.AFFIRMED if affirmed else TimesFrom.SCHEDULE
