"""A window in which somebody is signed in already: signing in itself is tried in `test_logins`."""

from importlib import import_module
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

from attest.practice.models import Member
from tests.factories import browser_of


def sign_in(page: Page, member: Member) -> None:
    """Give the window a session of the member, who has just proven both factors, and open their practice."""
    session = browser_of(member).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "localhost", "path": "/"}]
    )
    page.goto(f"/o/{member.organization.slug}/calendar/")


def authenticator(page: Page) -> None:
    """Give the window's device a fingerprint reader that always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def add_passkey(page: Page, name: str) -> None:
    """On the page that adds one: name it and touch the reader."""
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make the passkey").click()


def session_of(page: Page) -> Any:
    """The session that the window's cookie stands for."""
    (cookie,) = [c for c in page.context.cookies() if c["name"] == settings.SESSION_COOKIE_NAME]
    return import_module(settings.SESSION_ENGINE).SessionStore(cookie["value"])


def age_the_proof(page: Page, hours: float) -> None:
    """Make this login's last proof of identity that much older."""
    store = session_of(page)
    records = store["account_authentication_methods"]
    store["account_authentication_methods"] = [{**r, "at": r["at"] - hours * 3600} for r in records]
    store.save()
