"""A note about a client without a session: a treatment plan, a discharge, a contact. Begun and signed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from attest.clients.models import Client
from attest.core import clock
from attest.notes.actions.locks import locked_draft, must_be_own, record
from attest.notes.actions.signing import sign
from attest.notes.client_notes import header_without_session
from attest.notes.definition import Values, complete
from attest.notes.header import attestation_text, header_digest
from attest.notes.models import Note, NoteTemplate, NoteVersion
from attest.notes.plans import plan_in_force
from attest.notes.problems import Changed, NotForClients
from attest.policy.deadlines import local_date


def start_client_note(
    *, client: Client, template: NoteTemplate, by_member: Any, review: bool = False
) -> Note:
    """Begin a note about the client without a session, everything empty, by the acting provider.

    The author's own draft in the same template is returned as it is: pressed twice there is one. `review` takes over,
    on purpose, what the template names of the plan in force. Raises NotForClients for a template made for sessions
    alone, NotYours for a member who is no provider.
    """
    if not template.parsed.without_session:
        raise NotForClients
    must_be_own(by_member.provider_id, by_member)
    with transaction.atomic():
        Client.objects.select_for_update(no_key=True).get(
            organization_id=by_member.organization_id, pk=client.pk
        )
        existing = Note.objects.filter(
            organization_id=client.organization_id,
            client_id=client.pk,
            session=None,
            author_id=by_member.provider_id,
            template__key=template.key,
            state="draft",
        ).first()
        if existing is not None:
            return existing
        definition = template.parsed
        today = local_date(clock.now(), by_member.zone)
        values = _of_plan(client, template, today) if review else {}
        note = Note.objects.create(
            organization_id=client.organization_id,
            client_id=client.pk,
            author_id=by_member.provider_id,
            template=template,
            content=complete(definition, values),
        )
        record("note.started", note, by_member, template=template.key, review=review)
    return note


def _of_plan(client: Client, template: NoteTemplate, today: date) -> Values:
    """What the plan in force says in the fields that name it as their source."""
    plan = plan_in_force(client.organization_id, client.pk, today)
    if plan is None:
        return {}
    known = plan.version.template.parsed.by_key()
    return {
        field.key: plan.version.content[field.key]
        for field in template.parsed.fields
        if field.source[0] == "plan" and field.key in known and known[field.key].kind is field.kind
    }


def sign_client_note(
    *, note_id: UUID, seen_digest: str, seen_header: str, by_member: Any, proof_at: datetime
) -> NoteVersion:
    """Sign a note about the client without a session.

    There is no session it could be late after, so it never is. `seen_digest` and `seen_header` say which content and
    header were on the screen. Raises everything that `sign` raises; a header that is another by now raises Changed.
    """
    with transaction.atomic():
        note = locked_draft(note_id, by_member)
        now = clock.now()
        header = header_without_session(note)
        if header_digest(header) != seen_header:
            raise Changed(note, "Something above the note (its date or a diagnosis)")
        return sign(
            note=note,
            header=header,
            attestation=attestation_text(note.author, header, now, note.author.zone),
            seen_digest=seen_digest,
            by_member=by_member,
            proof_at=proof_at,
            late_reason="",
            due_at=now,
            now=now,
        )
