"""What a practice has settled is read once, and again after every change of it."""

import re
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from attest.clients.queries import forms_in_force
from attest.core.settled import asked_once
from attest.core.walls import inside
from attest.practice.models import Fee, Licence
from attest.practice.queries import policy_for, settled_locations, settled_terms, terms
from tests.factories import LONG_AGO, Made, make_location, make_practice, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def statements(ask: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [query["sql"] for query in captured]


def charge(made: Made) -> int:
    fee = settled_terms(made.organization.pk).fee_on(made.provider.pk, None, "90834", today())
    assert fee is not None
    return fee.charge_cents


def test_what_is_settled_is_read_once(made: Made) -> None:
    with made.inside():
        settled_terms(made.organization.pk)
        assert len(statements(lambda: settled_terms(made.organization.pk))) == 1  # the stamp
        assert settled_terms(made.organization.pk) == terms(made.organization.pk)


def test_reads_that_follow_each_other_ask_once_and_after_them_a_change_is_seen(made: Made) -> None:
    def ask() -> None:
        with asked_once():
            settled_terms(made.organization.pk)
            settled_locations(made.organization.pk)

    with made.inside():
        ask()
        assert len(statements(ask)) == 1
        before = charge(made)
        Fee.objects.filter(payer=None, service__code="90834").update(charge_cents=before + 100)
        ask()
        assert charge(made) == before + 100


def test_every_change_is_seen_at_once(made: Made) -> None:
    with made.inside():
        before = charge(made)
        Fee.objects.filter(payer=None, service__code="90834").update(charge_cents=before + 100)
        assert charge(made) == before + 100
        Fee.objects.create(
            organization=made.organization,
            provider=made.provider,
            service=made.services["90834"],
            charge_cents=before + 200,
            effective_from=today(),
        )
        assert charge(made) == before + 200
        Licence.objects.all().delete()
        assert settled_terms(made.organization.pk).licences_of(made.provider.pk) == ()


def test_a_change_that_was_rolled_back_is_forgotten(made: Made) -> None:
    with made.inside():
        before = charge(made)
        with transaction.atomic():
            Fee.objects.update(charge_cents=before + 100)
            assert charge(made) == before + 100
            transaction.set_rollback(True)
        assert charge(made) == before
        Fee.objects.update(charge_cents=before + 300)
        assert charge(made) == before + 300


def test_a_change_in_one_practice_is_none_in_another(made: Made) -> None:
    other = make_practice()
    with made.inside():
        settled_locations(made.organization.pk)
    make_location(other.organization)
    with made.inside():
        assert len(statements(lambda: settled_locations(made.organization.pk))) == 1


def test_nothing_settled_is_seen_from_behind_another_wall(made: Made) -> None:
    other = make_practice()
    with made.inside():
        assert settled_terms(made.organization.pk).services
    with inside(other.organization.pk):
        assert not settled_terms(made.organization.pk).services
        assert not settled_locations(made.organization.pk)
        assert forms_in_force(made.organization.pk, today()) == []
    with made.inside():
        assert settled_terms(made.organization.pk).services


def test_every_table_that_is_read_gives_a_new_stamp_when_it_changes(made: Made) -> None:
    """A table that joins what is kept without its triggers would be read once and never again."""
    with made.inside():
        Licence.objects.create(
            organization=made.organization,
            provider=made.provider,
            state="NJ",
            number="NJ-00001",
            valid_from=LONG_AGO,
        )  # nothing that was kept is true any more
        seen = statements(
            lambda: (
                settled_terms(made.organization.pk),
                settled_locations(made.organization.pk),
                policy_for(made.organization.pk),
                forms_in_force(made.organization.pk, today()),
            )
        )
    read = {table for sql in seen for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', sql)}
    assert len(read) == 8
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'settled_%'"
            " GROUP BY tgrelid HAVING count(*) = 3"
        )
        assert read == {table for (table,) in cursor.fetchall()}
