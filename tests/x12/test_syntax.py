"""pyx12's verdict in plain words, whatever the file is."""

import logging
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.x12 import syntax, wire
from attest.x12.finding import Severity
from tests.x12.examples import CHILD_CLAIM, OWN_CLAIM, changed, text_of

FILE = text_of(OWN_CLAIM, CHILD_CLAIM)
ISA = FILE[: FILE.index("GS*")]
SAMPLES = Path(os.environ.get("ATTEST_X12_SAMPLES", "no-samples"))


def lines(text: str) -> list[str]:
    return [str(finding) for finding in syntax.check(text)]


def test_nothing_is_found_in_a_valid_file() -> None:
    assert lines(FILE) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "DMG*D8*20120506*M",
            "DMG*D8*20120506*X",
            "error: segment 44, DMG03: Patient Gender Code “X” is not one of the codes allowed here. Choose an allowed "
            "one. [element-7]",
        ),
        (
            "DMG*D8*20120506*M",
            "DMG*D8*20120230*M",
            "error: segment 44, DMG02: Patient Birth Date “20120230” is not a possible date. Correct it (year, month, "
            "day as CCYYMMDD). [element-8]",
        ),
        (
            "NM1*PR*2*INVENTED HEALTH PLAN*****PI*INV01~CLM",
            "NM1*PR*2*INVENTED HEALTH PLAN*****PI*I~CLM",
            "error: segment 20, NM109: Payer Identifier “I” is too short. Correct it. [element-4]",
        ),
        (
            "~HI*ABK:F4323",
            "",
            "error: segment 47, claim A-2, NM1: The segment “Health Care Diagnosis Code” (HI) is missing before this "
            "segment. Add it. [segment-3]",
        ),
        (
            "CLM*A-2*150*",
            f"CLM*{'A' * 39}*150*",
            f"error: segment 45, claim {'A' * 39}, CLM01: Patient Control Number “{'A' * 39}” is too long. Shorten it. "
            "[element-5]",
        ),
        (
            "~LX*2",
            "~LX*3",
            "error: segment 31, claim A-1, LX: LX01 must count the lines of each claim from 1 without a gap. Number "
            "them anew. [segment-LX]",
        ),
        (
            "~HL*3*1",
            "~HL*9*1",
            "error: segment 35, HL: HL01 must count the HL segments of the transaction set from 1 without a gap. "
            "Number them anew. [segment-HL1]",
        ),
        (
            "~AMT*F5*25",
            "~AMT*F5*25~AMT*F5*25",
            "error: segment 24, claim A-1, AMT: AMT occurs 2 times here where 1 is allowed. Remove the rest. "
            "[segment-5]",
        ),
        (
            "~AMT*F5*25",
            "~AMT*F5*25~TRN*1*2",
            "error: segment 24, claim A-1, TRN: TRN*1 is not expected here, after AMT in loop 2300. Move or remove it. "
            "[segment-1]",
        ),
        (
            "SE*55",
            "SE*54",
            "error: segment 57, SE01: SE01 says 54 but there are 55 segments from ST to SE, both included. Put 55 "
            "there. [segment-count]",
        ),
    ],
)
def test_errors_are_told_in_plain_words_with_their_place(old: str, new: str, line: str) -> None:
    text = FILE.replace(old, new) if old.startswith("SE*") else changed(FILE, old, new)
    assert lines(text) == [line]


def test_letters_with_accents_are_reported_not_fatal() -> None:
    (finding,) = syntax.check(changed(FILE, "IL*1*NUNEZ", "IL*1*NUÑEZ"))
    assert (finding.code, finding.segment_no) == ("element-6", 16)


def test_a_byte_order_mark_is_reported_not_fatal() -> None:
    (finding,) = syntax.check("\ufeff" + FILE)
    assert (finding.code, finding.severity) == ("byte-order-mark", Severity.WARNING)


def test_a_file_of_another_form_is_checked_as_what_it_means() -> None:
    odd = FILE.replace("~", "~\n  ").replace("HARBORLANE     *ZZ", "HARBORLANE*ZZ")
    assert [finding.code for finding in syntax.check(odd)] == ["isa-length", "blank-before-segment"]
    assert syntax.check(FILE.replace("~", "\n").replace("*", "|")) == []


def test_a_guide_with_another_addendum_is_checked_with_a_warning() -> None:
    (finding,) = syntax.check(FILE.replace("X222A1", "X222A2"))
    assert (finding.code, finding.severity) == ("guide-version", Severity.WARNING)


def test_a_kind_of_file_without_a_map_says_so() -> None:
    text = (
        ISA
        + "GS*HS*A1*B1*20261112*0905*1*X*005010X279A1~ST*270*0001*005010X279A1~SE*2*0001~GE*1*1~IEA*1*000000042~"
    )
    (finding,) = syntax.check(text)
    assert (finding.code, finding.severity, finding.segment_no) == ("no-map", Severity.WARNING, 2)


def test_an_acknowledgment_in_front_of_a_group_is_no_error() -> None:
    ta1 = "TA1*000000042*261112*0905*A*000~"
    assert lines(ISA + ta1 + FILE[len(ISA) :]) == []
    assert lines(ISA + ta1 + "IEA*0*000000042~") == []


@pytest.mark.parametrize("version", ["00402", "00200", "00600"])
def test_an_unknown_version_is_a_finding(version: str) -> None:
    (finding,) = syntax.check(FILE.replace("*00501*", f"*{version}*"))
    assert finding.code == "unknown-version"


def test_every_interchange_of_a_file_is_checked() -> None:
    second = changed(FILE, "DMG*D8*20120506*M", "DMG*D8*20120506*X").replace("000000042", "000000043")
    (finding,) = syntax.check(FILE + second)
    assert finding.segment_no == FILE.count("~") + 44


def test_no_name_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        syntax.check(changed(FILE, "QC*1*O'BRIEN*SAM", f"QC*1*O'BRIEN*{'SAM' * 20}"))
    assert "BRIEN" not in caplog.text
    assert "SAM" not in caplog.text


@given(
    st.text("ISAGSTEHLNM1CLP*~:^0123456789 \n", max_size=40), st.integers(0, len(FILE)), st.integers(0, 200)
)
def test_no_damage_to_a_file_can_stop_the_check(junk: str, at: int, cut: int) -> None:
    syntax.check(FILE[:at] + junk + FILE[at + cut :])


@given(st.permutations(range(FILE.count("~"))), st.integers(1, 60))
def test_segments_in_any_order_can_be_checked(order: list[int], kept: int) -> None:
    segments = FILE.split("~")
    body = "~".join(segments[n] for n in order[:kept] if n)
    syntax.check(f"{segments[0]}~{body}~")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="ATTEST_X12_SAMPLES names no folder")
def test_no_sample_file_stops_the_check() -> None:
    files = sorted(SAMPLES.rglob("*.x12"))
    assert files
    for file in files:
        stopped = [
            f for f in syntax.check(wire.decode(file.read_bytes())) if f.code == "syntax-check-stopped"
        ]
        assert stopped == [], file.name
