"""Checking every signature of a practice: each provider's chain, and what the audit trail says was signed."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from attest.core.walls import inside
from attest.notes.chain import verify_chain
from attest.notes.models import Signature
from attest.practice.models import Provider


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found wrong, as sentences that name nobody but signers, and how many signatures there are."""

    sentences: tuple[str, ...]
    signatures: int


def check_practice(organization_id: UUID) -> Checked:
    """Verify every chain of a practice in one transaction. Reads every signed note it has."""
    with inside(organization_id):
        return Checked(
            sentences=tuple(_sentences(organization_id)),
            signatures=Signature.objects.filter(organization_id=organization_id).count(),
        )


def _sentences(organization_id: UUID) -> Iterator[str]:
    for provider in Provider.objects.filter(organization_id=organization_id).order_by("pk"):
        for fault in verify_chain(organization_id, provider.pk):
            place = f"signature {fault.number}" if fault.number else f"entry {fault.subject_id}"
            yield f"{provider.signature_name}, {place}: {fault.sentence}"
    for note_id, digest in _gone(organization_id):
        yield (
            f"Note {note_id}: the audit trail says that it was signed with the fingerprint {digest[:16]}…,"
            " and no signature has it any more."
        )


def _gone(organization_id: UUID) -> list[tuple[UUID, str]]:
    """Signatures that the audit trail knows and the chains do not: the end of a chain, taken off with its note."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event.subject_id, event.data ->> 'digest' FROM core_auditevent event"
            " WHERE event.organization_id = %s AND event.kind IN ('note.signed', 'note.addendum')"
            " AND event.data ->> 'digest' IS NOT NULL AND NOT EXISTS ("
            "  SELECT 1 FROM notes_signature signature WHERE signature.organization_id = event.organization_id"
            "  AND signature.digest = event.data ->> 'digest') ORDER BY event.id",
            [organization_id],
        )
        found: list[tuple[UUID, str]] = cursor.fetchall()
    return found
