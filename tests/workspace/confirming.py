"""Confirming a session as its form does, for tests of what is shown afterwards."""

from typing import Any

from attest.calendar.models import Session
from attest.confirmation.actions import Acting, Seen, sign_and_confirm
from attest.confirmation.drafts import save_details
from attest.confirmation.models import Confirmation
from attest.confirmation.page import page
from attest.confirmation.typed import prefilled
from attest.core import clock
from attest.core.ids import new_id
from attest.notes.queries import content_digest, note_of
from tests.factories import Made


def confirm(made: Made, session: Session, **more: Any) -> Confirmation:
    """Confirm it with the times as scheduled and one diagnosis; without a note, unless one is drafted, it is owed."""
    with made.inside():
        values = prefilled(session) | {
            "affirmed": "on",
            "code": "90837",
            "diagnosis": ["F411"],
            "note_choice": "owed",
            **more,
        }
        draft = save_details(session=session, changes=values, revision=0)
        shown = page(session, draft.values, draft.revision, now=clock.now())
        note = note_of(session)
        return sign_and_confirm(
            session_id=session.pk,
            values=draft.values,
            seen=Seen(
                note=content_digest(note) if note and shown.signing else "",
                revision=draft.revision,
                consequences=shown.outcome.digest if shown.outcome else "",
            ),
            acting=Acting(made.clinician, clock.real_now()),
            key=str(new_id()),
        )
