"""The pages of a session's note: who may open them, that nothing typed is lost, that only what is seen is signed."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client as Browser
from django.urls import reverse

from attest.calendar.models import Session
from attest.core import clock
from attest.core.models import AuditEvent
from attest.notes.models import Addendum, Note, NoteVersion
from attest.notes.queries import content_digest
from tests.factories import Made, make_session
from tests.notes.conftest import COMPLETE, drafted, signed
from tests.notes.pages import form_of, hidden, text, url, words

pytestmark = pytest.mark.django_db


def test_from_choosing_a_template_to_the_signed_note(made: Made, session: Session, browser: Browser) -> None:
    page = browser.get(url(made, session))
    assert "Choose a template" in text(page)
    assert "not the place for process (psychotherapy) notes" in text(page)
    page = browser.post(url(made, session, "start"), {"template": "soap"}, follow=True)
    assert "Subjective" in text(page)
    assert "I provided this session to Alex Rivera" in text(page)
    assert "Signed as <b>Morgan Reyes, LCSW</b>" in text(page)
    page = browser.post(url(made, session, "sign"), form_of(page), follow=True)
    assert page.redirect_chain == [(url(made, session), 303)]
    assert "Note signed and locked." in text(page)
    assert words("focus") in text(page)
    assert "Signed electronically by Morgan Reyes, LCSW, NPI" in text(page)
    assert "textarea" not in text(page).split("Add to this note")[0]
    with made.inside():
        session.refresh_from_db()
        assert session.chip == "signed"
        assert NoteVersion.objects.get().content["plan"] == COMPLETE["plan"]


def test_autosave_answers_with_the_new_revision_and_its_fingerprint(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        drafted(made, session)
    sent = {"note-plan": "Weekly.", "note-mental_status": ["oriented", "tearful"], "revision": "1"}
    answer = browser.post(url(made, session, "save"), sent, HTTP_X_AUTOSAVE="1")
    assert answer.status_code == 200
    with made.inside():
        note = Note.objects.get()
        assert (note.content["plan"], note.content["mental_status"]) == ("Weekly.", ["oriented", "tearful"])
        assert note.content["focus"] == COMPLETE["focus"]
        assert answer.json()["revision"] == note.revision == 2
        assert answer.json()["digest"] == content_digest(note)
    assert re.fullmatch(r"\d{1,2}:\d\d [AP]M", answer.json()["saved"])


def test_unticking_every_box_is_saved_too(made: Made, session: Session, browser: Browser) -> None:
    with made.inside():
        drafted(made, session)
    browser.post(url(made, session, "save"), {"note-mental_status": "", "revision": "1"})
    with made.inside():
        assert Note.objects.get().content["mental_status"] == []


def test_a_second_tab_is_told_and_overwrites_nothing(made: Made, session: Session, browser: Browser) -> None:
    with made.inside():
        drafted(made, session)
    browser.post(url(made, session, "save"), {"note-plan": "First tab.", "revision": "1"})
    answer = browser.post(url(made, session, "save"), {"note-plan": "Second tab.", "revision": "1"})
    assert answer.status_code == 409
    assert "another tab" in answer.json()["message"]
    with made.inside():
        assert Note.objects.get().content["plan"] == "First tab."


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"note-risk": "maybe", "revision": "1"}, 422),
        ({"note-plan": "x" * 20_001, "revision": "1"}, 422),
        ({"note-plan": "x", "revision": "seven"}, 409),
        ({"note-plan": "x"}, 409),
        ({"note-unknown": "x", "revision": "1"}, 200),
    ],
)
def test_a_malformed_autosave_gets_a_sentence_and_changes_nothing(
    made: Made, session: Session, browser: Browser, sent: dict[str, str], status: int
) -> None:
    with made.inside():
        drafted(made, session)
    answer = browser.post(url(made, session, "save"), sent)
    assert answer.status_code == status
    if status == 422:
        (name,) = answer.json()["errors"]
        assert name in sent
    with made.inside():
        assert Note.objects.get().revision == 1


def test_empty_required_fields_are_named_with_links_and_the_rest_is_kept(
    made: Made, session: Session, browser: Browser
) -> None:
    page = browser.post(url(made, session, "start"), {"template": "soap"}, follow=True)
    page = browser.post(url(made, session, "sign"), form_of(page, focus="", risk="", plan="Kept plan."))
    assert page.status_code == 422
    assert 'href="#note-focus"' in text(page)
    assert 'href="#note-risk"' in text(page)
    assert "Kept plan." in text(page)
    with made.inside():
        assert Note.objects.get().content["plan"] == "Kept plan."
        assert not NoteVersion.objects.exists()


def test_what_another_tab_saved_is_shown_beside_what_was_typed_and_nothing_is_signed(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        drafted(made, session)
    here = browser.get(url(made, session))
    browser.post(url(made, session, "save"), {"note-plan": "Plan of the other tab.", "revision": "1"})
    page = browser.post(url(made, session, "sign"), form_of(here, plan="Plan typed here."))
    assert page.status_code == 409
    assert "Plan typed here.</textarea>" in text(page)
    assert "Plan of the other tab." in text(page)
    with made.inside():
        assert not NoteVersion.objects.exists()
        assert Note.objects.get().content["plan"] == "Plan of the other tab."
    browser.post(url(made, session, "sign"), form_of(page, plan="Plan typed here."))
    with made.inside():
        assert NoteVersion.objects.get().content["plan"] == "Plan typed here."


def test_a_form_of_a_draft_that_was_discarded_meanwhile_signs_nothing(
    made: Made, session: Session, browser: Browser
) -> None:
    here = browser.post(url(made, session, "start"), {"template": "soap"}, follow=True)
    browser.post(url(made, session, "discard"), {"note_id": hidden(here, "note_id")})
    browser.post(url(made, session, "start"), {"template": "dap"})
    page = browser.post(url(made, session, "sign"), form_of(here))
    assert page.status_code == 409
    assert words("focus") in text(page)
    with made.inside():
        assert not NoteVersion.objects.exists()


def test_times_that_changed_above_the_note_are_shown_and_nothing_is_signed(
    made: Made, session: Session, browser: Browser
) -> None:
    page = browser.post(url(made, session, "start"), {"template": "soap"}, follow=True)
    with made.inside():
        Session.objects.filter(pk=session.pk).update(ends_at=session.ends_at + timedelta(minutes=7))
    page = browser.post(url(made, session, "sign"), form_of(page))
    assert page.status_code == 409
    assert "changed since it was on your screen" in text(page)
    assert "60 min" in text(page)
    with made.inside():
        assert not NoteVersion.objects.exists()


def test_an_old_proof_of_identity_leads_to_the_password_and_keeps_the_text(
    made: Made, session: Session, browser: Browser
) -> None:
    page = browser.post(url(made, session, "start"), {"template": "soap"}, follow=True)
    long_ago(browser, timedelta(hours=12, minutes=1))
    answer = browser.post(url(made, session, "sign"), form_of(page, plan="Kept while asked."))
    assert answer.status_code == 303
    assert unquote(answer["Location"]) == f"{reverse('account_reauthenticate')}?next={url(made, session)}"
    with made.inside():
        assert Note.objects.get().content["plan"] == "Kept while asked."
        assert not NoteVersion.objects.exists()
    long_ago(browser, timedelta(hours=11, minutes=59))
    page = browser.get(url(made, session))
    browser.post(url(made, session, "sign"), form_of(page, plan="Kept while asked."))
    with made.inside():
        assert NoteVersion.objects.exists()


def long_ago(browser: Browser, ago: timedelta) -> None:
    """The browser's last proof of identity was that long ago."""
    stored = browser.session
    at = (clock.real_now() - ago).timestamp()
    records = stored["account_authentication_methods"]
    stored["account_authentication_methods"] = [{**record, "at": at} for record in records]
    stored.save()


