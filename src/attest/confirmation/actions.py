"""Confirming a session, and signing its note: the heart. Each happens wholly or not at all, and once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from attest.calendar import actions as calendar
from attest.calendar.models import Session
from attest.claims import actions as claims
from attest.clients import actions as clients
from attest.confirmation import facts
from attest.confirmation.background import Background, background
from attest.confirmation.claiming import claim_basis, with_claim_problems
from attest.confirmation.consequences import Consequences, consequences
from attest.confirmation.drafts import draft_revision
from attest.confirmation.models import Confirmation, Details, ServiceLine
from attest.confirmation.note_header import header_of
from attest.confirmation.typed import Typed, read
from attest.core import audit, clock, once
from attest.core.ids import new_id
from attest.core.models import insert, inserted_together
from attest.ledger import actions as ledger
from attest.notes import actions as notes
from attest.notes.header import attestation_text, header_for
from attest.notes.models import NoteVersion
from attest.notes.proof import is_fresh
from attest.notes.queries import content_digest
from attest.policy.chips import ChipState
from attest.policy.readiness import NoteChoice, Roadblock


class Blocked(Exception):
    """The session cannot be confirmed yet: every roadblock that blocks, at once."""

    def __init__(self, roadblocks: tuple[Roadblock, ...]) -> None:
        super().__init__(" ".join(r.sentence for r in roadblocks))
        self.roadblocks = roadblocks


class Changed(Exception):
    """Something on the screen is no longer so; `what` names it. Nothing was done."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} changed while this page was open. Nothing was signed: look at it as it is now."
        )
        self.what = what


class ProofNeeded(Exception):
    """The last proof of identity is older than the practice allows for a signature."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was on the screen: the note's digest ('' when this press signs none), the revision of the saved details
    that the posted ones build on, and the digest of the consequences shown."""

    note: str
    revision: int
    consequences: str


@dataclass(frozen=True, slots=True)
class Acting:
    """Who presses: the member, and when they last proved who they are (real time)."""

    member: Any
    proof_at: datetime | None

    @property
    def user_id(self) -> UUID:
        user_id: UUID = self.member.user_id
        return user_id


def sign_and_confirm(
    *, session_id: UUID, values: Mapping[str, Any], seen: Seen, acting: Acting, key: str
) -> Confirmation:
    """Sign the drafted note, if there is one, and confirm the session, or do neither.

    `values` are the form's values as posted, `seen` the hashes of what stood on the screen. Raises Blocked with
    every roadblock, Changed when something on the screen is no longer so, ProofNeeded when the signature asks for a
    fresher proof of identity. Pressing twice with one key gives the first result; the same key with other content
    raises `once.KeyReused`.
    """
    result_id = new_id()
    try:
        with transaction.atomic():
            session = calendar.lock_session(session_id)
            content = once.fingerprint(session_id, values, seen.note, seen.revision, seen.consequences)
            first = once.claim(session.organization_id, key, content, result_id)
            if first != result_id:
                return Confirmation.objects.get(pk=first)
            with inserted_together():
                return _confirm(session, values, seen, acting, result_id)
    except IntegrityError as conflict:
        if "interval_no_overlap" in str(conflict):
            raise Changed("Your calendar") from conflict
        raise


def _confirm(
    session: Session, values: Mapping[str, Any], seen: Seen, acting: Acting, confirmation_id: UUID
) -> Confirmation:
    now = clock.now()
    typed = read(session, values)
    behind = background(session, now=now)
    signing = behind.note is not None and behind.note.state == "draft"
    case = facts.case(behind, now=now, typed=typed, signing=signing)
    outcome = consequences(case)
    case = with_claim_problems(case, outcome)
    blocking = tuple(r for r in case.roadblocks if r.blocks)
    _raise_if_changed(seen, behind, outcome, signing)
    if blocking or outcome is None:
        raise Blocked(blocking)
    version = None
    if signing:
        version = _sign(case, seen.note, acting)
    confirmation = _keep(case, typed, outcome, acting, confirmation_id)
    if case.insured:
        claims.build(claim_basis(case, outcome))
    ledger.schedule_client_share(
        session=session,
        estimate=outcome.estimate,
        confirmed_at=confirmation.confirmed_at,
        zone=session.zone,
        policy=behind.policy,
        payment_method=behind.file.payment_method,
    )
    calendar.record_intervals(session, case.facts.details.intervals if case.facts.details else ())
    calendar.mark(session, _chip(case, confirmation), by=acting.user_id)
    clients.use_diagnoses(
        client=behind.client,
        codes={code: case.labels.get(code, "") for code in outcome.diagnoses},
        by=acting.user_id,
    )
    audit.record(
        "session.confirmed",
        subject_type="session",
        subject_id=session.pk,
        client_id=session.client_id,
        organization_id=session.organization_id,
        by=acting.user_id,
        confirmation=str(confirmation.pk),
        signed=str(version.pk) if version else None,
    )
    return confirmation


