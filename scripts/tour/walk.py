"""The walk through the demo: what each role does and sees, in the order of the work."""

import re
from random import Random
from typing import Any

from playwright.sync_api import Locator, Page, expect

from attest.demo.people import PROVIDERS, STAFF
from attest.demo.words import note_content
from attest.notes.definition import Definition, shipped
from scripts.tour.camera import Camera, Person, settle

THERAPIST, _, PRESCRIBER = (f"{p.first} {p.last}, {p.credentials}" for p in PROVIDERS)
ADMIN, BILLER, AUDITOR, SUPPORT = (name for _, name, _, _ in STAFF)


def walk(camera: Camera) -> None:
    """Everything, by everybody."""
    with camera.stranger() as stranger:
        stranger.page.goto("/")
        stranger.look("sign-in")
    with camera.person(THERAPIST) as therapist:
        calendar(therapist)
        session = confirm(therapist)
        claims(therapist)
        clients(therapist, session)
    with camera.person(PRESCRIBER) as prescriber:
        prescriber.open("calendar/")
        prescriber.look("provider-west")
    with camera.person(ADMIN) as admin:
        admin.open("calendar/")
        admin.look("calendar-all")
        admin.page.goto(session)
        admin.look("admin-session")
        settings(admin)
    with camera.person(BILLER) as biller:
        biller.open("claims/")
        biller.look("biller-claims")
        biller.page.goto(session)
        biller.look("biller-session")
        biller.page.goto(f"{session}note/")
        biller.look("biller-refused")
    with camera.person(AUDITOR) as auditor:
        auditor.page.goto(f"{session}note/")
        auditor.look("auditor-note")
        auditor.open("settings/")
        auditor.look("auditor-settings")
    with camera.person(SUPPORT) as support:
        let_in(support)
    with camera.person(THERAPIST) as therapist:
        later(therapist, session)


def calendar(person: Person) -> None:
    """The calendar, a session beside it, what is in the way of another, and the list of what is owed."""
    page = person.open("calendar/")
    person.look("calendar")
    for view in ("Day", "Month", "List"):
        page.get_by_role("button", name=view, exact=True).click()
        person.look(f"calendar-{view.lower()}", desk_only=True)
    page = person.open("calendar/?view=week")
    beside(page, sessions(page, "Confirm", blocked=True).first)
    person.look("session-blocked")
    page.get_by_role("link", name="What is this?").first.click()
    expect(page.locator("#sheet-content h2")).to_be_visible()
    person.look("roadblock", desk_only=True)
    page = person.open("calendar/?view=week")
    beside(page, sessions(page, "Scheduled").last)
    person.look("session-booked")
    page.get_by_role("link", name="Cancel session").click()
    expect(page.locator("#sheet-content h2")).to_be_visible()
    person.look("session-cancel", desk_only=True)
    person.open("sessions/new/")
    person.look("session-new")
    person.open("to-do/")
    person.look("todo")


def sessions(page: Page, word: str, *, blocked: bool = False) -> Locator:
    """The sessions of the shown week whose chip says `word`, with something in the way or with nothing."""
    mark = page.get_by_label("Something is in the way")
    chip = page.locator(".ev-chip").filter(has_text=re.compile(f"^{word}$"))
    found = page.locator("#calendar a").filter(has=chip)
    return found.filter(has=mark) if blocked else found.filter(has_not=mark)


def beside(page: Page, session: Locator) -> None:
    """Open a session beside the calendar."""
    session.click()
    expect(page.locator("#side-content .steps-line")).to_be_visible()


def confirm(person: Person) -> str:
    """The way from the calendar through the note to the signature; the address of the session confirmed."""
    page = person.open("calendar/")
    beside(page, sessions(page, "Confirm").last)
    person.look("session")
    session = page.url
    page.get_by_role("link", name="Confirm session").click()
    page.wait_for_url("**/confirm/")
    person.look("confirm", tall=True)
    page.get_by_role("button", name="Confirm session").click()
    expect(page.get_by_role("alert")).to_be_visible()
    person.look("confirm-missing", desk_only=True)
    page.get_by_label("These are the actual start and stop times").check()
    page.get_by_label("Template on my own").check()
    page.get_by_role("button", name="DAP").click()
    expect(page.locator("#note-form")).to_be_visible()
    dap = next(Definition.parse(data) for data in shipped() if data["key"] == "dap")
    content = note_content(Random(5), dap, telehealth=True)
    write(page, content, leave_out="plan")
    page.locator("#section-data").scroll_into_view_if_needed()
    person.look("confirm-note")
    write(page, {"plan": content["plan"]})
    page.evaluate("scrollTo(0, 0)")
    person.look("confirm-ready")
    page.get_by_role("button", name="Sign note & confirm session").click()
    expect(page.get_by_text("Note signed and session confirmed.")).to_be_visible()
    person.look("session-confirmed")
    page.goto(f"{session}note/")
    person.look("note-signed")
    return session


