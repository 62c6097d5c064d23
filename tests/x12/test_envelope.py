"""What cannot be written correctly is refused, with every problem at once."""

from dataclasses import replace

import pytest

from attest.x12 import envelope, wire
from attest.x12.envelope import CannotWrite, GroupToWrite, TransactionToWrite
from tests.x12.examples import ENVELOPE


def test_the_isa_has_exactly_106_characters() -> None:
    assert envelope.open_interchange(ENVELOPE) == (
        "ISA*00*          *00*          *ZZ*HARBORLANE     *ZZ*CLEARING       *261112*0905*^*00501*000000042*0*T*:~"
    )
    assert len(envelope.open_interchange(ENVELOPE)) == 106


def test_a_segment_ends_with_its_last_element_that_has_something() -> None:
    assert envelope.segment("REF", "G1", "123", "", "") == "REF*G1*123~"
    assert envelope.segment("SV1", ["HC", "90834", "", ""], "150", "", "1") == "SV1*HC:90834*150**1~"


@pytest.mark.parametrize("value", ["a*b", "a~b", "a:b", "a^b", "a\nb", "Núñez", "\x00"])
def test_separators_and_foreign_characters_are_refused_in_data(value: str) -> None:
    with pytest.raises(CannotWrite) as refusal:
        envelope.segment("NM1", "IL", value)
    (problem,) = refusal.value.problems
    assert problem.field == "NM102"


def test_every_problem_of_the_envelope_is_reported_at_once() -> None:
    bad = replace(
        ENVELOPE,
        sender_id="A*B",
        receiver_id="X" * 16,
        sender_qualifier="99",
        control_number=0,
        usage="X",  # type: ignore[arg-type]
    )
    fields = [problem.field for problem in envelope.envelope_problems(bad)]
    assert fields == [
        "sender id",
        "receiver id",
        "application sender",
        "application receiver",
        "sender qualifier",
        "interchange control number",
        "usage",
    ]


def test_control_numbers_are_unique_and_have_at_most_nine_digits() -> None:
    one = TransactionToWrite(kind="999", control_number=1, segments=["AK1*HC*1~"])
    for group in (
        GroupToWrite(functional_id="FA", version="005010X231A1", control_number=10**9, transactions=[one]),
        GroupToWrite(functional_id="FA", version="005010X231A1", control_number=1, transactions=[one, one]),
    ):
        with pytest.raises(CannotWrite) as refusal:
            envelope.write(ENVELOPE, [group])
        assert [problem.code for problem in refusal.value.problems] == ["control-number"]


def test_counts_and_trailers_are_worked_out() -> None:
    sets = [TransactionToWrite(kind="999", control_number=n, segments=["AK1*HC*1~"]) for n in (5, 6)]
    text = envelope.write(
        ENVELOPE,
        [GroupToWrite(functional_id="FA", version="005010X231A1", control_number=2, transactions=sets)],
    )
    assert text.endswith("ST*999*0006~AK1*HC*1~SE*3*0006~GE*2*2~IEA*1*000000042~")
    assert wire.read(text).findings == ()


def test_the_message_of_a_refusal_holds_no_values() -> None:
    with pytest.raises(CannotWrite) as refusal:
        envelope.segment("NM1", "IL", "Geheim*nis")
    assert "Geheim" not in str(refusal.value)
    assert refusal.value.lines() == [
        "NM102: “Geheim*nis” contains a separator or a character that X12 does not have."
    ]
