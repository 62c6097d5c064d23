"""Templates are data with one shape; what is typed fits them or is refused in a sentence."""

import copy
import json
from collections.abc import Callable
from datetime import date
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attest.calendar.models import KINDS
from attest.notes.definition import (
    BadDefinition,
    BadValues,
    Definition,
    Field,
    FieldKind,
    Purpose,
    Values,
    carried_over,
    clean,
    complete,
    shipped,
)
from attest.notes.definition.kinds import SUITED
from attest.policy.note_checks import is_filled

DEFINITIONS = [Definition.parse(data) for data in shipped()]
BY_KEY = {definition.key: definition for definition in DEFINITIONS}
SOAP, DAP = BY_KEY["soap"], BY_KEY["dap"]
OF_SESSIONS = [definition for definition in DEFINITIONS if definition.purpose is Purpose.PROGRESS]


def named(definition: Definition) -> str:
    return definition.key


def test_thirteen_templates_come_with_the_product() -> None:
    assert [definition.name for definition in DEFINITIONS] == [
        "SOAP", "DAP", "BIRP", "GIRP", "Intake", "Crisis", "E/M with psychotherapy", "Group", "Couple or family",
        "Treatment plan", "Discharge", "Missed appointment", "Contact or collateral",
    ]  # fmt: skip
    sections = [section.label for section in SOAP.sections]
    assert sections == ["Subjective", "Objective", "Assessment", "Plan", "By video or phone"]


@pytest.mark.parametrize("kind", [key for key, _ in KINDS])
def test_every_kind_of_session_has_a_template_made_for_it(kind: str) -> None:
    assert [definition for definition in OF_SESSIONS if kind in definition.suits]


@pytest.mark.parametrize("definition", OF_SESSIONS, ids=named)
def test_a_note_of_a_session_asks_for_what_auditors_look_for(definition: Definition) -> None:
    asked = {field.key for field in definition.fields if field.asked}
    assert asked >= {"attendees", "risk", "risk_detail", "mental_status", "necessity", "plan"}
    if definition.key not in ("intake", "crisis"):
        assert asked >= {"focus", "function", "interventions", "response", "progress", "progress_detail"}
        assert definition.by_key()["goal_progress"].kind is FieldKind.GOALS
    risk = next(field for field in definition.fields if field.risk)
    assert risk.kind is FieldKind.CHOICE
    assert risk.required


def test_what_only_one_kind_of_session_has_is_asked_for_there() -> None:
    asked = {key: {f.key for f in definition.fields if f.asked} for key, definition in BY_KEY.items()}
    assert asked["em_therapy"] >= {"therapy_minutes", "em_basis", "em_minutes", "medications"}
    assert asked["group"] >= {"group_topic", "group_size", "participation"}
    assert asked["crisis"] >= {"precipitant", "crisis_history", "mobilised", "disposition", "safety_plan"}
    assert asked["intake"] >= {
        "prior_treatment",
        "substances",
        "risk_history",
        "diagnosis_evidence",
        "capacity",
    }
    assert asked["family"] >= {"relation_to_dx", "interaction"}
    assert asked["treatment_plan"] >= {
        "plan_goals", "review_in", "agreement", "therapy_type", "session_length", "session_frequency", "duration",
    }  # fmt: skip


def test_contact_and_missed_appointment_stand_behind_no_claim() -> None:
    assert {definition.key for definition in DEFINITIONS if not definition.billable} == {"contact", "missed"}


@pytest.mark.parametrize("definition", DEFINITIONS, ids=named)
def test_nothing_is_assumed_to_be_normal(definition: Definition) -> None:
    """A note begins empty; what may be copied on purpose is text, never a finding and never about danger."""
    assert not any(complete(definition, {}).values())
    for field in definition.fields:
        if field.key in ("mental_status", "risk"):
            assert {"not_assessed", "not_asked"} & {option.key for option in field.options}
        if field.prefill:
            assert not field.risk
            assert field.kind not in (FieldKind.CHOICE, FieldKind.CHECKS, FieldKind.GOALS)
            assert field.key not in ("medications", "observations", "response", "participation")


