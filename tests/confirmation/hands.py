"""A therapist's hands in tests: fills the note and the form, and presses the button as the page would."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from attest.calendar.models import Session
from attest.confirmation import actions
from attest.confirmation.drafts import draft_values, save_details
from attest.confirmation.models import Confirmation
from attest.confirmation.page import page
from attest.core import clock
from attest.notes import actions as notes
from attest.notes.models import Note
from attest.notes.queries import content_digest, note_of, template_by_key
from tests.factories import Made

FILLED: dict[str, Any] = {
    "attendees": ["client"],
    "focus": "Worry about the week ahead, mostly at night.",
    "function": "Slept five hours on three nights.",
    "mental_status": ["oriented", "mood_anxious"],
    "risk": "denied",
    "interventions": "Cognitive restructuring of one worry.",
    "response": "Found a fairer sentence and wrote it down.",
    "progress": "progressed",
    "progress_detail": "Goal 1: two panic attacks, five last month.",
    "necessity": "Sleep and work are still limited.",
    "plan": "Thought record on three days; weekly.",
}
READY = {"affirmed": "on", "diagnosis": ["F411"]}


def write(made: Made, session: Session, *, late_reason: str | None = None, **more: Any) -> Note:
    """A complete DAP draft for the session."""
    template = template_by_key(made.organization.pk, "dap")
    assert template is not None
    note = notes.start_draft(session=session, template=template, by_member=made.clinician)
    return notes.save_draft(
        note_id=note.pk,
        values=FILLED | more,
        revision=note.revision,
        by_member=made.clinician,
        late_reason=late_reason,
    )


def type_details(session: Session, **more: Any) -> None:
    """Save details as the form would: affirmed, with a diagnosis, and whatever else is given."""
    save_details(session=session, changes=READY | more, revision=draft_values(session)[1])


def seen_now(session: Session) -> tuple[dict[str, Any], actions.Seen]:
    """The values to post and the hashes of what is on the screen now."""
    values, revision = draft_values(session)
    shown = page(session, values, revision, now=clock.now())
    note = note_of(session)
    drafted = note is not None and note.state == "draft"
    return shown.values, actions.Seen(
        note=content_digest(note) if drafted and note else "",
        revision=revision,
        consequences=shown.outcome.digest if shown.outcome else "",
    )


def press(
    made: Made, session: Session, *, key: str = "", seen: Any = None, proof_at: datetime | None = None
) -> Confirmation:
    """Press the button with what is on the screen now (or what was, in `seen`)."""
    values, hashes = seen or seen_now(session)
    return actions.sign_and_confirm(
        session_id=session.pk,
        values=values,
        seen=hashes,
        acting=actions.Acting(made.clinician, proof_at or clock.real_now()),
        key=key or str(uuid4()),
    )
