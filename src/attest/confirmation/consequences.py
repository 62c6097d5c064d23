"""What happens when the button is pressed: claim, client's share, dates, note. Shown, bound by a digest, then done."""

from dataclasses import dataclass
from datetime import date, datetime

from attest.clients.models import PaymentMethod
from attest.confirmation.facts import Case
from attest.core.once import fingerprint
from attest.policy import deadlines, release
from attest.policy.coding import pointers_of
from attest.policy.payer import LineOfBusiness
from attest.policy.place import PlaceOfService, place_of_service
from attest.policy.pricing import Estimate, Terms, client_share, self_pay_share
from attest.policy.release import NoteStanding, Release, ReleaseFacts


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A service line with its modifiers and money. `charge_cents` covers all units."""

    code: str
    label: str
    units: int
    modifiers: tuple[str, ...]
    pointers: tuple[int, ...]
    minutes: int | None
    charge_cents: int
    allowed_cents: int | None


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everything that will be so after confirming. `release` is None when no claim is made."""

    place: PlaceOfService
    lines: tuple[PricedLine, ...]
    diagnoses: tuple[str, ...]
    payer_name: str
    total_cents: int
    file_by: date | None
    note_standing: NoteStanding
    release: Release | None
    estimate: Estimate
    charge_at: datetime
    payment_method: PaymentMethod | None
    signs: bool
    signed_late: bool
    signature_due: datetime
    digest: str

    @property
    def is_estimate(self) -> bool:
        """The client's share may still change once the plan has answered."""
        return not self.estimate.final

    @property
    def protected(self) -> bool:
        """Written in one of the product's templates and signed: protected, late or not."""
        return self.note_standing is NoteStanding.TEMPLATE_SIGNED


def consequences(case: Case) -> Consequences | None:
    """What confirming now would do; None until times and a code are there to tell."""
    details = case.facts.details
    if details is None or case.typed is None or not details.lines:
        return None
    day, behind = case.facts.date_of_service, case.behind
    place = place_of_service(case.facts.setting, case.rule)
    lines = _priced(case, place)
    standing = note_standing(case)
    total = sum(line.charge_cents for line in lines)
    file_by = None
    if case.insured and case.rule and case.rule.filing_rule:
        file_by = deadlines.file_by(case.rule.filing_rule, day)
    leaving = None
    if case.insured:
        leaving = release.release(
            ReleaseFacts(
                confirmed_at=case.now,
                zone=case.session.zone,
                note=standing,
                requires_signed_note=bool(case.rule and case.rule.requires_signed_note),
                file_by=file_by,
            ),
            now=case.now,
            policy=behind.policy,
        )
    due = case.signature_due
    signs = case.facts.note.signing
    estimate = _estimate(case, lines)
    charge_at = deadlines.client_billed_at(case.now, case.session.zone, behind.policy)
    payer_name = case.coverage.payer.name if case.insured and case.coverage else ""
    return Consequences(
        place=place,
        lines=lines,
        diagnoses=tuple(d.plain for d in details.diagnoses),
        payer_name=payer_name,
        total_cents=total,
        file_by=file_by,
        note_standing=standing,
        release=leaving,
        estimate=estimate,
        charge_at=charge_at,
        payment_method=behind.file.payment_method,
        signs=signs,
        signed_late=signs and due.is_late(case.now),
        signature_due=due.due_at,
        digest=fingerprint(
            place.pos, [(x.code, x.units, x.modifiers, x.charge_cents) for x in lines], payer_name, file_by, standing,
            leaving and (leaving.state, leaving.early), estimate.cents, estimate.reason, charge_at,
            behind.file.payment_method and behind.file.payment_method.pk, signs, signs and due.is_late(case.now),
            [r.sentence for r in case.roadblocks if not r.blocks],
        ),
    )  # fmt: skip


def note_standing(case: Case) -> NoteStanding:
    """How the session will be documented once the button is pressed."""
    note = case.facts.note
    if note.signed or note.signing:
        return NoteStanding.TEMPLATE_SIGNED
    if note.draft:
        return NoteStanding.DRAFTED
    return NoteStanding.DECLARED if note.declared else NoteStanding.OWED


def _priced(case: Case, place: PlaceOfService) -> tuple[PricedLine, ...]:
    details, typed = case.facts.details, case.typed
    assert details is not None and typed is not None
    payer_id = case.coverage.payer_id if case.insured and case.coverage else None
    made = []
    for line in details.lines:
        fee = case.behind.fee_on(line.service.code, payer_id, case.facts.date_of_service)
        minutes = details.therapy_minutes if line.service.counts_therapy_minutes else details.spent
        made.append(
            PricedLine(
                code=line.service.code,
                label=line.service.label,
                units=line.units,
                modifiers=place.modifiers,
                pointers=pointers_of(line, len(details.diagnoses)),
                minutes=minutes,
                charge_cents=(fee.charge_cents if fee else 0) * line.units,
                allowed_cents=fee.allowed_cents * line.units
                if fee and fee.allowed_cents is not None
                else None,
            )
        )
    return tuple(made)


def _estimate(case: Case, lines: tuple[PricedLine, ...]) -> Estimate:
    coverage = case.coverage
    if not case.insured or coverage is None:
        return self_pay_share(sum(line.charge_cents for line in lines))
    known = [line.allowed_cents for line in lines]
    allowed = None if any(cents is None for cents in known) else sum(cents or 0 for cents in known)
    second = case.behind.secondary_on(case.facts.date_of_service)
    medicaid = second is not None and LineOfBusiness(second.payer.line_of_business).is_medicaid
    return client_share(
        Terms(
            line_of_business=LineOfBusiness(coverage.payer.line_of_business),
            allowed_cents=allowed,
            copay_cents=coverage.copay_cents,
            coinsurance_points=None
            if coverage.coinsurance_percent is None
            else coverage.coinsurance_percent * 100,
            deductible_remaining_cents=coverage.deductible_left_cents,
            out_of_pocket_remaining_cents=coverage.out_of_pocket_left_cents,
            qmb=coverage.qmb,
        ),
        secondary_active=second is not None,
        has_medicaid=medicaid,
        medicaid_copay_cents=(second.copay_cents or 0) if second is not None and medicaid else 0,
    )
