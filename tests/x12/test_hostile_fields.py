"""No text in any field can break a file: it is mended, or refused naming the field."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.x12 import syntax, wire
from attest.x12.claim_837p import CannotWrite, Claim, ClaimInterchange, write
from tests.x12.examples import CHILD_CLAIM, OWN_CLAIM, interchange, segments, text_of


def texts_in(record: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every text in a record and the records inside it."""
    found: list[tuple[str, ...]] = []
    for field in fields(record):
        value = getattr(record, field.name)
        if is_dataclass(value):
            found += texts_in(value, (*path, field.name))
        elif isinstance(value, str):
            found.append((*path, field.name))
    return found


def with_text(record: Any, path: tuple[str, ...], value: str) -> Any:
    name, *rest = path
    inner = with_text(getattr(record, name), tuple(rest), value) if rest else value
    return replace(record, **{name: inner})


FILE: ClaimInterchange = interchange(())
HOSTILE = st.text(st.sampled_from("*:~^\n\r\x00|\\ abÑé0.-'<>"), max_size=90) | st.text(max_size=70)


def test_the_worst_texts_are_mended_or_refused_in_every_single_field() -> None:
    for claim in (OWN_CLAIM, CHILD_CLAIM):
        for path in texts_in(claim):
            for value in ("^", "*", "~", ":", "", " ", "\n", "Ñ ", "И", "x" * 300, "a~b*c:d^e"):
                try:
                    text = text_of(with_text(claim, path, value))
                except CannotWrite as refusal:
                    assert refusal.problems
                    continue
                assert syntax.check(text) == [], (path, value)


@pytest.mark.parametrize("claim", [OWN_CLAIM, CHILD_CLAIM], ids=["subscriber", "dependent"])
@given(data=st.data(), value=HOSTILE)
def test_no_text_in_any_field_of_a_claim_can_break_the_file(
    claim: Claim, data: st.DataObject, value: str
) -> None:
    path = data.draw(st.sampled_from(texts_in(claim)))
    try:
        text = text_of(with_text(claim, path, value))
    except CannotWrite as refusal:
        assert refusal.problems
        return
    assert text.isascii()
    assert text.isprintable()
    document = wire.read(text)
    assert document.findings == ()
    expected = {segment.split("*")[0] for segment in segments(text_of(OWN_CLAIM, CHILD_CLAIM))}
    assert {s.tag for s in document.interchanges[0].segments} <= expected | {"REF", "NTE", "NM1", "N3", "N4"}
    assert syntax.check_document(document) == []


@given(data=st.data(), value=HOSTILE)
def test_no_text_in_the_envelope_or_the_submitter_can_break_the_file(data: st.DataObject, value: str) -> None:
    file = replace(FILE, claims=[OWN_CLAIM])
    path = data.draw(st.sampled_from(texts_in(file)))
    try:
        text = write(with_text(file, path, value))
    except CannotWrite:
        return
    assert syntax.check(text) == []
