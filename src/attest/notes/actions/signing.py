"""Signing: the one moment in which a draft becomes the signed version."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from attest.calendar.actions import mark
from attest.calendar.models import Session
from attest.core import clock
from attest.core.models import insert, save_fields
from attest.notes.actions import plans
from attest.notes.actions.locks import as_it_is, locked_session, locked_signer, must_be_own, record
from attest.notes.chain import append
from attest.notes.checking import demanded_of
from attest.notes.header import Header, attestation_text, facts_of, header_digest, header_for
from attest.notes.models import Note, NoteVersion
from attest.notes.problems import (
    Changed,
    Incomplete,
    LateReasonNeeded,
    NotADraft,
    NothingToSign,
)
from attest.notes.queries import content_digest, note_of, signature_due_of
from attest.policy.chips import ChipState
from attest.policy.note_checks import missing_required

Listener = Callable[[Session, NoteVersion, UUID], None]
_listeners: list[Listener] = []


def when_signed(listener: Listener) -> None:
    """A room above is told when a note was signed by itself (`sign_alone`), within the same transaction.

    It gets the locked session, the signed version and the acting user's id: an owed note may release a claim.
    """
    _listeners.append(listener)


def mark_signed(session: Session, *, by: UUID | None) -> None:
    """Give an open session the chip *Signed* when its note is. The caller has locked the session."""
    signed = Note.objects.filter(
        organization_id=session.organization_id, session_id=session.pk, state="signed"
    )
    if session.chip == ChipState.SCHEDULED and signed.exists():
        mark(session, ChipState.SIGNED, by=by)


def sign(
    *,
    note: Note,
    header: Header,
    attestation: str,
    seen_digest: str,
    by_member: Any,
    proof_at: datetime,
    late_reason: str,
    due_at: datetime,
    now: datetime,
    demanded: tuple[tuple[str, ...], ...] = (),
) -> NoteVersion:
    """Sign a draft: its content and `header` are frozen, hashed, and chained to the author's previous signature.

    Runs inside the caller's transaction (seven statements, none a commit); the caller has locked the session.
    `seen_digest` is the `content_digest` of what was on the screen, `due_at` the signature's due time, frozen here;
    `proof_at` is when the signer last proved who they are; `demanded` what payers want filled beside the template
    (`checking.demanded_of`). Every refusal comes before the first write. What a note of
    its purpose does (a treatment plan comes into force) happens here too.

    Raises NotYours, NotADraft, Changed, Incomplete (every missing field), LateReasonNeeded (late: `now > due_at`).
    """
    must_be_own(note.author_id, by_member)
    note = as_it_is(note, by_member)
    if note.state != "draft":
        raise NotADraft(note)
    if content_digest(note) != seen_digest:
        raise Changed(note)
    missing = missing_required(note.template.parsed.fields, note.content, demanded)
    if missing:
        raise Incomplete(missing)
    late, reason = now > due_at, " ".join(late_reason.split())
    if late and not reason:
        raise LateReasonNeeded(due_at)
    signer = locked_signer(note)
    version = NoteVersion(
        organization_id=note.organization_id,
        note=note,
        template=note.template,
        header=header,
        content=note.content,
        attestation=attestation,
        signed_at=now,
        due_at=due_at,
        late=late,
        late_reason=reason if late else "",
    )
    insert(version)
    signature = append(
        signer=signer, user_id=by_member.user_id, signed_at=now, proof_at=proof_at, version=version
    )
    save_fields(note, state="signed")
    plans.follow(note, version, by=by_member.user_id)
    record("note.signed", note, by_member, number=signature.number, digest=signature.digest, late=late)
    return version


def sign_alone(
    *,
    session_id: UUID,
    seen_digest: str,
    seen_header: str,
    by_member: Any,
    proof_at: datetime,
    late_reason: str = "",
) -> NoteVersion:
    """Sign the session's draft without confirming: always possible, whatever the roadblocks and dates.

    `seen_digest` and `seen_header` say which content and header were on the screen. The header takes what is known of
    the session now. An unconfirmed session's chip becomes *Signed*; rooms above hear of it through `when_signed`.
    Raises NothingToSign and everything that `sign` raises; a header that is another by now raises Changed.
    """
    with transaction.atomic():
        session = locked_session(session_id, by_member)
        note = note_of(session)
        if note is None:
            raise NothingToSign
        if note.state != "draft":
            raise NotADraft(note)
        now = clock.now()
        facts = facts_of(session)
        header = header_for(session, facts)
        if header_digest(header) != seen_header:
            raise Changed(note, "Something above the note (times, place or diagnosis)")
        version = sign(
            note=note,
            header=header,
            attestation=attestation_text(session.provider, header, now, session.zone),
            seen_digest=seen_digest,
            by_member=by_member,
            proof_at=proof_at,
            late_reason=late_reason,
            due_at=signature_due_of(session, facts).due_at,
            now=now,
            demanded=demanded_of(note, header),
        )
        mark_signed(session, by=by_member.user_id)
        for listener in _listeners:
            listener(session, version, by_member.user_id)
    return version
