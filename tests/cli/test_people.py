"""`attest recover` and `attest mail`: what whoever runs the server does when a second step or e-mail fails."""

import os
import re

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner, Result
from django.test import Client as Browser

from attest.cli.main import main
from attest.core import outbox
from attest.core.models import AuditEvent
from tests.factories import Made, make_app, make_practice
from tests.gateways.mailserver import running
from tests.practice.letters import letters_to

pytestmark = pytest.mark.django_db(transaction=True)
LINK = "https://practice.example/a-secret"


def attest(*arguments: str, typed: str = "", **variables: str) -> Result:
    """Run the command; it sets its process up for the product, so the test run's own environment is put back."""
    before = dict(os.environ)
    try:
        return CliRunner(env=variables).invoke(main, list(arguments), input=typed)
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def made() -> Made:
    made = make_practice()
    make_app(made.admin.user)
    return made


def test_a_lost_second_step_is_taken_off_and_a_new_password_can_be_chosen(made: Made) -> None:
    result = attest("recover", made.admin.user.email.upper(), typed="y\n")
    assert result.exit_code == 0 and "Done: 1 taken off." in result.output
    assert not Authenticator.objects.filter(user=made.admin.user).exists()
    with made.inside():
        assert AuditEvent.objects.filter(kind="recovery.done_on_server").count() == 1
    assert letters_to(made.admin.user.email, "recovery.done")
    path = re.findall(r"https?://[^/]+(/accounts/password/reset/\S+)", result.output)[0]
    assert b"Choose a new password" in Browser().get(path, follow=True).content


def test_it_asks_first_and_does_nothing_when_the_answer_is_no(made: Made) -> None:
    result = attest("recover", made.admin.user.email, typed="n\n")
    assert result.exit_code == 1 and "Go on?" in result.output
    assert Authenticator.objects.filter(user=made.admin.user).exists()


def test_an_unknown_address_is_said_plainly(made: Made) -> None:
    result = attest("recover", "nobody@practice.example", "--yes")
    assert (
        result.exit_code == 1
        and result.output == "There is no login with the address nobody@practice.example.\n"
    )


def test_messages_that_wait_are_listed_and_their_links_only_when_asked_for(made: Made) -> None:
    outbox.write("login.reset", address="ada@practice.example", words={"link": LINK})
    plain = attest("mail", "waiting").output
    assert "Waiting  ada@practice.example  Choose a new password" in plain and LINK not in plain
    assert LINK in attest("mail", "waiting", "--text").output


def test_a_test_message_says_how_it_went(made: Made) -> None:
    from django.test import override_settings

    missing = attest("mail", "test", "ada@practice.example")
    assert missing.exit_code == 1 and "No mail server is set up" in missing.output
    with running() as server, override_settings(ATTEST_SMTP_URL=server.url):
        assert attest("mail", "test", "ada@practice.example").output == "The mail server took the message.\n"
        server.answer = "550 not here"
        refused = attest("mail", "test", "ada@practice.example")
        assert refused.exit_code == 1 and refused.output == "The message did not leave: 550 not here\n"
    assert attest("mail", "waiting").output.count("ada@practice.example") == 1