def test_a_late_note_asks_why_and_says_so_for_ever(made: Made, browser: Browser) -> None:
    session = make_session(made.client, starts_at=clock.now() - timedelta(days=40))
    page = browser.post(url(made, session, "start"), {"template": "dap"}, follow=True)
    assert "Why it is late" in text(page)
    page = browser.post(url(made, session, "sign"), form_of(page) | {"note_late_reason": " "})
    assert page.status_code == 422
    assert "Say in a few words why" in text(page)
    page = browser.post(
        url(made, session, "sign"), form_of(page) | {"note_late_reason": "Was on sick leave."}, follow=True
    )
    assert "Signed late" in text(page)
    assert "Was on sick leave." in text(page)


@pytest.mark.parametrize("chip", ["cancelled", "did_not_take_place", "not_billable"])
def test_a_note_about_a_session_that_was_closed_can_be_signed(
    made: Made, browser: Browser, chip: str
) -> None:
    session = make_session(made.client, chip=chip)
    page = browser.post(url(made, session, "start"), {"template": "soap"}, follow=True)
    page = browser.post(url(made, session, "sign"), form_of(page), follow=True)
    assert "Note signed and locked." in text(page)


def test_changing_the_template_keeps_what_was_typed(made: Made, session: Session, browser: Browser) -> None:
    page = browser.post(url(made, session, "start"), {"template": "soap"}, follow=True)
    page = browser.post(url(made, session, "switch"), form_of(page) | {"template": "dap"}, follow=True)
    assert "Data" in text(page)
    assert words("interventions") in text(page)


