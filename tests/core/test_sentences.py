"""Forms say what to type, in plain sentences, and never what is "valid"."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.test import Client as Browser
from django.urls import get_resolver

from tests.factories import make_practice

BLAME = re.compile(r"\b(in)?valid\b|\bplease\b|\berror\b|\bincorrect\b|\bensure\b", re.IGNORECASE)


class Anything(forms.Form):
    """A form that leaves every word to the defaults."""

    text = forms.CharField(max_length=3, min_length=2)
    day = forms.DateField()
    at = forms.TimeField()
    count = forms.IntegerField(min_value=5, max_value=9)
    mail = forms.EmailField()
    one = forms.ChoiceField(choices=[("a", "A")])
    many = forms.MultipleChoiceField(choices=[("a", "A")])
    file = forms.FileField()


def said(**typed: Any) -> dict[str, str]:
    return {name: " ".join(map(str, rows)) for name, rows in Anything(typed).errors.items()}


def test_what_is_left_out_is_said_to_be_needed() -> None:
    assert set(said().values()) == {"This is needed."}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("text", "four", "At most 3 characters fit here; these are 4."),
        ("text", "1", "At least 2 characters are needed; these are 1."),
        ("text", "a\0", "One of these characters cannot be kept. Type it again."),
        ("day", "yesterday", "Write a date as MM/DD/YYYY."),
        ("at", "noonish", "Write a time such as 9:30 AM."),
        ("count", "few", "A whole number is needed."),
        ("count", "4", "At least 5."),
        ("count", "10", "At most 9."),
        ("mail", "nobody", "An address such as name@example.com is needed."),
        ("one", "b", "Choose one of the list."),
        ("many", ["b"], "Choose one of the list."),
    ],
)
def test_what_was_typed_is_answered_with_what_to_type(field: str, typed: Any, sentence: str) -> None:
    assert said(**{field: typed})[field] == sentence


def forms_of_the_product(cls: type[Any] = forms.BaseForm) -> Iterator[Any]:
    for found in cls.__subclasses__():
        if found.__module__.startswith("attest.") or found.__name__ == "LoginForm":
            yield found
        yield from forms_of_the_product(found)


def test_no_field_of_any_form_speaks_of_what_is_valid() -> None:
    assert get_resolver().url_patterns  # reading the addresses loads every form
    asked = [
        (form.__name__, name, field)
        for form in forms_of_the_product()
        for name, field in form.base_fields.items()
    ]
    assert len(asked) > 60
    wrong = [
        (form, name, str(sentence))
        for form, name, field in asked
        for sentence in field.error_messages.values()
        if BLAME.search(str(sentence))
    ]
    assert not wrong


@pytest.mark.django_db
def test_a_login_that_fails_says_so_without_blame() -> None:
    made = make_practice()
    tried = {"login": made.clinician.user.email, "password": "not the one"}
    page = Browser().post("/accounts/login/", tried).content.decode()
    assert "do not belong together" in page
    assert not BLAME.search(re.sub(r"<[^>]+>", " ", page))