@pytest.mark.parametrize("definition", OF_SESSIONS, ids=named)
def test_telehealth_has_a_section_of_its_own_that_blocks_nothing(definition: Definition) -> None:
    section = next(section for section in definition.sections if section.when == "telehealth")
    assert {field.key for field in section.fields} >= {
        "telehealth", "client_location", "others_present", "emergency_plan",
    }  # fmt: skip
    assert not any(field.asked for field in section.fields)


def test_a_key_means_the_same_in_every_template() -> None:
    known: dict[str, Any] = {}
    for definition in DEFINITIONS:
        for field in definition.fields:
            meaning = (field.kind, field.options, field.columns, field.risk, field.unit, field.most)
            assert known.setdefault(field.key, meaning) == meaning, field.key


def test_the_published_schema_accepts_every_shipped_file_and_names_every_word_of_the_parser() -> None:
    folder = resources.files("attest.notes") / "definitions"
    schema = json.loads((resources.files("attest.notes.definition") / "schema.json").read_text())
    field = schema["$defs"]["field"]
    assert set(field["properties"]["kind"]["enum"]) == set(FieldKind)
    assert set(schema["properties"]["purpose"]["enum"]) == set(Purpose)
    assert set(schema["properties"]["for"]["items"]["enum"]) == set(SUITED)
    for data in shipped():
        assert set(schema["required"]) <= set(data) <= set(schema["properties"])
        for section in data["sections"]:
            assert set(section) <= set(schema["$defs"]["section"]["properties"])
            for one in section["fields"]:
                assert set(one) <= set(field["properties"])
    assert len([entry for entry in folder.iterdir() if entry.name.endswith(".json")]) == len(DEFINITIONS) + 1


def broken(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    data = copy.deepcopy(shipped()[0])
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d.pop("name"), "template"),
        (lambda d: d.update(extra=1), "template"),
        (lambda d: d.update(sections=[]), "template.sections"),
        (lambda d: d.update(key="So ap"), "template.key"),
        (lambda d: d["sections"][0].update(label=" "), r"sections\[0\].label"),
        (lambda d: d["sections"][0]["fields"][0].update(kind="colour"), r"sections\[0\].fields\[0\].kind"),
        (lambda d: d.update(purpose="fun"), "template.purpose"),
        (lambda d: d.update({"for": ["nobody"]}), "template.for"),
        (lambda d: d.update(order=0), "template.order"),
        (lambda d: d["sections"][-1].update(when="raining"), "when"),
        (lambda d: d["sections"][0].update(when="telehealth"), "asks for nothing"),
        (lambda d: d["sections"][0]["fields"][3].update(prefill="last_note.risk"), "prefill"),
        (lambda d: d["sections"][0]["fields"][0].update(prefill="last_note.attendees"), "prefill"),
        (lambda d: d["sections"][0]["fields"][1].update(prefill="normal.focus"), "prefill"),
        (lambda d: d["sections"][0]["fields"][1].update(columns=[{"key": "a", "label": "A"}]), "rows have columns"),
        (lambda d: d["sections"][0]["fields"][1].update(kind="number"), "what is the most"),
        (lambda d: d["sections"][0]["fields"][1].update(required_unless="plan"), "one of required"),
        (lambda d: d["sections"][2]["fields"][1].update(required_unless="nowhere"), "names no field"),
        (lambda d: d["sections"][0]["fields"][0].pop("options"), "options"),
        (lambda d: d["sections"][0]["fields"][1].update(options=[{"key": "a", "label": "A"}]), "text has none"),
        (lambda d: d["sections"][0]["fields"][1].update(required="yes"), "true or false"),
        (lambda d: d["sections"][0]["fields"][1].update(rows=0), "rows"),
        (lambda d: d["sections"][0]["fields"][1].update(key="risk"), "risk more than once"),
        (lambda d: d["sections"][0]["fields"][4].update(required_when={"field": "risk", "is": ["x"]}), "no answer"),
        (lambda d: d["sections"][0]["fields"][4].update(required_when={"field": "focus", "is": ["x"]}), "no answer"),
        (lambda d: [f.pop("risk", 0) for s in d["sections"] for f in s["fields"]], "documents risk"),
    ],
)  # fmt: skip
def test_a_template_of_another_shape_is_refused_with_its_place(
    change: Callable[[dict[str, Any]], Any], place: str
) -> None:
    with pytest.raises(BadDefinition, match=place):
        Definition.parse(broken(change))


