"""Coming in and staying in, in a browser: an invitation, a new password, and the lock of a screen nobody uses."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, Page, expect

from attest.calendar.models import Session
from attest.notes.models import Note
from attest.practice.models import Member
from tests.browser.conftest import PHONE, Live
from tests.browser.signing_in import add_passkey, authenticator, sign_in
from tests.factories import PASSWORD, Made, make_practice, make_session
from tests.notes.conftest import drafted
from tests.notes.pages import url as note_url
from tests.practice.letters import path_to

pytestmark = pytest.mark.django_db(transaction=True)
OWN = "four quiet herons waiting"
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def made(live: Live) -> Made:
    return make_practice()


@pytest.fixture
def session(made: Made) -> Session:
    """Yesterday's session with a draft of its note."""
    session = make_session(made.client)
    with made.inside():
        drafted(made, session)
    return session


@pytest.fixture(params=["desktop", "phone"])
def window(request: pytest.FixtureRequest) -> Page:
    """A window of either size."""
    page: Page = request.getfixturevalue("page" if request.param == "desktop" else "phone")
    return page


def picture(page: Page, name: str) -> None:
    if PICTURES:
        size = "phone" if page.viewport_size == PHONE else "desktop"
        page.screenshot(path=Path(PICTURES) / f"{name}-{size}.png", full_page=True)


