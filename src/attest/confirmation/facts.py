"""From records and typed values to the facts the rules judge: one way for badge, panel, form and the final check."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import takewhile
from uuid import UUID

from django.db import connection

from attest.calendar.models import Session
from attest.calendar.queries import overlapping
from attest.clients.icd import CodesOn, codes_valid_on
from attest.clients.models import Coverage
from attest.clients.queries import covers
from attest.confirmation.background import Background
from attest.confirmation.typed import Typed
from attest.notes.checking import kind_of
from attest.notes.definition import Field
from attest.notes.models import Note
from attest.notes.queries import upload_of
from attest.policy import note_checks, readiness
from attest.policy.catalogue import Line, Service, ServiceKind, SessionKind
from attest.policy.chips import ChipState
from attest.policy.deadlines import ConfirmWindow, SignatureDue, confirm_window, local_date, signature_due
from attest.policy.payer import LineOfBusiness, PayerRule, signs_strictly
from attest.policy.place import Modality, Setting
from attest.policy.readiness import Roadblock
from attest.policy.readiness import facts as f
from attest.practice.queries import organization_facts

_STATUS = {
    ChipState.SCHEDULED: f.SessionStatus.SCHEDULED,
    ChipState.SIGNED: f.SessionStatus.SCHEDULED,
    ChipState.CANCELLED: f.SessionStatus.CANCELLED,
    ChipState.LATE_CANCEL: f.SessionStatus.LATE_CANCELLED,
    ChipState.NO_SHOW: f.SessionStatus.NO_SHOW,
    ChipState.DID_NOT_TAKE_PLACE: f.SessionStatus.DID_NOT_TAKE_PLACE,
    ChipState.NOT_BILLABLE: f.SessionStatus.NOT_BILLABLE,
}
_VERIFICATION = {
    "unverified": f.Verification.NEVER,
    "verified": f.Verification.ACTIVE,
    "failed": f.Verification.NOT_FOUND,
}
_READ_OR_BLOCKED = {"date": "date", "excluded_minutes": "minutes to leave out"}
"""Fields that have a value to fall back on: unreadable, they block instead."""
_EVALUATIONS = (ServiceKind.DIAGNOSTIC_EVALUATION, ServiceKind.DIAGNOSTIC_EVALUATION_MEDICAL)


@dataclass(frozen=True)
class Case:
    """A session with everything known of it, and what the rules say about it now."""

    behind: Background
    typed: Typed | None
    facts: f.Facts
    coverage: Coverage | None
    now: datetime
    codes: CodesOn | None = None
    """The typed diagnoses as the table of codes knows them on the date of service."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of the typed diagnoses, by code without its dot; unknown codes are left out."""
        return self.codes.labels if self.codes else {}

    @property
    def session(self) -> Session:
        return self.behind.session

    @property
    def insured(self) -> bool:
        """True when the session's claim goes to a plan."""
        return self.facts.bills_insurance and self.coverage is not None

    @property
    def rule(self) -> PayerRule | None:
        """The payer's rule in force on the date of service."""
        return self.facts.payer_rule

    @cached_property
    def roadblocks(self) -> tuple[Roadblock, ...]:
        """Everything that stands in the way or is worth saying, at once."""
        return readiness.roadblocks(self.facts, now=self.now, policy=self.behind.policy)

    @property
    def window(self) -> ConfirmWindow:
        """Until when the session can be confirmed."""
        return confirm_window(
            scheduled_start=self.session.starts_at,
            actual_start=self.facts.details.start if self.facts.details else None,
            zone=self.session.zone,
            policy=self.behind.policy,
        )

    @property
    def signature_due(self) -> SignatureDue:
        """Until when the note must be signed."""
        return signature_due(
            scheduled_stop=self.session.ends_at,
            actual_stop=self.facts.details.stop if self.facts.details else None,
            strict=signs_strictly(self.facts.lines_of_business),
            policy=self.behind.policy,
        )


