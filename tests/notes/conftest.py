"""A practice with a session from yesterday and what a complete note says."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from attest.calendar.models import Session
from attest.core import clock
from attest.notes.actions import sign, start_draft
from attest.notes.actions.drafts import save_draft
from attest.notes.definition import Values
from attest.notes.header import attestation_text, header_for, scheduled_facts
from attest.notes.models import Note, NoteVersion
from attest.notes.queries import content_digest, signature_due_of, template_by_key
from tests.factories import Made, browser_of, make_practice, make_session

COMPLETE: Values = {
    "attendees": ["client"],
    "focus": "Worry about a deadline at work, trouble falling asleep four nights this week.",
    "function": "Missed one day of work.",
    "risk": "denied",
    "mental_status": ["oriented", "mood_anxious"],
    "interventions": "Cognitive restructuring of two worry thoughts; a worry record was set up.",
    "response": "Named one thinking habit unprompted.",
    "progress": "progressed",
    "progress_detail": "Goal 1, fewer sleepless nights: from six to four a week.",
    "necessity": "Sleep and work are still affected; the skills are new.",
    "plan": "Keep the worry record, weekly sessions, next on sleep habits.",
}


@pytest.fixture
def made() -> Made:
    return make_practice()


@pytest.fixture
def session(made: Made) -> Session:
    return make_session(made.client)


@pytest.fixture
def browser(made: Made) -> Browser:
    return browser_of(made.clinician)


def drafted(made: Made, session: Session, *, template: str = "soap", **values: Any) -> Note:
    """A complete draft of the session's own clinician, with `values` in place of some of its fields."""
    soap = template_by_key(made.organization.pk, template)
    assert soap is not None
    note = start_draft(session=session, template=soap, by_member=made.clinician)
    return save_draft(
        note_id=note.pk, values=COMPLETE | values, revision=note.revision, by_member=made.clinician
    )


def signed(made: Made, note: Note, **changes: Any) -> NoteVersion:
    """The draft signed within its time, as the confirm form does it; `changes` replace arguments of `sign`."""
    assert note.session_id is not None
    session = Session.objects.select_related("client", "provider", "location").get(pk=note.session_id)
    now: datetime = changes.pop("now", session.ends_at + timedelta(hours=1))
    header = header_for(session, scheduled_facts(session))
    arguments: dict[str, Any] = {
        "note": note,
        "header": header,
        "attestation": attestation_text(session.provider, header, now, session.zone),
        "seen_digest": content_digest(note),
        "by_member": made.clinician,
        "proof_at": clock.real_now(),
        "late_reason": "",
        "due_at": signature_due_of(session).due_at,
        "now": now,
    }
    return sign(**arguments | changes)
