"""Everything the panel of one session shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from attest.calendar.models import CONSULTATION, KINDS, MODALITIES, Session
from attest.claims.models import Claim
from attest.claims.queries import claim_of
from attest.confirmation.background import background
from attest.confirmation.facts import Case, case
from attest.confirmation.models import Confirmation, Details, ServiceLine
from attest.core.access import RIGHTS, scope_of
from attest.core.reach import way_to
from attest.core.templatetags.times import date_text
from attest.ledger.models import ChargeDue
from attest.ledger.queries import charges_of_session
from attest.notes.header import place_words
from attest.notes.models import NoteVersion
from attest.policy.chips import CHIPS, Chip, ChipState
from attest.policy.deadlines import SignatureDue, has_started, local_date, signature_due
from attest.policy.payer import signs_strictly
from attest.policy.protection import Protection
from attest.policy.readiness import Roadblock
from attest.practice.models import Location
from attest.workspace.queries.calendar import NOT_YET
from attest.workspace.queries.money import Money, money
from attest.workspace.queries.protection import protections
from attest.workspace.shown import chip_of
from attest.workspace.standing import (
    CLOSED,
    Button,
    NoteStanding,
    Standing,
    Step,
    others,
    primary,
    steps,
)

_KINDS, _MODALITIES = dict(KINDS), dict(MODALITIES)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that has to happen, or will happen by itself, by `at`. `since` is where its time began."""

    label: str
    at: datetime
    since: datetime | None
    owed: bool
    """Somebody must act; otherwise it happens by itself."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A session, where it stands, and what can be done with it."""

    session: Session
    case: Case
    chip: Chip
    standing: Standing
    roadblocks: tuple[Roadblock, ...]
    dues: tuple[Due, ...]
    facts: tuple[tuple[str, str], ...]
    money: Money | None
    claim: Claim | None
    note_line: str
    """What is known of the note in a sentence, empty when there is nothing to say."""
    protection: Protection | None
    """None for a session that was not held, or not yet."""

    @property
    def primary(self) -> Button:
        return primary(self.standing)

    @property
    def others(self) -> tuple[Button, ...]:
        return others(self.standing)

    @property
    def steps(self) -> tuple[Step, ...]:
        return steps(self.standing)


def panel(session: Session, member: Any, now: datetime) -> Panel:
    """The panel as the member sees it now. `session` comes with its client, provider and location."""
    behind = background(session, now=now)
    judged = case(behind, now=now)
    confirmed = _confirmed(session)
    claim = claim_of(session)
    version = _version(judged)
    standing = _standing(session, member, judged, confirmed, claim, now)
    charges = charges_of_session(session)
    due = _signature_due(judged, confirmed)
    return Panel(
        session=session,
        case=judged,
        chip=CHIPS[chip_of(session, now, behind.policy)],
        standing=standing,
        roadblocks=_roadblocks(judged, standing),
        dues=tuple(_dues(judged, standing, due, charges, claim)),
        facts=tuple(_facts(session, confirmed, with_diagnoses="diagnosis.view" in standing.may)),
        money=money(judged, standing, confirmed.lines if confirmed else (), charges, claim),
        claim=claim,
        note_line=_note_line(session, standing, version, confirmed),
        protection=protections([session], now).get(session.pk),
    )


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was confirmed: the details in force and their service lines."""

    confirmation: Confirmation
    details: Details
    lines: tuple[ServiceLine, ...]
    location: Location | None

    @property
    def stop(self) -> datetime:
        """The last actual stop."""
        return max(datetime.fromisoformat(stop) for _, stop in self.details.intervals)

    @property
    def start(self) -> datetime:
        """The first actual start."""
        return min(datetime.fromisoformat(start) for start, _ in self.details.intervals)


def _confirmed(session: Session) -> Confirmed | None:
    own = {"organization_id": session.organization_id}
    confirmation = Confirmation.objects.filter(**own, session=session, active=True).first()
    if confirmation is None:
        return None
    details = Details.objects.get(**own, confirmation=confirmation, number=confirmation.details_number)
    lines = tuple(ServiceLine.objects.filter(**own, details=details).order_by("position"))
    location = Location.objects.filter(**own, pk=details.location_id).first() if details.location_id else None
    return Confirmed(confirmation, details, lines, location)


def _version(judged: Case) -> NoteVersion | None:
    note = judged.behind.note
    if note is None or note.state != "signed":
        return None
    return (
        NoteVersion.objects.filter(organization_id=note.organization_id, note=note).defer("content").first()
    )


def _standing(
    session: Session,
    member: Any,
    judged: Case,
    confirmed: Confirmed | None,
    claim: Claim | None,
    now: datetime,
) -> Standing:
    billed = session.kind != CONSULTATION
    shown = chip_of(session, now, judged.behind.policy) if billed else ChipState(session.chip)
    path = confirmed.confirmation.note_path if confirmed else ""
    note = _note_standing(judged, path)
    return Standing(
        shown=shown,
        started=has_started(session.starts_at, now),
        note=note,
        note_owed=path == "owed" and note is not NoteStanding.SIGNED,
        billed=billed,
        claim=claim is not None,
        reopens=judged.window.may_confirm(now),
        may=rights_over(member, session),
    )


OF_THE_CLIENT = frozenset({"client.view", "client.edit", "grant.edit"})
"""Rights over the client rather than over a session."""


def rights_over(member: Any, session: Session) -> frozenset[str]:
    """The permissions the member holds for this very session, by what they are or by a grant.

    A session held for a colleague's client does not open that client's page.
    """
    whose = session.client.provider_id
    return frozenset(
        name
        for name in RIGHTS
        if way_to(
            member,
            scope_of(member, name),
            holder_id=whose if name in OF_THE_CLIENT else session.provider_id,
            client_id=session.client_id,
            client_of=whose,
        )
    )


def _note_standing(judged: Case, path: str) -> NoteStanding:
    facts = judged.facts.note
    if facts.signed:
        return NoteStanding.SIGNED
    if facts.draft:
        return NoteStanding.BEGUN if facts.empty_required else NoteStanding.COMPLETE
    return {"elsewhere": NoteStanding.ELSEWHERE, "upload": NoteStanding.UPLOADED}.get(path, NoteStanding.NONE)


def _roadblocks(judged: Case, standing: Standing) -> tuple[Roadblock, ...]:
    """What is in the way of a session that is still to be confirmed; nothing where that question is over."""
    if not standing.open or not standing.billed:
        return ()
    return tuple(block for block in judged.roadblocks if block.code not in NOT_YET)


def _signature_due(judged: Case, confirmed: Confirmed | None) -> SignatureDue:
    if confirmed is None:
        return judged.signature_due
    return signature_due(
        scheduled_stop=judged.session.ends_at,
        actual_stop=confirmed.stop,
        strict=signs_strictly(judged.facts.lines_of_business),
        policy=judged.behind.policy,
    )


def _dues(
    judged: Case, standing: Standing, due: SignatureDue, charges: list[ChargeDue], claim: Claim | None
) -> list[Due]:
    session, found = judged.session, []
    if standing.open and standing.billed and standing.shown is not ChipState.EXPIRED:
        window = judged.window
        found.append(Due("Confirm by", window.last_instant, window.opens_at, owed=True))
    if _note_is_due(standing):
        found.append(Due("Sign the note by", due.due_at, session.ends_at, owed=True))
    for charge in charges:
        if charge.state == "scheduled":
            found.append(Due("Client’s share due", charge.due_at, None, owed=False))
    if claim is not None and claim.state == "held":
        until = _held_until(claim)
        if until is not None:
            found.append(Due("Claim leaves after", until, None, owed=False))
    return found


def _note_is_due(standing: Standing) -> bool:
    if standing.note.is_here or standing.note is NoteStanding.ELSEWHERE:
        return False
    return standing.note.is_draft or standing.note_owed or (standing.shown not in CLOSED and standing.open)


def _held_until(claim: Claim) -> datetime | None:
    """When the claim's holds end by themselves; None when one waits for somebody."""
    until = [hold.until for hold in claim.open_holds]  # type: ignore[attr-defined]
    known = [at for at in until if at is not None]
    return max(known) if known and len(known) == len(until) else None