def test_pages_outside_this_site_are_never_returned_to(
    made: Made, session: Session, browser: Browser
) -> None:
    answer = browser.post(
        url(made, session, "start") + "?next=https://elsewhere.example/", {"template": "soap"}
    )
    assert answer["Location"] == url(made, session)


def test_a_discarded_draft_can_still_be_read_by_its_author(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        note = drafted(made, session, focus="Set aside on purpose.")
    page = browser.post(url(made, session, "discard"), {"note_id": str(note.pk)}, follow=True)
    assert "Choose a template" in text(page)
    assert "Set aside on purpose." in text(page)


def test_the_last_note_stands_beside_and_copied_text_is_marked(
    made: Made, session: Session, browser: Browser
) -> None:
    earlier = make_session(made.client, starts_at=session.starts_at - timedelta(days=7))
    with made.inside():
        signed(
            made, drafted(made, earlier, risk="present", risk_detail="Passive thoughts on Monday, no plan.")
        )
        drafted(made, session, focus="Something of today, in other words.")
    page = text(browser.get(url(made, session)))
    assert 'data-copy-into="note-plan"' in page
    assert 'data-copy-into="note-risk' not in page
    marked = re.findall(r'data-note-field data-copied>\s*<label for="note-(\w+)"', page)
    assert "plan" in marked
    assert "focus" not in marked
    with made.inside():
        assert AuditEvent.objects.filter(kind="note.read", subject_id=earlier.pk).count() == 1


def test_the_checks_are_sentences_that_follow_what_is_saved(
    made: Made, session: Session, browser: Browser
) -> None:
    browser.post(url(made, session, "start"), {"template": "soap"})
    side = url(made, session, "side") + "?side=checks"
    page = text(browser.get(side, HTTP_HX_REQUEST="true"))
    assert 'href="#note-plan">Plan is still empty.</a>' in page
    browser.post(url(made, session, "save"), {"note-plan": "Weekly sessions.", "revision": "0"})
    page = text(browser.get(side + "&again=1", HTTP_HX_REQUEST="true"))
    assert 'href="#note-plan">Plan is filled in.</a>' in page
    with made.inside():
        assert not AuditEvent.objects.filter(kind="note.draft").exists()


@pytest.mark.parametrize("modality", ["in_person", "video", "audio_only"])
def test_by_video_or_phone_the_checks_ask_what_was_confirmed(
    made: Made, browser: Browser, modality: str
) -> None:
    session = make_session(made.client, modality=modality)
    browser.post(url(made, session, "start"), {"template": "soap"})
    page = text(browser.get(url(made, session, "side") + "?side=checks", HTTP_HX_REQUEST="true"))
    assert ("say what you confirmed today" in page) is (modality != "in_person")


def test_an_addendum_is_added_once_and_shown_below_the_note(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        signed(made, drafted(made, session))
    page = browser.get(url(made, session))
    sent = {
        "kind": "correction",
        "reason": "A slip of the pen.",
        "text": "It was four nights.",
        "key": hidden(page, "key"),
    }
    for _ in range(2):
        page = browser.post(url(made, session, "addendum"), sent, follow=True)
    assert "It was four nights." in text(page)
    assert "Correction" in text(page)
    with made.inside():
        assert Addendum.objects.count() == 1
    page = browser.post(url(made, session, "addendum"), sent | {"text": "Under the same key, other words."})
    assert page.status_code == 422
    assert "Under the same key, other words." in text(page)


def test_an_addendum_without_words_keeps_what_was_typed(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        signed(made, drafted(made, session))
    page = browser.post(
        url(made, session, "addendum"), {"kind": "addendum", "reason": "", "text": "Kept words.", "key": "k"}
    )
    assert page.status_code == 422
    assert "Kept words." in text(page)
    assert 'href="#add-reason"' in text(page)


def test_an_addendum_after_an_old_proof_keeps_what_was_typed(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        signed(made, drafted(made, session))
    long_ago(browser, timedelta(days=1))
    sent = {"kind": "addendum", "reason": "Left out.", "text": "Kept words.", "key": "k"}
    page = browser.post(url(made, session, "addendum"), sent)
    assert page.status_code == 422
    assert "Kept words." in text(page)
    assert reverse("account_reauthenticate") in text(page)
    with made.inside():
        assert not Addendum.objects.exists()
