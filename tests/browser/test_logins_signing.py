"""Somebody who has no password signs and confirms: the fresh proof comes from the passkey, and what was typed waits."""

import re

import pytest
from playwright.sync_api import Page, expect

from attest.notes.models import NoteVersion
from tests.browser.confirming import held, the_button
from tests.browser.confirming import url as confirm_url
from tests.browser.conftest import Live
from tests.browser.signing_in import add_passkey, age_the_proof, authenticator, sign_in
from tests.confirmation.hands import type_details, write
from tests.factories import Made, make_practice, make_session
from tests.notes.conftest import drafted
from tests.notes.pages import url as note_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(live: Live) -> Made:
    return make_practice()


@pytest.fixture(params=["page", "phone"])
def window(request: pytest.FixtureRequest, made: Made) -> Page:
    """The window of somebody who came in by passkey, has no password, and proved nothing for thirteen hours."""
    page: Page = request.getfixturevalue(request.param)
    authenticator(page)
    sign_in(page, made.clinician)
    page.goto("/accounts/me/passkeys/add/")
    add_passkey(page, "This laptop")
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    made.clinician.user.set_unusable_password()
    made.clinician.user.save()
    page.goto(f"/o/{made.slug}/claims/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Claims", level=1)).to_be_visible()
    age_the_proof(page, 13)
    return page


def test_confirming_and_signing(made: Made, window: Page) -> None:
    session = held(made)
    with made.inside():
        write(made, session)
        type_details(session)
    window.goto(confirm_url(made, session))
    expect(window.get_by_text("You are asked who you are first; everything is kept.")).to_be_visible()
    window.get_by_role("textbox", name="Plan").fill("Typed just before the press.")
    the_button(window).click()
    expect(window.get_by_text("Everything is saved.")).to_be_visible()
    window.get_by_role("button", name="Use a passkey").click()
    window.wait_for_url(re.compile(confirm_url(made, session)))
    expect(window.get_by_role("textbox", name="Plan")).to_have_value("Typed just before the press.")
    the_button(window).click()
    expect(window.get_by_text("Note signed and session confirmed.")).to_be_visible()
    with made.inside():
        assert NoteVersion.objects.get().content["plan"] == "Typed just before the press."


def test_signing_the_note_alone(made: Made, window: Page) -> None:
    session = make_session(made.client)
    with made.inside():
        drafted(made, session)
    window.goto(note_url(made, session))
    window.get_by_role("textbox", name="Plan").fill("Typed just before the press.")
    window.get_by_role("button", name="Sign note").click()
    expect(window.get_by_text("Your draft is saved.")).to_be_visible()
    window.get_by_role("button", name="Use a passkey").click()
    expect(window.get_by_role("textbox", name="Plan")).to_have_value("Typed just before the press.")
    window.get_by_role("button", name="Sign note").click()
    expect(window.get_by_text("Note signed and locked.")).to_be_visible()
