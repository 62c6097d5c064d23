"""A message is a row first and leaves once: by SMTP, over TLS, tried again while that helps, never twice by itself."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from attest.core import clock, letters, outbox
from attest.core.outbox import Message, State
from attest.gateways.mail import sending
from attest.gateways.mail.smtp import AddressRefused, SmtpServer
from tests.gateways.mailserver import PASSWORD, USER, MailServer, make_certificate, running

pytestmark = pytest.mark.django_db
LINK = "https://practice.example/accounts/password/reset/a-secret-token/"


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """A mail server that the settings name."""
    with running() as server:
        settings.ATTEST_SMTP_URL = server.url
        settings.ATTEST_MAIL_FROM = "Harbor Light <no-reply@practice.example>"
        yield server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def write(kind: str = "login.reset", **more: Any) -> Message:
    values = {"address": "ada@practice.example", "words": {"link": LINK}} | more
    return outbox.write(kind, **values)


def again(message: Message) -> Message:
    message.refresh_from_db()
    return message


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(due_at=clock.real_now())


def test_a_message_reaches_its_reader_as_it_was_written(server: MailServer) -> None:
    message = write()
    assert sending.send(message.pk) is State.SENT
    (taken,) = server.taken
    assert taken["To"] == "ada@practice.example"
    assert taken["From"] == "Harbor Light <no-reply@practice.example>"
    assert taken["Subject"] == "Choose a new password"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Message-ID"] == f"<{message.pk}@practice.example>"
    assert LINK in taken.get_content().splitlines()


def test_the_worker_is_asked_for_it_only_if_the_transaction_commits() -> None:
    message = write()
    jobs = ProcrastinateJob.objects.filter(task_name=outbox.SEND).values_list("args", flat=True)
    assert list(jobs) == [{"message_id": str(message.pk)}]


def test_the_text_lies_sealed_until_it_is_sent_and_nowhere_after(server: MailServer) -> None:
    message = write()
    assert LINK.encode() not in bytes(again(message).sealed) and LINK in message.text
    sending.send(message.pk)
    assert not again(message).sealed and not message.text


def test_what_was_sent_is_never_sent_again(server: MailServer) -> None:
    message = write()
    sending.send(message.pk)
    assert sending.send(message.pk) is None and sending.send_all_due() == 0
    assert not outbox.again(again(message))
    assert len(server.taken) == 1


def test_a_server_that_is_busy_is_asked_again_after_growing_waits(server: MailServer) -> None:
    server.answer = "450 mailbox busy"
    message = write()
    waits = []
    for _ in range(4):
        make_due(message)
        assert sending.send(message.pk) is State.WAITING
        assert sending.send(message.pk) is None  # it is not due yet
        waits.append(round((again(message).due_at - clock.real_now()).total_seconds() / 60))
    assert waits == [1, 2, 4, 8]
    assert message.problem == "450 mailbox busy" and message.attempts == 4
    server.answer = "250 OK"
    make_due(message)
    assert sending.send_all_due() == 1 and len(server.taken) == 1


def test_the_waits_never_grow_beyond_four_hours(server: MailServer) -> None:
    server.answer_to_data = "451 try later"
    message = write()
    Message.objects.filter(pk=message.pk).update(attempts=30)
    assert sending.send(message.pk) is State.WAITING
    assert again(message).due_at - clock.real_now() < timedelta(hours=4)


@pytest.mark.parametrize("where", ["answer", "answer_to_data"])
def test_a_server_that_refuses_for_good_is_not_asked_again_and_its_reason_is_kept(
    server: MailServer, where: str
) -> None:
    setattr(server, where, "550 no such mailbox")
    message = write()
    assert sending.send(message.pk) is State.REFUSED
    assert again(message).problem == "550 no such mailbox"
    make_due(message)
    assert sending.send_all_due() == 0


def test_a_server_that_is_away_keeps_the_message_waiting(settings: Settings) -> None:
    with running() as server:
        settings.ATTEST_SMTP_URL = server.url
    message = write()
    assert sending.send(message.pk) is State.WAITING
    assert "does not answer" in again(message).problem


def test_an_unknown_outcome_is_said_and_never_repeated_by_itself(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.hang_up = True
    message = write()
    assert sending.send(message.pk) is State.UNKNOWN
    assert "may or may not have left" in caplog.text and "ada@" not in caplog.text
    make_due(message)
    assert sending.send_all_due() == 0 and len(server.taken) == 1
    server.hang_up = False
    assert outbox.again(again(message))
    assert sending.send(message.pk) is State.SENT
    assert server.taken[0]["Message-ID"] == server.taken[1]["Message-ID"]


def test_a_worker_that_died_while_sending_leaves_an_unknown_outcome(server: MailServer) -> None:
    message = write()
    began = clock.real_now() - sending.LOST_AFTER - timedelta(seconds=1)
    Message.objects.filter(pk=message.pk).update(state=State.SENDING, started_at=began)
    assert sending.send_all_due() == 0
    assert again(message).state == State.UNKNOWN and not server.taken


def test_two_workers_never_carry_the_same_message(server: MailServer) -> None:
    message = write()
    Message.objects.filter(pk=message.pk).update(state=State.SENDING, started_at=clock.real_now())
    assert sending.send(message.pk) is None and sending.send_all_due() == 0


def test_what_is_of_no_use_any_more_is_given_up_and_wiped(server: MailServer) -> None:
    message = write()
    Message.objects.filter(pk=message.pk).update(useless_at=clock.real_now())
    assert sending.send_all_due() == 0 and not server.taken
    assert again(message).state == State.REFUSED and message.problem == sending.TOO_LATE
    assert not message.sealed


def test_without_a_mail_server_messages_wait_until_there_is_one(settings: Settings) -> None:
    settings.ATTEST_SMTP_URL = ""
    message = write()
    assert sending.send(message.pk) is None and sending.send_all_due() == 0
    assert again(message).state == State.WAITING and message.attempts == 0


def test_the_password_is_said_only_over_tls_and_the_certificate_is_looked_at(
    settings: Settings, certificate: Path
) -> None:
    with running(tls=certificate, password=True) as server:
        address = f"smtp://{USER}:{PASSWORD.replace(' ', '%20')}@localhost:{server.port}?tls=yes"
        settings.ATTEST_SMTP_URL = address
        message = write()
        assert sending.send(message.pk) is State.WAITING
        assert "certificate" in again(message).problem.lower() and not server.taken
        settings.ATTEST_SMTP_CA = str(certificate / "certificate.pem")
        make_due(message)
        assert sending.send(message.pk) is State.SENT
        assert server.secure == [True]


def test_a_wrong_password_of_ours_is_shown_and_the_message_waits(
    settings: Settings, certificate: Path
) -> None:
    with running(tls=certificate, password=True) as server:
        settings.ATTEST_SMTP_URL = f"smtp://{USER}:wrong@localhost:{server.port}?tls=yes"
        settings.ATTEST_SMTP_CA = str(certificate / "certificate.pem")
        message = write()
        assert sending.send(message.pk) is State.WAITING
        assert "does not take our name and password" in again(message).problem


def test_a_server_without_tls_is_told_nothing() -> None:
    with running() as server:
        elsewhere = SmtpServer("127.0.0.1", server.port, starttls=True)
        with pytest.raises(Exception, match="TLS"):
            elsewhere.carry(sending.composed(write()))
        assert not server.taken


@pytest.mark.parametrize(
    ("address", "starttls", "implicit", "port"),
    [
        ("smtp://mail.example", True, False, 587),
        ("smtp://localhost:2525", False, False, 2525),
        ("smtp://localhost:2525?tls=yes", True, False, 2525),
        ("smtps://u:p%40ss@mail.example", False, True, 465),
    ],
)
def test_tls_is_demanded_of_every_server_but_one_on_this_machine(
    address: str, starttls: bool, implicit: bool, port: int
) -> None:
    server = SmtpServer.at(address)
    assert (server.starttls, server.implicit_tls, server.port) == (starttls, implicit, port)
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize("address", ["mail.example", "http://mail.example", "smtp://", "smtp://host:port"])
def test_an_address_of_another_form_is_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(AddressRefused, match="ATTEST_SMTP_URL"):
        SmtpServer.at(address)


# -- what a message may say ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(letters.letters()))
def test_no_kind_of_message_has_room_for_anything_about_a_client(kind: str) -> None:
    form = letters.letters()[kind]
    words = set(re.findall(r"\{(\w*)\}", form.subject + form.text))
    assert words <= {"practice", "who", "person", "link", "stop_link", "until"}
    _, text = letters.worded(kind, dict.fromkeys(words, "something"))
    assert "{" not in text and letters.FOOT in text


def test_a_word_that_a_message_must_not_hold_is_refused() -> None:
    with pytest.raises(LookupError, match="must not tell client"):
        letters.letter("x", "x", "About {client}", useful_for=timedelta(1))
    with pytest.raises(LookupError, match="must not tell diagnosis"):
        letters.worded("login.reset", {"link": LINK, "diagnosis": "F41.1"})


def test_a_name_cannot_add_a_line_or_a_header(server: MailServer) -> None:
    words = {"practice": "Harbor\r\nBcc: x@y.example", "who": "Ada\n\nOpen https://evil.example"}
    message = write("mail.test", words=words)
    assert sending.send(message.pk) is State.SENT
    (taken,) = server.taken
    assert taken["Bcc"] is None and taken["Subject"] == "A test message from Harbor Bcc: x@y.example"
    assert not [line for line in taken.get_content().splitlines() if line.startswith("Open")]