def case(behind: Background, *, now: datetime, typed: Typed | None = None, signing: bool = False) -> Case:
    """The session's case. With `typed` it is judged in full (a few more reads); without, as days ahead.

    `signing`: the press being judged signs the drafted note as well.
    """
    session = behind.session
    day = typed_day(session, typed)
    coverage = behind.coverage_on(day)
    codes = codes_valid_on(typed.diagnoses, day) if typed else None
    details = _details(behind, typed, codes, day) if typed and codes else None
    facts = f.Facts(
        session=_session(behind),
        client=behind.file.facts,
        provider=behind.terms.provider_facts(behind.provider),
        organization=organization_facts(behind.organization),
        coverage=_coverage(behind, coverage, day) if coverage else None,
        note=_note(behind, typed, signing, local_date(now, session.zone), day),
        details=details,
        lines_of_business=behind.file.lines_of_business,
        self_pay_codes=behind.terms.priced_codes(behind.provider.pk, None, day),
    )
    return Case(behind, typed, facts, coverage, now, codes)


def cases(behinds: dict[UUID, Background], *, now: datetime) -> dict[UUID, Case]:
    """Cases of many sessions as they stand before anything is typed."""
    return {session_id: case(behind, now=now) for session_id, behind in behinds.items()}


def typed_day(session: Session, typed: Typed | None) -> date:
    """The date of service as typed, or the scheduled one."""
    return typed.day if typed else local_date(session.starts_at, session.zone)


def lines(behind: Background, typed: Typed) -> tuple[Line, ...]:
    """The chosen services as catalogue rows; a row that counts units gets as many as the minutes carry."""
    rows = (behind.terms.services.get(code) for code in (typed.code, *typed.addons) if code)
    spent = typed.spent or 0
    return tuple(
        Line(row, max(1, row.units_for(spent)) if row.minutes_each is not None else 1) for row in rows if row
    )


def _session(behind: Background) -> f.SessionFacts:
    session = behind.session
    return f.SessionFacts(
        status=_STATUS.get(ChipState(session.chip), f.SessionStatus.CONFIRMED),
        kind=SessionKind(session.kind),
        scheduled_start=session.starts_at,
        scheduled_stop=session.ends_at,
        zone=session.zone,
        setting=_setting(
            Modality(session.modality),
            session.client_at_home,
            session.client_state,
            session.location_id,
            behind,
        ),
        self_pay=session.self_pay,
        do_not_bill_insurance=session.do_not_bill,
        entered_afterwards=session.entered_after,
    )


def _setting(
    modality: Modality, at_home: bool, state: str, location_id: UUID | None, behind: Background
) -> Setting:
    location = behind.locations.get(location_id) if location_id else None
    return Setting(
        modality=modality,
        client_at_home=at_home if modality.is_telehealth else None,
        client_state=state or None,
        location_pos=location.place_of_service if location else None,
        location_state=location.state if location else None,
    )


def _coverage(behind: Background, coverage: Coverage, day: date) -> f.CoverageFacts:
    zone = behind.session.zone
    return f.CoverageFacts(
        payer_name=coverage.payer.name,
        line_of_business=LineOfBusiness(coverage.payer.line_of_business),
        verification=_VERIFICATION[coverage.verification],
        verified_on=local_date(coverage.verified_at, zone) if coverage.verified_at else None,
        period=f.Period(coverage.effective_from, coverage.effective_to),
        contracts=behind.terms.contracts_of(behind.provider.pk, coverage.payer_id),
        rules=behind.terms.rules_of(coverage.payer_id),
        has_payer_id=bool(coverage.payer.payer_id),
        has_member_id=bool(coverage.member_id),
        subscriber_complete=coverage.relation == "self"
        or bool(
            coverage.subscriber_first_name
            and coverage.subscriber_last_name
            and coverage.subscriber_birth_date
        ),
        priced_codes=behind.terms.priced_codes(behind.provider.pk, coverage.payer_id, day),
    )


def _note(behind: Background, typed: Typed | None, signing: bool, today: date, day: date) -> f.NoteFacts:
    note = behind.note
    drafted = note is not None and note.state == "draft"
    choice = typed.note_choice if typed else None
    uploaded = typed is not None and note is None and upload_of(behind.session) is not None
    if note is not None:
        choice = f.NoteChoice.TEMPLATE
    elif uploaded:
        choice = f.NoteChoice.UPLOAD
    declares = typed is not None and typed.declares_note(today)
    return f.NoteFacts(
        choice=choice,
        draft=drafted,
        signed=note is not None and note.state == "signed",
        signing=signing and drafted,
        empty_required=_empty_required(behind, note, typed, day) if note is not None and drafted else (),
        declared=uploaded if choice is f.NoteChoice.UPLOAD else declares,
        late_reason=note.late_reason if note is not None else "",
        not_billable=note is not None and drafted and not note.template.parsed.billable,
    )


