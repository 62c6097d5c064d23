"""Whoever tries addresses at the login learns nothing: the same words, and the same work, for known and unknown."""

import re
from typing import ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client as Browser
from django.test import override_settings

from attest.core.models import User
from tests.factories import PASSWORD, Made, make_practice

pytestmark = pytest.mark.django_db


class Counted(MD5PasswordHasher):
    """Counts how often a password was worked on: that is what takes the time of an answer."""

    times: ClassVar[list[int]] = [0]

    def encode(self, password: str, salt: str) -> str:
        self.times[0] += 1
        return super().encode(password, salt)


@pytest.fixture
def made() -> Made:
    return make_practice()


def tried(address: str, password: str = "not the password of anybody") -> tuple[int, str, int]:
    """Status, words and work of a login with this address; the address itself and tokens are taken out."""
    before = Counted.times[0]
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.Counted"]):
        answer = Browser().post("/accounts/login/", {"login": address, "password": password})
    words = answer.content.decode().replace(address, "")
    words = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', "", words)
    return answer.status_code, words, Counted.times[0] - before


def test_a_wrong_password_and_an_unknown_address_are_answered_alike_and_cost_the_same(made: Made) -> None:
    known, unknown = tried(made.clinician.user.email), tried("nobody@practice.example")
    assert known == unknown
    assert known[2] >= 1 and "do not belong together" in known[1]


def test_a_login_that_is_switched_off_is_told_only_to_who_knows_its_password(made: Made) -> None:
    User.objects.filter(pk=made.clinician.user_id).update(is_active=False)
    assert tried(made.clinician.user.email)[:2] == tried("nobody@practice.example")[:2]


def test_the_right_password_of_another_login_is_as_wrong_as_any(made: Made) -> None:
    made.admin.user.set_password("another long password of the admin")
    made.admin.user.save()
    assert tried(made.admin.user.email, PASSWORD) == tried("nobody@practice.example", PASSWORD)
