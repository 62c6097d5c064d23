"""What a note still needs, and what an auditor would look for, as sentences with a place to go."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.note_checks import (
    CRITERIA,
    CheckKind,
    EarlierNote,
    Fact,
    Finding,
    PlainField,
    Reviewed,
    Severity,
    Value,
    blocking,
    is_filled,
    missing_required,
    places_demanded,
    review,
    severities,
)
from attest.policy.note_checks.cloning import share_used_before
from attest.policy.note_checks.risk import mentions
from attest.policy.note_checks.times import same_as_scheduled_in_a_row
from attest.policy.payer import LineOfBusiness

FOCUS = PlainField("focus", "What the client brought", required_for_signature=True)
RISK = PlainField("risk", "Risk", required_for_signature=True, risk=True)
DETAIL = PlainField("risk_detail", "Risk in detail", risk=True)
DID = PlainField("interventions", "What you did")
MORE = PlainField("more", "Anything else")
FIELDS = (FOCUS, RISK, DETAIL, DID, MORE)
FULL: dict[str, Value] = {
    "focus": "Trouble falling asleep since the move to the new town, worse at weekends.",
    "risk": "denied",
    "interventions": "Sleep restriction, stimulus control rehearsed in session.",
}
NOTE = Reviewed(fields=FIELDS, values=FULL)


def open_ones(note: Reviewed, *kinds: CheckKind) -> list[Finding]:
    return [finding for finding in review(note) if not finding.ok and (not kinds or finding.kind in kinds)]


# -- what must be filled ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        (None, False),
        ("", False),
        ("   \n\t", False),
        ("\u00a0\u200b", False),
        ("—", False),
        ("...", False),
        ([], False),
        (["", " "], False),
        ("x", True),
        ("8", True),
        ("é", True),
        (["client"], True),
    ],
)
def test_blanks_and_dashes_say_nothing(value: Value | None, filled: bool) -> None:
    assert is_filled(value) is filled


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        ({}, ["focus", "risk"]),
        ({"focus": "Sleep."}, ["risk"]),
        ({"focus": "—", "risk": "Denied."}, ["focus"]),
        ({"more": "Only this."}, ["focus", "risk"]),
        (FULL, []),
    ],
)
def test_required_fields_left_empty_are_named_in_order(content: dict[str, Value], missing: list[str]) -> None:
    assert [field.key for field in missing_required(FIELDS, content)] == missing


def test_what_a_payer_demands_is_missing_until_one_of_its_fields_is_filled() -> None:
    demanded = [("interventions", "more"), ("not_in_this_template",)]
    assert [f.key for f in missing_required(FIELDS, FULL | {"interventions": ""}, demanded)] == [
        "interventions"
    ]
    assert missing_required(FIELDS, FULL | {"interventions": "", "more": "Rehearsed."}, demanded) == ()


@dataclass(frozen=True, slots=True)
class Detail:
    """A field that is asked for only when risk is present."""

    key: str = "detail"
    label: str = "Risk in detail"
    risk: bool = True

    def must_be_filled(self, values: Mapping[str, Value]) -> bool:
        return values.get("risk") == "present"


def test_another_answer_can_make_a_field_required() -> None:
    fields = (RISK, Detail())
    assert missing_required(fields, {"risk": "denied"}) == ()
    assert [field.key for field in missing_required(fields, {"risk": "present"})] == ["detail"]


def test_what_blocks_stands_first_and_is_said_once() -> None:
    found = review(replace(NOTE, values={"focus": "Sleep."}))
    assert (found[0].sentence, found[0].place, found[0].blocks_signing) == (
        "Risk is still empty.",
        "risk",
        True,
    )
    assert [one.place for one in found].count("risk") == 1


values = st.dictionaries(
    st.sampled_from([field.key for field in FIELDS]),
    st.text(max_size=12) | st.lists(st.text(max_size=4), max_size=2),
)


@given(content=values, last=st.none() | values)
def test_without_a_payers_demand_the_checks_block_exactly_while_something_required_is_missing(
    content: dict[str, Value], last: dict[str, Value] | None
) -> None:
    note = replace(NOTE, values=content, earlier=[EarlierNote(last, "11/16/2026")] if last else [])
    found = {finding.place for finding in review(note) if finding.blocks_signing}
    assert found == {field.key for field in missing_required(FIELDS, content)}
    assert found == {finding.place for finding in blocking(note)}


# -- what auditors look for -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "weight", "strict_weight"),
    [
        ("session_start_and_stop_times", Severity.WARNS, Severity.WARNS),
        ("risk_assessment", Severity.WARNS, Severity.WARNS),
        ("measurable_goals", Severity.INFORMS, Severity.WARNS),
        ("mental_status_examination", Severity.INFORMS, Severity.WARNS),
        ("telehealth_consent", Severity.INFORMS, Severity.WARNS),
    ],
)
def test_a_criterion_weighs_more_for_medicare_and_medicaid(
    name: str, weight: Severity, strict_weight: Severity
) -> None:
    assert severities([LineOfBusiness.COMMERCIAL])[name] is weight
    for line in (LineOfBusiness.MEDICARE, LineOfBusiness.MEDICARE_ADVANTAGE, LineOfBusiness.MEDICAID):
        assert severities([LineOfBusiness.COMMERCIAL, line])[name] is strict_weight


def test_a_payer_can_demand_what_the_author_writes_and_only_that() -> None:
    assert severities(required=["interventions_utilized"])["interventions_utilized"] is Severity.REQUIRED
    with pytest.raises(ValueError, match="cannot be required"):
        severities(required=["measurable_goals"])
    with pytest.raises(LookupError):
        severities(required=["neat_handwriting"])


def test_what_a_payer_demands_blocks_until_it_is_written() -> None:
    demanding = replace(
        NOTE, values=FULL | {"interventions": ""}, weights=severities(required=["interventions_utilized"])
    )
    assert [(one.name, one.place) for one in blocking(demanding)] == [
        ("interventions_utilized", "interventions")
    ]
    assert blocking(replace(demanding, values=FULL)) == ()


@pytest.mark.parametrize("name", sorted(CRITERIA))
def test_every_criterion_says_what_is_there_and_what_is_missing(name: str) -> None:
    criterion = CRITERIA[name]
    assert criterion.fields or criterion.facts
    for sentence in (criterion.found, criterion.missing):
        assert sentence.endswith(".")
        assert sentence[0].isupper()


def test_the_header_or_the_field_satisfies_a_criterion_and_the_field_is_the_place() -> None:
    found = {finding.name: finding for finding in review(replace(NOTE, facts=frozenset({Fact.DIAGNOSIS})))}
    assert found["diagnostic_statement_present"].ok
    assert found["diagnostic_statement_present"].place == ""
    assert (found["interventions_utilized"].ok, found["interventions_utilized"].place) == (
        True,
        "interventions",
    )
    assert not found["session_start_and_stop_times"].ok


@pytest.mark.parametrize(
    ("kind", "telehealth", "name", "asked"),
    [
        ("individual", False, "client_location", False),
        ("individual", True, "client_location", True),
        ("missed", True, "client_location", False),
        ("intake", False, "progress_towards_goals", False),
        ("individual", False, "progress_towards_goals", True),
        ("crisis", False, "intensive_level_of_care", True),
        ("individual", False, "intensive_level_of_care", False),
        ("contact", False, "plan", False),
        ("missed", False, "risk_assessment", True),
    ],
)
def test_a_note_is_measured_by_what_its_kind_asks_for(
    kind: str, telehealth: bool, name: str, asked: bool
) -> None:
    found = {finding.name for finding in review(replace(NOTE, kind=kind, telehealth=telehealth, values={}))}
    named = name in found or (name == "risk_assessment" and CheckKind.FILLED in found)
    assert named is asked


# -- text used before -------------------------------------------------------------------------------------


def test_a_field_repeated_from_the_last_note_is_pointed_out_and_does_not_block() -> None:
    repeated = FULL | {
        "focus": "  trouble falling ASLEEP since\nthe move to the new town; worse at weekends "
    }
    found = open_ones(
        replace(NOTE, values=repeated, earlier=[EarlierNote(FULL, "11/16/2026")]), CheckKind.REPEATS
    )
    assert [(one.place, one.blocks_signing) for one in found] == [("focus", False), ("interventions", False)]
    assert found[0].sentence == "What the client brought is word for word the same as in the last note."


def test_risk_is_written_anew_for_each_session() -> None:
    text: dict[str, Value] = FULL | {"risk_detail": "No thoughts of harm, protective: children."}
    [found] = [
        one
        for one in open_ones(replace(NOTE, values=text, earlier=[EarlierNote(text, "11/16/2026")]))
        if one.place == "risk_detail"
    ]
    assert found.sentence == "Risk in detail repeats the last note: write it anew for this session."


def test_short_answers_and_choices_may_repeat() -> None:
    last: dict[str, Value] = {"focus": "Sleep.", "risk": "denied", "more": ["client"]}
    found = review(replace(NOTE, values=last, earlier=[EarlierNote(last, "11/16/2026")]))
    assert not [one for one in found if one.kind in (CheckKind.REPEATS, CheckKind.CLONED) and not one.ok]


def test_a_changed_word_does_not_hide_a_copy() -> None:
    old: dict[str, Value] = {
        "focus": "She slept badly all week because the neighbours argue until midnight and she lies awake worrying.",
        "risk": "denied",
    }
    new = old | {"focus": str(old["focus"]).replace("midnight", "eleven")}
    [found] = open_ones(replace(NOTE, values=new, earlier=[EarlierNote(old, "11/16/2026")]), CheckKind.CLONED)
    assert "11/16/2026" in found.sentence
    assert not found.blocks_signing


def test_the_five_last_notes_are_compared_and_no_older_one() -> None:
    other: dict[str, Value] = {
        "focus": "Something quite different was talked about in that session, at length."
    }
    older = [EarlierNote(other, f"10/0{day}/2026") for day in range(1, 6)]
    assert not open_ones(replace(NOTE, earlier=[*older, EarlierNote(FULL, "9/1/2026")]), CheckKind.CLONED)
    assert open_ones(replace(NOTE, earlier=[*older[:4], EarlierNote(FULL, "9/1/2026")]), CheckKind.CLONED)


def test_members_of_a_group_need_notes_of_their_own() -> None:
    [found] = open_ones(replace(NOTE, group=[EarlierNote(FULL, "11/16/2026")]), CheckKind.CLONED)
    assert "another member" in found.sentence


def test_an_empty_note_is_not_praised_for_being_new() -> None:
    found = review(replace(NOTE, values={}, earlier=[EarlierNote(FULL, "11/16/2026")]))
    assert not [one for one in found if one.kind in (CheckKind.REPEATS, CheckKind.CLONED, CheckKind.TIMES)]


@given(one=st.text(max_size=80), other=st.text(max_size=80))
def test_the_share_used_before_is_a_share(one: str, other: str) -> None:
    assert 0.0 <= share_used_before(one, other) <= 1.0
    assert share_used_before(one, one) in (0.0, 1.0)


# -- danger spoken of -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("Denies SI.", False),
        ("No thoughts of suicide or self-harm.", False),
        ("Never wanted to die.", False),
        ("Client denied suicidal ideation but said she is cutting herself nightly.", True),
        ("He wants to die.", True),
        ("Passive SI present.", True),
        ("Si, said the client.", False),
        ("Wishes he were better off dead.", True),
        ("Threatened to kill his boss.", True),
        ("She hurt her knee while running.", False),
        ("Her partner is violent when drunk.", True),
        ("Long abuse of alcohol, sober since May.", False),
        ("There is a gun in the house.", True),
        ("He cut the grass and cut down on coffee.", False),
    ],
)
def test_danger_is_found_by_words_and_a_denial_is_none(text: str, danger: bool) -> None:
    assert bool(mentions(text)) is danger


def test_danger_in_the_text_asks_for_an_answer_under_risk() -> None:
    spoken = FULL | {"focus": "He said he wants to die since the verdict."}
    [found] = open_ones(replace(NOTE, values=spoken), CheckKind.RISK)
    assert (found.place, found.name) == ("risk_detail", "risk_mentioned_without_plan")
    assert "wants to die" in found.sentence
    answered = spoken | {
        "risk": "present",
        "risk_detail": "Passive thoughts, no means; safety plan renewed together.",
    }
    assert not open_ones(replace(NOTE, values=answered), CheckKind.RISK)


def test_a_risk_that_is_present_needs_its_safety_steps() -> None:
    present = FULL | {"risk": "present", "risk_detail": "Thoughts most evenings."}
    [found] = open_ones(replace(NOTE, values=present), CheckKind.RISK)
    assert found.name == "risk_present_without_plan"


@given(st.text(max_size=200))
def test_any_text_can_be_searched_for_danger(text: str) -> None:
    assert all(word.strip() for word in mentions(text))


# -- times ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "this_one", "row"),
    [
        ([], True, 1),
        ([True, True, True, True], True, 5),
        ([True, True, False, True], True, 3),
        ([True, True, True, True], False, 0),
        ([False], True, 1),
    ],
)
def test_sessions_in_a_row_that_kept_the_schedule_to_the_minute(
    earlier: list[bool], this_one: bool, row: int
) -> None:
    assert same_as_scheduled_in_a_row(earlier, this_one) == row


def test_times_that_always_equal_the_schedule_are_pointed_out_at_the_practices_limit() -> None:
    earlier = [EarlierNote({}, "11/16/2026", as_scheduled=True)] * 4
    assert open_ones(replace(NOTE, earlier=earlier, as_scheduled=True), CheckKind.TIMES)
    assert not open_ones(replace(NOTE, earlier=earlier[:3], as_scheduled=True), CheckKind.TIMES)
    assert not open_ones(replace(NOTE, earlier=earlier, as_scheduled=None), CheckKind.TIMES)


def test_a_demand_counts_only_for_the_sessions_it_measures() -> None:
    names = ["telehealth_consent", "plan", "no_longer_known"]
    assert places_demanded(names, kind="individual", telehealth=False) == (CRITERIA["plan"].fields,)
    assert len(places_demanded(names, kind="individual", telehealth=True)) == 2
    assert places_demanded(names, kind="contact", telehealth=True) == ()
