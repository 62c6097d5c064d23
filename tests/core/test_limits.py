"""What no page of ours sends is refused with a sentence, before it costs anything; HTTPS is insisted on."""

import socket
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.test import override_settings

from attest.config.gunicorn import hurry
from attest.config.site import A_YEAR
from tests.factories import make_practice

pytestmark = pytest.mark.django_db
HTTPS: dict[str, Any] = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": A_YEAR,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
}


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_not_answered(method: str) -> None:
    answer = getattr(Browser(), method)("/accounts/login/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")


def test_whoever_is_not_signed_in_has_nothing_long_to_say() -> None:
    answer = Browser().post("/accounts/login/", {"login": "x" * (settings.LARGEST_BODY_OF_NOBODY + 1)})
    assert answer.status_code == 413
    assert "too large to send" in answer.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"legal_last_name": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)},
        {f"f{n}": "1" for n in range(1001)},
    ],
    ids=["too much text", "too many fields"],
)
def test_a_form_larger_than_any_of_ours_gets_a_sentence_and_changes_nothing(fields: dict[str, str]) -> None:
    made = make_practice()
    answer = made.browser("provider").post(f"/o/{made.slug}/clients/new/", fields)
    assert answer.status_code == 413
    assert "what you typed is still in the form" in answer.content.decode()


def test_a_body_beyond_every_file_is_refused_by_its_announced_length_and_not_read() -> None:
    made = make_practice()
    answer = made.browser("provider").generic(
        "POST", f"/o/{made.slug}/clients/new/", b"x", CONTENT_LENGTH=str(settings.LARGEST_BODY + 1)
    )
    assert answer.status_code == 413


def test_behind_https_plain_requests_are_redirected_and_cookies_never_leave_it() -> None:
    with override_settings(**HTTPS):
        plain = Browser().get("/accounts/login/")
        assert (plain.status_code, plain["Location"]) == (301, "https://testserver/accounts/login/")
        secure = Browser().get("/accounts/login/", secure=True)
    assert secure["Strict-Transport-Security"] == f"max-age={A_YEAR}"
    cookie = secure.cookies["__Host-csrftoken"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_on_this_machine_it_works_without_https() -> None:
    answer = Browser().get("/accounts/login/")
    assert answer.status_code == 200 and "Strict-Transport-Security" not in answer


def test_a_visitor_who_sends_nothing_is_let_go() -> None:
    with socket.socket() as listener, socket.socket() as visitor:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        hurry(listener, seconds=1)
        visitor.connect(listener.getsockname())
        taken, _ = listener.accept()
        with taken, pytest.raises(BlockingIOError):
            taken.recv(1)
