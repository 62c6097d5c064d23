"""A new password by e-mail: the same answer for everybody, a link that works once for an hour, sessions end."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client as Browser
from django.urls import reverse

from attest.core.models import AuditEvent
from attest.core.outbox import Message
from tests.factories import Made, browser_of, make_app, make_practice
from tests.practice.letters import letters_to, path_to

pytestmark = pytest.mark.django_db
NEW = "four quiet herons waiting"


@pytest.fixture
def made() -> Made:
    return make_practice()


def ask(address: str) -> tuple[int, str]:
    answer = Browser().post(reverse("account_reset_password"), {"email": address}, follow=True)
    return answer.status_code, re.sub(r'csrf\w*" value="\w+|X-CSRFToken": "\w+', "", answer.content.decode())


def open_link(path: str) -> tuple[Browser, str]:
    """Follow the link as a browser does; the address of the form it ends at."""
    browser = Browser()
    answer = browser.get(path, follow=True)
    return browser, answer.redirect_chain[-1][0] if answer.redirect_chain else path


def choose(path: str, password: str = NEW) -> int:
    browser, form = open_link(path)
    return browser.post(form, {"password1": password, "password2": password}).status_code


def test_the_answer_is_the_same_whether_the_address_has_a_login_or_not(made: Made) -> None:
    assert ask(made.clinician.user.email) == ask("nobody@practice.example")
    assert len(letters_to(made.clinician.user.email)) == 1
    assert not letters_to("nobody@practice.example")


def test_the_link_sets_a_password_once_and_a_message_says_so(made: Made) -> None:
    ask(made.clinician.user.email)
    path = path_to(made.clinician.user.email, "login.reset")
    for _ in range(2):
        open_link(path)  # a mail server looks at it first
    assert choose(path) == 302
    made.clinician.user.refresh_from_db()
    assert made.clinician.user.check_password(NEW)
    browser, _ = open_link(path)
    assert b"This link no longer works" in browser.get(path, follow=True).content
    assert letters_to(made.clinician.user.email, "login.password_changed")
    with made.inside():
        assert AuditEvent.objects.filter(kind="login.password_reset").count() == 1


def test_the_link_works_for_an_hour(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(made.clinician.user.email)
    path = path_to(made.clinician.user.email, "login.reset")
    began = datetime.now()
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: began + timedelta(minutes=59))
    assert b"Choose a new password" in Browser().get(path, follow=True).content
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: began + timedelta(minutes=61))
    assert b"This link no longer works" in Browser().get(path, follow=True).content


def test_every_session_ends_and_signing_in_still_takes_the_second_step(made: Made) -> None:
    make_app(made.clinician.user)
    elsewhere = browser_of(made.clinician)
    ask(made.clinician.user.email)
    assert choose(path_to(made.clinician.user.email, "login.reset")) == 302
    assert elsewhere.get(f"/o/{made.slug}/settings/").headers["Location"].startswith("/accounts/login/")
    browser = Browser()
    typed = {"login": made.clinician.user.email, "password": NEW}
    answer = browser.post(reverse("account_login"), typed)
    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in browser.session


def test_an_easy_password_is_refused_and_the_link_still_works(made: Made) -> None:
    ask(made.clinician.user.email)
    path = path_to(made.clinician.user.email, "login.reset")
    browser, form = open_link(path)
    answer = browser.post(form, {"password1": "password1234", "password2": "password1234"})
    assert answer.status_code == 422 and b"known from lists of stolen ones" in answer.content
    assert choose(path) == 302


def test_asking_too_often_is_stopped_with_when_to_try_again(made: Made) -> None:
    answers = [ask(made.clinician.user.email)[0] for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    page = Browser().post(reverse("account_reset_password"), {"email": made.clinician.user.email})
    assert b"Try again in 15 minutes." in page.content and int(page.headers["Retry-After"]) > 14 * 60
    assert Message.objects.filter(kind="login.reset").count() == 3
    assert ask("another@practice.example")[0] == 200
