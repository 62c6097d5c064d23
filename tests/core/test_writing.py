"""Rows written with SQL that is kept are the rows Django would have written."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from attest.confirmation.models import Confirmation, Details, ServiceLine
from attest.core.models import ActionKey, AuditEvent, insert, inserted_together, save_fields
from attest.core.walls import inside
from attest.practice.models import Fee, Licence
from tests.factories import LONG_AGO, Made, make_location, make_practice, make_session

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def made() -> Made:
    return make_practice()


def columns(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def confirmed(made: Made) -> tuple[Confirmation, Details, ServiceLine]:
    own = {"organization_id": made.organization.pk}
    confirmation = Confirmation(
        **own,
        session=make_session(made.client),
        confirmed_at=NOON,
        confirmed_by=made.by,
        note_path="elsewhere",
        elsewhere_author="Sam Okafor",
        elsewhere_signed_on=date(2026, 11, 24),
    )
    details = Details(
        **own,
        confirmation=confirmation,
        number=1,
        date_of_service=date(2026, 11, 23),
        intervals=[["2026-11-23T19:00:00+00:00", "2026-11-23T19:53:00+00:00"]],
        minutes=53,
        complexity_factors=["a 'quoted' factor", 'and "another"'],
        times_from="typed",
        modality="video",
        client_at_home=True,
        place_of_service="10",
        diagnoses=["F411", "Z630"],
        made_by=made.by,
    )
    line = ServiceLine(
        **own,
        details=details,
        position=1,
        code="90837",
        label="Therapy 60",
        modifiers=[],
        charge_cents=15000,
        pointers=[1, 2],
    )
    return confirmation, details, line


def test_every_kind_of_column_is_written_as_django_writes_it(made: Made) -> None:
    with made.inside():
        ours = confirmed(made)
        for row in ours:
            insert(row)
        theirs = confirmed(made)
        for row in theirs:
            row.save(force_insert=True)
        for our, their in zip(ours, theirs, strict=True):
            kept = type(our)._base_manager.get(pk=our.pk)
            assert columns(kept) == columns(our)
            alike = {name for name, value in columns(kept).items() if value == columns(their)[name]}
            assert alike >= set(columns(kept)) - {
                "id",
                "session_id",
                "confirmation_id",
                "details_id",
                "made_at",
            }


def test_several_rows_are_one_statement_and_none_is_no_statement(made: Made) -> None:
    licences = [
        Licence(
            organization=made.organization,
            provider=made.provider,
            state=state,
            number=f"{state}-1",
            valid_from=LONG_AGO,
        )
        for state in ("NJ", "CT", "VT")
    ]
    with made.inside():
        with CaptureQueriesContext(connection) as captured:
            insert()
            insert(*licences)
        assert len(captured) == 1
        assert set(Licence.objects.exclude(state="NY").values_list("number", flat=True)) == {
            "NJ-1",
            "CT-1",
            "VT-1",
        }
        licences[0].number = "NJ-2"
        licences[0].save()  # it is known to be there: updated, not inserted again
        assert Licence.objects.get(state="NJ").number == "NJ-2"


def test_the_database_refuses_as_ever(made: Made) -> None:
    other = make_practice()
    key = {"organization_id": made.organization.pk, "key": "k", "fingerprint": "f", "result_id": uuid4()}
    with made.inside():
        insert(ActionKey(**key))
        with pytest.raises(IntegrityError, match="action_key_once"), transaction.atomic():
            insert(ActionKey(**key))
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            insert(ActionKey(**key | {"organization_id": other.organization.pk}))


def test_rows_of_several_tables_are_one_statement_at_the_end_of_the_block(made: Made) -> None:
    with made.inside():
        confirmation, details, line = confirmed(made)
        second = ServiceLine(**columns(line) | {"id": uuid4(), "position": 2})
        with CaptureQueriesContext(connection) as captured, inserted_together():
            insert(line, confirmation)
            with inserted_together():
                insert(details)
            insert(second)
            assert not captured.captured_queries
        assert len(captured) == 1
        for row in (confirmation, details, line, second):
            assert columns(type(row)._base_manager.get(pk=row.pk)) == columns(row)


def test_what_the_database_refuses_is_raised_at_the_end_and_nothing_of_the_block_stays(made: Made) -> None:
    key = {"organization_id": made.organization.pk, "key": "k", "fingerprint": "f", "result_id": uuid4()}
    event = {"organization_id": made.organization.pk, "kind": "session.opened", "subject_type": "session"}
    with made.inside():
        insert(ActionKey(**key))
        before = AuditEvent.objects.count()
        with (
            pytest.raises(IntegrityError, match="action_key_once"),
            transaction.atomic(),
            inserted_together(),
        ):
            insert(AuditEvent(**event))
            insert(ActionKey(**key))
        with pytest.raises(ValueError, match="half-way"), inserted_together():
            insert(AuditEvent(**event))
            raise ValueError("half-way")
        assert AuditEvent.objects.count() == before
        insert(AuditEvent(**event))  # after the block rows are written at once again
        assert AuditEvent.objects.count() == before + 1


def test_a_row_that_waits_to_be_written_cannot_be_changed_in_silence(made: Made) -> None:
    key = {"organization_id": made.organization.pk, "key": "k", "fingerprint": "f", "result_id": uuid4()}
    with (
        made.inside(),
        pytest.raises(DatabaseError, match="there is no such action key"),
        inserted_together(),
    ):
        insert(waiting := ActionKey(**key))
        save_fields(waiting, fingerprint="g")


def test_only_the_given_columns_are_saved(made: Made) -> None:
    second = make_location(made.organization, name="Second office")
    session = make_session(made.client)
    with made.inside():
        session.kind = "intake"  # not named, so not saved
        save_fields(session, location=second, starts_at=NOON, ends_at=NOON.replace(hour=13))
        kept = type(session).objects.get(pk=session.pk)
        assert (kept.location_id, kept.starts_at, kept.kind) == (second.pk, NOON, "individual")
        assert session.location == second
        save_fields(session, location=None)
        assert type(session).objects.get(pk=session.pk).location_id is None


def test_a_row_that_is_gone_or_behind_another_wall_is_not_saved_in_silence(made: Made) -> None:
    fee = Fee(
        organization=made.organization,
        provider=made.provider,
        service=made.services["90834"],
        charge_cents=100,
        effective_from=LONG_AGO,
    )
    with made.inside(), pytest.raises(DatabaseError, match="there is no such fee"), transaction.atomic():
        save_fields(fee, charge_cents=200)
    other = make_practice()
    session = make_session(made.client)
    with inside(other.organization.pk), pytest.raises(DatabaseError), transaction.atomic():
        save_fields(session, kind="intake")
    with made.inside():
        session.refresh_from_db()
        assert session.kind == "individual"
