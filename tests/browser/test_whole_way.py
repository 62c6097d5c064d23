"""The whole way as a therapist walks it: sign in, calendar, panel, confirm with a signed note, claim, and its file."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from attest.calendar.models import Session
from attest.claims.actions import export
from attest.claims.models import Claim
from attest.clients.models import Coverage
from attest.confirmation.models import Confirmation, Details
from attest.ledger.models import ChargeDue
from attest.notes.models import NoteVersion
from attest.policy.deadlines import local
from attest.x12 import wire
from attest.x12.validate import validate
from tests.browser.confirming import (
    NEW_YORK,
    SAVED,
    WRITTEN,
    affirm,
    choose_diagnosis,
    consequences,
    fits,
    held,
    missing,
    panel_url,
    saved,
    tab_to,
    the_button,
    write_note,
)
from tests.browser.conftest import Live
from tests.browser.signing_in import sign_in
from tests.factories import PASSWORD, Made, code_of, make_app, make_practice

pytestmark = pytest.mark.django_db(transaction=True)
Axe = Callable[[Page], None]


@pytest.fixture
def made(live: Live) -> Made:
    return make_practice()


@pytest.fixture
def session(made: Made) -> Session:
    """A session of 50 minutes, by video with the client at home, that ended a while ago."""
    return held(made, minutes=50, modality="video", client_at_home=True)


def in_the_calendar(made: Made, session: Session) -> str:
    day = session.starts_at.astimezone(NEW_YORK).date()
    return f"{reverse('workspace:calendar', args=[made.slug])}?date={day}"


def elements(text: str, tag: str) -> list[list[str]]:
    """The segments of that tag, each as its elements."""
    (interchange,) = wire.read(text).interchanges
    return [[s.get(n) for n in range(1, 13)] for s in interchange.segments if s.tag == tag]


def check_the_file(made: Made, session: Session, folder: Path, *, stop: datetime, code: str) -> None:
    """The claim's 837P, written by the product's own export, is valid and says what was confirmed."""
    (written,) = export(organization=made.organization, directory=folder, held=True, by=made.by).files
    text = written.path.read_text("ascii")
    assert validate(text, diagnoses={"F411"}, now=datetime.now(UTC)) == []
    with made.inside():
        claim = Claim.objects.get(session=session)
        coverage = Coverage.objects.get(client=made.client)
        details = Details.objects.get(confirmation__session=session)
    assert (claim.state, details.times_from) == ("held", "typed")
    assert details.intervals == [[session.starts_at.isoformat(), stop.astimezone(UTC).isoformat()]]
    day = f"{local(session.starts_at, session.zone):%Y%m%d}"
    ((number, total, *_, place, _, _, _, _, _, _, _),) = elements(text, "CLM")
    assert (number, total, place.split(":")[0]) == (claim.number, "150", "10")
    assert elements(text, "HI")[0][0] == "ABK:F411"
    ((procedure, charge, unit, units, *_),) = elements(text, "SV1")
    assert (procedure.split(":")[:2], charge, unit, units) == (["HC", code], "150", "UN", "1")
    assert ["472", "D8", day] in [dtp[:3] for dtp in elements(text, "DTP")]
    patient = next(name for name in elements(text, "NM1") if name[0] == "IL")
    assert (patient[2], patient[3], patient[8]) == ("RIVERA", "ALEX", coverage.member_id)
    rendering = next(name for name in elements(text, "NM1") if name[0] == "82")
    assert (rendering[2], rendering[8]) == ("REYES", made.provider.npi)


def check_the_record(made: Made, session: Session) -> None:
    """What the press did besides the claim: one signed note, one confirmation, the client's share for tomorrow."""
    with made.inside():
        session.refresh_from_db()
        version = NoteVersion.objects.get(note__session=session)
        confirmation = Confirmation.objects.get(session=session)
        charge = ChargeDue.objects.get(session=session)
    assert session.chip == "confirmed"
    assert version.content["plan"] == WRITTEN["Plan"]
    assert not version.late and confirmation.note_path == "template"
    due = local(charge.due_at, session.zone)
    assert (charge.amount_cents, charge.estimated) == (2500, True)
    assert due.date() == local(confirmation.confirmed_at, session.zone).date() + timedelta(days=1)


