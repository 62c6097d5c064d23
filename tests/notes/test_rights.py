"""Who may open a note: its author, and an auditor once it is signed; nobody else, on any of its addresses."""

import pytest
from django.test import Client as Browser

from attest.calendar.models import Session
from attest.core.models import AuditEvent
from attest.notes.models import Addendum, Note, NoteVersion
from tests.factories import Made, browser_of, make_member, make_provider
from tests.notes.conftest import COMPLETE, drafted, signed
from tests.notes.pages import text, url

pytestmark = pytest.mark.django_db
NAMES = ("note", "start", "save", "switch", "discard", "sign", "side", "addendum")


@pytest.mark.parametrize("name", NAMES)
def test_another_provider_finds_no_note_of_a_session_that_is_not_theirs(
    made: Made, session: Session, name: str
) -> None:
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    with made.inside():
        drafted(made, session, focus="For its author's eyes.")
    stranger = browser_of(colleague)
    for answer in (stranger.get(url(made, session, name)), stranger.post(url(made, session, name))):
        assert answer.status_code in (404, 405)
        assert "author's eyes" not in text(answer)


@pytest.mark.parametrize("role", ["admin", "biller", "support"])
@pytest.mark.parametrize("name", NAMES)
def test_roles_that_need_no_note_see_none(made: Made, session: Session, role: str, name: str) -> None:
    with made.inside():
        signed(made, drafted(made, session, focus="For the chart only."))
    answer = browser_of(make_member(made.organization, role)).get(url(made, session, name))
    # An admin reads a note once its chart was opened to them; until then there is none.
    assert answer.status_code == (404 if (role, name) == ("admin", "note") else 403)
    assert "For the chart only." not in text(answer)


def test_an_auditor_reads_signed_notes_and_no_drafts(made: Made, session: Session) -> None:
    auditor = browser_of(make_member(made.organization, "auditor"))
    with made.inside():
        note = drafted(made, session, focus="Words of the record.")
    assert "Words of the record." not in text(auditor.get(url(made, session)))
    with made.inside():
        signed(made, note)
    page = text(auditor.get(url(made, session)))
    assert "Words of the record." in page
    assert "Add to this note" not in page
    with made.inside():
        assert AuditEvent.objects.filter(kind="note.read", subject_id=session.pk).count() == 2
    for name in ("start", "save", "sign", "discard", "addendum"):
        assert auditor.post(url(made, session, name)).status_code == 403


@pytest.mark.parametrize("name", ["start", "save", "switch", "discard", "sign", "side", "addendum"])
def test_reloading_what_a_form_answered_leads_to_the_note(
    made: Made, session: Session, browser: Browser, name: str
) -> None:
    with made.inside():
        drafted(made, session)
    answer = browser.get(url(made, session, name))
    assert (answer.status_code, answer["Location"]) == (303, url(made, session))


@pytest.mark.parametrize("name", ["start", "save", "switch", "discard", "sign", "addendum"])
def test_forms_of_a_note_that_is_signed_meanwhile_change_nothing(
    made: Made, session: Session, browser: Browser, name: str
) -> None:
    with made.inside():
        note = drafted(made, session)
        version = signed(made, note)
    sent = {"note_id": str(note.pk), "template": "dap", "note-plan": "Changed.", "revision": "1"}
    answer = browser.post(url(made, session, name), sent)
    assert answer.status_code in (303, 409, 422)
    with made.inside():
        assert NoteVersion.objects.get() == version
        assert Note.objects.get().content["plan"] == COMPLETE["plan"]
        assert not Addendum.objects.exists()
