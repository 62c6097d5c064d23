"""The client's share of one session: what may be charged before the plan has answered, and why."""

from dataclasses import dataclass

from .payer import LineOfBusiness

WHOLE = 10_000
"""A whole in basis points: 2,000 is 20 %."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the first plan said about sharing costs, in integer cents; None: it did not say.

    `allowed_cents` is the contract's amount for all lines of the session. `coinsurance_points` are basis
    points of what is left after the deductible. A copay above zero is taken instead of coinsurance.
    `deductible_remaining_cents` is 0 when no deductible applies to the service;
    `out_of_pocket_remaining_cents` None when there is no yearly limit known. Raises ValueError for
    negative amounts and for coinsurance above 100 %.
    """

    line_of_business: LineOfBusiness
    allowed_cents: int | None
    copay_cents: int | None = None
    coinsurance_points: int | None = None
    deductible_remaining_cents: int = 0
    out_of_pocket_remaining_cents: int | None = None
    qmb: bool = False
    """A Qualified Medicare Beneficiary owes nothing (said by the plan's answer, or RARC N781–N783)."""

    def __post_init__(self) -> None:
        amounts = (
            self.allowed_cents,
            self.copay_cents,
            self.coinsurance_points,
            self.deductible_remaining_cents,
            self.out_of_pocket_remaining_cents,
        )
        if any(amount is not None and amount < 0 for amount in amounts):
            raise ValueError("Cost-sharing amounts cannot be negative.")
        if self.coinsurance_points is not None and self.coinsurance_points > WHOLE:
            raise ValueError("Coinsurance cannot be more than the whole.")


@dataclass(frozen=True, slots=True)
class Estimate:
    """`cents` may be charged to the client now. `final` is True when no answer of a plan will change it;
    otherwise it is an estimate and is called one. `expected_from_payer_cents` is what the first plan
    should pay (None: the allowed amount is not known)."""

    cents: int
    reason: str
    final: bool
    expected_from_payer_cents: int | None


def self_pay_share(fee_cents: int) -> Estimate:
    """A client or session marked self-pay, or kept from insurance: the fee, and no claim."""
    if fee_cents < 0:
        raise ValueError("A fee cannot be negative.")
    return Estimate(fee_cents, f"Self-pay: the fee of {dollars(fee_cents)}.", True, 0)


def client_share(
    terms: Terms,
    *,
    secondary_active: bool = False,
    has_medicaid: bool = False,
    medicaid_copay_cents: int = 0,
    filed_too_late: bool = False,
) -> Estimate:
    """What the client may be charged for a session billed to insurance. The first that applies:

    a claim we failed to file in time: 0 · QMB: 0 · Medicaid at any rank: its copay only · employee
    assistance: 0 · an active secondary plan: nothing until it has adjudicated · Medicare (Advantage
    too): copay or coinsurance only, the deductible waits for the plan's answer · otherwise the plan's
    estimate: deductible, then copay or coinsurance, never above what is left of the yearly limit or the
    allowed amount.

    `has_medicaid` and `medicaid_copay_cents` speak of a Medicaid plan behind the first one.
    """
    allowed = terms.allowed_cents
    if filed_too_late:
        return Estimate(0, "The claim was not filed in time: the client owes nothing.", True, 0)
    if terms.qmb:
        words = "Qualified Medicare Beneficiary: the client owes nothing."
        return Estimate(0, words, True, _rest(allowed, _plan_share(terms, deductible=False)[0]))
    if has_medicaid or terms.line_of_business.is_medicaid:
        return _medicaid(terms, medicaid_copay_cents)
    if terms.line_of_business is LineOfBusiness.EMPLOYEE_ASSISTANCE:
        return Estimate(0, "Employee assistance: the client owes nothing.", True, allowed)
    medicare = terms.line_of_business.is_medicare
    share, words = _plan_share(terms, deductible=not medicare)
    if secondary_active:
        words = "A second plan is active: the client is charged nothing until it has answered."
        return Estimate(0, words, False, _rest(allowed, share))
    if medicare and terms.deductible_remaining_cents:
        words += " The deductible waits for Medicare's answer."
    return Estimate(share, words, False, _rest(allowed, share))


def _rest(allowed: int | None, share: int) -> int | None:
    return None if allowed is None else max(allowed - share, 0)


def _medicaid(terms: Terms, copay_behind: int) -> Estimate:
    """Medicaid first: the copay of its own terms. Medicaid behind another plan: the copay given."""
    first = terms.line_of_business.is_medicaid
    copay = (terms.copay_cents or 0) if first else copay_behind
    if terms.allowed_cents is not None:
        copay = min(copay, terms.allowed_cents)
    plan_share = copay if first else _plan_share(terms, deductible=True)[0]
    words = (
        f"Medicaid: its copay of {dollars(copay)} only." if copay else "Medicaid: the client owes nothing."
    )
    return Estimate(copay, words, False, _rest(terms.allowed_cents, plan_share))


def _plan_share(terms: Terms, *, deductible: bool) -> tuple[int, str]:
    """The share the first plan leaves to its member, and the reason in words."""
    copay, points, allowed = terms.copay_cents, terms.coinsurance_points, terms.allowed_cents
    owes_deductible = terms.deductible_remaining_cents if deductible else 0
    if allowed is None:
        if copay and not owes_deductible:
            return _capped(copay, f"Copay {dollars(copay)}", terms)
        return 0, "The allowed amount is not known yet: nothing is charged before the plan answers."
    if copay is None and points is None and not owes_deductible:
        return 0, "The plan's cost share is not known yet: nothing is charged before it answers."
    taken = min(allowed, owes_deductible)
    rest = allowed - taken
    parts = [f"deductible {dollars(taken)}"] if taken else []
    if rest and copay:
        part = min(copay, rest)
        parts.append(f"copay {dollars(part)}")
    else:
        part = (rest * (points or 0) + WHOLE // 2) // WHOLE
        if part:
            parts.append(f"{_percent(points or 0)} of {dollars(rest)}, {dollars(part)}")
    if not parts:
        return 0, "The plan leaves nothing to the client."
    words = " and ".join(parts)
    return _capped(taken + part, words[0].upper() + words[1:], terms)


def _capped(share: int, words: str, terms: Terms) -> tuple[int, str]:
    most = terms.out_of_pocket_remaining_cents
    if most is not None and share > most:
        return most, f"{words}; only {dollars(most)} is left to the yearly limit."
    return share, f"{words}."


def dollars(cents: int) -> str:
    """Cents as "$1,234.50"; negative ones with a leading minus."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{rest:02}"


def _percent(points: int) -> str:
    whole, rest = divmod(points, 100)
    return f"{whole}%" if not rest else f"{whole}.{rest:02}".rstrip("0") + "%"
