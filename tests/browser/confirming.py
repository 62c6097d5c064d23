"""A therapist's hands on the confirm page: finding the session, filling in, pressing."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from attest.calendar.models import Session
from attest.core import clock
from tests.browser.signing_in import sign_in
from tests.factories import Made, make_session

NEW_YORK = ZoneInfo("America/New_York")
SAVED = re.compile(r"^Saved \d")


def held(made: Made, *, minutes: int = 50, hours_ago: int = 3, **more: Any) -> Session:
    """A session that began at a full hour a few hours ago."""
    start = (clock.now() - timedelta(hours=hours_ago)).astimezone(NEW_YORK)
    client = more.pop("client", made.client)
    return make_session(
        client, starts_at=start.replace(minute=0, second=0, microsecond=0), minutes=minutes, **more
    )


def url(made: Made, session: Session, name: str = "confirm") -> str:
    return reverse(f"confirmation:{name}", args=[made.slug, session.pk])


def panel_url(made: Made, session: Session) -> str:
    return reverse("workspace:session", args=[made.slug, session.pk])


def open_confirm(page: Page, made: Made, session: Session) -> None:
    sign_in(page, made.clinician)
    page.goto(url(made, session))
    expect(page.get_by_role("heading", name="Confirm session", level=1)).to_be_visible()


def saved(page: Page) -> None:
    """What was typed has reached the server, without waiting for the pause after which it goes by itself."""
    page.evaluate(
        "Promise.all([...document.querySelectorAll('form[data-autosave]')].map(form => form.autosaver.save()))"
    )
    expect(page.locator("[data-saved-state]")).to_have_text(SAVED)


def affirm(page: Page) -> Locator:
    return page.get_by_label("These are the actual start and stop times")


def the_button(page: Page) -> Locator:
    return page.locator("#confirm-button")


def missing(page: Page) -> Locator:
    """The list of what is still missing."""
    return page.locator("#preview section", has=page.locator("#missing-title"))


def consequences(page: Page) -> Locator:
    return page.locator("#preview section", has=page.locator("#next-title"))


def choose_diagnosis(page: Page, words: str) -> None:
    box = page.get_by_role("combobox", name="Find a diagnosis")
    box.press_sequentially(words)
    expect(page.locator("#diagnosis-list").get_by_role("option").first).to_be_visible()
    box.press("Enter")


WRITTEN = {
    "What the client brought": "Worry about the week ahead, mostly at night.",
    "Effect on daily life": "Slept five hours on three nights.",
    "What you did": "Cognitive restructuring of one worry, step by step.",
    "How the client responded": "Found a fairer sentence and wrote it down.",
    "Which goal, and what shows it": "Goal 1: two panic attacks, five last month.",
    "Why care is still needed": "Sleep and work are still limited.",
    "Plan": "Thought record on three days; weekly.",
}
CHOSEN = ("Alert and oriented", "Asked, and the client denies any such thoughts", "Moved forward")


def write_note(page: Page, leave_out: Iterable[str] = ()) -> None:
    """Every required part of a DAP note."""
    note = page.locator("#note-form")
    note.get_by_label("Client", exact=True).check()
    for label in CHOSEN:
        note.get_by_label(label).check()
    for label, text in WRITTEN.items():
        if label not in leave_out:
            note.get_by_role("textbox", name=label, exact=True).fill(text)


def tab_to(page: Page, wanted: Locator, most: int = 120) -> None:
    """Press Tab until it has the focus, as somebody without a mouse does."""
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached with Tab")


def fits(page: Page) -> bool:
    """Nothing reaches beyond the side of the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def local_now() -> datetime:
    return clock.now().astimezone(NEW_YORK)