def test_the_whole_way_at_a_desk(made: Made, session: Session, page: Page, axe: Axe, tmp_path: Path) -> None:
    sign_in(page, made.clinician)
    page.goto(in_the_calendar(made, session))
    event = page.locator(f'#calendar a[href$="{panel_url(made, session)}"]')
    expect(event).to_contain_text("Confirm")
    axe(page)
    event.click()
    panel = page.locator("dialog#side")
    expect(panel.get_by_role("heading", name="Alex Rivera")).to_be_visible()
    axe(page)
    panel.get_by_role("link", name="Confirm session").click()

    expect(page.get_by_role("textbox", name="Actual start")).to_have_value(
        f"{local(session.starts_at, session.zone):%-I:00 %p}"
    )
    expect(page.get_by_text("filled in from the schedule")).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("90834 Therapy 45 Suggested"))).to_be_checked()
    expect(page.get_by_text("50 min → 90834: 38–52 min")).to_be_visible()
    expect(missing(page)).to_contain_text("Choose a diagnosis.")
    axe(page)

    stop = session.starts_at + timedelta(minutes=53)
    page.get_by_role("textbox", name="Actual stop").fill(f"{local(stop, session.zone):%-I:%M %p}")
    expect(page.get_by_text("53 min → 90837: 53 min or more")).to_be_visible()
    expect(page.get_by_text("as you typed them")).to_be_visible()
    affirm(page).check()
    choose_diagnosis(page, "anxiety")
    expect(page.locator(".combo-chosen")).to_contain_text("F41.1")
    expect(missing(page)).not_to_contain_text("Choose a diagnosis.")

    page.get_by_text("Template on my own").click()
    page.get_by_role("button", name="DAP").click()
    expect(page.get_by_label("Client", exact=True)).to_be_focused()
    expect(the_button(page)).to_have_text("Sign note & confirm session")
    axe(page)
    write_note(page)
    expect(page.locator("[data-saved-state]")).to_have_text(SAVED)
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    expect(consequences(page)).to_contain_text("The note is locked and signed as Morgan Reyes, LCSW")
    expect(consequences(page)).to_contain_text("Client owes $25.00 (estimate), Visa ending 4242")
    expect(consequences(page)).to_contain_text("A claim of $150.00 to Bluestem Health")
    expect(page.locator("#attest-follow")).to_contain_text("I provided this session to Alex Rivera")
    axe(page)
    the_button(page).click()

    page.wait_for_url(re.compile(f"{panel_url(made, session)}$"))
    expect(page.get_by_text("Note signed and session confirmed.")).to_be_visible()
    expect(page.locator(".chip").first).to_have_text("Confirmed")
    expect(page.get_by_text("$25.00").first).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Note", exact=True).click()
    expect(page.get_by_text("Signed electronically by Morgan Reyes, LCSW")).to_be_visible()
    axe(page)
    page.go_back()
    page.get_by_role("link", name="Claim", exact=True).click()
    page.wait_for_url(re.compile("/claims/"))
    expect(page.get_by_text("90837").first).to_be_visible()
    axe(page)
    check_the_record(made, session)
    check_the_file(made, session, tmp_path, stop=stop, code="90837")


