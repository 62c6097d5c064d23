"""Reads of notes: the note of a session, how notes stand, the last signed one, what is due, what was on the screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet

from attest.calendar.models import Session
from attest.clients.models import Coverage
from attest.core.access import Scope
from attest.core.once import fingerprint
from attest.notes.models import (
    Addendum,
    Note,
    NoteTemplate,
    NoteVersion,
    Signature,
    Snippet,
    TemplatePlace,
    UploadedNote,
)
from attest.policy.chips import ChipState
from attest.policy.deadlines import SignatureDue, signature_due
from attest.policy.payer import LineOfBusiness, signs_strictly
from attest.practice.queries import policy_for, settled_terms

if TYPE_CHECKING:
    from attest.notes.definition import Value
    from attest.notes.header import HeaderFacts


class NoteState(StrEnum):
    """How the note of a session stands."""

    NONE = "none"
    OWED = "owed"
    """The session is confirmed, its note not written yet."""
    DRAFT = "draft"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class NoteStanding:
    """One session's note in a list. `owed`: the session is confirmed and still waits for a signed note."""

    state: NoteState
    note_id: UUID | None = None
    owed: bool = False
    saved_at: datetime | None = None


def current_templates(organization_id: UUID, *, with_hidden: bool = False) -> list[NoteTemplate]:
    """The newest version of each template of the practice in the practice's order, without those it has hidden."""
    newest = (
        NoteTemplate.objects.filter(organization_id=organization_id)
        .order_by("key", "-version")
        .distinct("key")
    )
    places = {place.key: place for place in TemplatePlace.objects.filter(organization_id=organization_id)}
    hidden = set() if with_hidden else {key for key, place in places.items() if place.hidden}
    shown = [template for template in newest if template.key not in hidden]
    return sorted(
        shown,
        key=lambda template: (
            places[template.key].position if template.key in places else template.parsed.order,
            template.name,
        ),
    )


def template_by_key(organization_id: UUID, key: str) -> NoteTemplate | None:
    """The newest version of one template."""
    return NoteTemplate.objects.filter(organization_id=organization_id, key=key).order_by("-version").first()


def note_of(session: Session) -> Note | None:
    """The session's note that was not discarded, with its template; None when nothing is written."""
    return (
        Note.objects.filter(organization_id=session.organization_id, session_id=session.pk)
        .filter(~Q(state="discarded"))
        .select_related("template", "session")
        .first()
    )


def upload_of(session: Session) -> UploadedNote | None:
    """The file that was handed in as the session's note and not taken back."""
    return (
        UploadedNote.objects.filter(
            organization_id=session.organization_id, session_id=session.pk, withdrawn_at__isnull=True
        )
        .select_related("file", "session")
        .first()
    )


def snippets_of(organization_id: UUID, owner_id: UUID) -> QuerySet[Snippet]:
    """A provider's own snippets, by name."""
    return Snippet.objects.filter(organization_id=organization_id, owner_id=owner_id).order_by("name")


def discarded_notes(session: Session) -> QuerySet[Note]:
    """The session's discarded drafts, newest first."""
    return (
        Note.objects.filter(organization_id=session.organization_id, session_id=session.pk, state="discarded")
        .select_related("template")
        .order_by("-discarded_at")
    )


def version_of(note: Note) -> NoteVersion | None:
    """The signed version of a note, with its template."""
    return (
        NoteVersion.objects.filter(organization_id=note.organization_id, note_id=note.pk)
        .select_related("template", "note")
        .first()
    )


def addenda_of(note: Note) -> list[Addendum]:
    """What was added to a note, oldest first."""
    return list(
        Addendum.objects.filter(organization_id=note.organization_id, note_id=note.pk).order_by(
            "signed_at", "pk"
        )
    )


def signatures_of(note: Note) -> dict[UUID, Signature]:
    """The signatures of a note's version and addenda, by the id of what was signed."""
    rows = Signature.objects.filter(organization_id=note.organization_id).filter(
        Q(version__note_id=note.pk) | Q(addendum__note_id=note.pk)
    )
    return {row.version_id or row.addendum_id or row.pk: row for row in rows}


def last_signed_notes(session: Session, member: Any, scope: Scope, *, most: int = 5) -> list[NoteVersion]:
    """The client's last signed notes before this session, newest first, as far as the member may see them.

    Those of all authors for whoever may read all, or whose client it is; else only the member's own.

    Of the same client, by the session's start. Its `note.session` says when each was.
    """
    versions = NoteVersion.objects.filter(
        organization_id=session.organization_id,
        note__session__organization_id=session.organization_id,
        note__session__client_id=session.client_id,
        note__session__starts_at__lt=session.starts_at,
    )
    if scope is not Scope.ALL and member.provider_id is None:
        return []
    if scope is not Scope.ALL and session.client.provider_id != member.provider_id:
        versions = versions.filter(note__author_id=member.provider_id)
    return list(
        versions.select_related("template", "note__session").order_by("-note__session__starts_at", "-pk")[
            :most
        ]
    )