def demanded_by_payers(
    behind: Background, note: Note, typed: Typed | None, day: date
) -> tuple[tuple[str, ...], ...]:
    """What the payers of the client's plans want filled beside the template (see `note_checks.places_demanded`)."""
    modality = typed.modality if typed else Modality(behind.session.modality)
    plans = (plan.payer_id for plan in behind.file.coverages if covers(plan, day))
    return note_checks.places_demanded(
        behind.terms.criteria_required(plans, day),
        kind=kind_of(behind.session, note.template.parsed.purpose),
        telehealth=modality.is_telehealth,
    )


def _empty_required(behind: Background, note: Note, typed: Typed | None, day: date) -> tuple[str, ...]:
    return tuple(field.label for field in empty_fields(behind, note, typed, day))


def empty_fields(behind: Background, note: Note, typed: Typed | None, day: date) -> tuple[Field, ...]:
    """The draft's fields that its template or a payer wants filled before it is signed, and that are empty."""
    demanded = demanded_by_payers(behind, note, typed, day)
    return note_checks.missing_required(note.template.parsed.fields, note.content, demanded)


def _details(behind: Background, typed: Typed, codes: CodesOn, day: date) -> f.Details:
    session = behind.session
    same_day, last_evaluation = _earlier_services(behind, day)
    details = f.Details(
        times=typed.times,
        unreadable=tuple(words for name, words in _READ_OR_BLOCKED.items() if name in typed.problems),
        excluded=timedelta(minutes=typed.excluded_minutes),
        affirmed=typed.affirmed,
        date_reason=typed.date_reason,
        setting=_setting(typed.modality, typed.client_at_home, typed.client_state, typed.location_id, behind),
        lines=lines(behind, typed),
        therapy_minutes=typed.therapy_minutes,
        client_present=typed.client_present,
        complexity_factors=typed.factors,
        diagnoses=codes.diagnoses,
        code_release_loaded=codes.in_force,
        other_sessions=overlapping(session, [i for t in typed.times if (i := t.interval)]),
        same_day_services=same_day,
        last_evaluation_on=last_evaluation,
        same_minutes_in_a_row=_untouched_in_a_row(behind) + 1 if typed.times_from == "schedule" else 0,
    )
    return details


_CONFIRMED = """
    FROM calendar_session session
    JOIN confirmation_confirmation confirmation
      ON confirmation.organization_id = session.organization_id AND confirmation.session_id = session.id
     AND confirmation.active
    JOIN confirmation_details details
      ON details.organization_id = session.organization_id AND details.confirmation_id = confirmation.id
     AND details.number = confirmation.details_number
"""
"""Confirmed sessions with their details as they stand. Read as SQL: this is asked at every confirmation."""


def _earlier_services(behind: Background, day: date) -> tuple[tuple[Service, ...], date | None]:
    """This client's and provider's services confirmed for the same date, and their last diagnostic evaluation."""
    session = behind.session
    evaluations = {row.code for row in behind.terms.catalogue if row.kind in _EVALUATIONS}
    since = day - timedelta(days=behind.policy.evaluation_again_days)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line.code, details.date_of_service {_CONFIRMED}"
            " JOIN confirmation_serviceline line"
            " ON line.organization_id = session.organization_id AND line.details_id = details.id"
            " WHERE session.organization_id = %s AND session.client_id = %s AND session.provider_id = %s"
            " AND session.id <> %s AND details.date_of_service BETWEEN %s AND %s",
            [session.organization_id, session.client_id, session.provider_id, session.pk, since, day],
        )
        found = cursor.fetchall()
    same_day = tuple(
        row for code, on in found if on == day and (row := behind.terms.services.get(code)) is not None
    )
    return same_day, max((on for code, on in found if code in evaluations), default=None)


def _untouched_in_a_row(behind: Background) -> int:
    """How many of the provider's last confirmed sessions in a row kept the scheduled times untouched."""
    session = behind.session
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT details.times_from {_CONFIRMED}"
            " WHERE session.organization_id = %s AND session.provider_id = %s"
            " ORDER BY session.starts_at DESC LIMIT %s",
            [session.organization_id, session.provider_id, behind.policy.same_times_in_a_row],
        )
        found = cursor.fetchall()
    return len(list(takewhile(lambda row: row[0] == "schedule", found)))
