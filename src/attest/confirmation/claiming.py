"""The claim a confirmation would make, and what would keep it from being written: asked before anything is done."""

from dataclasses import replace

from attest.claims.basis import ClaimBasis, ClaimedLine
from attest.claims.snapshot import problems_of
from attest.confirmation.consequences import Consequences
from attest.confirmation.facts import Case
from attest.policy.readiness import ClaimProblem, FixTarget, Owner
from attest.x12.claim_837p import Problem

_WORDS = (
    ("billing provider", "practice's", Owner.ORGANIZATION, FixTarget.ORGANIZATION_DETAILS),
    ("rendering provider", "provider's", Owner.ORGANIZATION, FixTarget.PROVIDER_DETAILS),
    ("service facility", "location's", Owner.ORGANIZATION, FixTarget.LOCATIONS),
    ("payer", "payer's", Owner.ORGANIZATION, FixTarget.PAYER_DETAILS),
    ("subscriber member", "plan's member", Owner.PROVIDER, FixTarget.COVERAGE),
    ("subscriber group", "plan's group", Owner.PROVIDER, FixTarget.COVERAGE),
    ("patient relationship", "client's relation to the plan's holder", Owner.PROVIDER, FixTarget.COVERAGE),
    ("patient", "client's", Owner.PROVIDER, FixTarget.CLIENT_DETAILS),
    ("subscriber", "client's", Owner.PROVIDER, FixTarget.CLIENT_DETAILS),
)
"""What the writer of claims calls a record, as the person calls it, who mends it and where."""
_WHOLE = {
    "claim filing indicator": ("payer's kind of plan", Owner.ORGANIZATION, FixTarget.PAYER_DETAILS),
    "modifiers": ("modifiers of this payer", Owner.ORGANIZATION, FixTarget.PAYER_DETAILS),
    "charge": ("fee", Owner.ORGANIZATION, FixTarget.FEES),
    "place of service": ("place of service", Owner.PROVIDER, FixTarget.SESSION_PLACE),
    "diagnoses": ("diagnoses", Owner.PROVIDER, FixTarget.DIAGNOSIS),
    "diagnosis pointers": ("diagnoses", Owner.PROVIDER, FixTarget.DIAGNOSIS),
    "procedure": ("code", Owner.PROVIDER, FixTarget.CODE),
    "units": ("units", Owner.PROVIDER, FixTarget.CODE),
}


def claim_basis(case: Case, outcome: Consequences) -> ClaimBasis:
    """What the claim is built from when the session is confirmed at the case's moment. The case is insured."""
    assert case.coverage is not None and case.typed is not None
    telehealth = case.typed.modality.is_telehealth
    location_id = case.typed.location_id
    return ClaimBasis(
        session=case.session,
        provider=case.behind.provider,
        coverage=case.coverage,
        payer=case.coverage.payer,
        rule=case.rule,
        location=None if telehealth or location_id is None else case.behind.locations.get(location_id),
        organization=case.behind.organization,
        date_of_service=case.facts.date_of_service,
        place_of_service=outcome.place.pos or "",
        diagnoses=outcome.diagnoses,
        lines=tuple(
            ClaimedLine(
                code=line.code,
                charge_cents=line.charge_cents,
                modifiers=line.modifiers,
                units=line.units,
                pointers=line.pointers,
            )
            for line in outcome.lines
        ),
        confirmed_at=case.now,
        note_standing=outcome.note_standing,
        policy=case.behind.policy,
    )


def with_claim_problems(case: Case, outcome: Consequences | None) -> Case:
    """The case, judged also by whether its claim can be written; unchanged where there is no claim to write."""
    if outcome is None or not case.insured:
        return case
    own_plan = case.coverage is not None and case.coverage.relation == "self"
    problems = dict.fromkeys(_told(p, own_plan) for p in problems_of(claim_basis(case, outcome)))
    return replace(case, facts=replace(case.facts, claim_problems=tuple(problems))) if problems else case


def _told(problem: Problem, own_plan: bool) -> ClaimProblem:
    words, owner, fix = _place(problem.field, own_plan)
    return ClaimProblem(f"The {words}: {problem.sentence}", owner, fix)


def _place(field: str, own_plan: bool) -> tuple[str, Owner, FixTarget]:
    if field in _WHOLE:
        return _WHOLE[field]
    for record, words, owner, fix in _WORDS:
        if field == record or field.startswith(f"{record} "):
            if record == "subscriber" and not own_plan:
                words, fix = "plan holder's", FixTarget.COVERAGE
            elif fix is FixTarget.CLIENT_DETAILS and any(part in field for part in _OF_ADDRESS):
                fix = FixTarget.CLIENT_ADDRESS
            return f"{words}{field.removeprefix(record)}", owner, fix
    return field, Owner.ORGANIZATION, FixTarget.NOTHING


_OF_ADDRESS = ("address", "city", "state", "ZIP")
