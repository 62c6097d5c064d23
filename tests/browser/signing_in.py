"""A window in which somebody is signed in already: signing in itself is tried in `test_logins`."""

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
