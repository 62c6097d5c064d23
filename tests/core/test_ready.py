"""Reads whose SQL is kept give what the queryset itself gives."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, models
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from attest.calendar.models import Session
from attest.clients.models import Client
from attest.core.ready import any_of, ready
from attest.core.walls import inside
from attest.practice.models import Member, PayerRule, ServiceCode
from tests.factories import Made, make_client, make_practice, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def everything(rows: list[models.Model]) -> list[dict[str, object]]:
    return [
        {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows
    ]


def test_rows_come_with_all_their_columns_and_with_what_is_read_beside_them(made: Made) -> None:
    def make(organization_id: UUID, client_id: UUID) -> QuerySet[Session]:
        return (
            Session.objects.filter(organization_id=organization_id, client_id=client_id)
            .select_related("client", "provider__location", "location")
            .order_by("-starts_at")
        )

    at_home = make_session(made.client, modality="video", location=None, client_at_home=True)
    first = make_session(made.client, starts_at=at_home.starts_at - timedelta(days=1))
    read = ready(make)
    with made.inside():
        for _ in range(2):
            found = read(made.organization.pk, made.client.pk)
            assert everything([*found]) == everything([*make(made.organization.pk, made.client.pk)])
            assert [row.pk for row in found] == [at_home.pk, first.pk]
            with CaptureQueriesContext(connection) as captured:
                assert [row.client.legal_name for row in found] == [made.client.legal_name] * 2
                assert [row.location and row.location.pk for row in found] == [None, made.location.pk]
                assert found[0].provider.location == made.location
            assert not captured
        found[0].kind = "intake"
        found[0].save()
        assert read(made.organization.pk, made.client.pk)[0].kind == "intake"


def test_columns_that_python_reads_differently_are_converted(made: Made) -> None:
    @ready
    def services(organization_id: UUID) -> QuerySet[ServiceCode]:
        return ServiceCode.objects.filter(organization_id=organization_id).order_by("code")

    @ready
    def rules(organization_id: UUID) -> QuerySet[PayerRule]:
        return PayerRule.objects.filter(organization_id=organization_id)

    with made.inside():
        assert everything([*services(made.organization.pk)]) == everything(
            [*ServiceCode.objects.order_by("code")]
        )
        assert everything([*rules(made.organization.pk)]) == everything([*PayerRule.objects.all()])


def test_words_and_any_number_of_ids_are_values_too(made: Made) -> None:
    @ready
    def named(slug: str, user_id: UUID) -> QuerySet[Member]:
        return Member.objects.filter(organization__slug=slug, user_id=user_id, active=True)

    @ready
    def some(organization_id: UUID, client_ids: list[UUID]) -> QuerySet[Client]:
        return any_of(Client.objects.filter(organization_id=organization_id), "id", client_ids)

    second = make_client(made.organization, made.provider)
    with made.inside():
        assert named(made.slug, made.by) == [made.clinician]
        assert named("elsewhere", made.by) == []
        for wanted in ([], [second.pk], [made.client.pk, second.pk, uuid4()]):
            found = {client.pk for client in some(made.organization.pk, wanted)}
            assert found == {made.client.pk, second.pk} & set(wanted)


def test_the_wall_stands_before_kept_sql_as_before_any_other(made: Made) -> None:
    @ready
    def one(client_id: UUID) -> QuerySet[Client]:
        return Client.objects.filter(pk=client_id)

    other = make_practice()
    with made.inside():
        assert one(made.client.pk) == [made.client]
        assert one(other.client.pk) == []
    with inside(None):
        assert one(made.client.pk) == []


def test_a_value_that_the_sql_changes_is_refused(made: Made) -> None:
    @ready
    def beginning(letters: str) -> QuerySet[Client]:
        return Client.objects.filter(folded__startswith=letters)

    with made.inside(), pytest.raises(TypeError, match="does not reach the SQL"):
        beginning("rivera")
