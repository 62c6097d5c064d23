"""The first page: on to the one practice, a choice of several, or a plain word that there is none."""

import pytest
from django.test import Client as Browser

from attest.core.models import User
from attest.practice.models import Member
from tests.factories import PASSWORD, browser_of, make_member, make_organization, make_practice

pytestmark = pytest.mark.django_db


def test_a_stranger_is_asked_to_sign_in() -> None:
    answer = Browser().get("/")
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_a_member_of_one_practice_goes_to_its_calendar() -> None:
    made = make_practice()
    answer = made.browser("provider").get("/")
    assert answer["Location"] == f"/o/{made.slug}/calendar/"


def test_a_member_of_several_chooses() -> None:
    made = make_practice()
    second = make_organization(name="Summit Counseling")
    Member.objects.create(organization=second, user=made.admin.user, roles=["admin"])
    page = made.browser("admin").get("/").content.decode()
    assert f"/o/{made.slug}/calendar/" in page and f"/o/{second.slug}/calendar/" in page


def test_who_belongs_to_none_or_no_longer_is_told_so() -> None:
    User.objects.create_user("lost@practice.example", PASSWORD, name="Lost")
    browser = Browser()
    assert browser.login(email="lost@practice.example", password=PASSWORD)
    assert "You belong to no practice yet" in browser.get("/").content.decode()
    gone = make_member(make_organization(), "biller")
    browser = browser_of(gone)
    Member.objects.filter(pk=gone.pk).update(active=False)
    assert "You belong to no practice yet" in browser.get("/").content.decode()
