"""Making the file of a signed note."""

from datetime import datetime
from typing import Any

from attest.core import keys
from attest.core.keys.publishing import as_published
from attest.notes.chain import digest_of, facts_of, instant, thing_of
from attest.notes.export.form import FORM, marks, seal_message, spelled
from attest.notes.models import Note, NoteVersion, Signature
from attest.notes.queries import signatures_of
from attest.notes.reading import KINDS, Reading, reading_of
from attest.notes.signed import message
from attest.practice.organization import Organization


class CannotExport(Exception):
    """The note cannot be exported; the sentence says why."""


def exported(note: Note, *, at: datetime) -> bytes:
    """The signed note with its additions, signatures and public keys as one file, sealed by the practice's key.

    Needs the practice to be set for the transaction. Raises CannotExport for a note that is not signed, or that is not
    as it was signed; keys.KeyMissing when the practice's key cannot be opened.
    """
    reading = reading_of(note)
    if reading is None:
        raise CannotExport("This note is not signed. Only signed notes are exported.")
    signatures = signatures_of(note)
    version, definition = reading.version, reading.version.template.definition
    organization = Organization.objects.get(pk=note.organization_id)
    file: dict[str, Any] = {
        "form": FORM,
        "about": {
            "organization": {"id": str(organization.pk), "name": organization.name},
            "exported_at": instant(at),
        },
        "template": {
            "key": version.template.key,
            "version": version.template.version,
            "definition": definition,
        },
        "answers": _answers(reading),
        "note": _entry(label_of(version), signatures.get(version.pk)),
        "additions": [
            _entry(KINDS[added.addendum.kind], signatures.get(added.addendum.pk)) for added in reading.addenda
        ],
    }
    seal_key = keys.in_force(note.organization_id)
    used = {signature.key_id for signature in signatures.values()} | {seal_key}
    file["keys"] = [as_published(key) for key in keys.public_keys(note.organization_id) if key.id in used]
    file["marks"] = marks(file)
    sealed = keys.sign(seal_message(file), organization_id=note.organization_id, key_id=seal_key)
    if sealed.key_id != seal_key:  # keys were rotated in this moment
        return exported(note, at=at)
    file["seal"] = {"key": str(sealed.key_id), "signature": sealed.signature.hex()}
    return spelled(file)


def label_of(version: NoteVersion) -> str:
    """How a signed note is labelled, for ever."""
    return "Signed late" if version.late else "Signed"


def _answers(reading: Reading) -> list[dict[str, Any]]:
    """The note as it is read: sections, and what was asked and answered in each."""
    return [
        {
            "section": section.label,
            "answers": [{"label": label, "text": text} for label, text in section.answers],
        }
        for section in reading.sections
        if section.answers
    ]


def _entry(label: str, signature: Signature | None) -> dict[str, Any]:
    """What was signed, exactly, and its signature beside it."""
    if signature is None or not _holds(signature):
        raise CannotExport(
            "This note is not as it was signed, so it is not exported. See: attest notes check"
        )
    return thing_of(signature) | {
        "label": label,
        "signature": facts_of(signature)
        | {
            "algorithm": signature.algorithm,
            "digest": signature.digest,
            "key": str(signature.key_id),
            "signature": bytes(signature.signature).hex(),
        },
    }


def _holds(signature: Signature) -> bool:
    return signature.digest == digest_of(signature) and keys.verify(
        message(signature.digest),
        bytes(signature.signature),
        key_id=signature.key_id,
        organization_id=signature.organization_id,
    )