def test_the_whole_way_by_keyboard_alone(made: Made, session: Session, page: Page, tmp_path: Path) -> None:
    secret = make_app(made.clinician.user)
    page.goto("/accounts/login/")
    tab_to(page, page.get_by_label("Email"))
    page.keyboard.type(made.clinician.user.email)
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code from your app")).to_be_focused()
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/o/"))
    page.goto(in_the_calendar(made, session))
    tab_to(page, page.locator(f'#calendar a[href$="{panel_url(made, session)}"]'))
    page.keyboard.press("Enter")
    confirm = page.locator("dialog#side").get_by_role("link", name="Confirm session")
    expect(confirm).to_be_focused()
    page.keyboard.press("Enter")

    stop = session.starts_at + timedelta(minutes=51)
    tab_to(page, page.get_by_role("textbox", name="Actual stop"))
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("textbox", name="Actual stop")).to_have_value(
        f"{local(stop, session.zone):%-I:%M %p}"
    )
    tab_to(page, affirm(page))
    page.keyboard.press("Space")
    diagnosis = page.get_by_role("combobox", name="Find a diagnosis")
    tab_to(page, diagnosis)
    page.keyboard.type("generalized")
    expect(page.locator("#diagnosis-list").get_by_role("option", name=re.compile("F41.1"))).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")
    expect(page.locator(".combo-chosen")).to_contain_text("Generalized anxiety disorder")
    expect(diagnosis).to_be_focused()
    tab_to(page, page.get_by_role("radio", name=re.compile("Template on my own")))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="DAP"))
    page.keyboard.press("Enter")

    expect(page.get_by_label("Client", exact=True)).to_be_focused()
    page.keyboard.press("Space")
    note = page.locator("#note-form")
    for label, text in WRITTEN.items():
        if label == "What you did":
            tab_to(page, note.get_by_label("Alert and oriented"))
            page.keyboard.press("Space")
            tab_to(page, note.get_by_label("Asked, and the client denies any such thoughts"))
            page.keyboard.press("Space")
        if label == "Which goal, and what shows it":
            tab_to(page, note.get_by_label("Moved forward"))
            page.keyboard.press("Space")
        tab_to(page, note.get_by_role("textbox", name=label, exact=True))
        page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(f"{panel_url(made, session)}$"))
    expect(page.get_by_text("Note signed and session confirmed.")).to_be_visible()
    check_the_record(made, session)
    check_the_file(made, session, tmp_path, stop=stop, code="90834")


def test_the_whole_way_on_a_phone(
    made: Made, session: Session, phone: Page, axe: Axe, tmp_path: Path
) -> None:
    sign_in(phone, made.clinician)
    phone.goto(in_the_calendar(made, session))
    row = phone.locator(f'.agenda a[href$="{panel_url(made, session)}"]')
    expect(row).to_contain_text("Alex Rivera")
    assert fits(phone)
    row.tap()
    expect(phone.get_by_role("heading", name="Alex Rivera", level=1)).to_be_visible()
    assert fits(phone)
    phone.get_by_role("link", name="Confirm session").tap()

    expect(phone.get_by_role("heading", name="Confirm session", level=1)).to_be_visible()
    assert fits(phone)
    expect(the_button(phone)).to_be_in_viewport()
    expect(phone.locator("#bar-follow")).to_contain_text("3 things missing")
    stop = session.starts_at + timedelta(minutes=49)
    phone.get_by_role("textbox", name="Actual stop").fill(f"{local(stop, session.zone):%-I:%M %p}")
    affirm(phone).tap()
    choose_diagnosis(phone, "f41.1")
    phone.get_by_text("Template on my own").tap()
    phone.get_by_role("button", name="DAP").tap()
    expect(the_button(phone)).to_have_text("Sign note & confirm session")
    assert fits(phone)
    write_note(phone)
    saved(phone)
    phone.get_by_role("button", name="Checks").last.tap()
    phone.locator("#note-side").get_by_text(re.compile(r"\d+ in place")).tap()
    expect(phone.locator("#note-side").get_by_text("Plan is filled in.")).to_be_visible()
    axe(phone)
    phone.keyboard.press("Escape")
    saved(phone)
    bar = phone.locator("#bar-follow")
    expect(bar).to_contain_text("Claim $150.00")
    expect(bar).to_contain_text("client owes $25.00 (estimate)")
    expect(bar).not_to_contain_text("missing")
    expect(phone.locator("#bar-follow")).to_be_in_viewport()
    assert fits(phone)
    axe(phone)
    the_button(phone).tap()
    phone.wait_for_url(re.compile(f"{panel_url(made, session)}$"))
    expect(phone.get_by_text("Note signed and session confirmed.")).to_be_visible()
    assert fits(phone)
    phone.get_by_role("link", name="Claim", exact=True).tap()
    phone.wait_for_url(re.compile("/claims/"))
    expect(phone.get_by_text("90834").first).to_be_visible()
    assert fits(phone)
    axe(phone)
    check_the_record(made, session)
    check_the_file(made, session, tmp_path, stop=stop, code="90834")
