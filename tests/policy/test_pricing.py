"""What the client may be charged before the plan has answered."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.payer import LineOfBusiness
from attest.policy.pricing import Estimate, Terms, client_share, dollars, self_pay_share

L = LineOfBusiness
COMMERCIAL = Terms(L.COMMERCIAL, allowed_cents=110_00)


def terms(**numbers: object) -> Terms:
    return replace(COMMERCIAL, **numbers)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plan", "cents", "reason"),
    [
        pytest.param(terms(copay_cents=25_00), 25_00, "Copay $25.00.", id="copay 25"),
        pytest.param(terms(coinsurance_points=2000), 22_00, "20% of $110.00, $22.00.", id="coinsurance 20 %"),
        pytest.param(
            terms(coinsurance_points=2000, deductible_remaining_cents=60_00),
            70_00,
            "Deductible $60.00 and 20% of $50.00, $10.00.",
            id="deductible 60, then 20 %",
        ),
        pytest.param(
            terms(copay_cents=25_00, deductible_remaining_cents=60_00),
            85_00,
            "Deductible $60.00 and copay $25.00.",
            id="deductible 60, then copay 25",
        ),
        pytest.param(
            terms(copay_cents=25_00, deductible_remaining_cents=500_00),
            110_00,
            "Deductible $110.00.",
            id="all of it deductible",
        ),
        pytest.param(
            terms(copay_cents=25_00, deductible_remaining_cents=100_00),
            110_00,
            "Deductible $100.00 and copay $10.00.",
            id="never above the allowed amount",
        ),
        pytest.param(
            terms(copay_cents=25_00, out_of_pocket_remaining_cents=7_50),
            7_50,
            "Copay $25.00; only $7.50 is left to the yearly limit.",
            id="capped by the yearly limit",
        ),
        pytest.param(
            terms(copay_cents=25_00, out_of_pocket_remaining_cents=0),
            0,
            "Copay $25.00; only $0.00 is left to the yearly limit.",
            id="yearly limit reached",
        ),
        pytest.param(
            terms(copay_cents=0, coinsurance_points=2000),
            22_00,
            "20% of $110.00, $22.00.",
            id="a copay of zero leaves the coinsurance",
        ),
        pytest.param(terms(copay_cents=0), 0, "The plan leaves nothing to the client.", id="copay zero"),
        pytest.param(
            terms(coinsurance_points=1250),
            13_75,
            "12.5% of $110.00, $13.75.",
            id="half a percent",
        ),
        pytest.param(
            terms(),
            0,
            "The plan's cost share is not known yet: nothing is charged before it answers.",
            id="nothing known",
        ),
        pytest.param(
            terms(allowed_cents=None, coinsurance_points=2000),
            0,
            "The allowed amount is not known yet: nothing is charged before the plan answers.",
            id="allowed amount unknown",
        ),
        pytest.param(
            terms(allowed_cents=None, copay_cents=25_00),
            25_00,
            "Copay $25.00.",
            id="a copay needs no allowed amount",
        ),
    ],
)
def test_a_commercial_plans_estimate(plan: Terms, cents: int, reason: str) -> None:
    found = client_share(plan)
    assert (found.cents, found.reason, found.final) == (cents, reason, False)


MEDICARE = Terms(L.MEDICARE, allowed_cents=110_00, coinsurance_points=2000, deductible_remaining_cents=257_00)


@pytest.mark.parametrize(
    ("plan", "others", "cents", "final", "from_payer"),
    [
        pytest.param(MEDICARE, {}, 22_00, False, 88_00, id="Medicare: coinsurance, the deductible waits"),
        pytest.param(replace(MEDICARE, qmb=True), {}, 0, True, 88_00, id="QMB owes nothing"),
        pytest.param(
            replace(MEDICARE, qmb=True),
            {"secondary_active": True},
            0,
            True,
            88_00,
            id="QMB with a second plan",
        ),
        pytest.param(
            replace(
                MEDICARE, line_of_business=L.MEDICARE_ADVANTAGE, coinsurance_points=None, copay_cents=15_00
            ),
            {},
            15_00,
            False,
            95_00,
            id="Medicare Advantage: its copay, no deductible",
        ),
        pytest.param(MEDICARE, {"secondary_active": True}, 0, False, 88_00, id="Medicare and a second plan"),
        pytest.param(
            terms(copay_cents=25_00),
            {"secondary_active": True},
            0,
            False,
            85_00,
            id="commercial and a second plan",
        ),
        pytest.param(
            terms(line_of_business=L.MEDICAID, copay_cents=3_00, deductible_remaining_cents=50_00),
            {},
            3_00,
            False,
            107_00,
            id="Medicaid: its copay only",
        ),
        pytest.param(
            terms(line_of_business=L.MEDICAID_MANAGED, coinsurance_points=2000),
            {},
            0,
            False,
            110_00,
            id="managed Medicaid without a copay",
        ),
        pytest.param(
            terms(copay_cents=25_00),
            {"has_medicaid": True, "medicaid_copay_cents": 2_00},
            2_00,
            False,
            85_00,
            id="Medicaid behind a commercial plan: Medicaid's copay",
        ),
        pytest.param(
            MEDICARE,
            {"has_medicaid": True, "secondary_active": True},
            0,
            False,
            0,
            id="Medicaid behind Medicare",
        ),
        pytest.param(
            terms(line_of_business=L.EMPLOYEE_ASSISTANCE, copay_cents=25_00),
            {},
            0,
            True,
            110_00,
            id="employee assistance",
        ),
        pytest.param(
            terms(copay_cents=25_00), {"filed_too_late": True}, 0, True, 0, id="a claim we filed too late"
        ),
        pytest.param(
            terms(line_of_business=L.MEDICAID, copay_cents=3_00),
            {"filed_too_late": True},
            0,
            True,
            0,
            id="the same for Medicaid",
        ),
    ],
)
def test_who_may_be_charged_what(
    plan: Terms, others: dict[str, int], cents: int, final: bool, from_payer: int
) -> None:
    found = client_share(plan, **others)  # type: ignore[arg-type]
    assert (found.cents, found.final, found.expected_from_payer_cents) == (cents, final, from_payer)


def test_self_pay_is_the_fee_and_final() -> None:
    assert self_pay_share(150_00) == Estimate(150_00, "Self-pay: the fee of $150.00.", True, 0)
    assert self_pay_share(0).cents == 0
    with pytest.raises(ValueError, match="cannot be negative"):
        self_pay_share(-1)


def test_the_first_worked_example_copay_25_of_110() -> None:
    found = client_share(terms(copay_cents=25_00))
    assert (found.cents, found.expected_from_payer_cents) == (25_00, 85_00)


@pytest.mark.parametrize(
    "numbers",
    [
        {"copay_cents": -1},
        {"allowed_cents": -1},
        {"coinsurance_points": 10_001},
        {"deductible_remaining_cents": -5},
    ],
)
def test_terms_that_cannot_be_are_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        terms(**numbers)


@pytest.mark.parametrize(
    ("cents", "words"),
    [(0, "$0.00"), (5, "$0.05"), (123450, "$1,234.50"), (-2500, "-$25.00"), (100000000, "$1,000,000.00")],
)
def test_amounts_in_words(cents: int, words: str) -> None:
    assert dollars(cents) == words


amounts = st.integers(0, 500_00)
any_terms = st.builds(
    Terms,
    line_of_business=st.sampled_from(L),
    allowed_cents=st.none() | amounts,
    copay_cents=st.none() | amounts,
    coinsurance_points=st.none() | st.integers(0, 10_000),
    deductible_remaining_cents=amounts,
    out_of_pocket_remaining_cents=st.none() | amounts,
    qmb=st.booleans(),
)


@given(
    plan=any_terms,
    secondary=st.booleans(),
    medicaid=st.booleans(),
    copay=amounts,
    late=st.booleans(),
)
def test_a_share_is_never_negative_nor_above_what_is_allowed(
    plan: Terms, secondary: bool, medicaid: bool, copay: int, late: bool
) -> None:
    found = client_share(
        plan,
        secondary_active=secondary,
        has_medicaid=medicaid,
        medicaid_copay_cents=copay,
        filed_too_late=late,
    )
    assert found.cents >= 0
    assert found.reason.endswith(".")
    if plan.allowed_cents is not None:
        assert found.cents <= plan.allowed_cents
        assert found.expected_from_payer_cents is not None
        assert 0 <= found.expected_from_payer_cents <= plan.allowed_cents
    if late or plan.qmb:
        assert found.cents == 0


@given(plan=any_terms)
def test_a_commercial_share_and_the_payers_part_make_the_allowed_amount(plan: Terms) -> None:
    plan = replace(plan, line_of_business=L.COMMERCIAL, qmb=False)
    found = client_share(plan)
    if plan.allowed_cents is not None:
        assert found.cents + (found.expected_from_payer_cents or 0) == plan.allowed_cents


@given(plan=any_terms)
def test_medicare_is_never_charged_more_than_the_same_plan_with_its_deductible(plan: Terms) -> None:
    medicare = replace(plan, line_of_business=L.MEDICARE, qmb=False)
    commercial = replace(medicare, line_of_business=L.COMMERCIAL)
    if medicare.allowed_cents is not None:
        assert client_share(medicare).cents <= client_share(commercial).cents
