"""What people type into amounts, numbers with punctuation, and dates."""

import pytest
from django import forms
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from attest.core.templatetags.money import money_text
from attest.practice.fields import DayField, DigitsField, DollarsField
from attest.practice.form_page import next_of


@given(cents=st.integers(0, 10_000_000))
def test_an_amount_reads_back_as_it_is_shown(cents: int) -> None:
    field = DollarsField()
    assert field.clean(money_text(cents)) == cents
    assert field.clean(field.prepare_value(cents)) == cents


@pytest.mark.parametrize(("typed", "cents"), [("150", 15000), ("$ 1,234.5", 123450), (" .5 ", 50), ("0", 0)])
def test_amounts_as_people_write_them(typed: str, cents: int) -> None:
    assert DollarsField().clean(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "-1",
        "1.005",
        "NaN",
        "Infinity",
        "1e9",
        "a lot",
        "100000.01",
        "--",
        "1.2.3",
        "150,00",
        "1,75.00",
        ".",
        "$",
        "١٢",
    ],
)
def test_what_is_no_amount_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="amount"):
        DollarsField().clean(typed)


@given(text=st.text(max_size=30))
def test_no_text_whatever_breaks_an_amount(text: str) -> None:
    try:
        cents = DollarsField(required=False).clean(text)
    except forms.ValidationError:
        return
    assert cents is None or 0 <= cents <= 10_000_000


def test_digits_lose_their_punctuation_and_keep_everything_else() -> None:
    field = DigitsField(required=False)
    assert field.clean("(845) 555-0100") == "8455550100"
    assert field.clean("12401–0012") == "124010012"
    assert field.clean("12x") == "12x"
    assert field.clean("") == ""


def test_dates_are_read_from_the_browsers_field_and_as_people_write_them() -> None:
    assert DayField().clean("2026-02-28") == DayField().clean("02/28/2026")
    with pytest.raises(forms.ValidationError):
        DayField().clean("02/30/2026")


@given(address=st.text(max_size=40))
def test_one_never_returns_to_another_site(address: str) -> None:
    found = next_of(RequestFactory().get("/", {"next": address}))
    assert found == "" or (found.startswith("/") and not found.startswith(("//", "/\\")))
