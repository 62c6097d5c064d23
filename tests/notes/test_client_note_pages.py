"""The pages of a note about a client without a session, and what a plan in force does in the notes of sessions."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from attest.calendar.models import Session
from attest.core import clock
from attest.notes.models import Note, NoteVersion, TreatmentPlan
from tests.factories import Made, browser_of, make_client, make_member, make_provider, make_session
from tests.notes.conftest import drafted, signed
from tests.notes.pages import hidden, text, url
from tests.notes.test_plans import PLAN, written

pytestmark = pytest.mark.django_db


def at(made: Made, note: Note, name: str = "note") -> str:
    return reverse(f"notes:client_{name}", args=[made.slug, note.client_id, note.pk])


def start(made: Made, browser: Browser, template: str, **more: str) -> Any:
    address = reverse("notes:client_start", args=[made.slug, made.client.pk])
    return browser.post(address, {"template": template, "next": "/", **more}, follow=True)


def plan_tab(made: Made, browser: Browser) -> str:
    return text(browser.get(reverse("workspace:client_tab", args=[made.slug, made.client.pk, "plan"])))


def form(page: Any, **values: Any) -> dict[str, Any]:
    fields = {f"note-{key}": value for key, value in (PLAN | values).items()}
    names = ("note_id", "note_template", "note_revision", "seen_header")
    return fields | {name: hidden(page, name) for name in names}


def test_a_plan_is_written_saved_and_signed_from_the_clients_page(made: Made, browser: Browser) -> None:
    assert "Write a plan" in plan_tab(made, browser)
    page = start(made, browser, "treatment_plan")
    with made.inside():
        note = Note.objects.get()
    assert page.redirect_chain == [(at(made, note), 303)]
    assert "without a session" in text(page)
    assert "This note of " in text(page)
    saved = browser.post(at(made, note, "save"), {"note-problem": "Worries.", "revision": "0"})
    assert saved.json()["revision"] == 1
    assert "is begun and not signed" in plan_tab(made, browser)
    page = browser.get(at(made, note))
    page = browser.post(at(made, note, "sign"), form(page, review_in=""))
    assert page.status_code == 422
    assert 'href="#note-review_in"' in text(page)
    page = browser.post(at(made, note, "sign"), form(page), follow=True)
    assert "Note signed and locked." in text(page)
    assert "1. Sleep through the night" in text(page)
    tab = plan_tab(made, browser)
    assert "Plan in force" in tab
    assert "Measured by: five of seven nights" in tab
    assert "Given aloud" in tab
    with made.inside():
        assert TreatmentPlan.objects.get().version == NoteVersion.objects.get()


def test_a_review_begins_with_the_plan_and_another_replaces_it(made: Made, browser: Browser) -> None:
    with made.inside():
        written(made)
    page = start(made, browser, "treatment_plan", review="yes")
    assert "Sleep through the night</textarea>" in text(page)
    assert 'value="days_90" checked' not in text(page)
    with made.inside():
        note = Note.objects.get(state="draft")
    browser.post(at(made, note, "sign"), form(page))
    with made.inside():
        assert TreatmentPlan.objects.filter(until=None).count() == 1


def test_a_signed_one_is_added_to_and_printed_like_any_other(made: Made, browser: Browser) -> None:
    with made.inside():
        note = written(made).note
    page = browser.get(at(made, note))
    sent = {
        "kind": "addendum",
        "reason": "Left out.",
        "text": "The sister agreed.",
        "key": hidden(page, "key"),
    }
    page = browser.post(at(made, note, "addendum"), sent, follow=True)
    assert "The sister agreed." in text(page)
    paper = browser.get(at(made, note, "pdf"))
    assert paper["Content-Type"] == "application/pdf"


def test_a_contact_says_that_it_is_not_billable_and_can_be_discarded(made: Made, browser: Browser) -> None:
    page = start(made, browser, "contact")
    assert "Not billable" in text(page)
    with made.inside():
        note = Note.objects.get()
    page = browser.post(at(made, note, "discard"), {"note_id": str(note.pk)}, follow=True)
    assert "Draft discarded." in text(page)
    assert browser.get(at(made, note)).status_code == 404


def test_a_session_template_is_not_begun_without_a_session(made: Made, browser: Browser) -> None:
    start(made, browser, "soap")
    with made.inside():
        assert not Note.objects.exists()


def test_a_colleague_opens_neither_draft_nor_signed_note_nor_begins_one(made: Made, browser: Browser) -> None:
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    other = browser_of(colleague)
    with made.inside():
        note = written(made).note
    for name in ("note", "pdf"):
        assert other.get(at(made, note, name)).status_code == 404
    for name in ("save", "sign", "discard", "addendum", "switch"):
        assert other.post(at(made, note, name), {}).status_code == 404
    assert other.post(reverse("notes:client_start", args=[made.slug, made.client.pk])).status_code == 404


def test_a_note_is_found_under_its_own_client_alone(made: Made, browser: Browser) -> None:
    another = make_client(made.organization, made.client.provider)
    with made.inside():
        note = written(made).note
    assert browser.get(reverse("notes:client_note", args=[made.slug, another.pk, note.pk])).status_code == 404


# -- in the notes of sessions -----------------------------------------------------------------------------------


def test_goals_of_the_plan_in_force_are_tapped_and_read_in_the_signed_note(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        written(made, plan_from="2026-01-05")
        drafted(made, session)
    page = text(browser.get(url(made, session)))
    assert 'value="progressed: Answer the telephone"' in page
    sent = {"note-goal_progress": ["", "met: Sleep through the night"], "note-progress": "", "revision": "1"}
    assert browser.post(url(made, session, "save"), sent).status_code == 200
    with made.inside():
        note = Note.objects.get(session=session)
        version = signed(made, note)
        assert version.content["goal_progress"] == ["met: Sleep through the night"]
    assert "Sleep through the night: Met" in text(browser.get(url(made, session)))


def test_without_a_plan_there_is_nothing_to_tap_and_progress_is_asked_for(
    made: Made, session: Session, browser: Browser
) -> None:
    page = text(browser.post(url(made, session, "start"), {"template": "soap"}, follow=True))
    assert "No treatment plan is in force on this day." in page
    side = text(browser.get(url(made, session, "side") + "?side=checks", HTTP_HX_REQUEST="true"))
    assert "Progress on the goal worked on is still empty." in side


@pytest.mark.parametrize("modality", ["in_person", "video", "audio_only"])
def test_what_is_for_video_and_phone_is_shown_there_alone(
    made: Made, browser: Browser, modality: str
) -> None:
    session = make_session(made.client, modality=modality)
    page = text(browser.post(url(made, session, "start"), {"template": "dap"}, follow=True))
    assert ('data-circumstance="telehealth" hidden' in page) is (modality == "in_person")


def test_what_stays_the_same_is_offered_from_the_last_note_and_not_filled_in(
    made: Made, browser: Browser
) -> None:
    earlier, later = (
        make_session(made.client, modality="video", starts_at=clock.now() - timedelta(days=days))
        for days in (9, 2)
    )
    with made.inside():
        signed(made, drafted(made, earlier, emergency_plan="Call the sister, 555-0100."))
    page = text(browser.post(url(made, later, "start"), {"template": "soap"}, follow=True))
    assert 'data-copy-into="note-emergency_plan">Call the sister, 555-0100.</span>' in page
    with made.inside():
        assert Note.objects.get(session=later).content["emergency_plan"] == ""


def test_a_group_members_note_can_take_the_shared_part_from_another_members(
    made: Made, browser: Browser
) -> None:
    other = make_client(made.organization, made.client.provider)
    first = make_session(made.client, kind="group")
    second = make_session(other, kind="group", occasion_id=first.occasion_id)
    words = {"group_topic": "Saying no.", "group_size": "5", "participation": "Spoke twice."}
    with made.inside():
        signed(made, drafted(made, first, template="group", **words))
    page = text(browser.post(url(made, second, "start"), {"template": "group"}, follow=True))
    assert 'data-copy-into="note-group_topic">Saying no.</span>' in page
    assert 'data-copy-into="note-group_size">5</span>' in page
    assert "Spoke twice." not in page