def write(page: Page, content: dict[str, Any], leave_out: str = "") -> None:
    """Fill the note's fields that the page has, and wait until they are saved."""
    for key, value in content.items():
        field = page.locator(f"#note-form [name='note-{key}']:not([type=hidden])")
        if key == leave_out or not value or not field.count():
            continue
        if isinstance(value, list) or field.first.get_attribute("type") == "radio":
            for choice in value if isinstance(value, list) else [value]:
                page.locator(f"#note-form [name='note-{key}'][value='{choice}']").check()
        else:
            field.fill(value)
    expect(page.locator("[data-saved-state]").first).to_have_text(re.compile(r"^Saved \d"))
    settle(page)


def claims(person: Person) -> None:
    """The claim that came of it, all claims, and a note that is still a draft."""
    page = person.open("claims/")
    person.look("claims")
    page.locator("tbody a.row-link").first.click()
    page.wait_for_url("**/claims/*/")
    page.get_by_label("Show X12 segments").check()
    person.look("claim", tall=True)


def clients(person: Person, session: str) -> None:
    """The clients, and every tab and form of one of them."""
    page = person.open("clients/")
    person.look("clients")
    page.goto(session)
    page.get_by_role("heading", level=1).get_by_role("link").click()
    page.wait_for_url("**/clients/*/")
    client = page.url
    person.look("client")
    for tab in ("sessions", "notes", "plan", "coverage", "forms", "log"):
        page.goto(f"{client}chart/{tab}/")
        person.look(f"client-{tab}")
    page.goto(f"{client}chart/coverage/")
    page.locator("main ul.rows a.row-link").first.click()
    person.look("plan", tall=True)
    for name, path in (
        ("client-edit", "edit/"),
        ("payment-method", "payment-methods/new/"),
        ("forms-sign", "sign-forms/"),
        ("diagnoses", "diagnoses/"),
        ("packets", "packets/"),
    ):
        page.goto(f"{client}{path}")
        person.look(name, tall=True)
    person.open("protection/")
    person.look("protection")
    page = person.open("to-do/")
    page.goto(session_with_draft(person))
    person.look("note-last")
    page.get_by_role("button", name="Checks").click()
    person.look("note-checks", desk_only=True)


def session_with_draft(person: Person) -> str:
    """The note page of a session whose note is half written: the newest one that the to-do list knows of."""
    page = person.page
    for link in page.locator("main a.row-link").all():
        address = f"{link.get_attribute('href')}"
        if "/sessions/" not in address:
            continue
        page.goto(address)
        if page.get_by_role("link", name="Finish note", exact=True).count():
            return f"{address}note/"
        page.go_back()
    raise LookupError("Nobody has a note half written: the demo has changed.")


def let_in(person: Person) -> None:
    """Support says why, and then sees a calendar and nothing clinical."""
    page = person.open("support/")
    person.look("support-reason")
    page.get_by_label("What it is about").select_option("fault")
    page.get_by_label("Reason").fill("The practice says that its calendar shows a session twice.")
    page.get_by_role("button", name="Open for 120 minutes").click()
    person.open("calendar/")
    person.look("support-calendar", desk_only=True)
    person.open("support/")
    page.get_by_role("main").get_by_role("button", name="I am done").click()


def settings(person: Person) -> None:
    """Every page of the settings, as the one who may change them."""
    page = person.open("settings/")
    person.look("settings")
    for name, path in (
        ("practice", "practice/"),
        ("locations", "locations/"),
        ("payers", "payers/"),
        ("services", "services/"),
        ("services-import", "services/import/"),
        ("policy", "policy/"),
        ("members", "members/"),
        ("access", "access/"),
        ("note-templates", "note-templates/"),
        ("forms", "forms/"),
        ("diagnosis-codes", "diagnosis-codes/"),
    ):
        person.open(f"settings/{path}")
        person.look(name, tall=name in ("practice", "policy"))
    person.open("audit/")
    person.look("audit")
    page = person.open("settings/payers/")
    page.get_by_role("link", name="Cedar Basin Mutual").click()
    person.look("payer")
    page.get_by_role("link", name="New rules from a date").click()
    person.look("payer-rule", tall=True)
    page = person.open("settings/providers/")
    page.get_by_role("link", name=THERAPIST.split(",")[0]).click()
    person.look("provider", tall=True)
    page.get_by_role("link", name="Cedar Basin Mutual").last.click()
    person.look("fees", tall=True)


def later(person: Person, session: str) -> None:
    """Two days on, by the demo's clock: the claim may leave, the client's share is due."""
    page = person.open("calendar/")
    page.get_by_role("button", name="+48 hours").click()
    expect(page.get_by_text("became ready to leave")).to_be_visible()
    person.open("claims/?show=unsent")
    person.look("claims-ready")
    page.goto(session)
    person.look("session-due")
    page.get_by_role("heading", level=1).get_by_role("link").click()
    page.get_by_role("link", name="Money").click()
    person.look("money-due")
