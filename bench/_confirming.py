"""Practices in which hundreds of sessions wait for one press: draft written, details typed, nothing in the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections
from django.urls import reverse

from attest.calendar.models import ActualInterval, Session
from attest.claims.models import Claim
from attest.confirmation.drafts import draft_values, first_values
from attest.confirmation.models import Confirmation, Details, DetailsDraft, ServiceLine
from attest.notes.models import Note
from tests.confirmation import hands
from tests.factories import Made, make_client, make_practice, make_session, today

FIRST_HOUR = 8
OFFICE_MINUTES = 53
HISTORY = 4
"""How many times the prepared weeks are copied into the past as confirmed sessions."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A practice's therapist and the sessions that wait for them."""

    made: Made
    sessions: list[Session]

    def forms(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """For each session the address of its confirm page, and what its form holds."""
        with self.made.inside():
            for session in self.sessions:
                values, seen = hands.seen_now(session)
                path = reverse("confirmation:confirm", args=[self.made.slug, session.pk])
                hidden = {
                    "revision": seen.revision,
                    "seen_note": seen.note,
                    "seen_consequences": seen.consequences,
                }
                yield path, values | hidden


def practices(count: int, *, clients: int, days: int, a_day: int) -> list[Waiting]:
    """So many practices, each with one therapist who has `days` × `a_day` sessions behind them to confirm.

    The first session of each practice is prepared by the product's own actions; the others' draft and details are
    copies of it.
    """
    return [_practice(clients, days, a_day) for _ in range(count)]


def _practice(clients: int, days: int, a_day: int) -> Waiting:
    made = make_practice()
    everybody = [
        make_client(made.organization, made.provider, payer=made.payer, state="NY") for _ in range(clients)
    ]
    zone = ZoneInfo(made.provider.zone)
    starts = [
        datetime.combine(today() - timedelta(days=day), time(FIRST_HOUR + slot), zone).astimezone(UTC)
        for day in range(1, days + 1)
        for slot in range(a_day)
    ]
    first, *others = (
        make_session(everybody[n % clients], minutes=OFFICE_MINUTES, starts_at=start)
        if n == 0
        else Session(
            organization_id=made.organization.pk,
            client=everybody[n % clients],
            provider=made.provider,
            location=made.location,
            client_state="NY",
            client_at_home=False,
            zone=made.provider.zone,
            starts_at=start,
            ends_at=start + timedelta(minutes=OFFICE_MINUTES),
        )
        for n, start in enumerate(starts)
    )
    own = {"organization_id": made.organization.pk}
    with made.inside():
        Session.objects.bulk_create(others)
        note = hands.write(made, first, late_reason="The week was full.")
        hands.type_details(first, **_times(first))
        revision = draft_values(first)[1]
        Note.objects.bulk_create(
            Note(
                **own,
                client_id=session.client_id,
                session=session,
                author_id=made.provider.pk,
                template_id=note.template_id,
                content=note.content,
                late_reason=note.late_reason,
                revision=note.revision,
            )
            for session in others
        )
        DetailsDraft.objects.bulk_create(
            DetailsDraft(
                **own,
                session=session,
                revision=revision,
                values={**first_values(session), **hands.READY, **_times(session)},
            )
            for session in others
        )
    return Waiting(made, [first, *others])


def _times(session: Session) -> dict[str, str]:
    """Actual times as somebody types them who looked at the clock: two minutes late."""
    local = session.starts_at.astimezone(ZoneInfo(session.zone)) + timedelta(minutes=2)
    return {"start_1": f"{local:%-I:%M %p}", "code": "90834"}


def add_history(waiting: list[Waiting]) -> None:
    """Copy the sessions that wait into earlier weeks, as confirmed ones: what a practice has after some months."""
    for one in waiting:
        with one.made.inside():
            for times in range(1, HISTORY + 1):
                _add_earlier(one, timedelta(days=35 * times))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _add_earlier(waiting: Waiting, ago: timedelta) -> None:
    made = waiting.made
    own = {"organization_id": made.organization.pk}
    earlier = [
        Session(
            **own,
            client_id=session.client_id,
            provider=made.provider,
            location=made.location,
            client_state="NY",
            client_at_home=False,
            zone=session.zone,
            starts_at=session.starts_at - ago,
            ends_at=session.ends_at - ago,
            chip="claim_sent",
        )
        for session in waiting.sessions
    ]
    confirmations = [
        Confirmation(
            **own,
            session=session,
            confirmed_at=session.ends_at,
            confirmed_by=made.by,
            note_path="elsewhere",
            elsewhere_author="Morgan Reyes",
            elsewhere_signed_on=session.ends_at.date(),
        )
        for session in earlier
    ]
    details = [
        Details(
            **own,
            confirmation=confirmation,
            number=1,
            date_of_service=confirmation.session.starts_at.date(),
            intervals=[],
            minutes=OFFICE_MINUTES,
            times_from="typed",
            modality="in_person",
            client_at_home=False,
            place_of_service="11",
            diagnoses=hands.READY["diagnosis"],
            made_at=confirmation.confirmed_at,
            made_by=made.by,
        )
        for confirmation in confirmations
    ]
    Session.objects.bulk_create(earlier)
    ActualInterval.objects.bulk_create(
        ActualInterval(
            **own,
            session=session,
            provider=made.provider,
            occasion_id=session.occasion_id,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
        for session in earlier
    )
    Confirmation.objects.bulk_create(confirmations)
    Details.objects.bulk_create(details)
    ServiceLine.objects.bulk_create(
        ServiceLine(
            **own, details=one, position=1, code="90837", label="Therapy 60", charge_cents=15000, pointers=[1]
        )
        for one in details
    )


def confirmed(waiting: list[Waiting]) -> int:
    """How many of the sessions that waited are confirmed, with a claim each and the note signed."""
    total = 0
    for one in waiting:
        with one.made.inside():
            ids = [session.pk for session in one.sessions]
            own = {"organization_id": one.made.organization.pk, "session_id__in": ids}
            found = Confirmation.objects.filter(**own, active=True, note__state="signed").count()
            if Claim.objects.filter(**own).count() != found:
                raise RuntimeError("a confirmed session has no claim, or a claim no confirmed session")
            total += found
    return total
