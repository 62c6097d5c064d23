"""Reads of notes about a client without a session, and what stands above one."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from attest.clients.models import Client
from attest.core.access import Scope
from attest.notes.header import Header, header_of_client
from attest.notes.models import Note
from attest.notes.plans import chart_diagnoses_of
from attest.policy.deadlines import local_date


def client_notes(member: Any, scope: Scope, client: Client) -> QuerySet[Note]:
    """The client's notes without a session, drafts of the member alone, the newest first. `client` may be seen."""
    rows = Note.objects.filter(organization_id=client.organization_id, client_id=client.pk, session=None)
    own_drafts = Q(state="draft", author_id=member.provider_id) if member.provider_id else Q(pk=None)
    if scope is Scope.NONE:
        return rows.none()
    return (
        rows.filter(Q(state="signed") | own_drafts)
        .select_related("template", "author", "client")
        .order_by("-created_at", "-pk")
    )


def written_by(member: Any, client_id: UUID) -> QuerySet[Note]:
    """The member's own notes about this client without a session: theirs to sign, whosever the client is by now."""
    if member.provider_id is None:
        return Note.objects.none()
    rows = Note.objects.filter(
        organization_id=member.organization_id,
        client_id=client_id,
        session=None,
        author_id=member.provider_id,
    )
    return rows.exclude(state="discarded").select_related("template", "author", "client")


def client_drafts(organization_id: UUID, author_id: UUID | None = None) -> QuerySet[Note]:
    """Drafts about clients without a session that wait for a signature, the oldest first; of one author, or all."""
    drafts = Note.objects.filter(organization_id=organization_id, session=None, state="draft")
    if author_id is not None:
        drafts = drafts.filter(author_id=author_id)
    return drafts.select_related("client", "author", "template").order_by("created_at", "pk")


def header_without_session(note: Note) -> Header:
    """The header of a note about its client without a session: the day it was begun, the diagnoses of the chart."""
    return header_of_client(
        note.client,
        note.author,
        day=local_date(note.created_at, note.author.zone),
        diagnoses=chart_diagnoses_of(note.organization_id, note.client_id),
    )
