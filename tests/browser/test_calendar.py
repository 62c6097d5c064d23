"""A therapist's day in the browser: calendar, panel, booking, to-do and the client's page, by mouse, keys and thumb."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from attest.calendar.models import Session
from attest.core import clock
from tests.browser.conftest import Live
from tests.browser.signing_in import sign_in
from tests.factories import Made, make_client, make_practice, make_session

pytestmark = pytest.mark.django_db(transaction=True)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def made(live: Live) -> Made:
    return make_practice()


def at(made: Made, *, days: int, hour: int = 10, **more: object) -> Session:
    """A session at a full hour of a weekday at least so many days from now (before now when negative)."""
    day = clock.now().astimezone(NEW_YORK).date() + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1 if days > 0 else -1)
    start = datetime(day.year, day.month, day.day, hour, tzinfo=NEW_YORK)
    client = more.pop("client", made.client)
    return make_session(client, starts_at=start, minutes=50, **more)  # type: ignore[arg-type]


def url(made: Made, name: str, *args: object) -> str:
    return reverse(f"workspace:{name}", args=[made.slug, *args])


def open_calendar(page: Page, made: Made, session: Session) -> Locator:
    """The calendar in the session's week; the session in it."""
    sign_in(page, made.clinician)
    day = session.starts_at.astimezone(NEW_YORK).date()
    page.goto(f"{url(made, 'calendar')}?date={day}")
    event = page.locator(f'#calendar a[href$="{url(made, "session", session.pk)}"]')
    expect(event).to_be_visible()
    return event


def panel_of(page: Page) -> Locator:
    return page.locator("dialog#side")


def test_enter_on_a_session_opens_its_panel_and_escape_returns_to_it(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    session = at(made, days=-2)
    event = open_calendar(page, made, session)
    expect(event).to_contain_text("Confirm")
    axe(page)

    event.focus()
    page.keyboard.press("Enter")
    panel = panel_of(page)
    expect(panel.get_by_role("heading", name="Alex Rivera")).to_be_visible()
    expect(panel.get_by_role("link", name="Confirm session")).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(url(made, "session", session.pk))))
    axe(page)

    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/calendar/"))
    expect(event).to_be_focused()


