"""A session confirmed with an uploaded note: declared, not protected, and enough where a signature is asked for."""

import pytest

from attest.claims.models import Hold
from attest.confirmation import actions
from attest.confirmation.models import Confirmation
from attest.notes.actions import upload_note
from attest.policy.readiness import RoadblockCode
from tests.confirmation.hands import press, type_details
from tests.core.inspection.hostile import honest
from tests.factories import Made, make_practice, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def hand_in(made: Made, session) -> None:
    upload_note(
        session_id=session.pk, content=honest()["docx"], author="Maren Holt, LCSW",
        signed_on=session.starts_at.date(), by_member=made.clinician,
    )  # fmt: skip


def test_choosing_upload_without_a_file_blocks(made: Made) -> None:
    session = make_session(made.client)
    with made.inside():
        type_details(session, note_choice="upload")
        with pytest.raises(actions.Blocked) as blocked:
            press(made, session)
    assert [r.code for r in blocked.value.roadblocks] == [RoadblockCode.NOTE_NOT_UPLOADED]


def test_a_session_is_confirmed_with_the_file_and_its_claim_waits_for_no_signature(made: Made) -> None:
    session = make_session(made.client)
    with made.inside():
        hand_in(made, session)
        type_details(session, note_choice="upload")
        confirmation = press(made, session)
        assert confirmation.note_path == "upload"
        assert not Hold.objects.filter(kind="signature").exists()
        session.refresh_from_db()
        assert session.chip == "confirmed"


def test_an_owed_note_that_is_handed_in_later_is_owed_no_more(made: Made) -> None:
    session = make_session(made.client)
    with made.inside():
        type_details(session, note_choice="none", none_kind="owed")
        press(made, session)
        hand_in(made, session)
        session.refresh_from_db()
        assert session.chip == "confirmed"
        assert Confirmation.objects.get().note_path == "upload"
