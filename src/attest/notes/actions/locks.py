"""Whose note it is, and the rows that a write holds until it is done."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from attest.calendar.models import Session
from attest.core import audit
from attest.core.ready import ready
from attest.notes.models import Note
from attest.notes.problems import NotADraft, NotYours
from attest.practice.models import Provider


def locked_session(session_id: UUID, by_member: Any) -> Session:
    """The session, locked, of which the member is the provider. Raises NotYours, Session.DoesNotExist."""
    session = (
        Session.objects.select_for_update(of=("self",), no_key=True)
        .select_related("client", "provider", "location")
        .get(organization_id=by_member.organization_id, pk=session_id)
    )
    must_be_own(session.provider_id, by_member)
    return session


def locked_note(note_id: UUID, by_member: Any) -> Note:
    """The note, locked after the session it has, if any.

    Raises NotYours when the member is not its author, Note.DoesNotExist.
    """
    own = {"organization_id": by_member.organization_id}
    list(
        Session.objects.select_for_update(of=("self",), no_key=True).filter(**own, notes=note_id).values("pk")
    )
    note = (
        Note.objects.select_for_update(of=("self",))
        .select_related("template", "session")
        .get(**own, pk=note_id)
    )
    must_be_own(note.author_id, by_member)
    return note


def locked_draft(note_id: UUID, by_member: Any) -> Note:
    """The same, and still a draft. Raises NotADraft otherwise."""
    note = locked_note(note_id, by_member)
    if note.state != "draft":
        raise NotADraft(note)
    return note


def as_it_is(note: Note, by_member: Any) -> Note:
    """The note, locked, as it is now: itself where nobody has changed it since it was read, else read anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, revision FROM notes_note WHERE organization_id = %s AND id = %s FOR UPDATE",
            [by_member.organization_id, note.pk],
        )
        if cursor.fetchone() == (note.state, note.revision):
            return note
    own = {"organization_id": by_member.organization_id}
    return Note.objects.select_related("template", "session").get(**own, pk=note.pk)


def locked_signer(note: Note) -> Provider:
    """The note's author, locked: two signatures of one person wait for each other."""
    return _author(note.organization_id, note.author_id)[0]


@ready
def _author(organization_id: UUID, provider_id: UUID) -> QuerySet[Provider]:
    return Provider.objects.select_for_update(no_key=True).filter(
        organization_id=organization_id, pk=provider_id
    )


def must_be_own(provider_id: UUID, by_member: Any) -> None:
    """Raises NotYours unless the member is that provider."""
    if by_member.provider_id is None or by_member.provider_id != provider_id:
        raise NotYours


def record(event: str, note: Note, by_member: Any, **data: object) -> None:
    """One audit event about a note."""
    audit.record(
        event,
        subject_type="note",
        subject_id=note.pk,
        client_id=note.client_id,
        organization_id=note.organization_id,
        by=by_member.user_id,
        session=str(note.session_id) if note.session_id else None,
        **data,
    )
