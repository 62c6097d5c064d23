"""What may be billed together on one day, and what an add-on needs."""

from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.coding import PAIRS, ComplexityFactor, FindingKind, check_services
from tests.policy.rows import BY_CODE, CATALOGUE, line

F = FindingKind
CAREGIVER = (ComplexityFactor.CAREGIVER,)


def found(
    *codes: str, same_day: tuple[str, ...] = (), factors: tuple[ComplexityFactor, ...] = CAREGIVER
) -> set[F]:
    lines = [line(code) for code in codes]
    findings = check_services(
        lines, same_day=[BY_CODE[code] for code in same_day], complexity_factors=factors
    )
    return {finding.kind for finding in findings}


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("90791", "99213", F.NOT_TOGETHER),
        ("90792", "99214", F.NOT_TOGETHER),
        ("90791", "90839", F.NOT_TOGETHER),
        ("90791", "90834", F.NOT_TOGETHER),
        ("90792", "90837", F.NOT_TOGETHER),
        ("90791", "90792", F.NOT_TOGETHER),
        ("90834", "90839", F.NOT_TOGETHER),
        ("90839", "99213", F.NOT_TOGETHER),
        ("90846", "90847", F.NOT_TOGETHER),
        ("90849", "90853", F.NOT_TOGETHER),
        ("90834", "90847", F.ONLY_IF_SEPARATE),
        ("90834", "90846", F.ONLY_IF_SEPARATE),
        ("90834", "90853", F.ONLY_IF_SEPARATE),
        ("90791", "90853", None),
        ("90847", "90853", None),
        ("90834", "96127", None),
        ("90791", "96127", None),
    ],
)
def test_two_services_of_one_client_on_one_day(one: str, other: str, verdict: F | None) -> None:
    expected = set() if verdict is None else {verdict}
    assert found(one, other) == expected
    assert found(other, one) == expected
    assert found(one, same_day=(other,)) == expected


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        pytest.param("90834", "90834", F.ONLY_IF_SEPARATE, id="two therapies on one day: most plans pay one"),
        pytest.param("90837", "90832", F.ONLY_IF_SEPARATE, id="two therapies of different length"),
        pytest.param("90839", "90839", F.NOT_TOGETHER, id="crisis once a day"),
        pytest.param("90791", "90791", F.NOT_TOGETHER, id="evaluation once a day"),
        pytest.param("90853", "90853", F.NOT_TOGETHER, id="group once a day"),
        pytest.param("96127", "96127", None, id="measures may repeat"),
    ],
)
def test_the_same_kind_again_in_another_session_of_the_day(
    first: str, second: str, verdict: F | None
) -> None:
    assert found(second, same_day=(first,)) == (set() if verdict is None else {verdict})


def test_within_one_session_a_kind_is_billed_once() -> None:
    assert found("90834", "90837") == {F.NOT_TOGETHER}
    assert found("90834", "90834") == {F.LISTED_TWICE}
    assert found("99213", "99214") == {F.NOT_TOGETHER}


@pytest.mark.parametrize(
    ("addon", "base", "allowed"),
    [
        ("90785", "90791", True),
        ("90785", "90792", True),
        ("90785", "90832", True),
        ("90785", "90837", True),
        ("90785", "90853", True),
        ("90785", "90839", False),
        ("90785", "90846", False),
        ("90785", "90847", False),
        ("90785", "90849", False),
        ("90785", "99213", False),
        ("90833", "99213", True),
        ("90833", "90834", False),
        ("90840", "90839", True),
        ("90840", "90837", False),
    ],
)
def test_an_add_on_needs_its_base(addon: str, base: str, allowed: bool) -> None:
    assert (F.ADDON_ALONE in found(base, addon)) is not allowed
    assert F.ADDON_ALONE in found(addon)


def test_em_therapy_and_complexity_stand_together() -> None:
    assert found("99213", "90833", "90785") == set()
    assert found("90839", "90840") == set()


def test_interactive_complexity_needs_a_factor() -> None:
    assert found("90834", "90785", factors=()) == {F.FACTOR_MISSING}
    assert found("90834", factors=()) == set()
    assert all(factor.words for factor in ComplexityFactor)


def test_daily_units_are_limited_by_the_row() -> None:
    kinds = {finding.kind for finding in check_services([line("90834", units=2)])}
    assert kinds == {F.TOO_MANY_UNITS}
    assert check_services([line("96127", units=3)]) == ()


def test_only_separate_services_warn_everything_else_blocks() -> None:
    (separate,) = check_services([line("90834"), line("90847")])
    assert not separate.blocks
    assert separate.sentence == "90834 and 90847 are only paid together when they were at separate times."
    (never,) = check_services([line("90834")], same_day=[BY_CODE["90791"]])
    assert never.blocks
    assert never.sentence == "90834 cannot be billed: 90791 is already confirmed for this client that day."


@given(st.permutations(CATALOGUE), st.integers(1, 4))
def test_the_order_of_lines_changes_nothing(rows: list[object], number: int) -> None:
    codes = [service.code for service in CATALOGUE if service in rows[:number]]
    assert found(*codes) == found(*reversed(codes))


def test_every_listed_pair_is_of_kinds_in_the_catalogue() -> None:
    kinds = {service.kind for service in CATALOGUE}
    possible = {frozenset(pair) for pair in combinations_with_replacement(kinds, 2)}
    assert set(PAIRS) <= possible
