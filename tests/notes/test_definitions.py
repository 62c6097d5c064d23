"""Templates are data with one shape; what is typed fits them or is refused in a sentence."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.notes.definition import (
    BadDefinition,
    BadValues,
    Definition,
    FieldKind,
    Values,
    carried_over,
    clean,
    complete,
    shipped,
)

DEFINITIONS = [Definition.parse(data) for data in shipped()]
SOAP = next(definition for definition in DEFINITIONS if definition.key == "soap")
DAP = next(definition for definition in DEFINITIONS if definition.key == "dap")


def test_soap_and_dap_come_with_the_product() -> None:
    assert [definition.name for definition in DEFINITIONS] == ["DAP", "SOAP"]
    assert [section.label for section in SOAP.sections] == ["Subjective", "Objective", "Assessment", "Plan"]
    assert [section.label for section in DAP.sections] == ["Data", "Assessment", "Plan"]


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.key)
def test_a_shipped_template_asks_for_what_auditors_look_for(definition: Definition) -> None:
    required = {field.key for field in definition.fields if field.required}
    assert required >= {
        "attendees", "focus", "function", "risk", "mental_status", "interventions", "response",
        "progress", "progress_detail", "necessity", "plan",
    }  # fmt: skip
    risk = next(field for field in definition.fields if field.risk)
    assert risk.kind is FieldKind.CHOICE


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.key)
def test_nothing_is_assumed_to_be_normal(definition: Definition) -> None:
    assert not any(complete(definition, {}).values())
    mental_status = definition.by_key()["mental_status"]
    assert "not_assessed" in [option.key for option in mental_status.options]


def test_a_key_means_the_same_in_every_template() -> None:
    known: dict[str, Any] = {}
    for definition in DEFINITIONS:
        for field in definition.fields:
            assert known.setdefault(field.key, field) == field


def broken(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    data = copy.deepcopy(shipped()[1])
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
        (lambda d: d["sections"][0]["fields"][0].update(kind="date"), r"sections\[0\].fields\[0\].kind"),
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


def values_of(definition: Definition) -> st.SearchStrategy[Values]:
    """Any values that fit the template, some fields left out."""
    text = st.text("aZé😀\u202e\n\t -'\"&<", max_size=30)
    by_kind = {
        field.key: text
        if field.kind is FieldKind.TEXT
        else st.sampled_from(["", *(option.key for option in field.options)])
        if field.kind is FieldKind.CHOICE
        else st.lists(st.sampled_from([option.key for option in field.options]), unique=True)
        for field in definition.fields
    }
    return st.fixed_dictionaries({}, optional=by_kind)


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
