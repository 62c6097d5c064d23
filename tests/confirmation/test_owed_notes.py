"""A note that is still owed stays on the to-do list until it is signed, whatever its claim does meanwhile."""

from datetime import timedelta
from pathlib import Path

import pytest

from attest.calendar.models import Session
from attest.claims.actions import export
from attest.confirmation.models import Confirmation
from attest.core import clock, work
from attest.core.access import Scope
from attest.notes import actions as notes
from attest.notes.header import facts_of, header_digest, header_for
from attest.notes.queries import content_digest
from attest.workspace.queries.todo import todo
from tests.confirmation.hands import press, type_details, write
from tests.factories import Made, make_practice, make_session

pytestmark = pytest.mark.django_db


def owed_of(made: Made) -> list[object]:
    with made.inside():
        groups = todo(made.clinician, Scope.OWN, clock.now()).groups
    return [task.session.pk for group in groups if group.key == "owed" for task in group.tasks]


def sign_it(made: Made, session: Session) -> None:
    with made.inside():
        note = write(made, session, late_reason="I was ill.")
        fresh = Session.objects.select_related("client", "provider", "location").get(pk=session.pk)
        notes.sign_alone(
            session_id=session.pk,
            seen_digest=content_digest(note),
            seen_header=header_digest(header_for(fresh, facts_of(fresh))),
            by_member=made.clinician,
            proof_at=clock.real_now(),
            late_reason="I was ill.",
        )


@pytest.mark.parametrize(("leaves", "chip"), [(False, "claim_ready"), (True, "claim_sent")])
def test_an_owed_note_is_on_the_list_until_it_is_signed_though_its_claim_has_left(
    tmp_path: Path, leaves: bool, chip: str
) -> None:
    made = make_practice()
    session = make_session(made.client)
    with made.inside():
        type_details(session, note_choice="none", none_kind="owed")
        press(made, session)
    with clock.at(clock.now() + timedelta(hours=49)):
        work.sweep()
        if leaves:
            export(organization=made.organization, directory=tmp_path, by=made.by)
        assert owed_of(made) == [session.pk]
        sign_it(made, session)
        assert owed_of(made) == []
    with made.inside():
        session.refresh_from_db()
        assert session.chip == chip
        assert Confirmation.objects.get().note_path == "template"
