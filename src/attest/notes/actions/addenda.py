"""What is added to a signed note later: never a change, always a further signed entry."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from attest.core import clock
from attest.core.ids import new_id
from attest.core.once import claim, fingerprint
from attest.notes.actions.drafts import LONGEST_REASON
from attest.notes.actions.locks import locked_note, locked_signer, record
from attest.notes.chain import append
from attest.notes.definition import LONGEST_TEXT, plain_text
from attest.notes.models import Addendum
from attest.notes.problems import NotSigned, WordsNeeded


def add_addendum(
    *,
    note_id: UUID,
    kind: str,
    reason: str,
    text: str,
    by_member: Any,
    proof_at: datetime,
    key: str,
    now: datetime | None = None,
) -> Addendum:
    """Add a signed entry to a signed note: `kind` is addendum, correction or late_entry; the reason says why.

    The original stays as it is. `key` is the form's own: pressed twice there is one entry; other content under the
    same key raises core.once.KeyReused. Raises NotSigned, NotYours, WordsNeeded naming the field.
    """
    if kind not in ("addendum", "correction", "late_entry"):
        raise WordsNeeded("kind", "Choose what you are adding.")
    reason = " ".join(_words("reason", "Say why you add this", reason, LONGEST_REASON).split())
    text = _words("text", "Write what you add", text, LONGEST_TEXT)
    at = now or clock.now()
    with transaction.atomic():
        note = locked_note(note_id, by_member)
        if note.state != "signed":
            raise NotSigned
        addendum_id = new_id()
        first = claim(
            note.organization_id, f"addendum:{key}", fingerprint(note_id, kind, reason, text), addendum_id
        )
        if first != addendum_id:
            return Addendum.objects.get(organization_id=note.organization_id, pk=first)
        signer = locked_signer(note)
        addendum = Addendum(
            pk=addendum_id,
            organization_id=note.organization_id,
            note=note,
            kind=kind,
            reason=reason,
            text=text,
            author=signer,
            signed_at=at,
        )
        addendum.save(force_insert=True)
        signature = append(
            signer=signer, user_id=by_member.user_id, signed_at=at, proof_at=proof_at, addendum=addendum
        )
        record(
            "note.addendum",
            note,
            by_member,
            addendum=str(addendum.pk),
            addendum_kind=kind,
            number=signature.number,
            digest=signature.digest,
        )
    return addendum


def _words(field: str, ask: str, typed: str, longest: int) -> str:
    try:
        words = plain_text(typed, longest)
    except ValueError as problem:
        raise WordsNeeded(field, f"{ask}: {problem}") from None
    if not any(character.isalnum() for character in words):
        raise WordsNeeded(field, f"{ask}.")
    return words
