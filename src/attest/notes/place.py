"""Where a note stands: with its session, or with its client when it is about no session."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from attest.calendar.models import Session
from attest.calendar.queries import session_for
from attest.clients.models import Client
from attest.clients.queries import client_for
from attest.core.access import MemberRequest, concerns, may
from attest.notes.client_notes import client_notes, written_by
from attest.notes.models import Note
from attest.notes.queries import note_of
from attest.practice.models import Provider


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a note, as far as the member may go there. `note` is what stands there and was not discarded.

    `here` is its address. `provider_id` names who writes and signs there.
    """

    client: Client
    session: Session | None
    note: Note | None
    provider_id: UUID
    here: str

    def is_written_by(self, request: MemberRequest) -> bool:
        """Whether the member may write there."""
        return may(request.member, "note.write") and request.member.provider_id == self.provider_id

    def again(self) -> Note | None:
        """What stands there now."""
        if self.session is not None:
            return note_of(self.session)
        assert self.note is not None
        return Note.objects.select_related("template", "author", "client").get(
            organization_id=self.note.organization_id, pk=self.note.pk
        )

    @property
    def zone(self) -> str:
        """In which its times are told."""
        zone: str = self.session.zone if self.session is not None else self.author.zone
        return zone

    @property
    def author(self) -> Provider:
        """Who writes there."""
        whose = self.session.provider if self.session is not None else self.note and self.note.author
        assert isinstance(whose, Provider)
        return whose


def address(slug: str, note: Note, name: str = "note") -> str:
    """The address of one of a note's pages."""
    if note.session_id is not None:
        return reverse(f"notes:{name}", args=[slug, note.session_id])
    return reverse(f"notes:client_{name}", args=[slug, note.client_id, note.pk])


def place_of(
    request: MemberRequest,
    *,
    session_id: UUID | None = None,
    client_id: UUID | None = None,
    note_id: UUID | None = None,
) -> Place:
    """The place that an address names: a session, or a client and a note of theirs.

    Raises Http404 for whatever the member may not see, and for a discarded note without a session.
    """
    slug = request.practice.slug
    if session_id is not None:
        session = session_for(request.member, request.scope, session_id)
        here = reverse("notes:note", args=[slug, session.pk])
        return Place(session.client, session, note_of(session), session.provider_id, here)
    assert client_id is not None
    assert note_id is not None
    note = written_by(request.member, client_id).filter(pk=note_id).first()
    if note is not None:
        client = note.client
        concerns(client.pk)
    else:
        client = client_for(request.member, request.scope, client_id)
        note = client_notes(request.member, request.scope, client).filter(pk=note_id).first()
    if note is None:
        raise Http404("no such note for this member")
    return Place(client, None, note, note.author_id, address(slug, note))
