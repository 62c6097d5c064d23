"""Which kinds of notes can stand behind a confirmed session."""

import pytest

from attest.calendar.models import Session
from attest.confirmation.drafts import draft_values
from attest.confirmation.page import page
from attest.core import clock
from attest.notes.actions import start_draft, switch_template
from attest.notes.queries import template_by_key
from attest.policy.readiness import RoadblockCode
from tests.factories import Made, make_practice, make_session

pytestmark = pytest.mark.django_db


def standing(session: Session) -> list[RoadblockCode]:
    values, revision = draft_values(session)
    return [r.code for r in page(session, values, revision, now=clock.now()).roadblocks]


def test_a_note_of_a_missed_appointment_blocks_confirming_until_it_is_in_another_template() -> None:
    made: Made = make_practice()
    session = make_session(made.client)
    with made.inside():
        missed, soap = (template_by_key(made.organization.pk, key) for key in ("missed", "soap"))
        assert missed is not None
        assert soap is not None
        note = start_draft(session=session, template=missed, by_member=made.clinician)
        assert RoadblockCode.NOTE_NOT_BILLABLE in standing(session)
        switch_template(note_id=note.pk, template=soap, by_member=made.clinician)
        assert RoadblockCode.NOTE_NOT_BILLABLE not in standing(session)
