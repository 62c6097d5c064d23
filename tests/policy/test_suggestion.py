"""The code that the minutes suggest, entirely from the catalogue's rows, with its reason in words."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.catalogue import SessionKind
from attest.policy.minutes import AddOn, fits, suggest
from attest.policy.picker import choices
from tests.policy.rows import BY_CODE, CATALOGUE, K

S = SessionKind


@pytest.mark.parametrize(
    ("spent", "code"),
    [
        (0, None),
        (15, None),
        (16, "90832"),
        (37, "90832"),
        (38, "90834"),
        (50, "90834"),  # the therapeutic hour
        (52, "90834"),
        (53, "90837"),
        (60, "90837"),
        (90, "90837"),
        (180, "90837"),
    ],
)
def test_individual_therapy_by_minutes(spent: int, code: str | None) -> None:
    assert suggest(S.INDIVIDUAL, spent, CATALOGUE).code == code


@pytest.mark.parametrize(
    ("spent", "code", "further"),
    [
        (15, None, 0),
        (16, "90832", 0),
        (29, "90832", 0),
        (30, "90839", 0),
        (74, "90839", 0),
        (75, "90839", 1),
        (80, "90839", 1),
        (104, "90839", 1),
        (105, "90839", 2),
        (134, "90839", 2),
        (135, "90839", 3),
    ],
)
def test_crisis_by_total_minutes_of_the_date(spent: int, code: str | None, further: int) -> None:
    found = suggest(S.CRISIS, spent, CATALOGUE)
    assert found.code == code
    assert found.addons == ((AddOn("90840", further),) if further else ())


@pytest.mark.parametrize(
    ("spent", "present", "code"),
    [
        (25, True, None),
        (26, True, "90847"),
        (50, True, "90847"),
        (25, False, None),
        (26, False, "90846"),
    ],
)
def test_family_therapy_by_minutes_and_who_was_there(spent: int, present: bool, code: str | None) -> None:
    assert suggest(S.FAMILY, spent, CATALOGUE, client_present=present).code == code


@pytest.mark.parametrize("spent", [5, 15, 16, 55, 200])
def test_an_intake_is_an_evaluation_whatever_the_minutes(spent: int) -> None:
    assert suggest(S.INTAKE, spent, CATALOGUE).code == "90791"
    assert suggest(S.INTAKE, spent, CATALOGUE, prescriber=True).code == "90792"


def test_a_group_session_is_not_timed() -> None:
    assert suggest(S.GROUP, 90, CATALOGUE).code == "90853"


@pytest.mark.parametrize(
    ("therapy", "addon"),
    [
        (None, None),
        (0, None),
        (15, None),
        (16, "90833"),
        (37, "90833"),
        (38, "90836"),
        (52, "90836"),
        (53, "90838"),
    ],
)
def test_beside_an_em_code_only_therapy_minutes_count(therapy: int | None, addon: str | None) -> None:
    found = suggest(S.MEDICATION, 75, CATALOGUE, prescriber=True, therapy_minutes=therapy)
    assert found.code is None  # the level follows medical decision making
    assert found.addons == ((AddOn(addon),) if addon else ())
    assert "Choose the E/M code by medical decision making." in found.reason


@pytest.mark.parametrize(
    ("kind", "spent", "reason"),
    [
        (S.INDIVIDUAL, 50, "50 min → 90834: 38–52 min"),
        (S.INDIVIDUAL, 60, "60 min → 90837: 53 min or more"),
        (S.INDIVIDUAL, 15, "15 min is too short for a code: 90832 starts at 16 min."),
        (S.CRISIS, 12, "12 min is too short for a code: 90832 starts at 16 min."),
        (S.CRISIS, 80, "80 min → 90839: 30–74 min, and 1 × 90840: one from 75 min, one for each 30 min more"),
        (S.INTAKE, 50, "90791: Diagnostic evaluation, whatever the minutes"),
        (S.CONSULTATION, 15, "A consultation is not billed."),
    ],
)
def test_the_reason_in_words(kind: SessionKind, spent: int, reason: str) -> None:
    assert suggest(kind, spent, CATALOGUE).reason == reason


def test_therapy_without_the_client_has_no_code() -> None:
    found = suggest(S.INDIVIDUAL, 50, CATALOGUE, client_present=False)
    assert found.code is None
    assert "needs the client there" in found.reason


def test_only_contracted_codes_are_suggested() -> None:
    contracted = frozenset({"90832", "90834"})
    found = suggest(S.INDIVIDUAL, 60, CATALOGUE, contracted_codes=contracted)
    assert found.code == "90834"
    assert found.reason == "60 min → 90834: 38–52 min, the longest you can bill"


def test_nothing_in_the_catalogue_is_said() -> None:
    assert (
        suggest(S.GROUP, 60, ()).reason
        == "No code for group therapy is in the service catalogue and the contract."
    )


def test_other_numbers_in_the_catalogue_give_other_suggestions() -> None:
    """The codes and their minutes are rows: change the rows and the logic follows."""
    rows = [
        replace(BY_CODE["90832"], code="T30", minutes_from=10, minutes_to=39),
        replace(BY_CODE["90834"], code="T45", minutes_from=40, minutes_to=None),
    ]
    assert [suggest(S.INDIVIDUAL, n, rows).code for n in (9, 10, 39, 40, 200)] == [
        None,
        "T30",
        "T30",
        "T45",
        "T45",
    ]


def test_rows_not_in_force_on_the_date_are_left_out() -> None:
    ended = replace(BY_CODE["90834"], effective_to=date(2025, 12, 31))
    rows = [BY_CODE["90832"], ended, BY_CODE["90837"]]
    assert suggest(S.INDIVIDUAL, 50, rows, on=date(2025, 12, 31)).code == "90834"
    assert suggest(S.INDIVIDUAL, 50, rows, on=date(2026, 1, 1)).code == "90832"
    begun = replace(BY_CODE["90834"], effective_from=date(2026, 1, 1))
    rows = [BY_CODE["90832"], begun]
    assert suggest(S.INDIVIDUAL, 50, rows, on=date(2025, 12, 31)).code == "90832"
    assert suggest(S.INDIVIDUAL, 50, rows, on=date(2026, 1, 1)).code == "90834"


@given(
    kind=st.sampled_from(S),
    spent=st.integers(0, 400),
    prescriber=st.booleans(),
    present=st.booleans(),
    therapy=st.none() | st.integers(0, 120),
)
def test_what_is_suggested_can_be_billed(
    kind: SessionKind, spent: int, prescriber: bool, present: bool, therapy: int | None
) -> None:
    found = suggest(
        kind, spent, CATALOGUE, prescriber=prescriber, client_present=present, therapy_minutes=therapy
    )
    assert found.reason
    if found.code is not None:
        service = BY_CODE[found.code]
        assert not fits(service, spent).blocks
        assert not service.is_addon
        assert prescriber or not service.prescriber_only
        assert all(service.kind in BY_CODE[addon.code].bases for addon in found.addons)


@given(shorter=st.integers(0, 200), longer=st.integers(0, 200))
def test_more_minutes_never_suggest_a_shorter_code(shorter: int, longer: int) -> None:
    order = [None, "90832", "90834", "90837"]
    shorter, longer = sorted((shorter, longer))
    ranks = [order.index(suggest(S.INDIVIDUAL, n, CATALOGUE).code) for n in (shorter, longer)]
    assert ranks == sorted(ranks)


# -- the picker --------------------------------------------------------------------------------------------


def test_the_picker_shows_every_code_and_says_why_one_cannot_be_chosen() -> None:
    suggestion = suggest(S.INDIVIDUAL, 50, CATALOGUE)
    shown = {choice.service.code: choice for choice in choices(CATALOGUE, spent=50, suggestion=suggestion)}
    assert list(shown) == [service.code for service in CATALOGUE]
    assert [code for code, choice in shown.items() if choice.suggested] == ["90834"]
    assert shown["90834"].can_be_chosen
    assert shown["90832"].can_be_chosen
    assert shown["90832"].warning == "50 min is more than usual for 90832: 16–37 min."
    assert shown["90837"].why_not == "90837 needs at least 53 min; this was 50 min."
    assert shown["99213"].why_not == "99213 is for prescribers."
    assert shown["90846"].why_not == "90846 is for a session without the client."
    assert shown["90840"].why_not == "90840 is only added to crisis therapy."
    assert not shown["90785"].can_be_chosen


@pytest.mark.parametrize(
    ("code", "opened_by", "reason"),
    [
        ("90785", K.PSYCHOTHERAPY, ""),
        ("90785", K.GROUP, ""),
        ("90785", K.CRISIS, "is only added to"),
        ("90785", K.FAMILY_WITH_CLIENT, "is only added to"),
        ("90833", K.EM, ""),
        ("90833", K.PSYCHOTHERAPY, "is only added to an E/M code"),
    ],
)
def test_a_chosen_code_opens_the_add_ons_that_go_with_it(code: str, opened_by: K, reason: str) -> None:
    shown = {
        choice.service.code: choice
        for choice in choices(
            CATALOGUE, spent=50, therapy_minutes=20, chosen_kinds=frozenset({opened_by}), prescriber=True
        )
    }
    assert shown[code].can_be_chosen is (not reason)
    assert reason in shown[code].why_not


def test_while_the_times_are_unknown_minutes_rule_nothing_out() -> None:
    shown = {choice.service.code: choice for choice in choices(CATALOGUE, spent=None)}
    assert shown["90837"].can_be_chosen
    assert shown["90832"].can_be_chosen


def test_codes_outside_the_contract_and_out_of_force_are_greyed() -> None:
    old = replace(BY_CODE["90834"], effective_to=date(2020, 1, 1))
    shown = choices(
        (old, BY_CODE["90837"]), spent=60, contracted_codes=frozenset({"90834"}), on=date(2026, 11, 24)
    )
    assert [choice.why_not for choice in shown] == [
        "90834 was not in force on 11/24/2026.",
        "90837 is not in your contract with this plan.",
    ]
