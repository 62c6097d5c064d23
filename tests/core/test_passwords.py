"""Passwords by NIST SP 800-63B: length counts, composition does not, what is guessed first is refused."""

import unicodedata

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from attest.core import passwords
from attest.core.models import User
from attest.core.passwords import problem
from tests.factories import make_member, make_organization


@pytest.mark.parametrize(
    "password",
    [
        "four quiet herons waiting",
        "            x y",  # spaces count like any other character
        "näher zum großen See",
        "静かな湖のほとりで歌う鳥たち",
        "🌲🌳🌴🌵🌾🌿🍀🍁🍂🍃🍄🌰",
        "alllowercaseletterswithoutsigns",
        "x7Gq2LmP9wRt",
        "w" * 11 + "o and then quite different words" * 3,
    ],
)
def test_any_long_enough_password_of_any_script_is_taken(password: str) -> None:
    assert problem(password) == ""


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", passwords.TOO_SHORT),
        ("elevenchars", passwords.TOO_SHORT),
        ("x" * 1001, passwords.TOO_LONG),
        ("1234567890123", passwords.KNOWN),
        ("qwertyuiopasdfghjkl", passwords.IN_ORDER),
        ("abcdefghijklmnop", passwords.IN_ORDER),
        ("aaaaaaaaaaaa", passwords.REPEATED),
        ("abcabcabcabc", passwords.REPEATED),
        ("passwordpassword", passwords.REPEATED),
        ("dragon dragon dragon ", passwords.REPEATED),
        ("1password2024!", passwords.KNOWN),
        ("Password1234!!", passwords.KNOWN),
        ("Attest Attest 2026", passwords.OF_THIS_PLACE),
    ],
)
def test_what_is_guessed_first_is_refused_with_a_sentence(password: str, sentence: str) -> None:
    assert problem(password) == sentence


def test_words_of_this_place_do_not_make_a_password_and_do_not_spoil_one() -> None:
    place = ["Harbor Light Counseling", "morgan.reyes", "practice"]
    for easy in ("harborlight2026", "Morgan.Reyes.1!", "Counseling Harbor", "practice123456!"):
        assert problem(easy, place) == passwords.OF_THIS_PLACE
    assert problem("the harbor where herons sleep", place) == ""


@given(st.text(min_size=passwords.SHORTEST, max_size=128))
def test_no_rule_asks_for_kinds_of_characters(password: str) -> None:
    kept = problem(password)
    assert kept in (
        "",
        passwords.TOO_SHORT,
        passwords.KNOWN,
        passwords.REPEATED,
        passwords.IN_ORDER,
        passwords.OF_THIS_PLACE,
    )
    if kept == passwords.TOO_SHORT:  # only where letters that count as one were typed as several
        assert len(unicodedata.normalize("NFKC", password)) < passwords.SHORTEST


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_a_password_is_the_same_however_its_letters_were_typed(password: str) -> None:
    user = User(email="ada@practice.example")
    user.set_password(password)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert user.check_password(unicodedata.normalize(form, password))
    assert not user.check_password(password + "x")


def test_a_long_password_counts_to_its_last_character() -> None:
    user = User(email="ada@practice.example")
    user.set_password("long " * 60 + "a")
    assert user.check_password("long " * 60 + "a") and not user.check_password("long " * 60 + "b")


@pytest.mark.django_db
def test_the_name_of_ones_practice_counts_as_a_word_of_this_place() -> None:
    organization = make_organization(name="Quillfeather Collective")
    member = make_member(organization, "admin", name="Ada Lane", email="zephyrine@practice.example")
    for easy in ("quillfeather-2026", "Zephyrine12345", "collective 1234"):
        with pytest.raises(ValidationError, match="mostly your name"):
            validate_password(easy, member.user)
    validate_password("four quiet herons waiting", member.user)
