"""Roadblocks of the note: what keeps a session from being confirmed, and what keeps a note from being
signed."""

from collections.abc import Iterator
from datetime import datetime

from ..deadlines import SignatureDue, signature_due
from ..payer import signs_strictly
from ..record import Policy
from .explained import roadblock
from .facts import Facts, NoteChoice
from .roadblock import Roadblock
from .roadblock import RoadblockCode as C

NAMED_AT_MOST = 4


def note_due(facts: Facts, policy: Policy) -> SignatureDue:
    """When the session's note is due, from what is known now: every coverage, and the actual stop."""
    lines = set(facts.lines_of_business)
    if facts.coverage is not None:
        lines.add(facts.coverage.line_of_business)
    return signature_due(
        scheduled_stop=facts.session.scheduled_stop,
        actual_stop=None if facts.details is None else facts.details.stop,
        strict=signs_strictly(lines),
        policy=policy,
    )


def signing_note(facts: Facts, now: datetime, policy: Policy) -> Iterator[Roadblock]:
    """Empty required sections, and lateness: with a reason it only warns."""
    note = facts.note
    if note.empty_required:
        yield roadblock(C.NOTE_INCOMPLETE, f"Still empty in the note: {_some(note.empty_required)}.")
    if note_due(facts, policy).is_late(now):
        if note.late_reason.strip():
            yield roadblock(C.NOTE_LATE, "The note will be labelled as signed late.")
        else:
            yield roadblock(
                C.LATE_REASON_MISSING, "The note is past its due time: say why it is signed late."
            )


def _some(names: tuple[str, ...]) -> str:
    """The names, or the first few and how many more there are."""
    if len(names) <= NAMED_AT_MOST:
        return ", ".join(names)
    return f"{', '.join(names[: NAMED_AT_MOST - 1])} and {len(names) - NAMED_AT_MOST + 1} more"


def confirming_note(facts: Facts, now: datetime, policy: Policy) -> Iterator[Roadblock]:
    """How the session is documented. A signed note needs nothing more; an owed one does not block."""
    note = facts.note
    if note.signed:
        return
    if note.draft and note.not_billable:
        yield roadblock(
            C.NOTE_NOT_BILLABLE,
            "The drafted note is of a kind that stands behind no claim: change its template.",
        )
    if note.signing:
        yield from signing_note(facts, now, policy)
    elif note.draft:
        yield roadblock(C.NOTE_UNSIGNED, "The drafted note is not signed: sign it, or discard the draft.")
    elif note.choice is None:
        yield roadblock(C.NOTE_NOT_CHOSEN, "Choose how this session is documented.")
    elif note.choice is NoteChoice.TEMPLATE:
        yield roadblock(C.NOTE_UNSIGNED, "The note is not written yet.")
    elif note.choice is NoteChoice.OWED:
        if note_due(facts, policy).is_late(now):
            yield roadblock(C.NOTE_LATE, "The note is past its due time and still owed.")
        rule = facts.payer_rule
        if rule is not None and rule.requires_signed_note:
            yield roadblock(C.CLAIM_WAITS_FOR_NOTE, "The claim will wait until the note is signed.")
    elif note.choice is NoteChoice.UPLOAD and not note.declared:
        yield roadblock(C.NOTE_NOT_UPLOADED, "The note is not uploaded yet.")
    elif not note.declared:
        yield roadblock(C.NOTE_NOT_DECLARED, "Say who wrote the note and when it was signed.")