def _raise_if_changed(seen: Seen, behind: Background, outcome: Consequences | None, signing: bool) -> None:
    if seen.revision != draft_revision(behind.session):
        raise Changed("The details")
    note_now = content_digest(behind.note) if signing and behind.note else ""
    if seen.note != note_now:
        raise Changed("The note")
    if seen.consequences != (outcome.digest if outcome else ""):
        raise Changed("What will happen")


def _sign(case: facts.Case, seen_note: str, acting: Acting) -> NoteVersion:
    if acting.proof_at is None or not is_fresh(acting.proof_at, case.behind.policy):
        raise ProofNeeded
    note, session = case.behind.note, case.session
    assert note is not None
    header = header_for(session, header_of(case))
    return notes.sign(
        note=note,
        header=header,
        attestation=attestation_text(case.behind.provider, header, case.now, session.zone),
        seen_digest=seen_note,
        by_member=acting.member,
        proof_at=acting.proof_at,
        late_reason=note.late_reason,
        due_at=case.signature_due.due_at,
        now=case.now,
        demanded=facts.demanded_by_payers(case.behind, note, case.typed, case.facts.date_of_service),
    )


def _keep(
    case: facts.Case, typed: Typed, outcome: Consequences, acting: Acting, confirmation_id: UUID
) -> Confirmation:
    """The confirmation with the first version of its details and its service lines."""
    session, note = case.session, case.behind.note
    own = {"organization_id": session.organization_id}
    path = case.facts.note.choice or NoteChoice.OWED
    confirmation = Confirmation(
        **own,
        id=confirmation_id,
        session=session,
        confirmed_at=case.now,
        confirmed_by=acting.user_id,
        note_path=str(path),
        note=note,
        elsewhere_author=typed.elsewhere_author if path is NoteChoice.ELSEWHERE else "",
        elsewhere_signed_on=typed.elsewhere_signed_on if path is NoteChoice.ELSEWHERE else None,
    )
    insert(confirmation)
    known = case.facts.details
    assert known is not None
    details = Details(
        **own,
        confirmation=confirmation,
        number=1,
        date_of_service=case.facts.date_of_service,
        intervals=[[i.start.isoformat(), i.stop.isoformat()] for i in known.intervals],
        minutes=known.spent or 0,
        excluded_minutes=typed.excluded_minutes,
        therapy_minutes=typed.therapy_minutes,
        client_present=typed.client_present,
        complexity_factors=[str(factor) for factor in typed.factors],
        times_from=typed.times_from,
        date_reason=typed.date_reason,
        modality=str(typed.modality),
        location_id=None if typed.modality.is_telehealth else typed.location_id,
        client_state=typed.client_state,
        client_at_home=typed.client_at_home,
        place_of_service=outcome.place.pos or "",
        diagnoses=list(outcome.diagnoses),
        made_by=acting.user_id,
        made_at=case.now,
    )
    insert(details)
    lines = (
        ServiceLine(
            **own,
            details=details,
            position=position,
            code=line.code,
            label=line.label,
            modifiers=list(line.modifiers),
            units=line.units,
            minutes=line.minutes,
            charge_cents=line.charge_cents,
            pointers=list(line.pointers),
        )
        for position, line in enumerate(outcome.lines, start=1)
    )
    insert(*lines)
    return confirmation


def _chip(case: facts.Case, confirmation: Confirmation) -> ChipState:
    if confirmation.note_path == NoteChoice.OWED:
        return ChipState.NOTE_DUE
    return ChipState.CONFIRMED if case.insured else ChipState.SELF_PAY
