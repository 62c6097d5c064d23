"""Templates in the browser: the suggested one, goals with one tap, a plan written by keys, a practice's own copy."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from attest.calendar.models import Session
from attest.notes.models import Note, TreatmentPlan
from attest.notes.queries import template_by_key
from tests.browser.conftest import Live
from tests.browser.signing_in import sign_in
from tests.factories import Made, make_practice, make_session
from tests.notes.conftest import drafted
from tests.notes.pages import url
from tests.notes.test_plans import written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(live: Live) -> Made:
    return make_practice()


def saved(page: Page) -> None:
    expect(page.locator("[data-saved-state]").first).to_have_text(re.compile(r"^Saved \d"))


def test_one_tap_a_goal_and_tapped_again_it_is_taken_back(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    session = make_session(made.client)
    with made.inside():
        written(made, plan_from="2026-01-05")
        note = drafted(made, session, progress="")
    sign_in(page, made.clinician)
    page.goto(url(made, session))
    goal = page.get_by_role("group", name="Sleep through the night")
    progress = page.get_by_role("group", name="Progress on the goal worked on")
    expect(progress).to_be_visible()
    goal.get_by_text("Moved forward").click()
    goal.get_by_text("Met").click()
    expect(progress).to_be_hidden()
    saved(page)
    axe(page)
    with made.inside():
        note.refresh_from_db()
        assert note.content["goal_progress"] == ["met: Sleep through the night"]
    goal.get_by_text("Met").click()
    expect(progress).to_be_visible()
    expect(goal.get_by_role("checkbox", name="Met")).not_to_be_checked()


def test_the_template_made_for_the_session_comes_first_and_others_are_one_press_away(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    session = make_session(made.client, kind="crisis")
    sign_in(page, made.clinician)
    page.goto(url(made, session))
    expect(page.get_by_role("button", name="Crisis Suggested")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="SOAP", exact=True).click()
    page.get_by_role("button", name="Change to Crisis").click()
    expect(page.get_by_role("heading", name="How it was left")).to_be_visible()
    page.get_by_role("button", name="Others").click()
    page.get_by_role("button", name="Change to DAP").click()
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()


def test_what_is_for_video_appears_when_the_session_turns_out_to_be_by_video(made: Made, page: Page) -> None:
    session = make_session(made.client)
    with made.inside():
        drafted(made, session)
    sign_in(page, made.clinician)
    page.goto(reverse("confirmation:confirm", args=[made.slug, session.pk]))
    section = page.get_by_role("heading", name="By video or phone")
    expect(section).to_be_hidden()
    page.get_by_text("Video", exact=True).click()
    expect(section).to_be_visible()
    page.get_by_text("In person", exact=True).click()
    expect(section).to_be_hidden()


def test_a_treatment_plan_is_written_and_signed_by_keys_alone(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    sign_in(page, made.clinician)
    page.goto(reverse("workspace:client_tab", args=[made.slug, made.client.pk, "plan"]))
    axe(page)
    page.get_by_role("button", name="Write a plan").press("Enter")
    page.get_by_label("Diagnosis, and what supports it").fill("F41.1, worry on most days.")
    page.get_by_label("The problem").fill("Worries and sleeps badly.")
    first = page.get_by_role("group", name="Goals, row 1")
    first.get_by_label("Goal", exact=True).fill("Sleep through the night")
    first.get_by_label("How you will know").fill("Five of seven nights")
    page.get_by_role("button", name="Add a row").press("Enter")
    third = page.get_by_role("group", name="Goals, row 3")
    expect(third.get_by_label("Goal", exact=True)).to_be_focused()
    page.keyboard.type("See friends")
    for label, words in (
        ("Kind of therapy", "Individual"),
        ("Length of a session", "53 minutes"),
        ("How often", "Weekly"),
        ("For how long", "Six months"),
    ):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("90 days").press("Space")
    page.get_by_label("Given aloud").press("Space")
    agreed = page.get_by_label("Agreed on")
    agreed.fill("112426")
    agreed.press("Tab")
    expect(agreed).to_have_value("11/24/2026")
    saved(page)
    axe(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Note signed and locked.")).to_be_visible()
    with made.inside():
        goals = TreatmentPlan.objects.get().goals.order_by("position")
        assert [goal.text for goal in goals] == ["Sleep through the night", "See friends"]
        assert Note.objects.get().content["agreed_on"] == "2026-11-24"
    page.goto(reverse("workspace:client_tab", args=[made.slug, made.client.pk, "plan"]))
    expect(page.get_by_role("heading", name="Plan in force")).to_be_visible()
    axe(page)


def test_an_admin_makes_a_copy_of_a_template_their_own(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    sign_in(page, made.admin)
    page.goto(reverse("notes:templates", args=[made.slug]))
    axe(page)
    page.get_by_role("button", name="Move DAP up").press("Enter")
    expect(page.locator("main .row-title").first).to_have_text("DAP")
    page.get_by_role("button", name="Hide BIRP").press("Enter")
    expect(page.get_by_role("button", name="Show BIRP")).to_be_visible()
    page.get_by_role("link", name="DAP").click()
    axe(page)
    page.get_by_label("Name of the copy").fill("Evening DAP")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="One of several to Plan").press("Enter")
    field = page.get_by_label("Label (one of)").last
    field.fill("Homework")
    page.get_by_label("Answers, one a line").fill("Done\nNot done")
    axe(page)
    page.get_by_role("button", name="Move New choice up").press("Enter")
    page.get_by_role("button", name="Save as version 2").click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    axe(page)
    with made.inside():
        own = template_by_key(made.organization.pk, "own_1")
        assert own is not None
        plan = next(section for section in own.parsed.sections if section.key == "plan")
        assert [item.label for item in plan.fields] == ["Homework", "Plan"]


def test_plans_and_templates_fit_a_phone(made: Made, phone: Page, axe: Callable[[Page], None]) -> None:
    session: Session = make_session(made.client)
    with made.inside():
        written(made, plan_from="2026-01-05")
        drafted(made, session)
    sign_in(phone, made.clinician)
    for address in (
        reverse("workspace:client_tab", args=[made.slug, made.client.pk, "plan"]),
        url(made, session),
        reverse("notes:template", args=[made.slug, "treatment_plan"]),
    ):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        axe(phone)