def looks_right(page: Page, axe: Callable[[Page], None], name: str) -> None:
    """Nothing is cut off, nothing is inaccessible."""
    picture(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    axe(page)


def test_an_invited_person_comes_in(made: Made, window: Page, axe: Callable[[Page], None]) -> None:
    sign_in(window, made.admin)
    window.goto(f"/o/{made.slug}/settings/members/")
    window.get_by_role("link", name="Invite somebody").click()
    looks_right(window, axe, "invite")
    window.get_by_label("Name").fill("Ines Ortega")
    window.get_by_label("Email").fill("ines@practice.example")
    window.get_by_label("Biller: claims, payers and fees, never a note").check()
    window.get_by_role("button", name="Send the invitation").click()
    expect(window.get_by_text("The link works until")).to_be_visible()
    looks_right(window, axe, "members")
    window.get_by_role("button", name="Send again").click()
    expect(window.get_by_text("The invitation is on its way again.")).to_be_visible()

    window.context.clear_cookies()
    window.goto(path_to("ines@practice.example", "member.invited"))
    expect(window.get_by_role("heading", name="Join Harbor Light Counseling")).to_be_visible()
    looks_right(window, axe, "invitation")
    password = window.get_by_label("Password", exact=True)
    password.fill("too short")
    expect(window.get_by_text("3 more characters needed.")).to_be_visible()
    window.get_by_role("button", name="Accept and go on").click()
    expect(window.get_by_role("alert")).to_contain_text("A password has at least 12 characters.")
    looks_right(window, axe, "invitation-refused")
    password.fill(OWN)
    expect(window.get_by_text("Very strong.")).to_be_visible()
    window.get_by_role("button", name="Show Password").click()
    expect(password).to_have_attribute("type", "text")
    window.get_by_role("button", name="Accept and go on").click()
    window.wait_for_url("**/accounts/me/set-up/**")
    assert Member.objects.get(user__email="ines@practice.example").user.check_password(OWN)


def test_a_forgotten_password_is_replaced(made: Made, window: Page, axe: Callable[[Page], None]) -> None:
    email = made.clinician.user.email
    window.goto("/accounts/login/")
    looks_right(window, axe, "login")
    window.get_by_role("link", name="Forgot your password?").click()
    looks_right(window, axe, "reset-ask")
    window.get_by_label("Email").fill(email)
    window.get_by_role("button", name="Send the link").click()
    expect(window.get_by_role("heading", name="Look into your mail")).to_be_visible()
    looks_right(window, axe, "reset-asked")
    window.goto(path_to(email, "login.reset"))
    assert "set-password" in window.url  # the token does not stay in the address
    looks_right(window, axe, "reset-new")
    window.get_by_label("New password", exact=True).fill(OWN)
    if window.get_by_label("Once more").count():
        window.get_by_label("Once more").fill(OWN)
    window.get_by_role("button", name="Set this password").click()
    expect(window.get_by_role("heading", name="Your new password is set")).to_be_visible()
    looks_right(window, axe, "reset-done")
    made.clinician.user.refresh_from_db()
    assert made.clinician.user.check_password(OWN)


def lose(page: Page, minutes: int) -> None:
    """On the server so many minutes go by in which nobody uses the window's login."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    store = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
    store["signed_in_at"] -= minutes * 60
    for record in store["account_authentication_methods"]:
        record["at"] -= minutes * 60
    store.save()
    page.context.clear_cookies(name="seen")


def test_half_a_note_survives_the_lock_of_the_screen(
    made: Made, session: Session, window: Page, axe: Callable[[Page], None]
) -> None:
    sign_in(window, made.clinician)
    window.clock.install()
    window.goto(note_url(made, session))
    plan = window.get_by_role("textbox", name="Plan")
    with window.expect_response(re.compile("/note/side/")):  # what stands beside follows what is saved
        plan.fill("Half a sentence about next")
    expect(window.locator("[data-saved-state]").first).to_have_text(re.compile(r"^Saved \d"))
    # A request under way would take the jump of the clock for its own time.
    expect(window.locator(".htmx-request")).to_have_count(0)
    title = window.title()
    plan.press_sequentially(" week")
    window.clock.fast_forward("15:30")
    lock = window.get_by_role("dialog", name="Locked")
    expect(lock).to_be_visible()
    expect(plan).not_to_be_visible()
    assert window.title() == "Locked" and "Locked" not in title
    window.keyboard.press("Escape")
    expect(lock).to_be_visible()
    looks_right(window, axe, "lock")

    lock.get_by_label("Your password", exact=True).fill("not the password")
    lock.get_by_role("button", name="Unlock").click()
    expect(lock.get_by_role("alert")).to_have_text("This is not your password. Type it again.")
    axe(window)
    lock.get_by_label("Your password", exact=True).fill(PASSWORD)
    window.keyboard.press("Enter")
    expect(lock).not_to_be_visible()
    expect(plan).to_have_value("Half a sentence about next week")
    with window.expect_response(lambda answer: "review." in (answer.request.post_data or "")):
        plan.press_sequentially(", then review.")
    expect(window.locator("[data-saved-state]").first).to_have_text(re.compile(r"^Saved \d"))
    window.reload()
    expect(plan).to_have_value("Half a sentence about next week, then review.")
    with made.inside():
        assert Note.objects.get(session=session).content["plan"].endswith("week, then review.")


def test_what_is_typed_after_the_server_locked_is_saved_once_it_is_unlocked(
    made: Made, session: Session, window: Page
) -> None:
    sign_in(window, made.clinician)
    window.goto(note_url(made, session))
    lose(window, 20)
    plan = window.get_by_role("textbox", name="Plan")
    plan.fill("Typed while the server no longer listened.")
    lock = window.get_by_role("dialog", name="Locked")
    expect(lock).to_be_visible()
    with made.inside():
        assert (
            Note.objects.get(session=session).content["plan"] != "Typed while the server no longer listened."
        )
    lock.get_by_label("Your password", exact=True).fill(PASSWORD)
    lock.get_by_role("button", name="Unlock").click()
    expect(lock).not_to_be_visible()
    expect(window.locator("[data-saved-state]").first).to_have_text(re.compile(r"^Saved \d"))
    expect(plan).to_have_value("Typed while the server no longer listened.")
    with made.inside():
        assert (
            Note.objects.get(session=session).content["plan"] == "Typed while the server no longer listened."
        )


def test_use_in_one_tab_keeps_the_others_open_and_unlocking_one_unlocks_them(
    made: Made, session: Session, context_of: Callable[..., BrowserContext]
) -> None:
    context = context_of()
    first, second = context.new_page(), context.new_page()
    sign_in(first, made.clinician)
    for tab in (first, second):
        tab.clock.install()
        tab.goto(note_url(made, session))
    for tab in (first, second):
        tab.wait_for_load_state("networkidle")
        tab.clock.fast_forward("15:30")
        expect(tab.get_by_role("dialog", name="Locked")).to_be_visible()
    first.get_by_label("Your password", exact=True).fill(PASSWORD)
    first.keyboard.press("Enter")
    for tab in (first, second):
        expect(tab.get_by_role("dialog", name="Locked")).not_to_be_visible()


def test_a_passkey_unlocks_the_screen(made: Made, page: Page) -> None:
    authenticator(page)
    sign_in(page, made.clinician)
    page.goto("/accounts/me/passkeys/add/")
    add_passkey(page, "This laptop")
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    page.clock.install()
    page.goto(f"/o/{made.slug}/settings/")
    page.wait_for_load_state("networkidle")
    page.clock.fast_forward("15:30")
    lock = page.get_by_role("dialog", name="Locked")
    lock.get_by_role("button", name="Use a passkey").click()
    expect(lock).not_to_be_visible()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_a_lost_second_step_is_confirmed_and_stopped(
    made: Made, window: Page, axe: Callable[[Page], None]
) -> None:
    email = made.clinician.user.email
    sign_in(window, made.admin)
    window.goto(f"/o/{made.slug}/settings/members/{made.clinician.pk}/")
    looks_right(window, axe, "member")
    window.get_by_role("button", name="Begin: they lost it").click()
    expect(window.get_by_text("Every admin is told and can stop it.")).to_be_visible()
    looks_right(window, axe, "members-recovery")
    window.context.clear_cookies()
    window.goto(path_to(email, "recovery.confirm"))
    looks_right(window, axe, "recovery-confirm")
    window.get_by_label("Your password", exact=True).fill(PASSWORD)
    window.get_by_role("button", name="Yes, I lost it").click()
    expect(window.get_by_role("heading", name="Confirmed: now the waiting time runs")).to_be_visible()
    looks_right(window, axe, "recovery-waits")
    window.goto(path_to(made.admin.user.email, "recovery.waiting"))
    looks_right(window, axe, "recovery-stop")
    window.get_by_role("button", name="Stop it").click()
    expect(window.get_by_role("heading", name="It was stopped")).to_be_visible()


def test_the_mail_page_shows_what_waits(made: Made, window: Page, axe: Callable[[Page], None]) -> None:
    sign_in(window, made.admin)
    window.goto(f"/o/{made.slug}/settings/mail/")
    looks_right(window, axe, "mail-empty")
    window.get_by_role("button", name="Send me a test message").click()
    expect(window.get_by_text("A test message from Harbor Light Counseling")).to_be_visible()
    looks_right(window, axe, "mail")
