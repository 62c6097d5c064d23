"""A note while it is written: started, saved as it is typed, moved to another template, discarded."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from attest.calendar.models import Session
from attest.core import clock
from attest.core.models import save_fields
from attest.notes.actions.locks import locked_draft, locked_session, record
from attest.notes.definition import BadValues, carried_over, clean, complete, plain_text
from attest.notes.models import Note, NoteTemplate
from attest.notes.problems import NotADraft, StaleDraft, UploadedAlready
from attest.notes.queries import note_of, upload_of

LONGEST_REASON = 300


def start_draft(*, session: Session, template: NoteTemplate, by_member: Any) -> Note:
    """Begin the session's note in a template, everything empty.

    A draft that is there already is returned as it is, whatever its template: pressed twice, or open in two tabs,
    there is one. Raises NotYours, NotADraft when the note is signed, UploadedAlready when a file was handed in.
    """
    with transaction.atomic():
        session = locked_session(session.pk, by_member)
        existing = note_of(session)
        if existing is not None:
            if existing.state != "draft":
                raise NotADraft(existing)
            return existing
        if upload_of(session) is not None:
            raise UploadedAlready
        note = Note.objects.create(
            organization_id=session.organization_id,
            client_id=session.client_id,
            session=session,
            author_id=session.provider_id,
            template=template,
            content=complete(template.parsed, {}),
        )
        record("note.started", note, by_member, template=template.key)
    return note


def save_draft(
    *,
    note_id: UUID,
    values: Mapping[str, object],
    revision: int,
    by_member: Any,
    late_reason: str | None = None,
) -> Note:
    """Keep what was typed. `values` holds the fields that were sent; the others stay as they are.

    `revision` is the one the page began with. When somebody has saved since, and what is there differs from what was
    sent, StaleDraft is raised with the newer state and nothing is overwritten; sending the same again is no conflict.
    Returns the note with its new revision. Raises BadValues, NotADraft, NotYours too. Not audited one by one.
    """
    with transaction.atomic():
        note = locked_draft(note_id, by_member)
        definition = note.template.parsed
        content = complete(definition, note.content | clean(definition, values))
        reason = note.late_reason if late_reason is None else _reason(late_reason)
        if content == note.content and reason == note.late_reason:
            return note
        if revision != note.revision:
            raise StaleDraft(note)
        save_fields(
            note, content=content, late_reason=reason, revision=note.revision + 1, saved_at=clock.now()
        )
    return note


def switch_template(*, note_id: UUID, template: NoteTemplate, by_member: Any) -> Note:
    """Move a draft to another template: fields of the same key keep what is in them.

    When something does not fit, the draft as it was is kept in the history as a discarded one. Nothing is lost either
    way. Raises NotADraft, NotYours.
    """
    with transaction.atomic():
        note = locked_draft(note_id, by_member)
        if note.template_id == template.pk:
            return note
        content, left = carried_over(note.content, template.parsed)
        if left:
            now = clock.now()
            Note.objects.create(
                organization_id=note.organization_id,
                client_id=note.client_id,
                session_id=note.session_id,
                author_id=note.author_id,
                template_id=note.template_id,
                state="discarded",
                content=note.content,
                revision=note.revision,
                created_at=note.created_at,
                saved_at=note.saved_at,
                discarded_at=now,
            )
        save_fields(
            note, template=template, content=content, revision=note.revision + 1, saved_at=clock.now()
        )
        record("note.template_switched", note, by_member, template=template.key, kept_aside=left)
    return note


def discard_draft(*, note_id: UUID, by_member: Any) -> Note:
    """Discard a draft on purpose. It stays in the history as it was, and another can be started.

    Raises NotADraft when it is signed (discarding a discarded one changes nothing), NotYours.
    """
    with transaction.atomic():
        try:
            note = locked_draft(note_id, by_member)
        except NotADraft as problem:
            if problem.note.state == "discarded":
                return problem.note
            raise
        save_fields(note, state="discarded", discarded_at=clock.now())
        record("note.discarded", note, by_member, revision=note.revision)
    return note


def _reason(typed: str) -> str:
    try:
        return " ".join(plain_text(typed, LONGEST_REASON).split())
    except ValueError as problem:
        raise BadValues({"late_reason": f"Why it is late: {problem}"}) from None
