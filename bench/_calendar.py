"""Practices with their therapists and clients, and as many sessions around one week as wanted."""

from datetime import datetime, timedelta

from attest.calendar.models import Session
from attest.cli.home import Home
from attest.cli.roles import DATABASE
from attest.cli.server import Server
from attest.clients.models import Client
from attest.core.walls import inside
from attest.practice.models import Organization, Provider
from tests.factories import LONG_AGO, Made, an_npi, make_client, make_practice

FILL = """
WITH therapist AS (
    SELECT id, organization_id, zone, CASE WHEN id = %(measured)s THEN 1 ELSE 0 END AS weeks_back,
           row_number() OVER (PARTITION BY organization_id ORDER BY id) AS place
    FROM practice_provider
), client AS (
    SELECT id, organization_id, row_number() OVER (PARTITION BY organization_id ORDER BY id) - 1 AS place
    FROM clients_client
)
INSERT INTO calendar_session (
    id, organization_id, client_id, provider_id, occasion_id, kind, modality, client_state, client_at_home, zone,
    starts_at, ends_at, chip, self_pay, do_not_bill, entered_after, closed_reason, created_at
)
SELECT gen_random_uuid(), t.organization_id, c.id, t.id, gen_random_uuid(), 'individual', 'in_person', '', false,
       t.zone, starts, starts + interval '53 minutes', 'claim_sent', false, false, false, '', starts
FROM generate_series(%(first)s::int, %(last)s::int) AS number
CROSS JOIN therapist t
JOIN client c ON c.organization_id = t.organization_id AND c.place = (number + t.place) %% %(clients)s::int
CROSS JOIN LATERAL (SELECT %(monday)s::timestamptz
    - (number / 25 + t.weeks_back) * interval '7 days'
    + number %% 25 / 5 * interval '1 day'
    + (9 + number %% 5) * interval '1 hour' AS starts) AS at
"""
"""Twenty-five sessions a week and therapist, from the week at `monday` back; the measured one begins a week before."""


def measured_practice(*, clients: int, providers: int, monday: datetime, sessions: int) -> Made:
    """A practice whose clinician has `sessions` sessions in the week at `monday`, each of another client."""
    made = make_practice()
    everybody = [made.client] + [
        make_client(made.organization, made.provider, payer=made.payer, state="NY")
        for _ in range(clients - 1)
    ]
    slots = (monday + timedelta(days=n // 6, hours=9 + n % 6) for n in range(sessions))
    with made.inside():
        Provider.objects.bulk_create(_providers(made.organization, providers - 1))
        Session.objects.bulk_create(
            Session(
                organization=made.organization,
                client=client,
                provider=made.provider,
                location=made.location,
                client_state="NY",
                client_at_home=False,
                zone=made.provider.zone,
                starts_at=start,
                ends_at=start + timedelta(minutes=53),
            )
            for client, start in zip(everybody, slots, strict=True)
        )
    return made


def other_practices(count: int, *, providers: int, clients: int) -> None:
    """Practices whose sessions only fill the tables."""
    for number in range(count):
        practice = Organization.objects.create(slug=f"elsewhere-{number}", name="Elsewhere Counseling")
        with inside(practice.pk):
            Provider.objects.bulk_create(_providers(practice, providers))
            Client.objects.bulk_create(
                Client(
                    organization=practice,
                    legal_first_name="Alex",
                    legal_last_name="Rivera",
                    birth_date=LONG_AGO,
                    folded="rivera alex",
                )
                for _ in range(clients)
            )


def _providers(practice: Organization, count: int) -> list[Provider]:
    return [
        Provider(
            organization=practice, first_name="Sam", last_name="Okafor", npi=an_npi(), zone=practice.zone
        )
        for _ in range(count)
    ]


def fill(made: Made, *, monday: datetime, clients: int, first: int, last: int) -> int:
    """Give every therapist the sessions number `first` to `last`; returns how many sessions there are now.

    The server's own superuser does it without checking references row by row: all of them are read from the tables
    they point at.
    """
    with Server.of(Home.from_environment()).connect(DATABASE) as connection:
        connection.execute("SET session_replication_role = replica")
        numbers = {"first": first, "last": last, "clients": clients, "monday": monday}
        connection.execute(FILL, {**numbers, "measured": made.provider.pk})
        connection.execute("VACUUM ANALYZE")
        counted = connection.execute("SELECT count(*) FROM calendar_session").fetchone()
    assert counted is not None
    return int(counted[0])


def statements(made: Made, path: str) -> int:
    """How many statements the address takes, in this process."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories import browser_of

    browser = browser_of(made.clinician)
    with CaptureQueriesContext(connection) as captured:
        if browser.get(path, headers={"host": "localhost"}).status_code != 200:
            raise RuntimeError("the week could not be read")
        return len(captured)
