"""A client with many signed notes, and a draft of the newest session, all made by the product's own actions."""

from datetime import timedelta

from attest.calendar.models import Session
from attest.core import clock
from attest.notes.actions import sign_alone
from attest.notes.header import facts_of, header_digest, header_for
from attest.notes.queries import content_digest
from tests.confirmation import hands
from tests.factories import Made, make_practice, make_session


def written(signed: int) -> tuple[Made, Session]:
    """A practice whose client has so many signed notes, a week apart, and the session of today with its draft."""
    made = make_practice()
    for week in range(signed, 0, -1):
        session = make_session(made.client, starts_at=clock.now() - timedelta(weeks=week, hours=2))
        with made.inside():
            note = hands.write(
                made,
                session,
                late_reason="For a measurement.",
                focus=f"Week {week}: what came up, in words of its own.",
            )
            fresh = Session.objects.select_related("client", "provider", "location").get(pk=session.pk)
            sign_alone(
                session_id=session.pk,
                seen_digest=content_digest(note),
                seen_header=header_digest(header_for(fresh, facts_of(fresh))),
                by_member=made.clinician,
                proof_at=clock.real_now(),
                late_reason="For a measurement.",
            )
    session = make_session(made.client, starts_at=clock.now() - timedelta(hours=2))
    with made.inside():
        hands.write(made, session)
    return made, session
