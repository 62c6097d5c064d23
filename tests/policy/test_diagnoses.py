"""Which diagnoses a session can be billed with."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.coding import Diagnosis, FindingKind, check_diagnoses, check_pointers, pointers_of
from tests.policy.rows import line

F = FindingKind
DAY = date(2026, 11, 24)
ANXIETY = Diagnosis("F41.1", date(2015, 10, 1))
ADJUSTMENT = Diagnosis("F43.23", date(2015, 10, 1))
MARRIAGE = Diagnosis("Z63.0", date(2015, 10, 1))


def found(
    *diagnoses: Diagnosis, on: date = DAY, loaded: bool = True, insurance: bool = True
) -> dict[F, bool]:
    """Each kind found, and whether it blocks."""
    findings = check_diagnoses(diagnoses, on=on, release_loaded=loaded, insurance=insurance)
    return {finding.kind: finding.blocks for finding in findings}


def test_one_valid_diagnosis_is_enough() -> None:
    assert found(ANXIETY) == {}


def test_none_blocks() -> None:
    assert found() == {F.NO_DIAGNOSIS: True}


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "on", "valid"),
    [
        pytest.param(date(2022, 10, 1), None, date(2022, 9, 30), False, id="a day before it began"),
        pytest.param(date(2022, 10, 1), None, date(2022, 10, 1), True, id="the day it began"),
        pytest.param(None, date(2026, 9, 30), date(2026, 9, 30), True, id="its last day"),
        pytest.param(None, date(2026, 9, 30), date(2026, 10, 1), False, id="October 1, the day after"),
        pytest.param(None, None, date(2026, 11, 24), True, id="open on both sides"),
    ],
)
def test_validity_counts_on_the_date_of_service(
    valid_from: date | None, valid_to: date | None, on: date, valid: bool
) -> None:
    assert found(Diagnosis("F43.81", valid_from, valid_to), on=on) == (
        {} if valid else {F.DIAGNOSIS_NOT_VALID: True}
    )


@pytest.mark.parametrize(
    ("diagnosis", "sentence"),
    [
        (Diagnosis("F43.8", valid_to=date(2022, 9, 30)), "F43.8 ended on 09/30/2022, before this session."),
        (Diagnosis("F43.81", date(2027, 10, 1)), "F43.81 began on 10/01/2027, after this session."),
        (
            Diagnosis("F32", is_category=True),
            "F32 is a heading: choose one of the more specific codes below it.",
        ),
        (Diagnosis("F41.11", known=False), "F41.11 is not in the table of diagnosis codes."),
    ],
)
def test_why_a_diagnosis_cannot_be_used_is_said_plainly(diagnosis: Diagnosis, sentence: str) -> None:
    (finding,) = check_diagnoses([diagnosis], on=DAY, release_loaded=True, insurance=True)
    assert finding.sentence == sentence


@pytest.mark.parametrize(
    ("diagnosis", "kind"),
    [
        (Diagnosis("F32", is_category=True), F.DIAGNOSIS_CATEGORY),
        (Diagnosis("F41.10", known=False), F.DIAGNOSIS_UNKNOWN),
        (Diagnosis("F43.8", valid_to=date(2022, 9, 30)), F.DIAGNOSIS_NOT_VALID),
    ],
)
def test_without_the_release_of_that_date_the_newest_warns_and_never_blocks(
    diagnosis: Diagnosis, kind: F
) -> None:
    assert found(diagnosis) == {kind: True}
    assert found(diagnosis, loaded=False) == {kind: False, F.RELEASE_NOT_LOADED: False}
    assert found(ANXIETY, loaded=False) == {F.RELEASE_NOT_LOADED: False}


@pytest.mark.parametrize(
    ("diagnoses", "insurance", "blocks"),
    [
        pytest.param((MARRIAGE,), True, True, id="Z code alone, insurance"),
        pytest.param((MARRIAGE, ANXIETY), True, True, id="Z code first, insurance"),
        pytest.param((ANXIETY, MARRIAGE), True, False, id="Z code second"),
        pytest.param((MARRIAGE,), False, False, id="Z code alone, self-pay"),
    ],
)
def test_a_z_code_first_blocks_for_insurance(
    diagnoses: tuple[Diagnosis, ...], insurance: bool, blocks: bool
) -> None:
    assert found(*diagnoses, insurance=insurance) == ({F.Z_CODE_FIRST: True} if blocks else {})


@pytest.mark.parametrize("again", ["F41.1", "F411", "f41.1", " F41.1 "])
def test_a_diagnosis_is_listed_once_however_it_is_written(again: str) -> None:
    assert found(ANXIETY, Diagnosis(again)) == {F.DIAGNOSIS_TWICE: True}


@pytest.mark.parametrize(("number", "blocks"), [(12, False), (13, True)])
def test_a_claim_has_room_for_twelve(number: int, blocks: bool) -> None:
    diagnoses = [Diagnosis(f"F{code}") for code in range(200, 200 + number)]
    assert found(*diagnoses) == ({F.TOO_MANY_DIAGNOSES: True} if blocks else {})


@pytest.mark.parametrize(
    ("code", "nudged"), [("F32.9", True), ("F41.9", True), ("F32.1", False), ("F43.20", False)]
)
def test_an_unspecified_diagnosis_first_gets_a_nudge(code: str, nudged: bool) -> None:
    assert found(Diagnosis(code)) == ({F.UNSPECIFIED: False} if nudged else {})
    assert found(ADJUSTMENT, Diagnosis(code)) == {}


@pytest.mark.parametrize(
    ("pointers", "kinds"),
    [
        ((), set()),
        ((1,), set()),
        ((2, 1), set()),
        ((1, 2, 1, 2), set()),
        ((3,), {F.POINTER_TO_NOTHING}),
        ((0,), {F.POINTER_TO_NOTHING}),
        ((1, 2, 1, 2, 1), {F.TOO_MANY_POINTERS}),
    ],
)
def test_pointers_go_to_diagnoses_that_are_there(pointers: tuple[int, ...], kinds: set[F]) -> None:
    findings = check_pointers([line("90834", pointers=pointers)], diagnosis_count=2)
    assert {finding.kind for finding in findings} == kinds


@given(count=st.integers(0, 12))
def test_a_line_without_pointers_points_to_the_first_four(count: int) -> None:
    assert pointers_of(line("90834"), count) == tuple(range(1, min(count, 4) + 1))


@given(
    st.lists(
        st.builds(
            Diagnosis,
            code=st.from_regex(r"[A-Z][0-9]{2}(\.[0-9]{1,2})?", fullmatch=True),
            valid_from=st.none() | st.dates(),
            valid_to=st.none() | st.dates(),
            is_category=st.booleans(),
            known=st.booleans(),
        ),
        min_size=1,
        max_size=12,
        unique_by=lambda d: d.plain,
    )
)
def test_with_an_unknown_release_only_a_z_code_first_can_block(diagnoses: list[Diagnosis]) -> None:
    blocking = {kind for kind, blocks in found(*diagnoses, loaded=False).items() if blocks}
    assert blocking == ({F.Z_CODE_FIRST} if diagnoses[0].is_z_code else set())