def _facts(session: Session, confirmed: Confirmed | None, *, with_diagnoses: bool) -> list[tuple[str, str]]:
    if confirmed is None:
        return [
            ("Kind", _KINDS[session.kind]),
            (
                "Place",
                _place(session.modality, session.location, session.client_at_home, session.client_state),
            ),
            *([("Billing", "Self-pay, no claim")] if session.self_pay else []),
            *(
                [("Billing", "Insurance is not billed")]
                if session.do_not_bill and not session.self_pay
                else []
            ),
            *([("Entered", "After the fact")] if session.entered_after else []),
        ]
    details = confirmed.details
    codes = ", ".join(
        f"{line.code}{f' × {line.units}' if line.units > 1 else ''}{''.join(f'-{m}' for m in line.modifiers)}"
        for line in confirmed.lines
    )
    return [
        ("Actual time", f"{details.minutes} min, {_from(details)}"),
        ("Place", _place(details.modality, confirmed.location, details.client_at_home, details.client_state)),
        ("Code", codes),
        *([("Diagnosis", ", ".join(dotted(code) for code in details.diagnoses))] if with_diagnoses else []),
        *([("Entered", "After the fact")] if session.entered_after else []),
    ]


def _from(details: Details) -> str:
    return "as scheduled" if details.times_from == "schedule" else "as typed"


def _place(modality: str, location: Location | None, at_home: bool, state: str) -> str:
    words = place_words(modality, location=location, client_at_home=at_home, client_state=state)
    return words if modality == "in_person" else f"{_MODALITIES[modality]} · {words}"


def dotted(code: str) -> str:
    """A diagnosis code as people write it."""
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"


def _note_line(
    session: Session, standing: Standing, version: NoteVersion | None, confirmed: Confirmed | None
) -> str:
    if version is not None:
        signed_on = date_text(local_date(version.signed_at, session.zone))
        return f"Signed {signed_on}" + (", late" if version.late else "")
    if standing.note.is_draft:
        return "Draft, not signed yet"
    if standing.note is NoteStanding.UPLOADED:
        return "Uploaded, signed elsewhere"
    if standing.note is NoteStanding.ELSEWHERE and confirmed is not None:
        kept = confirmed.confirmation
        when = f", signed {date_text(kept.elsewhere_signed_on)}" if kept.elsewhere_signed_on else ""
        return f"Kept elsewhere, by {kept.elsewhere_author}{when}"
    return "Still owed" if standing.note_owed else ""


def claim_id_of(found: Panel) -> UUID | None:
    """The claim's id, for its link."""
    return found.claim.pk if found.claim else None
