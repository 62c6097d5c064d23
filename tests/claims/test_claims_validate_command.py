"""`attest claims validate`: what is wrong with a file, in plain words, and the exit status a script gets."""

from pathlib import Path

import pytest

from attest.claims.sending import draft
from tests.claims.making import AFTERWARDS, held_claim
from tests.claims.terminal import attest_claims
from tests.factories import make_practice


@pytest.fixture
def good_file(db: None, tmp_path: Path) -> Path:
    """A file with one claim that nothing is wrong with."""
    made = make_practice()
    claim = held_claim(made)
    text = draft(made.organization, [claim], control_number=7, made_at=AFTERWARDS, usage="P").text
    path = tmp_path / "claims.837"
    path.write_text(text, "ascii")
    return path


def broken(path: Path, before: str, after: str) -> Path:
    text = path.read_text("ascii")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    return path


def test_a_good_file_passes(good_file: Path) -> None:
    result = attest_claims("validate", good_file)
    assert (result.exit_code, result.output) == (0, "Nothing is wrong with this file.\n")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("NM1*82*1*REYES*MORGAN****XX*1", "NM1*82*1*REYES*MORGAN****XX*2", "check digit"),
        ("*124010012~REF*EI", "*12401~REF*EI", "nine digits"),
        ("ABK:F411", "ABK:F41.1", "dot"),
        ("ABK:F411", "ABK:F432", "not a valid, complete ICD-10-CM code"),
        ("ABK:F411", "BK:F411", "ICD-9-CM"),
        ("**1~DTP*472", "**2~DTP*472", "diagnosis"),
        ("*150*UN", "*140*UN", "add up to 140"),
        ("RIVERA", "RIVERÑA", "plain letters"),
        ("DTP*472*D8*20261120", "DTP*472*D8*20991120", "future"),
        (":B:1*", ":B:7*", "replace"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words_with_its_segment(
    good_file: Path, before: str, after: str, said: str
) -> None:
    result = attest_claims("validate", broken(good_file, before, after))
    assert result.exit_code == 1
    assert any(said in line and line.startswith("Error: segment ") for line in result.output.splitlines()), (
        result.output
    )


def test_a_warning_alone_passes(good_file: Path) -> None:
    result = attest_claims("validate", broken(good_file, "*P*:~", "*P*:~\n"))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe\x89PNG", b"Dear payer,\n", b"ISA*00*"])
def test_what_is_no_x12_at_all_is_said_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "strange"
    path.write_bytes(content)
    result = attest_claims("validate", path)
    assert result.exit_code == 1
    assert result.output.startswith("Error: file: ")


def test_a_file_that_cannot_be_read_is_no_traceback(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        result = attest_claims("validate", path)
        assert result.exit_code == 2
        assert "cannot be read" in result.output
        assert "Traceback" not in result.output


def test_of_very_many_findings_the_first_hundred_are_shown(good_file: Path) -> None:
    text = good_file.read_text("ascii")
    good_file.write_text(text.replace("SE*", "ZZZ*1~" * 150 + "SE*", 1), "ascii")
    few = attest_claims("validate", good_file).output.splitlines()
    everything = attest_claims("validate", good_file, "--all").output.splitlines()
    assert len(few) == 102
    assert "more; --all shows them" in few[-2]
    assert len(everything) > 150
