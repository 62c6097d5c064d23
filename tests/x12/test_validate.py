"""Syntax and our own checks together, each thing said once."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.x12.finding import Finding, Severity
from attest.x12.validate import passes, validate
from tests.x12.examples import CHILD_CLAIM, CODES, NOW, OWN_CLAIM, changed, text_of

FILE = text_of(OWN_CLAIM, CHILD_CLAIM)


def codes(text: str) -> list[str]:
    return [finding.code for finding in validate(text, diagnoses=CODES, now=NOW)]


def test_a_valid_file_has_no_findings() -> None:
    assert codes(FILE) == []


def test_findings_of_both_checks_come_in_the_order_of_the_file() -> None:
    text = changed(FILE, "XX*1234567893", "XX*1234567890")
    text = changed(text, "DMG*D8*19840229*F", "DMG*D8*19840229*X")
    text = changed(text, "***1:2", "***1:3")
    assert codes(text) == ["npi-check-digit", "element-7", "pointer-missing-diagnosis"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FILE.replace("SE*55", "SE*9"), ["segment-count"]),
        (FILE.replace("IEA*1*000000042", "IEA*2*000000041"), ["interchange-number-mismatch", "group-count"]),
        (FILE + FILE.replace("CLM*A-", "CLM*B-"), ["duplicate-interchange-number"]),
        (FILE.removesuffix("IEA*1*000000042~"), ["missing-iea"]),
        ("\ufeff" + FILE, ["byte-order-mark"]),
        (FILE.replace("IL*1*NUNEZ", "IL*1*NUÑEZ"), ["character"]),
        ("nothing", ["not-x12"]),
        ("", ["not-x12"]),
    ],
)
def test_what_both_checks_see_is_said_once(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_file_passes_with_warnings_but_not_with_errors() -> None:
    warning = Finding("x", "X.", 1, "file", Severity.WARNING)
    assert passes([])
    assert passes([warning])
    assert not passes([warning, Finding("x", "X.", 1, "file")])


def test_now_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        validate(FILE, diagnoses=CODES, now=datetime(2026, 11, 24))


@given(st.text(max_size=200), st.integers(0, len(FILE)), st.integers(0, 200))
def test_no_text_can_stop_it(junk: str, at: int, cut: int) -> None:
    for finding in validate(FILE[:at] + junk + FILE[at + cut :], diagnoses=CODES, now=NOW):
        assert finding.sentence
