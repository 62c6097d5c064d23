"""Names are sent in letters X12 has, and a preview can show what gave way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.x12.charset import TEXT_CLASS, Change, transliterate


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Núñez", "NUNEZ"),
        ("Zoë", "ZOE"),
        ("D’Amico", "D'AMICO"),
        ("O'Brien", "O'BRIEN"),
        ("Weiß", "WEISS"),
        ("Sørensen", "SORENSEN"),
        ("Łukasz Wałęsa", "LUKASZ WALESA"),
        ("Nguyễn Thị Hà", "NGUYEN THI HA"),
        ("Şahin", "SAHIN"),
        ("Ægir", "AEGIR"),
        ("Jean–Luc", "JEAN-LUC"),
        ("Zoe\u0308", "ZOE"),
        ("Kahoʻolawe", "KAHO'OLAWE"),
        ("", ""),
    ],
)
def test_letters_with_accents_lose_them(name: str, sent: str) -> None:
    assert transliterate(name).text == sent
    assert transliterate(name).unknown == ()


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("12 Main St *rear*", "12 MAIN ST REAR"),
        ("Suite 3: east", "SUITE 3 EAST"),
        ("A~B", "A-B"),
        ("x^2", "X2"),
        ("  two   blanks\tand\na line  ", "TWO BLANKS AND A LINE"),
        ("[Care] {Group} <East>", "(CARE) (GROUP) (EAST)"),
        ("Apt #4", "APT #4"),
    ],
)
def test_separators_and_line_ends_never_stay_in_data(text: str, sent: str) -> None:
    assert transliterate(text).text == sent


def test_the_changes_are_reported_once_each_and_capitals_are_not_a_change() -> None:
    result = transliterate("Ñandú, ñ and ú")
    assert result.changes == (Change("Ñ", "N"), Change("ú", "U"), Change("ñ", "N"))
    assert transliterate("Maria  Smith").changes == ()


def test_case_is_kept_on_request() -> None:
    assert transliterate("Zoë", keep_case=True) == ("Zoe", (Change("ë", "e"),), ())


def test_letters_without_an_equivalent_are_named() -> None:
    result = transliterate("Иван Li 李")
    assert result.unknown == ("И", "в", "а", "н", "李")
    assert result.text == "LI"


@given(st.text())
def test_whatever_comes_in_only_x12_characters_come_out(text: str) -> None:
    sent = transliterate(text).text
    assert re.fullmatch(f"[{TEXT_CLASS}]*", sent)
    assert sent == sent.strip()
    assert "  " not in sent


@given(st.text())
def test_doing_it_twice_changes_nothing_more(text: str) -> None:
    once = transliterate(text).text
    assert transliterate(once) == (once, (), ())
