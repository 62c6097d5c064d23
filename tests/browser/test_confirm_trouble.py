"""Confirming when something is in the way, changes meanwhile or is pressed twice: nothing lost, nothing done twice."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from attest.calendar import actions as calendar
from attest.calendar.models import Session
from attest.claims.models import Claim
from attest.clients.models import Coverage, PaymentMethod
from attest.confirmation.models import Confirmation
from attest.notes.models import Note, NoteVersion
from tests.browser.confirming import (
    WRITTEN,
    affirm,
    consequences,
    held,
    missing,
    open_confirm,
    panel_url,
    saved,
    the_button,
    url,
    write_note,
)
from tests.browser.conftest import Live
from tests.browser.signing_in import age_the_proof, sign_in
from tests.confirmation.hands import type_details, write
from tests.factories import PASSWORD, Made, code_of, make_app, make_practice

pytestmark = pytest.mark.django_db(transaction=True)
OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def made(live: Live) -> Made:
    return make_practice()


@pytest.fixture
def session(made: Made) -> Session:
    return held(made)


@pytest.fixture
def ready(made: Made, session: Session) -> Session:
    """A session with a complete draft and every detail: one press from confirmed."""
    with made.inside():
        write(made, session)
        type_details(session)
    return session


def confirmed_once(made: Made) -> bool:
    with made.inside():
        counts = [rows.objects.count() for rows in (Confirmation, NoteVersion, Claim)]
    return counts == [1, 1, 1]


def nothing_confirmed(made: Made) -> bool:
    with made.inside():
        return not any(rows.objects.exists() for rows in (Confirmation, NoteVersion, Claim))


def test_what_is_missing_is_gone_to_when_pressed_and_said_where_it_is(
    made: Made, session: Session, page: Page, axe: Callable[[Page], None]
) -> None:
    open_confirm(page, made, session)
    the_button(page).click()
    expect(page.get_by_role("alert").filter(has_text="3 things are still missing")).to_be_visible()
    expect(affirm(page)).to_be_focused()
    expect(affirm(page)).to_be_in_viewport()
    expect(page.locator("#times-missing")).to_have_text("Affirm that these are the actual times.")
    axe(page)
    page.keyboard.press("Space")
    expect(page.locator("#times-missing")).to_be_hidden()
    expect(page.locator("#times-state").get_by_role("img", name="Complete")).to_be_visible()
    missing(page).get_by_role("link", name="Fix : Choose a diagnosis.").click()
    expect(page.get_by_role("combobox", name="Find a diagnosis")).to_be_focused()
    page.locator("#bar-follow").get_by_role("link", name="2 things missing").click()
    expect(page.get_by_role("combobox", name="Find a diagnosis")).to_be_focused()

    page.get_by_text("Template on my own").click()
    page.get_by_role("button", name="DAP").click()
    write_note(page, leave_out=["What you did", "Plan"])
    saved(page)
    the_button(page).click()
    expect(page.get_by_role("alert").filter(has_text="2 things are still missing")).to_be_visible()
    note = page.locator("#note-form")
    expect(note.get_by_text("Needed before you sign.")).to_have_count(2)
    did = note.get_by_role("textbox", name="What you did")
    did.fill("Named the thought; weighed it.")
    expect(note.get_by_text("Needed before you sign.")).to_have_count(1)
    missing(page).get_by_role("link", name=re.compile("Fix : Still empty in the note: Plan.")).click()
    expect(note.get_by_role("textbox", name="Plan")).to_be_focused()
    assert nothing_confirmed(made)


def test_a_fix_leads_away_and_back_with_everything_as_typed(made: Made, session: Session, page: Page) -> None:
    with made.inside():
        PaymentMethod.objects.all().delete()
        made.organization.__class__.objects.filter(pk=made.organization.pk).update(line1="PO Box 5")
    open_confirm(page, made, session)
    stop = page.get_by_role("textbox", name="Actual stop")
    typed = stop.input_value().replace(":50", ":49")
    stop.fill(typed)
    expect(missing(page)).to_contain_text("The practice's address: A PO box is not allowed here.")
    expect(missing(page)).to_contain_text("Who acts: Robin Vale (practice admin)")
    expect(missing(page).get_by_role("link", name=re.compile("Fix : The practice's address"))).to_have_count(
        0
    )
    missing(page).get_by_role("link", name="Fix : The client has no payment method on file.").click()
    page.get_by_label("Last four digits").fill("4321")
    page.get_by_label("Brand").fill("Visa")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(f"{url(made, session)}$"))
    expect(stop).to_have_value(typed)
    expect(missing(page)).not_to_contain_text("payment method")
    expect(consequences(page)).to_contain_text("Visa ending 4321")

    # The browser's own way back shows the page as it is now, not as it was: what is typed there is saved.
    affirm(page).check()
    page.get_by_role("link", name="Session", exact=True).click()
    page.wait_for_url(re.compile(f"{panel_url(made, session)}$"))
    page.go_back()
    expect(affirm(page)).to_be_checked()
    stop.fill(typed.replace(":49", ":48"))
    saved(page)
    expect(page.locator("[data-conflict]")).to_have_count(0)


def test_two_tabs_never_overwrite_each_other_and_pressing_both_confirms_once(
    made: Made, ready: Session, context_of: OpenContext
) -> None:
    context = context_of()
    first, second, third = context.new_page(), context.new_page(), context.new_page()
    open_confirm(first, made, ready)
    for tab in (second, third):
        tab.goto(url(made, ready))
    minutes = "Minutes to leave out"
    for tab in (first, second):
        tab.get_by_text("Breaks, or past midnight").click()
    first.get_by_label(minutes).fill("5")
    saved(first)
    second.get_by_label(minutes).fill("15")
    expect(second.get_by_role("alert")).to_contain_text("changed in another tab")
    expect(second.get_by_label(minutes)).to_have_value("15")
    the_button(second).click()
    expect(second.get_by_role("alert")).to_contain_text("changed in another tab")
    assert nothing_confirmed(made)
    second.reload()
    expect(second.get_by_label(minutes)).to_have_value("5")

    the_button(second).click()
    expect(second.get_by_text("Note signed and session confirmed.")).to_be_visible()
    the_button(first).click()
    expect(
        first.get_by_text("There is nothing to confirm: this session is marked “Confirmed”.")
    ).to_be_visible()
    third.get_by_role("textbox", name="Plan").fill("Written too late.")
    expect(third.get_by_role("alert")).to_be_visible()
    assert confirmed_once(made)


def test_a_double_click_confirms_once_and_the_way_back_says_so(
    made: Made, ready: Session, page: Page
) -> None:
    open_confirm(page, made, ready)
    the_button(page).dblclick()
    expect(page.get_by_text("Note signed and session confirmed.")).to_be_visible()
    assert confirmed_once(made)
    page.go_back()
    expect(
        page.get_by_text("There is nothing to confirm: this session is marked “Confirmed”.")
    ).to_be_visible()
    page.reload()
    assert confirmed_once(made)


def test_enter_pressed_twice_confirms_once_and_enter_in_a_field_not_at_all(
    made: Made, ready: Session, page: Page
) -> None:
    open_confirm(page, made, ready)
    for field in (
        page.get_by_role("textbox", name="Actual stop"),
        page.get_by_role("textbox", name="Date", exact=True),
    ):
        field.press("Enter")
    page.get_by_label("Client", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Confirm session")).to_be_visible()
    assert nothing_confirmed(made)
    the_button(page).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Note signed and session confirmed.")).to_be_visible()
    assert confirmed_once(made)


def test_an_old_proof_of_identity_is_asked_for_again_and_everything_waits(
    made: Made, ready: Session, page: Page
) -> None:
    sign_in(page, made.clinician)
    age_the_proof(page, 12.1)
    page.goto(url(made, ready))
    expect(page.get_by_text("You are asked who you are first; everything is kept.")).to_be_visible()
    page.get_by_role("textbox", name="Plan").fill("Typed just before the press.")
    the_button(page).click()
    expect(page.get_by_text("Everything is saved.")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(url(made, ready)))
    expect(page.get_by_role("textbox", name="Plan")).to_have_value("Typed just before the press.")
    assert nothing_confirmed(made)
    the_button(page).click()
    expect(page.get_by_text("Note signed and session confirmed.")).to_be_visible()
    with made.inside():
        assert NoteVersion.objects.get().content["plan"] == "Typed just before the press."


def test_a_login_that_ends_while_typing_keeps_the_text_until_the_person_is_back(
    made: Made, session: Session, context_of: OpenContext
) -> None:
    with made.inside():
        write(made, session, plan="")
        type_details(session)
    secret = make_app(made.clinician.user)
    context = context_of()
    page = context.new_page()
    open_confirm(page, made, session)
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("textbox", name="Plan").fill(WRITTEN["Plan"])
    dialog = page.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_be_visible()
    with context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in in a new tab").click()
    other = opened.value
    other.get_by_label("Email").fill(made.clinician.user.email)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.get_by_label("Code from your app").fill(code_of(secret))
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("heading", name="Confirm session", level=1)).to_be_visible()
    other.close()
    dialog.get_by_role("button", name="I have signed in").click()
    saved(page)
    expect(page.get_by_role("textbox", name="Plan")).to_have_value(WRITTEN["Plan"])
    the_button(page).click()
    expect(page.get_by_text("Note signed and session confirmed.")).to_be_visible()
    with made.inside():
        assert NoteVersion.objects.get().content["plan"] == WRITTEN["Plan"]


def test_what_changed_meanwhile_is_shown_instead_of_signed(made: Made, ready: Session, page: Page) -> None:
    open_confirm(page, made, ready)
    with made.inside():
        Coverage.objects.update(copay_cents=4000)
    the_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text(
        "What will happen changed while this page was open. Nothing was signed: look at it as it is now."
    )
    expect(consequences(page)).to_contain_text("$40.00 (estimate)")
    assert nothing_confirmed(made)
    the_button(page).click()
    expect(page.get_by_text("Note signed and session confirmed.")).to_be_visible()


def test_a_session_that_did_not_take_place_meanwhile_is_not_confirmed(
    made: Made, ready: Session, page: Page
) -> None:
    open_confirm(page, made, ready)
    with made.inside():
        calendar.mark_not_held(session_id=ready.pk, reason="", by=made.by)
    the_button(page).click()
    expect(
        page.get_by_text("There is nothing to confirm: this session is marked “Did not take place”.")
    ).to_be_visible()
    assert nothing_confirmed(made)


def test_a_late_note_asks_for_its_reason_and_says_that_it_stays_late(made: Made, page: Page) -> None:
    session = held(made, hours_ago=80)
    with made.inside():
        write(made, session)
        type_details(session)
    open_confirm(page, made, session)
    expect(page.get_by_text("It can be signed at any time, with the reason.")).to_be_visible()
    the_button(page).click()
    reason = page.get_by_label("Why it is late")
    expect(reason).to_be_focused()
    expect(page.get_by_text("Say why, in a few words.")).to_be_visible()
    reason.fill("Ill for three days.")
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    expect(consequences(page)).to_contain_text("labelled signed late")
    the_button(page).click()
    # The warning that it will be late came with the reason: it has been seen by now.
    expect(page.get_by_text("Note signed and session confirmed.")).to_be_visible()
    with made.inside():
        version = NoteVersion.objects.get()
    assert (version.late, version.late_reason) == (True, "Ill for three days.")


def test_a_draft_is_discarded_on_purpose_and_the_page_is_still_there(
    made: Made, ready: Session, page: Page
) -> None:
    open_confirm(page, made, ready)
    page.get_by_role("button", name="Discard draft").click()
    dialog = page.get_by_role("dialog", name="Discard this draft")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Discard draft").click()
    dialog.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_role("heading", name="Confirm session", level=1)).to_be_visible()
    expect(page.get_by_text("Draft discarded.")).to_be_visible()
    expect(the_button(page)).to_have_text("Confirm session")
    expect(affirm(page)).to_be_checked()
    with made.inside():
        assert Note.objects.get().state == "discarded"


def test_the_note_alone_can_be_signed_here_and_the_session_confirmed_after_it(
    made: Made, ready: Session, page: Page
) -> None:
    open_confirm(page, made, ready)
    affirm(page).uncheck()
    affirm(page).check()
    saved(page)
    page.get_by_role("button", name="Sign note", exact=True).click()
    expect(page.get_by_text("Note signed and locked.")).to_be_visible()
    expect(page).to_have_url(re.compile(url(made, ready)))
    expect(page.get_by_text("The note is signed and locked.")).to_be_visible()
    the_button(page).click()
    expect(page.get_by_text("Session confirmed.", exact=False)).to_be_visible()
    assert confirmed_once(made)


def test_a_session_too_old_to_confirm_says_so_and_still_signs(made: Made, page: Page) -> None:
    session = held(made, hours_ago=24 * 33)
    open_confirm(page, made, session)
    expect(missing(page)).to_contain_text("The last day to confirm this session was")
    expect(page.get_by_role("link", name="Session", exact=True)).to_have_attribute(
        "href", reverse("workspace:session", args=[made.slug, session.pk])
    )
    the_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("still missing")
    assert nothing_confirmed(made)
