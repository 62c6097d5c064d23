"""The demo sends nothing: every message is shown as its reader would see it, and nowhere but in the demo."""

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from attest.core import outbox
from attest.core.outbox import Message, State
from attest.demo.mail import with_links
from attest.gateways.mail import sending
from tests.factories import Made, make_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(settings: Settings) -> Made:
    settings.ATTEST_DEMO = True
    return make_practice()


def invite(made: Made, name: str = "Ines", email: str = "ines@practice.example") -> None:
    typed = {"name": name, "email": email, "roles": ["biller"]}
    made.browser("admin").post(reverse("practice:member_invite", args=[made.slug]), typed)


def page(address: str, **query: str) -> str:
    return Browser().get(address, query).content.decode()


def test_a_message_is_shown_with_links_that_work_before_anybody_signed_in(made: Made) -> None:
    invite(made)
    listed = page(reverse("demo_mail"))
    assert "Robin Vale invites you to Harbor Light Counseling" in listed and "ines@practice.example" in listed
    address = re.findall(r'href="(/demo/mail/[^"]+/)"', listed)[0]
    shown = page(address)
    assert "Hello Ines," in shown and "From" in shown and "To" in shown
    link = re.findall(r'href="https?://[^/]+(/invitation/[^"]+)"', shown)[0]
    assert "Join Harbor Light Counseling" in page(link)


def test_the_newest_stands_first_and_the_search_finds_by_subject_and_address(made: Made) -> None:
    invite(made)
    invite(made, "Bo", "bo@practice.example")
    listed = page(reverse("demo_mail"))
    assert listed.index("bo@practice.example") < listed.index("ines@practice.example")
    assert "ines@" not in page(reverse("demo_mail"), q="bo@")
    assert "Nothing found" in page(reverse("demo_mail"), q="zebra")


def test_before_the_first_message_the_page_says_how_there_will_be_one(made: Made) -> None:
    assert "No messages yet" in page(reverse("demo_mail"))


def test_nothing_leaves_the_demo(made: Made, settings: Settings) -> None:
    settings.ATTEST_SMTP_URL = "smtp://localhost:1"
    invite(made)
    (message,) = Message.objects.all()
    assert message.state == State.SENT and message.text
    assert sending.send(message.pk) is None and sending.send_all_due() == 0


def test_outside_the_demo_nobody_reads_the_mail_of_others(settings: Settings) -> None:
    settings.ATTEST_DEMO = False
    message = outbox.write("login.reset", address="a@b.example", words={"link": "https://x.example/"})
    for address in (reverse("demo_mail"), reverse("demo_mail_message", args=[message.pk])):
        assert Browser().get(address).status_code == 404


def test_text_that_is_no_link_stays_text() -> None:
    shown = with_links("<b>See</b> https://x.example/?a=1&b=2 now")
    assert shown == (
        "&lt;b&gt;See&lt;/b&gt; "
        '<a class="text-link" href="https://x.example/?a=1&amp;b=2">https://x.example/?a=1&amp;b=2</a> now'
    )
