"""Words put in by a key, a note handed in as a file, a packet watched while it is made: at a desk and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from attest.confirmation.models import Confirmation
from attest.core import work
from attest.notes.actions import keep_snippet
from attest.notes.models import Note
from tests.browser.confirming import affirm
from tests.browser.conftest import Live
from tests.browser.signing_in import sign_in
from tests.core.inspection.hostile import honest
from tests.factories import Made, make_practice, make_session
from tests.notes.conftest import drafted
from tests.notes.pages import url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(live: Live) -> Made:
    return make_practice()


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_a_snippet_goes_where_the_cursor_stands_and_is_saved(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    session = make_session(made.client)
    with made.inside():
        keep_snippet(name="breathing", text="Practised slow breathing together.", by_member=made.clinician)
        drafted(made, session, interventions="")
    sign_in(page, made.clinician)
    page.goto(url(made, session))
    did = page.get_by_label("What you did")
    with page.expect_response(re.compile("/save/$")):
        did.fill("First. Last.")
    did.press("Home")
    for _ in "First.":
        did.press("ArrowRight")
    did.press("Control+.")
    axe(page)
    with page.expect_response(re.compile("/save/$")):
        page.keyboard.press("Enter")
        expect(did).to_have_value("First. Practised slow breathing together. Last.")
        expect(did).to_be_focused()
    with made.inside():
        assert "slow breathing" in Note.objects.get(session=session).content["interventions"]


def test_a_note_written_outside_is_handed_in_on_the_way_to_confirming(
    made: Made, phone: Page, axe: Callable[[Page], None]
) -> None:
    session = make_session(made.client)
    sign_in(phone, made.clinician)
    phone.goto(f"/o/{made.slug}/sessions/{session.pk}/confirm/")
    phone.get_by_text("Upload", exact=True).click()
    phone.get_by_role("link", name="Choose the file").click()
    expect(phone.get_by_text("process (psychotherapy) notes")).to_be_visible()
    axe(phone)
    phone.get_by_label("File").set_input_files(file("letter.pdf", b"MZ not a document"))
    phone.get_by_label("Who wrote and signed it").fill("Somebody Else, PhD")
    phone.get_by_role("button", name="Upload").click()
    expect(phone.get_by_role("alert")).to_contain_text("none of the kinds of file")
    expect(phone.get_by_label("Who wrote and signed it")).to_have_value("Somebody Else, PhD")
    axe(phone)
    phone.get_by_label("File").set_input_files(file("letter.pdf", honest()["pdf"]))
    phone.get_by_role("button", name="Upload").click()
    expect(phone.get_by_role("heading", name="Confirm session")).to_be_visible()
    expect(phone.get_by_text("Somebody Else, PhD, as declared")).to_be_visible()
    affirm(phone).check()
    phone.get_by_role("combobox", name="Find a diagnosis").fill("F41.1")
    phone.get_by_role("listbox").get_by_role("option").first.click()
    phone.get_by_role("button", name="Confirm session").click()
    expect(phone.get_by_text("Uploaded, signed elsewhere")).to_be_visible()
    with made.inside():
        assert Confirmation.objects.get().note_path == "upload"


def test_a_packet_is_asked_for_watched_and_downloaded(
    made: Made, page: Page, axe: Callable[[Page], None]
) -> None:
    make_session(made.client)
    sign_in(page, made.clinician)
    page.goto(f"/o/{made.slug}/clients/{made.client.pk}/")
    page.get_by_role("link", name="Records").click()
    axe(page)
    page.get_by_label("The whole chart, for a request").check()
    page.get_by_role("button", name="Make the packet").click()
    expect(page.get_by_text("Being made")).to_be_visible()
    axe(page)
    work.sweep()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.startswith("chart-")


def test_protection_is_a_report_one_can_read(made: Made, phone: Page, axe: Callable[[Page], None]) -> None:
    make_session(made.client)
    sign_in(phone, made.clinician)
    for path in ("protection/", "snippets/", "snippets/new/", "to-do/"):
        phone.goto(f"/o/{made.slug}/{path}")
        axe(phone)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
