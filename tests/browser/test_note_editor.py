"""A therapist writes and signs a note in the browser, saved as it is typed, the last note and the checks beside it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from attest.calendar.models import Session
from attest.notes.models import Note, NoteVersion
from tests.browser.conftest import Live
from tests.browser.signing_in import sign_in
from tests.factories import Made, make_practice, make_session
from tests.notes.conftest import COMPLETE, drafted, signed
from tests.notes.pages import url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(live: Live) -> Made:
    return make_practice()


@pytest.fixture
def session(made: Made) -> Session:
    """Yesterday's session, a week after one with a signed note."""
    session = make_session(made.client, modality="video", client_at_home=True)
    earlier = make_session(made.client, starts_at=session.starts_at - timedelta(days=7))
    with made.inside():
        signed(made, drafted(made, earlier))
    return session


def test_a_note_is_written_with_the_last_one_beside_it_and_signed_by_keyboard(
    made: Made, session: Session, page: Page, axe: Callable[[Page], None]
) -> None:
    sign_in(page, made.clinician)
    page.goto(url(made, session))
    axe(page)
    page.get_by_role("button", name="SOAP").click()
    expect(page.get_by_role("heading", name="Subjective", level=2)).to_be_visible()
    axe(page)

    page.get_by_label("Client", exact=True).check()
    page.get_by_label("What the client brought").fill("Slept through twice; the review at work went well.")
    page.get_by_label("Effect on daily life").fill("Went to work on all five days.")
    page.get_by_label("Asked, and the client denies any such thoughts").check()
    page.get_by_label("Alert and oriented").check()
    expect(page.locator("[data-saved-state]")).to_have_text(re.compile(r"^Saved \d"))

    page.get_by_role("button", name="Checks").click()
    beside = page.locator("#note-side")
    beside.get_by_text(re.compile(r"\d+ in place")).click()
    expect(beside.get_by_text("What the client brought is filled in.")).to_be_visible()
    expect(beside.get_by_role("link", name="Plan is still empty.")).to_be_visible()
    axe(page)

    page.get_by_role("button", name="Last note").click()
    page.get_by_role("button", name="Copy Plan into empty fields").click()
    plan = page.get_by_role("textbox", name="Plan")
    expect(plan).to_have_value(str(COMPLETE["plan"]))
    mark = page.get_by_text("Word for word from the last note").locator("visible=true")
    expect(mark).to_have_count(1)
    plan.press("End")
    plan.press_sequentially(" Then every other week.")
    expect(mark).to_have_count(0)

    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("things to mend")
    axe(page)
    with made.inside():
        assert not NoteVersion.objects.filter(note__session=session).exists()

    page.get_by_role("link", name="What you did: Needed before you sign.").click()
    expect(page.get_by_label("What you did")).to_be_focused()
    page.keyboard.type("Behavioral activation; planned two evenings.")
    page.get_by_label("How the client responded").fill("Chose both evenings herself.")
    page.get_by_label("Moved forward").check()
    page.get_by_label("Which goal, and what shows it").fill("Goal 1: two good nights, from none.")
    page.get_by_label("Why care is still needed").fill("Sleep is not yet steady.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Note signed and locked.")).to_be_visible()
    expect(page.get_by_text("Signed electronically by Morgan Reyes, LCSW")).to_be_visible()
    axe(page)
    with made.inside():
        content = NoteVersion.objects.get(note__session=session).content
        assert content["plan"] == f"{COMPLETE['plan']} Then every other week."
        assert content["interventions"] == "Behavioral activation; planned two evenings."


def test_two_tabs_never_overwrite_each_other(
    made: Made, session: Session, context_of: Callable[..., BrowserContext]
) -> None:
    with made.inside():
        drafted(made, session)
    context = context_of()
    first, second = context.new_page(), context.new_page()
    sign_in(first, made.clinician)
    for tab in (first, second):
        tab.goto(url(made, session))
    first.get_by_role("textbox", name="Plan").fill("Written in the first tab.")
    expect(first.locator("[data-saved-state]")).to_have_text(re.compile(r"^Saved \d"))
    second.get_by_role("textbox", name="Plan").fill("Written in the second tab.")
    expect(second.get_by_role("alert")).to_contain_text("changed in another tab")
    expect(second.get_by_role("textbox", name="Plan")).to_have_value("Written in the second tab.")
    with made.inside():
        assert Note.objects.get(session=session).content["plan"] == "Written in the first tab."


def test_the_note_fits_a_phone(
    made: Made, session: Session, phone: Page, axe: Callable[[Page], None]
) -> None:
    with made.inside():
        drafted(made, session)
    sign_in(phone, made.clinician)
    phone.goto(url(made, session))
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(phone.get_by_role("button", name="Sign note")).to_be_in_viewport()
    axe(phone)
    phone.get_by_role("button", name="Sign note").click()
    expect(phone.get_by_text("Note signed and locked.")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