@pytest.mark.parametrize("data", [None, [], "soap", 3, {}])
def test_data_that_is_no_object_is_refused(data: object) -> None:
    with pytest.raises(BadDefinition):
        Definition.parse(data)


TEXT = st.text("aZé😀\u202e\n\t -'\"&<", max_size=30)


def value_of(field: Field) -> st.SearchStrategy[Any]:
    """Any value that fits the field, as it is kept."""
    options = [option.key for option in field.options]
    goal = st.text("aZ é:", min_size=1, max_size=20).filter(str.strip)
    rows = st.lists(
        st.tuples(
            *(
                st.sampled_from(["", *(option.key for option in column.options)]) if column.options else TEXT
                for column in field.columns
            )
        ).filter(lambda row: bool(row) and row[0].strip()),
        max_size=field.most,
    )
    return {
        FieldKind.TEXT: TEXT,
        FieldKind.CHOICE: st.sampled_from(["", *options]),
        FieldKind.CHECKS: st.lists(st.sampled_from(options), unique=True) if options else st.nothing(),
        FieldKind.NUMBER: st.one_of(st.just(""), st.integers(0, field.most).map(str)),
        FieldKind.DATE: st.one_of(st.just(""), st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(str)),
        FieldKind.GOALS: st.lists(
            st.tuples(st.sampled_from(options), goal), unique_by=lambda pair: pair[1], max_size=5
        ).map(lambda pairs: [f"{state}: {words}" for state, words in pairs])
        if options
        else st.nothing(),
        FieldKind.ROWS: rows.map(lambda found: [cell for row in found for cell in row]),
    }[field.kind]


def values_of(definition: Definition) -> st.SearchStrategy[Values]:
    """Any values that fit the template, some fields left out."""
    return st.fixed_dictionaries({}, optional={field.key: value_of(field) for field in definition.fields})


@given(data=st.data())
@pytest.mark.parametrize("definition", DEFINITIONS, ids=named)
@settings(max_examples=20)
def test_what_fits_any_template_is_kept_read_and_fits_again(
    definition: Definition, data: st.DataObject
) -> None:
    values = data.draw(values_of(definition))
    kept = clean(definition, values)
    assert clean(definition, kept) == kept
    for field in definition.fields:
        if is_filled(kept.get(field.key)):
            assert field.answer(kept)


@given(values=values_of(SOAP))
def test_what_fits_is_kept_as_typed_and_cleaning_again_changes_nothing(values: Values) -> None:
    kept = clean(SOAP, values)
    assert set(kept) == set(values)
    assert clean(SOAP, kept) == kept
    for key, value in values.items():
        assert kept[key] == value if isinstance(value, str) else set(kept[key]) == set(value)
    assert json.loads(json.dumps(complete(SOAP, kept))) == complete(SOAP, kept)


ODD_TEXT = st.text(alphabet="aé😀\u202e\x00\x7f\n\r\t\ud800 -", max_size=8)
ANYTHING = st.one_of(
    ODD_TEXT,
    st.integers(),
    st.none(),
    st.booleans(),
    st.lists(st.one_of(ODD_TEXT, st.integers(), st.sampled_from(["client", "oriented"])), max_size=3),
    st.dictionaries(ODD_TEXT, ODD_TEXT, max_size=2),
)