def notes_of_the_group(session: Session) -> list[NoteVersion]:
    """The signed notes about other members of the same group session: each must be written for its member."""
    if session.kind != "group":
        return []
    return list(
        NoteVersion.objects.filter(
            organization_id=session.organization_id,
            note__session__organization_id=session.organization_id,
            note__session__occasion_id=session.occasion_id,
        )
        .exclude(note__session_id=session.pk)
        .select_related("note__session")
    )


def standings(organization_id: UUID, sessions: Iterable[Session]) -> dict[UUID, NoteStanding]:
    """How the notes of many sessions stand, by session id, in one query."""
    sessions = list(sessions)
    rows = Note.objects.filter(
        organization_id=organization_id, session_id__in=[session.pk for session in sessions]
    ).filter(~Q(state="discarded"))
    known = {
        session_id: (note_id, state, saved_at)
        for session_id, note_id, state, saved_at in rows.values_list("session_id", "pk", "state", "saved_at")
    }
    found: dict[UUID, NoteStanding] = {}
    for session in sessions:
        waits = session.chip == ChipState.NOTE_DUE
        if session.pk not in known:
            found[session.pk] = NoteStanding(NoteState.OWED if waits else NoteState.NONE, owed=waits)
            continue
        note_id, state, saved_at = known[session.pk]
        found[session.pk] = NoteStanding(NoteState(state), note_id, waits and state == "draft", saved_at)
    return found


def open_drafts(organization_id: UUID, author_id: UUID | None = None) -> QuerySet[Note]:
    """Drafts waiting for a signature, the oldest session first; of one author, or of the whole practice."""
    drafts = Note.objects.filter(organization_id=organization_id, state="draft")
    if author_id is not None:
        drafts = drafts.filter(author_id=author_id)
    return drafts.select_related("session__client", "template").order_by("session__starts_at")


def content_digest(note: Note) -> str:
    """Fingerprint of a draft as it is kept: the note, its template and its content."""
    return digest_of(note, note.content)


def digest_of(note: Note, values: "dict[str, Value]") -> str:
    """Fingerprint of the note with these values in its fields: what a form shows, before it is saved."""
    return fingerprint(note.pk, note.template_id, values)


def lines_of_business(organization_id: UUID, client_id: UUID) -> frozenset[LineOfBusiness]:
    """The lines of business of every coverage known of the client now: they decide how soon a note is due."""
    lines = (
        Coverage.objects.filter(organization_id=organization_id, client_id=client_id)
        .values_list("payer__line_of_business", flat=True)
        .distinct()
    )
    return frozenset(LineOfBusiness(line) for line in lines)


def criteria_required(organization_id: UUID, client_id: UUID, day: date) -> frozenset[str]:
    """What the payers of the client's plans on that date demand of a note before it is signed; mostly nothing."""
    terms = settled_terms(organization_id)
    if not terms.demands_criteria:
        return frozenset()
    plans = Coverage.objects.filter(
        Q(effective_to__isnull=True) | Q(effective_to__gte=day),
        organization_id=organization_id,
        client_id=client_id,
        effective_from__lte=day,
    )
    return terms.criteria_required(plans.values_list("payer_id", flat=True), day)


def lines_of_business_of(
    organization_id: UUID, client_ids: Iterable[UUID]
) -> dict[UUID, frozenset[LineOfBusiness]]:
    """The same for several clients in one query; clients without any coverage are left out."""
    rows = Coverage.objects.filter(organization_id=organization_id, client_id__in=list(client_ids))
    found: dict[UUID, set[LineOfBusiness]] = {}
    for client_id, line in rows.values_list("client_id", "payer__line_of_business").distinct():
        found.setdefault(client_id, set()).add(LineOfBusiness(line))
    return {client_id: frozenset(lines) for client_id, lines in found.items()}


def signature_due_of(session: Session, facts: "HeaderFacts | None" = None) -> SignatureDue:
    """Until when the session's note must be signed, as far as is known now.

    72 hours after the actual stop (the practice's number), 48 when any known coverage belongs to Medicare or Medicaid;
    the scheduled end stands in until actual times are typed.
    """
    actual = None
    if facts is not None and facts.times_from != "schedule":
        actual = max(interval.stop for interval in facts.intervals)
    return signature_due(
        scheduled_stop=session.ends_at,
        actual_stop=actual,
        strict=signs_strictly(lines_of_business(session.organization_id, session.client_id)),
        policy=policy_for(session.organization_id),
    )
