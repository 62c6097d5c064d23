"""Where the site is reached, and that it is encrypted wherever it is not this very machine."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from attest.config.site import A_YEAR, site

HOST = "practice.example.com"


def test_without_a_word_the_site_is_on_this_machine_alone() -> None:
    found = site({})
    assert (found.url, found.https, found.hsts_seconds, found.proxies) == (
        "http://localhost:8000", False, 0, ()
    )  # fmt: skip
    assert set(found.hosts) == {"localhost", "127.0.0.1", "[::1]"}
    assert (found.cookie("sessionid"), found.chosen) == ("sessionid", False)


def test_a_port_of_ones_own_is_in_the_address() -> None:
    assert site({"PORT": "8123"}).url == "http://localhost:8123"


def test_an_encrypted_address_brings_strict_cookies_a_year_of_https_and_a_trusted_proxy_on_this_machine() -> (
    None
):
    found = site({"ATTEST_URL": f"https://{HOST}/"})
    assert (found.url, found.host, found.https) == (f"https://{HOST}", HOST, True)
    assert found.cookie("sessionid") == "__Host-sessionid"
    assert found.hsts_seconds == A_YEAR
    assert found.proxies == ("127.0.0.1", "::1")
    assert (found.origins, found.hosts) == ([f"https://{HOST}"], (HOST,))


def test_a_name_of_the_outside_means_https() -> None:
    found = site({"ATTEST_HOSTS": f"{HOST},localhost"})
    assert (found.url, found.https, found.hosts) == (f"https://{HOST}", True, (HOST, "localhost"))


def test_the_readiness_check_asks_for_a_name_that_the_site_answers_to() -> None:
    for environ in ({}, {"ATTEST_HOSTS": HOST}, {"ATTEST_URL": f"https://{HOST}:8443"}):
        found = site(environ)
        assert found.host.partition(":")[0] in found.hosts


@pytest.mark.parametrize(
    "environ",
    [
        {"ATTEST_URL": f"http://{HOST}"},
        {"ATTEST_URL": "http://localhost:8000", "ATTEST_HOSTS": HOST},
        {"ATTEST_URL": f"https://{HOST}/attest"},
        {"ATTEST_URL": HOST},
        {"ATTEST_URL": "ftp://localhost"},
        {"ATTEST_URL": f"https://{HOST}", "ATTEST_HSTS_SECONDS": "a year"},
        {"ATTEST_URL": f"https://{HOST}", "ATTEST_HSTS_SECONDS": "-1"},
    ],
)
def test_what_cannot_be_or_is_not_encrypted_is_refused_in_a_sentence(environ: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^[A-Za-z].+\.$"):
        site(environ)


def test_hsts_can_be_shortened_and_switched_off_and_proxies_named() -> None:
    environ = {
        "ATTEST_URL": f"https://{HOST}",
        "ATTEST_HSTS_SECONDS": "0",
        "ATTEST_TRUSTED_PROXIES": "10.0.0.5",
    }
    assert (site(environ).hsts_seconds, site(environ).proxies) == (0, ("10.0.0.5",))


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_typed_the_site_is_local_or_encrypted(url: str, hosts: str) -> None:
    try:
        found = site({"ATTEST_URL": url, "ATTEST_HOSTS": hosts})
    except (ImproperlyConfigured, ValueError):
        return
    assert found.https or found.host.partition(":")[0] in ("localhost", "127.0.0.1", "[")


def settings_with(**environ: str) -> dict[str, Any]:
    """The settings that a process with these variables runs with."""
    names = (
        "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT"
    )
    program = (
        "import json; from attest.config import settings as s;"
        f" print(json.dumps({{n: getattr(s, n) for n in '{names} SECURE_HSTS_SECONDS DEBUG'.split()}}))"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ATTEST_")}
    clean |= {"ATTEST_SECRET_KEY": "x" * 50, "ATTEST_HOME": os.environ["ATTEST_HOME"], **environ}
    said = subprocess.run(
        [sys.executable, "-c", program], env=clean, capture_output=True, check=True, text=True
    )
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def test_the_settings_follow_the_address() -> None:
    assert settings_with(ATTEST_URL=f"https://{HOST}") == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": A_YEAR,
        "DEBUG": False,
    }
    local = settings_with()
    assert not any(local[name] for name in local if name.startswith("SECURE") or name.endswith("SECURE"))
