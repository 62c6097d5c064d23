"""Every answer, whatever it is, says what a browser may do with it."""

from typing import Any

import pytest

from attest.core.access import Role
from attest.core.middleware import CSP
from tests.access.addresses import all_addresses
from tests.access.conftest import World
from tests.access.practices import browser_with, undone

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def faults_of(answer: Any) -> list[str]:
    """What is missing in the headers of an answer that is no file of the pages."""
    found = [f"{name}: {answer.get(name)}" for name, value in ALWAYS.items() if answer.get(name) != value]
    policy = answer.get("Content-Security-Policy", "")
    if policy != CSP and "sandbox" not in policy:
        found.append(f"Content-Security-Policy: {policy}")
    if "no-store" not in answer.get("Cache-Control", ""):
        found.append(f"Cache-Control: {answer.get('Cache-Control')}")
    if "publickey-credentials-get=(self)" not in answer.get("Permissions-Policy", ""):
        found.append("Permissions-Policy without passkeys")
    return found


@pytest.mark.parametrize(("who", "method"), [("nobody", "get"), (Role.ADMIN, "get"), (Role.SUPPORT, "post")])
def test_every_address_answers_with_every_header(world: World, who: Any, method: str) -> None:
    browser = browser_with(None if who == "nobody" else world.ours.members[who])
    wrong = []
    for address in all_addresses():
        ids = world.ours.ids(address) if address.of_a_practice else address.fillers
        with undone():
            answer: Any = getattr(browser, method)(address.at(world.ours.slug, ids))
        if faults := faults_of(answer):
            wrong.append(f"{method} {address.route} ({answer.status_code}): {faults}")
    assert not wrong, "\n".join(wrong)


def test_what_is_not_there_answers_with_every_header_too(world: World) -> None:
    browser = browser_with(world.ours.members[Role.ADMIN])
    for where in ("/nowhere/", f"/o/{world.ours.slug}/nowhere/", "/%00", f"/o/{world.ours.slug}/calendar"):
        assert not faults_of(browser.get(where)), where
    assert not faults_of(browser.post("/accounts/login/", {"x": "y" * 100_000}))
    assert not faults_of(browser.get("/", HTTP_HOST="elsewhere.example"))
    assert not faults_of(browser.delete("/"))


@pytest.mark.parametrize(
    "directive",
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ],
)
def test_the_policy_lets_pages_load_from_here_alone(directive: str) -> None:
    assert directive in [part.strip() for part in CSP.split(";")]
    assert "unsafe" not in CSP and "*" not in CSP and "http" not in CSP
