"""Settings, Mail: what has not left and why, a test message, and trying again."""

import pytest
from django.urls import reverse
from pytest_django import Settings

from attest.core import outbox
from attest.core.outbox import Message, State
from attest.gateways.mail import sending
from attest.practice import actions
from tests.factories import Made, make_practice
from tests.gateways.mailserver import running
from tests.practice.letters import letters_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def url(made: Made, name: str = "mail", *ids: object) -> str:
    return reverse(f"practice:{name}", args=[made.slug, *ids])


def test_a_refused_message_stands_there_with_the_servers_reason_and_is_tried_again(
    made: Made, settings: Settings
) -> None:
    browser = made.browser("admin")
    with running() as server:
        settings.ATTEST_SMTP_URL = server.url
        server.answer = "550 5.1.1 no such mailbox"
        browser.post(url(made, "mail_test"))
        (message,) = letters_to(made.admin.user.email, "mail.test")
        assert sending.send_all_due() == 0
        page = browser.get(url(made)).content.decode()
        assert "550 5.1.1 no such mailbox" in page and "Not sent" in page and "localhost" in page
        assert "1 not sent" in browser.get(url(made, "settings")).content.decode()
        server.answer = "250 OK"
        browser.post(url(made, "mail_again", message.pk))
        assert sending.send_all_due() == 1
        assert "Everything has left" in browser.get(url(made)).content.decode()


def test_without_a_mail_server_the_page_says_what_is_missing(made: Made, settings: Settings) -> None:
    settings.ATTEST_SMTP_URL = ""
    made.browser("admin").post(url(made, "mail_test"))
    page = made.browser("admin").get(url(made)).content.decode()
    assert "No mail server is set up, so messages wait" in page and "Waiting" in page


def test_a_message_whose_text_is_wiped_cannot_be_tried_again(made: Made) -> None:
    made.browser("admin").post(url(made, "mail_test"))
    Message.objects.update(state=State.REFUSED, sealed=b"")
    (message,) = Message.objects.all()
    answer = made.browser("admin").post(url(made, "mail_again", message.pk), follow=True)
    assert b"of no use any more" in answer.content


def test_only_admins_see_it_and_nobody_sees_another_practices_or_a_logins_messages(made: Made) -> None:
    stranger = make_practice()
    stranger.browser("admin").post(url(stranger, "mail_test"))
    outbox.write("login.reset", address="somebody@else.example", words={"link": "https://x.example/"})
    (message,) = letters_to(stranger.admin.user.email)
    page = made.browser("admin").get(url(made)).content.decode()
    assert "A test message" not in page and "somebody@else.example" not in page
    assert made.browser("admin").post(url(made, "mail_again", message.pk)).status_code == 404
    for role in ("provider", "biller", "auditor", "support"):
        assert made.browser(role).get(url(made)).status_code == 403


def test_a_notice_is_told_by_mail_without_what_it_says(made: Made) -> None:
    sentence = "Somebody opened the chart that Zelda Quince, F41.1, is treated by."
    with made.inside():
        actions.tell([made.admin, made.admin], kind="test", sentence=sentence)
    (message,) = letters_to(made.admin.user.email, "notice")
    whole = message.subject + message.text
    assert made.organization.name in whole and reverse("practice:notices", args=[made.slug]) in whole
    assert not [word for word in ("Zelda", "Quince", "F41.1", "chart") if word in whole]


def test_no_message_of_a_whole_practice_names_its_client(made: Made) -> None:
    browser = made.browser("admin")
    typed = {"name": "Ines Ortega", "email": "ines@practice.example", "roles": ["biller"]}
    browser.post(reverse("practice:member_invite", args=[made.slug]), typed)
    browser.post(reverse("practice:recover", args=[made.slug, made.clinician.pk]))
    browser.post(url(made, "mail_test"))
    texts = [message.subject + message.text for message in Message.objects.all()]
    assert len(texts) == 4
    for name in (made.client.legal_first_name, made.client.legal_last_name):
        assert name and not [text for text in texts if name in text]
