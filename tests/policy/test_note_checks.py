"""What a note still needs, as sentences with a place to go."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.note_checks import PlainField, Value, checks, is_filled, missing_required

FOCUS = PlainField("focus", "What the client brought", required_for_signature=True)
RISK = PlainField("risk", "Risk", required_for_signature=True, risk=True)
MORE = PlainField("more", "Anything else")
FIELDS = (FOCUS, RISK, MORE)
FULL: dict[str, Value] = {
    "focus": "Trouble falling asleep since the move.",
    "risk": "Denies thoughts of self-harm or harm to others.",
}


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


def test_checks_are_sentences_with_a_tick_or_a_place_to_go() -> None:
    found = checks(FIELDS, {"focus": "Sleep."})
    assert [(check.sentence, check.ok, check.place, check.blocks_signing) for check in found] == [
        ("What the client brought is filled in.", True, "focus", False),
        ("Risk is still empty.", False, "risk", True),
    ]


def test_text_repeated_from_the_last_note_is_pointed_out_and_does_not_block() -> None:
    repeated = {**FULL, "focus": "  trouble falling ASLEEP since\nthe move. "}
    found = [check for check in checks(FIELDS, repeated, last_note=FULL) if not check.ok]
    assert [(check.place, check.blocks_signing) for check in found] == [("focus", False), ("risk", False)]
    assert found[0].sentence == "What the client brought is word for word the same as in the last note."
    assert found[1].sentence == "Risk repeats the last note: write it anew for this session."


def test_short_answers_and_choices_may_repeat() -> None:
    last: dict[str, Value] = {"focus": "Sleep.", "risk": "denied", "more": ["client"]}
    found = checks(FIELDS, last, last_note=last)
    assert all(check.ok for check in found)
    assert found[-1].sentence == "Nothing repeats the last note word for word."


def test_an_empty_note_is_not_praised_for_being_new() -> None:
    assert [check.ok for check in checks(FIELDS, {}, last_note=FULL)] == [False, False]


values = st.dictionaries(
    st.sampled_from(["focus", "risk", "more"]),
    st.text(max_size=12) | st.lists(st.text(max_size=4), max_size=2),
)


@given(content=values, last=st.none() | values)
def test_the_checks_block_exactly_while_something_required_is_missing(
    content: dict[str, Value], last: dict[str, Value] | None
) -> None:
    blocking = [check.place for check in checks(FIELDS, content, last_note=last) if check.blocks_signing]
    assert blocking == [field.key for field in missing_required(FIELDS, content)]
