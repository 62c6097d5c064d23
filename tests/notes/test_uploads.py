"""A note written outside is handed in as a file, declared, kept sealed, and can be taken back until it counts."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client as Browser

from attest.calendar.models import Session
from attest.core.files import StoredFile
from attest.core.models import AuditEvent
from attest.notes.actions import start_draft, upload_note, withdraw_upload
from attest.notes.models import UploadedNote
from attest.notes.problems import NotNow, NotYours, UploadedAlready, WordsNeeded
from attest.notes.queries import template_by_key, upload_of
from tests.core.inspection.hostile import honest, hostile
from tests.factories import Made, browser_of, make_member, make_provider
from tests.notes.conftest import drafted, signed
from tests.notes.pages import text, url

pytestmark = pytest.mark.django_db
PAPER = honest()["pdf"]


def handed_in(made: Made, session: Session, **changes: Any) -> UploadedNote:
    given: dict[str, Any] = {
        "session_id": session.pk,
        "content": PAPER,
        "author": "Maren Holt, LCSW",
        "signed_on": session.starts_at.date(),
        "by_member": made.clinician,
    }
    return upload_note(**given | changes)


def form(**changes: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("Jane Doe secret.pdf", PAPER, content_type="text/html")
    return {"file": file, "author": "Maren Holt, LCSW", "signed_on": "", **changes}


def test_a_file_is_kept_with_what_was_declared_and_its_own_name_is_forgotten(
    made: Made, session: Session
) -> None:
    with made.inside():
        upload = handed_in(made, session)
        assert upload_of(session) == upload
        assert (upload.author, upload.file.media_type) == ("Maren Holt, LCSW", "application/pdf")
        event = AuditEvent.objects.get(kind="note.uploaded")
        assert event.data["sha256"] == upload.file.sha256
        assert event.client_id == session.client_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"author": "  "}, "author"),
        ({"signed_on": timedelta(days=-2)}, "signed_on"),
        ({"signed_on": timedelta(days=400)}, "signed_on"),
    ],
)
def test_author_and_a_possible_date_are_needed(
    made: Made, session: Session, changes: dict[str, Any], field: str
) -> None:
    if field == "signed_on":
        changes = {"signed_on": session.starts_at.date() + changes["signed_on"]}
    with made.inside(), pytest.raises(WordsNeeded) as refused:
        handed_in(made, session, **changes)
    assert refused.value.field == field


def test_a_session_has_a_written_note_or_a_file_never_both(made: Made, session: Session) -> None:
    with made.inside():
        note = drafted(made, session)
        with pytest.raises(NotNow, match="draft is begun"):
            handed_in(made, session)
        signed(made, note)
        with pytest.raises(NotNow, match="signed note"):
            handed_in(made, session)


def test_a_draft_cannot_be_begun_beside_a_file_and_no_second_file_is_taken(
    made: Made, session: Session
) -> None:
    with made.inside():
        handed_in(made, session)
        template = template_by_key(made.organization.pk, "soap")
        assert template is not None
        with pytest.raises(UploadedAlready):
            start_draft(session=session, template=template, by_member=made.clinician)
        with pytest.raises(UploadedAlready):
            handed_in(made, session)


def test_only_the_sessions_own_provider_hands_in_its_note(made: Made, session: Session) -> None:
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    with made.inside(), pytest.raises(NotYours):
        handed_in(made, session, by_member=colleague)


def test_a_file_taken_back_stays_in_the_store_with_its_reason(made: Made, session: Session) -> None:
    with made.inside():
        handed_in(made, session)
        with pytest.raises(WordsNeeded):
            withdraw_upload(session_id=session.pk, reason=" ", by_member=made.clinician)
        withdraw_upload(session_id=session.pk, reason="The wrong client's.", by_member=made.clinician)
        assert upload_of(session) is None
        kept = UploadedNote.objects.get()
        assert kept.withdrawn_reason == "The wrong client's."
        assert kept.file.gone_at is None
        assert handed_in(made, session)
        assert StoredFile.objects.count() == 2


def test_a_confirmed_sessions_file_stays(made: Made, session: Session) -> None:
    with made.inside():
        handed_in(made, session)
        Session.objects.filter(pk=session.pk).update(chip="confirmed")
        with pytest.raises(NotNow, match="confirmed"):
            withdraw_upload(session_id=session.pk, reason="Changed my mind.", by_member=made.clinician)


@pytest.mark.parametrize("column", ["author = 'Somebody else'", "signed_on = '2020-01-01'", "file_id = id"])
def test_the_database_refuses_to_change_or_delete_it(made: Made, session: Session, column: str) -> None:
    with made.inside():
        handed_in(made, session)
        for statement in (f"UPDATE notes_uploadednote SET {column}", "DELETE FROM notes_uploadednote"):
            with (
                pytest.raises((DatabaseError, IntegrityError)),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


# -- pages ---------------------------------------------------------------------------------------------------


def test_a_file_is_chosen_on_a_page_that_says_what_does_not_belong_there(
    made: Made, session: Session, browser: Browser
) -> None:
    page = text(browser.get(url(made, session, "upload")))
    assert "process (psychotherapy) notes" in page
    assert made.provider.signature_name in page
    sent = form(signed_on=f"{session.starts_at:%Y-%m-%d}")
    answer = browser.post(url(made, session, "upload"), sent)
    assert answer.status_code == 303
    page = text(browser.get(url(made, session)))
    assert "Uploaded note" in page
    assert "Jane Doe" not in page


def test_the_file_opens_in_a_locked_box(made: Made, session: Session, browser: Browser) -> None:
    with made.inside():
        handed_in(made, session)
    answer = browser.get(url(made, session, "uploaded"))
    assert answer.content == PAPER
    assert answer["Content-Type"] == "application/pdf"
    assert "sandbox" in answer["Content-Security-Policy"]
    with made.inside():
        assert AuditEvent.objects.filter(kind="note.read", client_id=session.client_id).exists()


@pytest.mark.parametrize(
    "name", ["empty", "html", "locked pdf", "docx with word/vbaProject.bin", "png of a billion pixels"]
)
def test_a_file_that_is_not_taken_says_why_and_what_was_typed_stays(
    made: Made, session: Session, browser: Browser, name: str
) -> None:
    content = dict(hostile()).get(name, b"<script>alert(1)</script>")
    sent = form(file=SimpleUploadedFile("note.pdf", content), author="Somebody, PhD", signed_on="2026-01-01")
    answer = browser.post(url(made, session, "upload"), sent)
    assert answer.status_code == 422
    assert "Somebody, PhD" in text(answer)
    assert 'id="id_file_error"' in text(answer) or "error" in text(answer)
    with made.inside():
        assert not UploadedNote.objects.exists()


def test_nobody_elses_provider_opens_the_file(made: Made, session: Session) -> None:
    with made.inside():
        handed_in(made, session)
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    assert browser_of(colleague).get(url(made, session, "uploaded")).status_code == 404
    assert browser_of(made.admin).get(url(made, session, "uploaded")).status_code == 404


def test_it_is_removed_by_a_form_with_a_reason(made: Made, session: Session, browser: Browser) -> None:
    with made.inside():
        handed_in(made, session)
    page = browser.post(url(made, session, "withdraw_upload"), {"reason": "Another session's."}, follow=True)
    assert "marked as withdrawn" in text(page)
    assert "Choose a template" in text(page)
