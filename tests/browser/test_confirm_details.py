"""What a therapist can say on the confirm page, and what the page says to it, line by line."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from attest.confirmation.drafts import draft_values
from attest.confirmation.models import Confirmation, Details, ServiceLine
from attest.policy.deadlines import local
from attest.practice.models import Provider
from tests.browser.confirming import (
    affirm,
    choose_diagnosis,
    consequences,
    held,
    local_now,
    missing,
    open_confirm,
    saved,
    the_button,
    url,
)
from tests.browser.conftest import Live
from tests.factories import Made, make_diagnosis, make_practice, make_session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(live: Live) -> Made:
    return make_practice()


def test_times_are_kept_as_typed_and_what_cannot_be_read_is_said_beside_the_field(
    made: Made, page: Page
) -> None:
    session = held(made)
    open_confirm(page, made, session)
    start, stop = (page.get_by_role("textbox", name=f"Actual {end}") for end in ("start", "stop"))
    day = page.get_by_role("textbox", name="Date", exact=True)
    stop.fill("noon-ish")
    day.fill("yesterday")
    expect(page.get_by_text("Type a time such as 2:05 PM.")).to_be_visible()
    expect(page.get_by_text("Type a date such as 11/24/2026.")).to_be_visible()
    expect(missing(page)).to_contain_text("The date cannot be read as typed.")
    expect(missing(page)).to_contain_text("Enter when the session stopped.")
    expect(page.locator("#times-state")).to_have_text("1")
    saved(page)
    page.reload()
    expect(stop).to_have_value("noon-ish")
    expect(day).to_have_value("yesterday")
    expect(page.get_by_text("Type a time such as 2:05 PM.")).to_be_visible()

    day.fill(f"{local(session.starts_at, session.zone):%m/%d/%Y}")
    stop.fill(start.input_value())
    expect(page.get_by_text("Type a time such as 2:05 PM.")).to_have_count(0)
    expect(page.get_by_text("Type a date such as 11/24/2026.")).to_have_count(0)
    expect(missing(page)).to_contain_text("The stop time is the same as the start time.")
    page.get_by_text("Breaks, or past midnight").click()
    page.get_by_label("Minutes to leave out").fill("ten")
    expect(page.get_by_text("Type whole minutes, such as 10.")).to_be_visible()
    expect(missing(page)).to_contain_text("The minutes to leave out cannot be read as typed.")
    page.get_by_label("Minutes to leave out").fill("10")
    stop.fill(f"{local(session.ends_at, session.zone):%-I:%M %p}")
    expect(page.get_by_text("40 min without 10 min left out")).to_be_visible()
    expect(page.get_by_text("40 min → 90834: 38–52 min")).to_be_visible()


def test_a_change_of_clocks_asks_which_hour_is_meant_or_says_how_it_was_shifted(
    made: Made, page: Page
) -> None:
    open_confirm(page, made, held(made))
    start, stop = (page.get_by_role("textbox", name=f"Actual {end}") for end in ("start", "stop"))
    page.get_by_role("textbox", name="Date", exact=True).fill("11/01/2026")
    start.fill("1:30 AM")
    stop.fill("2:20 AM")
    asked = page.get_by_role("group", name=re.compile("1:30 AM happens twice"))
    expect(asked).to_contain_text("Was it EDT or EST?")
    expect(page.locator("#times-follow")).not_to_contain_text(re.compile(r"\d min"))
    expect(missing(page)).to_contain_text("A time you typed happened twice that night: say which one it was.")
    asked.get_by_text("EST", exact=True).click()
    expect(page.locator("#times-follow")).to_contain_text("50 min")
    expect(missing(page)).not_to_contain_text("happened twice")
    asked.get_by_text("EDT", exact=True).click()
    expect(page.locator("#times-follow")).to_contain_text("110 min")
    saved(page)
    page.reload()
    expect(page.get_by_role("radio", name="EDT")).to_be_checked()

    page.get_by_role("textbox", name="Date", exact=True).fill("03/08/2026")
    start.fill("2:30 AM")
    stop.fill("4:20 AM")
    said = page.get_by_text("2:30 AM does not exist on 03/08/2026: clocks went forward. It became 3:30 AM.")
    expect(said).to_be_visible()
    expect(page.locator("#times-follow")).to_contain_text("50 min")
    page.get_by_label("Why it took place on another date than scheduled").fill("Typed for the test.")
    expect(missing(page)).not_to_contain_text("Say why the date differs")


def test_a_crisis_session_in_two_parts_adds_up(made: Made, page: Page) -> None:
    day = local_now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    session = make_session(made.client, kind="crisis", starts_at=day + timedelta(hours=10), minutes=40)
    with made.inside():
        make_diagnosis(made.client)
    open_confirm(page, made, session)
    expect(page.get_by_text("40 min → 90839: 30–74 min")).to_be_visible()
    expect(page.get_by_label("Start, third part")).to_be_hidden()
    page.get_by_label("Start, second part").fill("4:00 PM")
    expect(page.get_by_label("Start, third part")).to_be_visible()
    page.get_by_label("Stop, second part").fill("4:40 PM")
    expect(page.get_by_text("80 min → 90839: 30–74 min, and 1 × 90840")).to_be_visible()
    expect(page.get_by_label("90840 Crisis each further half hour")).to_be_checked()
    affirm(page).check()
    page.get_by_role("button", name="F41.1 Generalized anxiety disorder").click()
    page.get_by_text("No note here", exact=True).click()
    page.get_by_label("Still owed: I will write it, it stays on my to-do list").check()
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    expect(consequences(page)).to_contain_text("90840")
    the_button(page).click()
    expect(page.get_by_text("Session confirmed.")).to_be_visible()
    with made.inside():
        details = Details.objects.get()
        lines = list(ServiceLine.objects.order_by("position").values_list("code", "units", "minutes"))
        assert Confirmation.objects.get().note_path == "owed"
    assert (details.minutes, len(details.intervals)) == (80, 2)
    assert lines == [("90839", 1, 80), ("90840", 1, 80)]


def test_beside_an_e_m_code_the_minutes_of_therapy_are_a_field_of_their_own(made: Made, page: Page) -> None:
    with made.inside():
        Provider.objects.update(prescriber=True)
    session = held(made, kind="medication")
    open_confirm(page, made, session)
    expect(page.get_by_text("Choose the E/M code by medical decision making.")).to_be_visible()
    expect(missing(page)).to_contain_text("Choose a service code.")
    page.get_by_role("radio", name=re.compile("99213")).check()
    minutes = page.get_by_label("Minutes of therapy")
    expect(minutes).to_be_visible()
    minutes.fill("20")
    addon = page.get_by_label(re.compile("90833 Therapy 30 with E/M"))
    addon.check()
    expect(consequences(page)).to_contain_text("90833")
    minutes.fill("60")
    expect(missing(page)).to_contain_text("therapy")
    minutes.fill("20")
    saved(page)
    page.reload()
    expect(page.get_by_role("radio", name=re.compile("99213"))).to_be_checked()
    expect(addon).to_be_checked()
    expect(minutes).to_have_value("20")


def test_with_the_family_the_clients_presence_decides_the_code(made: Made, page: Page) -> None:
    session = held(made, kind="family")
    open_confirm(page, made, session)
    expect(page.get_by_role("radio", name=re.compile("90847 .* Suggested"))).to_be_checked()
    present = page.get_by_role("group", name="Was the client there for most of it?")
    present.get_by_text("No", exact=True).click()
    expect(page.get_by_role("radio", name=re.compile("90846 .* Suggested"))).to_be_checked()
    page.get_by_text("Other codes").click()
    gone = page.get_by_role("radio", name=re.compile("90847"))
    expect(gone).to_be_disabled()
    expect(page.locator("#other-codes")).to_contain_text(
        "90847 needs the client there for most of the session."
    )


def test_another_code_is_one_click_away_and_one_that_cannot_be_says_why(made: Made, page: Page) -> None:
    session = held(made, minutes=45)
    open_confirm(page, made, session)
    others = page.locator("#other-codes")
    page.get_by_text("Other codes").click()
    expect(others).to_contain_text("90837 needs at least 53 min; this was 45 min.")
    expect(others).to_contain_text("90792 is for prescribers.")
    expect(page.get_by_role("radio", name=re.compile("90837"))).to_be_disabled()
    shorter = page.get_by_role("radio", name=re.compile("90832"))
    shorter.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("You chose 90832 Therapy 30.")).to_be_visible()
    expect(shorter).to_be_checked()
    expect(shorter).to_be_focused()
    expect(page.locator("#preview")).to_contain_text("45 min is more than usual for 90832: 16–37 min.")
    page.get_by_label("90785 Interactive complexity").check()
    expect(missing(page)).to_contain_text("complex")
    page.get_by_role("group", name="What made the session complex").get_by_role("checkbox").first.check()
    expect(missing(page)).not_to_contain_text("complex")
    saved(page)
    page.reload()
    expect(shorter).to_be_checked()
    expect(page.get_by_label("90785 Interactive complexity")).to_be_checked()


def test_an_added_service_keeps_the_code_that_stood_there(made: Made, page: Page) -> None:
    session = held(made, minutes=50)
    open_confirm(page, made, session)
    addon = page.get_by_label("90785 Interactive complexity")
    addon.check()
    saved(page)
    expect(addon).to_be_checked()
    with made.inside():
        values, _ = draft_values(session)
    assert (values["code"], values["addon"]) == ("90834", ["90785"])


def test_diagnoses_come_by_search_or_from_the_chart_in_the_order_that_counts(made: Made, page: Page) -> None:
    session = held(made)
    with made.inside():
        make_diagnosis(made.client, "F33.1")
        make_diagnosis(made.client, "Z63.0")
    open_confirm(page, made, session)
    from_chart = page.get_by_role("group", name="From this client’s chart")
    from_chart.get_by_role("button", name=re.compile("Z63.0")).click()
    expect(missing(page)).to_contain_text("Z63.0 cannot come first")
    expect(from_chart.get_by_role("button", name=re.compile("Z63.0"))).to_be_disabled()
    choose_diagnosis(page, "combined type")
    chosen = page.get_by_role("list", name="Find a diagnosis, chosen").get_by_role("listitem")
    expect(chosen).to_have_count(2)
    page.get_by_role("button", name="Move F90.2 up").click()
    expect(chosen.first).to_contain_text("F90.2")
    expect(missing(page)).not_to_contain_text("Z63.0 cannot come first")
    page.get_by_role("button", name="Remove Z63.0").click()
    expect(from_chart.get_by_role("button", name=re.compile("Z63.0"))).to_be_enabled()
    saved(page)
    page.reload()
    expect(chosen).to_have_count(1)
    expect(chosen.first).to_contain_text("F90.2")


def test_a_note_kept_elsewhere_names_its_author_and_date(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    session = held(made)
    with made.inside():
        make_diagnosis(made.client)
    open_confirm(page, made, session)
    drafting = page.get_by_role("radio", name=re.compile("Template with AI"))
    expect(drafting).to_be_disabled()
    expect(page.locator(".choice", has=drafting)).to_contain_text("this installation has none")
    affirm(page).check()
    page.get_by_role("button", name="F41.1 Generalized anxiety disorder").click()
    page.get_by_text("No note here", exact=True).click()
    page.get_by_label("Kept elsewhere, signed").check()
    expect(missing(page)).to_contain_text("Say who wrote the note and when it was signed.")
    page.get_by_label("Who wrote and signed it").fill("Morgan Reyes, LCSW")
    tomorrow = local_now() + timedelta(days=2)
    page.get_by_label("Signed on").fill(f"{tomorrow:%m/%d/%Y}")
    expect(page.get_by_text("That day has not come yet.")).to_be_visible()
    page.get_by_label("Signed on").fill(f"{local_now():%m%d%y}")
    page.get_by_label("Signed on").press("Tab")
    expect(page.get_by_text("That day has not come yet.")).to_have_count(0)
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    expect(page.locator("#preview")).to_contain_text("Not protected")
    axe(page)
    saved(page)
    page.reload()
    expect(page.get_by_label("Who wrote and signed it")).to_have_value("Morgan Reyes, LCSW")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Session confirmed.")).to_be_visible()
    with made.inside():
        confirmation = Confirmation.objects.get()
    assert (confirmation.note_path, confirmation.elsewhere_author) == ("elsewhere", "Morgan Reyes, LCSW")


def test_the_place_asks_only_for_what_it_needs(made: Made, context_of: Callable[..., BrowserContext]) -> None:
    session = held(made, modality="in_person")
    page = context_of().new_page()
    open_confirm(page, made, session)
    expect(page.get_by_label("Location")).to_be_visible()
    expect(page.get_by_label("State the client was in")).to_be_hidden()
    page.get_by_text("Video", exact=True).click()
    expect(page.get_by_label("Location")).to_be_hidden()
    page.get_by_label("State the client was in").select_option("NJ")
    expect(missing(page)).to_contain_text("You have no licence on file for NJ")
    expect(missing(page)).to_contain_text("Who acts: Robin Vale (practice admin)")
    page.get_by_label("State the client was in").select_option("NY")
    expect(missing(page)).not_to_contain_text("licence")
    page.get_by_role("group", name="Was the client at home?").get_by_text("Yes").click()
    expect(consequences(page)).to_contain_text("place of service 10")
    page.get_by_role("group", name="Was the client at home?").get_by_text("No", exact=True).click()
    expect(consequences(page)).to_contain_text("place of service 02")
    saved(page)
    page.goto(url(made, session))
    expect(page.get_by_role("radio", name="Video")).to_be_checked()
