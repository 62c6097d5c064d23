"""Roadblocks of the client, the plan, the provider's standing with it, and the practice."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ..deadlines import local_date
from ..record import Policy
from .explained import roadblock
from .facts import CoverageFacts, Facts, Verification
from .roadblock import FixTarget, Roadblock
from .roadblock import RoadblockCode as C


def client(facts: Facts) -> Iterator[Roadblock]:
    """Payment method and forms always; what the claim or telehealth needs, where there is one."""
    who, insured = facts.client, facts.bills_insurance
    if not who.has_payment_method:
        yield roadblock(C.NO_PAYMENT_METHOD, "The client has no payment method on file.")
    if who.forms_missing:
        yield roadblock(C.FORMS_MISSING, f"The client has not acknowledged {_listed(who.forms_missing)}.")
    if not who.has_address and (insured or facts.setting.modality.is_telehealth):
        yield roadblock(C.ADDRESS_MISSING, "The client's address is missing.")
    missing = _named(("birth date", who.has_birth_date), ("sex for the claim", who.has_sex_for_claim))
    if insured and missing:
        yield roadblock(C.CLIENT_DETAILS_MISSING, f"The client's {_listed(missing)} {_is(missing)} missing.")
    if insured and who.part2_program and not who.part2_consent:
        words = "The client has not consented that this program's records go to insurance."
        yield roadblock(C.PART2_CONSENT_MISSING, words)
    if not insured and any(line.is_medicaid for line in facts.lines_of_business):
        yield roadblock(
            C.MEDICAID_SELF_PAY, "The client has Medicaid: they may not owe you for this session."
        )


def plan(facts: Facts, now: datetime, policy: Policy) -> Iterator[Roadblock]:
    """A plan for the date of service, its verification, and what its claims need."""
    if not facts.bills_insurance:
        return
    coverage, day = facts.coverage, facts.date_of_service
    if coverage is None:
        yield roadblock(C.NO_COVERAGE, f"The client has no plan on file for {day:%m/%d/%Y}.")
        return
    payer = coverage.payer_name
    if not coverage.period.covers(day):
        yield roadblock(C.COVERAGE_NOT_IN_FORCE, f"The {payer} plan does not cover {day:%m/%d/%Y}.")
    yield from _verified(facts, coverage, now, policy)
    missing = _named(
        ("member number", coverage.has_member_id), ("subscriber's details", coverage.subscriber_complete)
    )
    if missing:
        yield roadblock(C.COVERAGE_INCOMPLETE, f"The {payer} plan lacks its {_listed(missing)}.")
    yield from _authorized(coverage, facts)
    if not any(contract.covers(day) for contract in coverage.contracts):
        yield roadblock(C.NOT_CONTRACTED, f"You have no contract with {payer} for {day:%m/%d/%Y}.")
    if not coverage.has_payer_id:
        yield roadblock(C.PAYER_ID_MISSING, f"{payer} has no payer id yet, so a claim cannot be addressed.")


def _verified(facts: Facts, coverage: CoverageFacts, now: datetime, policy: Policy) -> Iterator[Roadblock]:
    """Cover confirmed by the payer, not longer ago than the policy allows.

    Age counts back from the date of service, before it from today: an answer given days before a
    session that is weeks away is not yet old. An answer after the date of service always counts.
    """
    payer = coverage.payer_name
    match coverage.verification:
        case Verification.INACTIVE:
            yield roadblock(C.PLAN_INACTIVE, f"{payer} says that the client's plan is not active.")
        case Verification.NOT_FOUND:
            yield roadblock(C.PLAN_NOT_FOUND, f"{payer} does not find the client under these details.")
        case Verification.PENDING:
            yield roadblock(C.PLAN_VERIFICATION_PENDING, f"{payer} has not answered about the plan yet.")
        case Verification.ACTIVE if coverage.verified_on is not None:
            counted_to = min(facts.date_of_service, local_date(now, facts.session.zone))
            if counted_to - coverage.verified_on > timedelta(days=policy.verification_valid_days):
                words = (
                    f"The {payer} plan was last verified on {coverage.verified_on:%m/%d/%Y}: verify it again."
                )
                yield roadblock(C.PLAN_VERIFICATION_OLD, words)
        case _:
            yield roadblock(C.PLAN_NOT_VERIFIED, f"The {payer} plan is not verified yet.")


def _authorized(coverage: CoverageFacts, facts: Facts) -> Iterator[Roadblock]:
    if not coverage.needs_authorization:
        return
    leave = coverage.authorization
    if leave is None or not leave.number.strip():
        yield roadblock(C.AUTHORIZATION_MISSING, f"{coverage.payer_name} asks for an authorization number.")
        return
    if not leave.period.covers(facts.date_of_service):
        words = f"The authorization does not cover {facts.date_of_service:%m/%d/%Y}."
        yield roadblock(C.AUTHORIZATION_EXPIRED, words)
    if leave.sessions_left is not None and leave.sessions_left < 1:
        yield roadblock(C.AUTHORIZATION_USED_UP, "The authorization has no sessions left.")


def practice(facts: Facts) -> Iterator[Roadblock]:
    """A licence where the client is, always; for a claim, the facts that name provider and practice."""
    state, day = facts.setting.state, facts.date_of_service
    provider, organization = facts.provider, facts.organization
    if state and not any(
        licence.state == state and licence.period.covers(day) for licence in provider.licences
    ):
        yield roadblock(C.NO_LICENCE, f"You have no licence on file for {state} on {day:%m/%d/%Y}.")
    if not facts.bills_insurance:
        return
    missing = _named(("NPI", provider.has_npi), ("taxonomy", provider.has_taxonomy))
    if missing:
        words = f"The provider's {_listed(missing)} {_is(missing)} missing."
        yield roadblock(C.PROVIDER_DETAILS_MISSING, words)
    missing = _named(
        ("NPI", organization.has_npi),
        ("tax id", organization.has_tax_id),
        ("taxonomy", organization.has_taxonomy),
        ("nine-digit ZIP code", organization.has_zip_plus_four),
        ("submitter id", organization.has_submitter_id),
    )
    if missing:
        words = f"The practice's {_listed(missing)} {_is(missing)} missing."
        yield roadblock(C.ORGANIZATION_DETAILS_MISSING, words)


def claim(facts: Facts, found: Iterable[Roadblock]) -> Iterator[Roadblock]:
    """What keeps the claim from being written, less what `found` says already about the same place.

    What is said of a plan beside its details (not verified, not in force) says nothing about how it is written.
    """
    told = {
        r.fix
        for r in found
        if r.blocks and (r.fix is not FixTarget.COVERAGE or r.code is C.COVERAGE_INCOMPLETE)
    }
    for problem in facts.claim_problems:
        if problem.fix not in told:
            usual = roadblock(C.CLAIM_NOT_WRITABLE, problem.sentence)
            yield replace(usual, owner=problem.owner, fix=problem.fix)


def _named(*facts: tuple[str, bool]) -> tuple[str, ...]:
    return tuple(name for name, there in facts if not there)


def _listed(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _is(names: tuple[str, ...]) -> str:
    return "is" if len(names) == 1 else "are"