@given(typed=st.dictionaries(st.sampled_from([field.key for field in SOAP.fields]), ANYTHING, max_size=4))
def test_anything_at_all_is_kept_or_refused_in_sentences(typed: dict[str, object]) -> None:
    try:
        kept = clean(SOAP, typed)
    except BadValues as refused:
        assert set(refused.sentences) <= set(typed)
        assert all(sentence.endswith(".") for sentence in refused.sentences.values())
    else:
        assert json.dumps(kept).encode()


@given(values=values_of(SOAP))
def test_moving_to_the_other_template_and_back_loses_nothing(values: Values) -> None:
    kept = complete(SOAP, clean(SOAP, values))
    there, left = carried_over(kept, DAP)
    back, left_again = carried_over(there, SOAP)
    assert (left, left_again) == (False, False)
    assert back == kept


def test_line_ends_of_every_browser_are_one() -> None:
    assert clean(SOAP, {"focus": "a\r\nb\rc\nd"}) == {"focus": "a\nb\nc\nd"}


def test_a_reader_sees_labels_not_keys() -> None:
    field = SOAP.by_key()["mental_status"]
    assert field.answer({"mental_status": ["oriented", "mood_low"]}) == "Alert and oriented; Mood low"
    assert (
        SOAP.by_key()["risk"].answer({"risk": "denied"}) == "Asked, and the client denies any such thoughts"
    )


def test_a_date_is_read_as_people_write_it_and_kept_as_a_date() -> None:
    plan = BY_KEY["treatment_plan"]
    assert clean(plan, {"agreed_on": "11/24/2026"}) == {"agreed_on": "2026-11-24"}
    assert plan.by_key()["agreed_on"].answer({"agreed_on": "2026-11-24"}) == "11/24/2026"
    for wrong in ("11/24", "tomorrow", "02/30/2026", "01/01/1802"):
        with pytest.raises(BadValues, match="write a date like"):
            clean(plan, {"agreed_on": wrong})


def test_a_number_stays_within_its_limit() -> None:
    note = BY_KEY["em_therapy"]
    assert clean(note, {"therapy_minutes": " 038 "}) == {"therapy_minutes": "38"}
    assert note.by_key()["therapy_minutes"].answer({"therapy_minutes": "38"}) == "38 minutes"
    for wrong in ("601", "-3", "half an hour", "38.5", "٣٨"):
        with pytest.raises(BadValues, match="whole number"):
            clean(note, {"therapy_minutes": wrong})


def test_each_goal_has_one_answer() -> None:
    field = SOAP.by_key()["goal_progress"]
    kept = clean(SOAP, {"goal_progress": ["", "met: Sleep: five nights", "unchanged: Friends"]})
    assert field.answer(kept) == "Sleep: five nights: Met\nFriends: Unchanged"
    for wrong in (["met: Sleep", "unchanged: Sleep"], ["cured: Sleep"], ["met"], ["met:  "]):
        with pytest.raises(BadValues):
            clean(SOAP, {"goal_progress": wrong})


def test_where_a_goal_was_tapped_no_progress_is_asked_for_again() -> None:
    progress = SOAP.by_key()["progress"]
    assert progress.must_be_filled({})
    assert not progress.must_be_filled({"goal_progress": ["met: Sleep"]})


def test_rows_without_a_word_are_left_out_and_the_others_read_as_a_list() -> None:
    plan = BY_KEY["treatment_plan"]
    typed = ["", " ", "", "", "", "open", "Sleep through", "5 of 7 nights", "", "", "", "open"]
    kept = clean(plan, {"plan_goals": typed})
    assert kept == {"plan_goals": typed[6:]}
    assert plan.by_key()["plan_goals"].answer(kept) == (
        "1. Sleep through\nHow you will know: 5 of 7 nights\nStanding: Being worked on"
    )
    with pytest.raises(BadValues, match="at most 6"):
        clean(plan, {"plan_goals": ["Goal", *[""] * 5] * 7})
