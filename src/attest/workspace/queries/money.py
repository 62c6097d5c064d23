"""What a session brings: the client's share and what the plan should pay, before and after confirming."""

from collections.abc import Sequence
from dataclasses import dataclass

from attest.claims.models import Claim
from attest.confirmation.drafts import draft_values
from attest.confirmation.facts import Case
from attest.confirmation.models import ServiceLine
from attest.confirmation.page import page
from attest.ledger.models import ChargeDue
from attest.policy.chips import ChipState
from attest.practice.queries import fee_on
from attest.workspace.standing import Standing


@dataclass(frozen=True, slots=True)
class Money:
    """`client_cents` is what the client owes, an estimate unless `final`; `basis` says where it comes from.

    `payer_cents` None: what the payer allows is not known. `payer` is empty for self-pay.
    """

    client_cents: int
    final: bool
    basis: str
    payer: str
    payer_cents: int | None
    method: str
    outcome: str = ""
    """What became of the charge, once it was due."""


def money(
    judged: Case,
    standing: Standing,
    lines: Sequence[ServiceLine],
    charges: Sequence[ChargeDue],
    claim: Claim | None,
) -> Money | None:
    """The session's money; None where there is none to speak of (not billed, closed, no code yet)."""
    if lines:
        return _confirmed(judged, lines, charges, claim)
    if standing.open and standing.billed and standing.shown is not ChipState.EXPIRED:
        return _ahead(judged)
    return None


def _ahead(judged: Case) -> Money | None:
    """What confirming would bring with what is typed so far, or else with the code that the schedule suggests."""
    session = judged.session
    values, revision = draft_values(session)
    outcome = page(session, values, revision, now=judged.now).outcome
    if outcome is None or not outcome.total_cents:
        return None
    estimate = outcome.estimate
    scheduled = "" if values.get("code") else ", as scheduled"
    return Money(
        client_cents=estimate.cents,
        final=False,
        basis=f"{estimate.reason} With {outcome.lines[0].code}{scheduled}.",
        payer=outcome.payer_name,
        payer_cents=estimate.expected_from_payer_cents,
        method=str(outcome.payment_method) if outcome.payment_method else "",
    )


def _confirmed(
    judged: Case, lines: Sequence[ServiceLine], charges: Sequence[ChargeDue], claim: Claim | None
) -> Money | None:
    charge = next((c for c in charges if c.state != "dropped"), None)
    if charge is None:
        return None
    return Money(
        client_cents=charge.amount_cents,
        final=not charge.estimated,
        basis=charge.reason,
        payer=claim.payer.name if claim else "",
        payer_cents=_expected(judged, lines, charge, claim) if claim else None,
        method=str(charge.payment_method) if charge.payment_method else "",
        outcome=charge.outcome,
    )


def _expected(judged: Case, lines: Sequence[ServiceLine], charge: ChargeDue, claim: Claim) -> int | None:
    """The allowed amounts of the lines less the client's share; None when one of them is not known."""
    allowed: int = 0
    for line in lines:
        fee = fee_on(judged.session.provider, claim.payer, line.code, claim.date_of_service)
        if fee is None or fee.allowed_cents is None:
            return None
        allowed += fee.allowed_cents * line.units
    rest: int = allowed - charge.amount_cents
    return max(0, rest)