def test_the_panels_address_is_a_page_of_its_own(made: Made, page: Page, axe: Callable[[Page], None]) -> None:
    session = at(made, days=-2)
    open_calendar(page, made, session).click()
    expect(panel_of(page)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Alex Rivera", level=1)).to_be_visible()
    expect(panel_of(page)).to_be_hidden()
    axe(page)


def test_did_not_take_place_is_one_press_and_the_calendar_follows(made: Made, page: Page) -> None:
    session = at(made, days=-2)
    event = open_calendar(page, made, session)
    event.click()
    panel = panel_of(page)
    panel.get_by_role("button", name="Did not take place").click()
    expect(panel.locator(".chip")).to_have_text("Did not take place")
    expect(event).to_contain_text("Did not take place")
    panel.get_by_role("button", name="It took place after all").click()
    expect(panel.locator(".chip")).to_have_text("Confirm")
    expect(event).to_contain_text("Confirm")


def test_cancelling_asks_with_the_consequence_and_both_answers_return_to_the_panel(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    session = at(made, days=3)
    event = open_calendar(page, made, session)
    event.click()
    panel, dialog = panel_of(page), page.locator("dialog#sheet")
    panel.get_by_role("link", name="Cancel session").click()
    expect(dialog.get_by_text("No claim and no charge come from it.")).to_be_visible()
    axe(page)
    dialog.get_by_role("link", name="Keep it").click()
    expect(dialog).to_be_hidden()
    expect(panel.locator(".chip")).to_have_text("Scheduled")

    panel.get_by_role("link", name="Cancel session").click()
    dialog.get_by_label("Reason").fill("Travelling")
    dialog.get_by_role("button", name="Cancel session").click()
    expect(dialog).to_be_hidden()
    expect(panel.locator(".chip")).to_have_text("Cancelled")
    expect(panel.get_by_text("Travelling")).to_be_visible()
    expect(event).to_contain_text("Cancelled")


def test_a_session_dragged_to_another_hour_is_moved(made: Made, page: Page) -> None:
    session = at(made, days=3, hour=10)
    event = open_calendar(page, made, session)
    box = event.bounding_box()
    assert box is not None
    hour = page.locator("#calendar").get_by_text("1PM").bounding_box()
    ten = page.locator("#calendar").get_by_text("10AM").bounding_box()
    assert hour is not None and ten is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x, y + (hour["y"] - ten["y"]) * step / 8)
    page.mouse.up()
    expect(page.get_by_text(re.compile("Alex Rivera moved to"))).to_be_visible()
    with made.inside():
        moved = Session.objects.get(pk=session.pk)
    later = moved.starts_at - session.starts_at
    assert timedelta(hours=2, minutes=30) <= later <= timedelta(hours=3, minutes=30)
    assert moved.ends_at - moved.starts_at == timedelta(minutes=50)


def test_what_a_roadblock_is_opens_over_the_panel_and_its_fix_leads_to_the_form(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    unready = make_client(made.organization, made.provider, payer=made.payer, ready=False)
    session = at(made, days=-2, client=unready)
    open_calendar(page, made, session).click()
    block = panel_of(page).locator('[data-roadblock="no_payment_method"]')
    block.get_by_role("link", name="What is this?").click()
    dialog = page.locator("dialog#sheet")
    expect(dialog.get_by_text("a payment method must be there")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(panel_of(page)).to_be_visible()
    block.get_by_role("link", name=re.compile("^Fix")).click()
    expect(page).to_have_url(re.compile("payment-methods/new"))


def test_a_session_is_scheduled_by_keyboard_alone(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    make_client(made.organization, made.provider, legal_first_name="Priya", legal_last_name="Nair")
    sign_in(page, made.clinician)
    page.goto(url(made, "session_new"))
    axe(page)
    page.get_by_label("Search clients by name").focus()
    page.keyboard.type("nai")
    expect(page.get_by_role("radio", name=re.compile("Rivera"))).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name=re.compile("Priya Nair"))).to_be_checked()
    page.get_by_label("Date").focus()
    day = clock.now().astimezone(NEW_YORK).date() + timedelta(days=9)
    page.keyboard.press("Control+A")
    page.keyboard.type(f"{day:%m%d%y}")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("930a")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Date")).to_have_value(f"{day:%m/%d/%Y}")
    expect(page.get_by_label("Start")).to_have_value("9:30 AM")
    expect(page.get_by_label("Place")).to_be_visible()
    page.get_by_role("radio", name="In person").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Place")).to_be_hidden()
    page.get_by_label("State the client is in").select_option("NY")
    axe(page)
    page.get_by_role("button", name="Schedule session").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Priya Nair", level=1)).to_be_visible()
    expect(page.get_by_text("Scheduled for")).to_be_visible()
    with made.inside():
        booked = Session.objects.get()
    assert booked.starts_at.astimezone(NEW_YORK) == datetime(
        day.year, day.month, day.day, 9, 30, tzinfo=NEW_YORK
    )
    assert (booked.modality, booked.client_state) == ("video", "NY")


def test_an_hour_that_happens_twice_is_asked_about(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    sign_in(page, made.clinician)
    page.goto(f"{url(made, 'session_new')}?client={made.client.pk}")
    page.get_by_label("Date").fill("11/07/2027")
    page.get_by_label("Start").fill("1:30 AM")
    page.get_by_role("button", name="Schedule session").click()
    expect(page.get_by_text("happens twice on that day").first).to_be_visible()
    axe(page)
    page.get_by_role("radio", name="1:30 AM EST").check()
    page.get_by_role("button", name="Schedule session").click()
    expect(page.get_by_text("1:30 AM EST").first).to_be_visible()


def test_one_key_opens_what_is_owed_first(made: Made, page: Page, axe: Callable[[Page], None]) -> None:
    session = at(made, days=-9)
    at(made, days=-2, hour=11)
    sign_in(page, made.clinician)
    page.goto(url(made, "todo"))
    expect(page.get_by_role("heading", name="Confirm")).to_be_visible()
    axe(page)
    page.keyboard.press("j")
    expect(panel_of(page).get_by_role("link", name="Confirm session")).to_be_visible()
    expect(page).to_have_url(re.compile(str(session.pk)))


def test_on_a_phone_the_agenda_opens_the_session_as_a_page(
    made: Made, phone: Page, axe: Callable[[Page], None]
) -> None:
    session = at(made, days=2)
    sign_in(phone, made.clinician)
    expect(phone.locator("#calendar")).to_be_hidden()
    item = phone.locator(f'.agenda-item[href$="{url(made, "session", session.pk)}"]')
    expect(item).to_be_visible()
    axe(phone)
    item.tap()
    expect(phone.get_by_role("heading", name="Alex Rivera", level=1)).to_be_visible()
    expect(phone.get_by_role("link", name="Reschedule")).to_be_in_viewport()
    axe(phone)
    for name in ("todo", "session_new"):
        phone.goto(url(made, name))
        axe(phone)


def test_nothing_on_a_phone_is_wider_than_the_phone(made: Made, phone: Page) -> None:
    session = at(made, days=-2)
    at(made, days=-40)
    sign_in(phone, made.clinician)
    client = url(made, "client", made.client.pk)
    for address in (
        url(made, "calendar"),
        url(made, "todo"),
        url(made, "session_new"),
        url(made, "session", session.pk),
        url(made, "session_edit", session.pk),
        client,
        *(f"{client}chart/{tab}/" for tab in ("sessions", "coverage", "money", "forms")),
    ):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_every_tab_of_a_client_is_accessible(made: Made, page: Page, axe: Callable[[Page], None]) -> None:
    at(made, days=-2)
    at(made, days=3)
    sign_in(page, made.clinician)
    page.goto(url(made, "client", made.client.pk))
    axe(page)
    for tab in ("Sessions", "Notes", "Coverage", "Money", "Forms"):
        page.get_by_role("navigation", name="Client").get_by_role("link", name=tab).click()
        expect(page.get_by_role("navigation", name="Client").get_by_role("link", name=tab)).to_have_attribute(
            "aria-current", "page"
        )
        axe(page)
