"""How often something may be tried: counted by all processes together, for each address and each login."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from attest.core import clock
from attest.core.addresses import client_address
from attest.core.logins.throttling import sentence
from attest.core.models import CacheEntry
from attest.core.shared_cache import SharedCache
from tests.factories import PASSWORD, Made, make_app, make_practice
from tests.factories.logins import code_of
from tests.practice.letters import path_to


def try_password(
    email: str, password: str = "not the password", address: str = "127.0.0.1"
) -> tuple[int, str]:
    typed = {"login": email, "password": password}
    answer = Browser(REMOTE_ADDR=address).post(reverse("account_login"), typed)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def made() -> Made:
    return make_practice()


@pytest.mark.django_db
def test_five_wrong_passwords_close_a_login_for_some_minutes_and_say_for_how_many(made: Made) -> None:
    email = made.clinician.user.email
    for _ in range(5):
        assert "do not belong together" in try_password(email)[1]
    assert "That was tried too often. Try again in 5 minutes." in try_password(email)[1]
    assert "Try again in 5 minutes." in try_password(email, PASSWORD)[1]  # the right one is not told apart
    assert try_password(made.admin.user.email, PASSWORD)[0] == 302


@pytest.mark.django_db
def test_a_right_password_does_not_count_and_wrong_ones_stay_counted(made: Made) -> None:
    email = made.clinician.user.email
    for _ in range(4):
        try_password(email)
    for _ in range(3):
        assert try_password(email, PASSWORD)[0] == 302
    assert "do not belong together" in try_password(email)[1]
    assert "tried too often" in try_password(email)[1]


@pytest.mark.django_db
def test_one_address_cannot_try_many_logins(made: Made) -> None:
    answers = [try_password(f"person{number}@practice.example")[1] for number in range(31)]
    assert all("tried too often" not in answer for answer in answers[:30])
    assert "tried too often" in answers[30] or "Wait a little" in answers[30]
    elsewhere = try_password("person@practice.example", address="203.0.113.9")[1]
    assert "do not belong together" in elsewhere


@pytest.mark.django_db
def test_guessing_second_steps_is_stopped_and_a_code_counts_once(made: Made) -> None:
    secret = make_app(made.clinician.user)
    browser = Browser()
    browser.post(reverse("account_login"), {"login": made.clinician.user.email, "password": PASSWORD})
    codes = [browser.post(reverse("mfa_authenticate"), {"code": f"00000{number}"}) for number in range(7)]
    assert "tried too often" in codes[-1].content.decode()
    right = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert right.status_code != 302 and "_auth_user_id" not in browser.session


@pytest.mark.django_db
def test_opening_links_of_messages_is_counted(made: Made) -> None:
    typed = {"name": "Ines", "email": "ines@practice.example", "roles": ["biller"]}
    made.browser("admin").post(reverse("practice:member_invite", args=[made.slug]), typed)
    path = path_to("ines@practice.example", "member.invited")
    answers = [Browser().post(path, {"name": "Ines", "password": "short"}).status_code for _ in range(31)]
    assert answers == [422] * 30 + [429]


ATTEMPT = """
import django; django.setup()
from django.core.cache import cache
print([cache.add("a test of two processes", True, 60), cache.get("counted by both")])
cache.set("counted by both", [2.5, 1.5], 60)
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together() -> None:
    name = connections["default"].settings_dict["NAME"]
    variables = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    parts = urlsplit(variables["APP_DATABASE_URL"])
    variables["APP_DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))

    def process() -> str:
        command = [sys.executable, "-c", ATTEMPT]
        return subprocess.run(
            command, env=variables, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert process() == "[True, None]"
    assert process() == "[False, [2.5, 1.5]]"
    assert cache.get("counted by both") == [2.5, 1.5] and not cache.add("a test of two processes", True, 60)
    cache.clear()


@pytest.mark.django_db
def test_the_shared_cache_forgets_in_time_and_holds_no_address_in_the_clear() -> None:
    cache.set("allauth:rl:login:ip:203.0.113.9", [1.0], 60)
    cache.set("gone", "x", -1)
    assert cache.get("gone", "nothing") == "nothing" and cache.add("gone", "y", 60)
    assert cache.get("gone") == "y"
    assert "203.0.113.9" not in str(list(CacheEntry.objects.values()))
    cache.set("short", 1, -5)
    assert SharedCache.forget_old() == 1
    assert not CacheEntry.objects.filter(until__lt=clock.real_now()).exists()
    cache.delete("gone")
    assert cache.get("gone") is None


@given(st.integers(min_value=-100, max_value=100_000))
def test_the_sentence_never_promises_too_early_a_time(seconds: int) -> None:
    minutes = int(sentence(seconds).rsplit(" in ", 1)[1].split()[0])
    assert minutes >= 1 and minutes * 60 >= seconds and (minutes - 1) * 60 < max(seconds, 1)


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        ("", "203.0.113.9", "198.51.100.1", "203.0.113.9"),  # nobody in front is trusted
        ("127.0.0.1", "203.0.113.9", "198.51.100.1", "203.0.113.9"),  # the visitor wrote it
        ("127.0.0.1", "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (
            "127.0.0.1",
            "127.0.0.1",
            "6.6.6.6, 198.51.100.1",
            "198.51.100.1",
        ),  # what they wrote before does not count
        ("127.0.0.1,10.0.0.0/8", "127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1,::1", "::1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("127.0.0.1", "127.0.0.1", "198.51.100.1:9999", "198.51.100.1"),
        ("127.0.0.1", "127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "", "198.51.100.1", "198.51.100.1"),  # by a socket of this machine
        ("", "", "198.51.100.1", "0.0.0.0"),
    ],
)
def test_whose_request_it_is_behind_web_servers_in_front(
    settings: Settings, proxies: str, remote: str, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = tuple(filter(None, proxies.split(",")))
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


@given(st.text(max_size=80))
def test_no_header_breaks_it(forwarded: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
    request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client_address(request) == "203.0.113.9"
