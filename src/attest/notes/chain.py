"""The chain of a provider's signatures: each covers what was signed, who signed when, and the signature before it.

A signature's digest is SHA-256 over the canonical JSON of all that (`signed.py`), and the practice's Ed25519 key signs
the digest. Changing a signed row, taking one out or moving it to another session breaks the chain at that place, and
whoever computes the digests anew lacks the key; `verify_chain` says where.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from attest.core import keys
from attest.core.models import insert
from attest.notes.models import Addendum, Note, NoteTemplate, NoteVersion, Signature
from attest.notes.signed import ALGORITHM, digest, digest_over, message
from attest.practice.models import Provider


def append(
    *,
    signer: Provider,
    user_id: UUID,
    signed_at: datetime,
    proof_at: datetime,
    version: NoteVersion | None = None,
    addendum: Addendum | None = None,
) -> Signature:
    """Sign a version or an addendum as the next link of the signer's chain, within the current transaction.

    `signer` is the provider's row, locked by the caller: two signatures of one person wait for each other.
    Raises keys.KeyMissing when the practice's key cannot be opened.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [signer.organization_id, signer.organization_id, signer.pk])
        key_in_force, number, previous = cursor.fetchone()
    signature = Signature(
        organization_id=signer.organization_id,
        signer=signer,
        user_id=user_id,
        signed_as=signer.signature_name,
        version=version,
        addendum=addendum,
        number=(number or 0) + 1,
        algorithm=ALGORITHM,
        previous_digest=previous or "",
        signed_at=signed_at,
        proof_at=proof_at,
    )
    signature.digest = digest_of(signature)
    made = keys.sign(message(signature.digest), organization_id=signer.organization_id, key_id=key_in_force)
    signature.key_id, signature.signature = made.key_id, made.signature
    insert(signature)
    return signature


_BEFORE = f"""
SELECT {keys.IN_FORCE}, last.number, last.digest FROM (SELECT 1) AS once LEFT JOIN LATERAL (
    SELECT number, digest FROM notes_signature WHERE organization_id = %s AND signer_id = %s
    ORDER BY number DESC LIMIT 1
) AS last ON true
"""  # noqa: S608 - the text is ours
"""The practice's key in force and the signer's last signature, in one statement: each press waits for it."""


def digest_of(signature: Signature) -> str:
    """What the signature's digest must be, from the rows as they are."""
    return digest_over(facts_of(signature), thing_of(signature))


def facts_of(signature: Signature) -> dict[str, Any]:
    """What the digest covers of the signature itself, as JSON."""
    return {
        "organization": str(signature.organization_id),
        "signer": str(signature.signer_id),
        "user": str(signature.user_id),
        "signed_as": signature.signed_as,
        "signed_at": instant(signature.signed_at),
        "proof_at": instant(signature.proof_at),
        "number": signature.number,
        "previous": signature.previous_digest,
    }


def thing_of(signature: Signature) -> dict[str, Any]:
    """The note or addition that was signed, as JSON: everything that a signature's digest covers of it."""
    return _version(signature.version) if signature.version else _addendum(signature.addendum)


def _version(version: NoteVersion) -> dict[str, Any]:
    return {
        "kind": "note",
        "id": str(version.pk),
        "note": str(version.note_id),
        "session": str(version.note.session_id or f"none, client {version.note.client_id}"),
        "author": str(version.note.author_id),
        "template": template_mark(version.template),
        "header": version.header,
        "content": version.content,
        "attestation": version.attestation,
        "signed_at": instant(version.signed_at),
        "due_at": instant(version.due_at),
        "late": version.late,
        "late_reason": version.late_reason,
    }


def template_mark(template: NoteTemplate) -> dict[str, Any]:
    """Which template, and a digest of its labels and options: they are what a reader sees around the answers."""
    return {"key": template.key, "version": template.version, "definition": digest(template.definition)}


def _addendum(addendum: Addendum) -> dict[str, Any]:
    return {
        "kind": addendum.kind,
        "id": str(addendum.pk),
        "note": str(addendum.note_id),
        "author": str(addendum.author_id),
        "reason": addendum.reason,
        "text": addendum.text,
        "signed_at": instant(addendum.signed_at),
    }


def instant(at: datetime) -> str:
    """An instant as it is signed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


# -- verifying ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a chain does not hold. `number` is the signature's, None for a signed thing without one."""

    number: int | None
    subject_id: UUID
    sentence: str


def verify_chain(organization_id: UUID, signer_id: UUID) -> tuple[Fault, ...]:
    """Every fault of a provider's chain, oldest first; empty when all of it holds. Reads the whole chain."""
    return (*_broken_links(organization_id, signer_id), *_unsigned(organization_id, signer_id))


def _broken_links(organization_id: UUID, signer_id: UUID) -> Iterator[Fault]:
    number, previous = 0, ""
    signatures = (
        Signature.objects.filter(organization_id=organization_id, signer_id=signer_id)
        .select_related("version__note", "version__template", "addendum")
        .order_by("number")
    )
    for signature in signatures.iterator(chunk_size=500):
        subject: UUID = signature.version_id or signature.addendum_id or signature.pk
        number += 1
        if signature.number != number:
            yield Fault(signature.number, subject, f"Signature {number} is missing before this one.")
            number = signature.number
        elif signature.previous_digest != previous:
            yield Fault(signature.number, subject, "This does not follow from the signature before it.")
        if signature.algorithm != ALGORITHM or signature.digest != digest_of(signature):
            yield Fault(
                signature.number, subject, "What was signed, or its signature, was changed afterwards."
            )
        elif not keys.verify(
            message(signature.digest),
            bytes(signature.signature),
            key_id=signature.key_id,
            organization_id=organization_id,
        ):
            yield Fault(signature.number, subject, "This was not signed with the practice's key.")
        previous = signature.digest


def _unsigned(organization_id: UUID, signer_id: UUID) -> Iterator[Fault]:
    """Signed things whose signature is gone: the end of a chain can only be missed from this side."""
    own = {"organization_id": organization_id}
    signed = Signature.objects.filter(**own, signer_id=signer_id)
    notes = Note.objects.filter(**own, author_id=signer_id, state="signed")
    for note_id in notes.exclude(
        pk__in=signed.filter(version__isnull=False).values("version__note")
    ).values_list("pk", flat=True):
        yield Fault(None, note_id, "This note counts as signed and has no signature.")
    addenda = Addendum.objects.filter(**own, author_id=signer_id)
    for addendum_id in addenda.exclude(
        pk__in=signed.filter(addendum__isnull=False).values("addendum")
    ).values_list("pk", flat=True):
        yield Fault(None, addendum_id, "This addition to a note has no signature.")
