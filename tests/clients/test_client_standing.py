"""How a client stands: insurance, forms and payment, for one or for many at once."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from attest.clients import actions
from attest.clients.models import (
    Client,
    PaymentMethod,
)
from attest.clients.queries import (
    ClientFile,
    Mark,
    file_of,
    files_of,
    standing_of,
)
from attest.core.walls import inside
from attest.policy.payer import LineOfBusiness
from attest.policy.record import DEFAULT_POLICY
from tests.factories import (
    Made,
    make_client,
    make_coverage,
    make_medicare,
    today,
)

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"


def standing(client: Client, **columns: Any) -> dict[str, tuple[Mark, str]]:
    with inside(client.organization_id):
        for name, value in columns.items():
            setattr(client, name, value)
        shown = standing_of(file_of(client, on=today()), DEFAULT_POLICY, NEW_YORK)
    return {part.name: (part.mark, part.reason) for part in shown.parts}


def test_a_ready_client_is_ready_in_all_three(made: Made) -> None:
    found = standing(made.client)
    assert {mark for mark, _ in found.values()} == {Mark.READY}
    assert found["Payment"][1] == "Visa ending 4242"


def test_a_bare_client_lacks_all_three_and_is_told_why(made: Made) -> None:
    found = standing(make_client(made.organization, made.provider, ready=False))
    assert found["Insurance"] == (Mark.MISSING, "No plan on file")
    assert found["Payment"] == (Mark.MISSING, "No payment method on file")
    assert found["Forms"] == (Mark.MISSING, "4 not acknowledged")


def noon(days_ago: int) -> datetime:
    """Noon in New York so many days ago: the same date in every zone, whatever the hour and the season."""
    return datetime.combine(today() - timedelta(days=days_ago), time(12), ZoneInfo(NEW_YORK))


@pytest.mark.parametrize(
    ("plan", "mark", "words"),
    [
        ({"verification": "unverified", "verified_at": None}, Mark.WAITING, "is not verified yet"),
        ({"verification": "failed"}, Mark.MISSING, "could not be verified"),
        ({"verified_at": noon(31)}, Mark.WAITING, "verify again"),
        ({"verified_at": noon(29)}, Mark.READY, "verified"),
        ({"effective_to": date(2026, 1, 1)}, Mark.MISSING, "does not cover today"),
    ],
)
def test_insurance_says_what_is_wrong_with_the_plan(
    made: Made, plan: dict[str, Any], mark: Mark, words: str
) -> None:
    client = make_client(made.organization, made.provider)
    make_coverage(client, made.payer, **plan)
    found = standing(client)["Insurance"]
    assert found[0] is mark and words in found[1]


def test_who_pays_privately_or_wants_no_claim_needs_no_plan(made: Made) -> None:
    for flag in ("self_pay", "do_not_bill"):
        client = make_client(made.organization, made.provider)
        assert standing(client, **{flag: True})["Insurance"][0] is Mark.READY


def test_an_expired_card_is_missing_and_one_that_soon_expires_is_said_ahead(made: Made) -> None:
    with made.inside():
        for day, mark in [
            (today() - timedelta(days=1), Mark.MISSING),
            (today() + timedelta(days=5), Mark.WAITING),
        ]:
            PaymentMethod.objects.filter(client=made.client).update(expires_on=day)
            assert standing(made.client)["Payment"][0] is mark


def test_the_files_of_many_clients_take_as_many_queries_as_of_one(
    made: Made, django_assert_num_queries: Any
) -> None:
    clients = [made.client]
    for _ in range(5):
        clients.append(make_client(made.organization, made.provider, payer=made.payer))
    with made.inside():
        files_of(clients, on=today())  # the practice's forms are read now, and again only after a change
        for some in (clients[:1], clients):
            with django_assert_num_queries(4):
                files = files_of(some, on=today())
            assert len(files) == len(some)
            assert all(file.facts.has_payment_method and not file.forms_missing for file in files.values())
        assert files_of([], on=today()) == {}


def test_the_lines_of_business_of_every_plan_count_whatever_its_dates(made: Made) -> None:
    medicare = make_medicare(made.organization)
    make_coverage(made.client, medicare, rank="secondary", effective_to=date(2021, 1, 1))
    with made.inside():
        file: ClientFile = file_of(made.client, on=today())
    assert file.lines_of_business == {LineOfBusiness.COMMERCIAL, LineOfBusiness.MEDICARE}
    assert file.primary_on(today()) and file.primary_on(date(2019, 1, 1)) is None


def test_consent_counts_from_its_day(made: Made) -> None:
    client = made.client
    with made.inside():
        actions.set_flags(
            client=client,
            self_pay=False,
            do_not_bill=False,
            part2_program=True,
            part2_consent_on=today() + timedelta(days=1),
            by=made.by,
        )
        assert not file_of(client, on=today()).facts.part2_consent
        assert file_of(client, on=today() + timedelta(days=1)).facts.part2_consent
