"""Nothing crosses the wall between organizations, and no table stands outside it by accident."""

from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, connections

from attest.calendar.models import Session
from attest.clients.models import Client
from attest.core import audit, walls
from attest.core.files import StoredFile
from attest.core.models import AuditEvent
from attest.core.walls import inside
from attest.practice.organization import Member, Organization
from attest.practice.records import Record

pytestmark = pytest.mark.django_db

SHARED = {
    "core_user", "core_democlock", "core_workitem", "practice_organization", "practice_member",
    "clients_icdrelease", "clients_icdcode",
    # A login is a person's, not a practice's, and is looked at before a practice is known: second factors (their
    # secrets sealed), sign-ins at identity providers, and where the person is signed in.
    "mfa_authenticator", "socialaccount_socialaccount", "usersessions_usersession",
    "core_sitekey",  # wraps secrets of logins; of no use without a master key, and those are not in the database
    # Identity providers come from the settings: the library only reads the one, and the other is not even granted.
    "socialaccount_socialapp", "socialaccount_socialtoken",
    # Messages also go to people whose practice is not known yet (a new password); their text is sealed. The cache
    # counts attempts to sign in, for all practices together.
    "core_message", "core_cacheentry",
    # Found by the digest of a link's token, before it is known which practice it leads to.
    "practice_invitation", "practice_recovery",
}  # fmt: skip
LIBRARIES = ("auth_", "django_", "account_", "procrastinate_")


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@pytest.fixture
def two() -> list[UUID]:
    """Two practices with a client each, made inside their walls."""
    made = []
    for name in ("harbor", "summit"):
        practice = Organization.objects.create(slug=name, name=name.title())
        with inside(practice.pk):
            Client.objects.create(
                organization=practice,
                legal_first_name="Ada",
                legal_last_name=name,
                birth_date="1990-01-01",
                folded=name,
            )
        made.append(practice.pk)
    return made


def test_the_application_role_is_weak_and_owns_nothing() -> None:
    assert rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
        " FROM pg_roles WHERE rolname = current_user"
    ) == [("attest_app", False, False, False, False)]
    assert rows("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == [(0,)]


def test_every_table_stands_behind_the_wall_or_is_listed_as_shared() -> None:
    facts = rows(
        """
        SELECT c.relname, c.relkind, c.relrowsecurity AND c.relforcerowsecurity,
          EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id'
            AND a.attnotnull),
          EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'wall' AND p.polcmd = '*'
            AND p.polpermissive AND p.polroles = '{0}'
            AND pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid)
            AND pg_get_expr(p.polqual, c.oid) =
              '(organization_id = (NULLIF(current_setting(''attest.organization_id''::text, true),'
              ' ''''::text))::uuid)'),
          has_table_privilege('attest_app', c.oid, 'truncate')
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        """
    )
    wrong = []
    for name, kind, forced, has_column, walled, may_truncate in facts:
        outside = name in SHARED or name.startswith(LIBRARIES)
        if (
            may_truncate
            or (outside == walled)
            or (not outside and not (kind == "r" and forced and has_column))
        ):
            wrong.append(name)
    assert not wrong
    assert {name for name, *_ in facts} >= SHARED


def test_no_other_policy_opens_a_walled_table() -> None:
    assert rows("SELECT DISTINCT polname FROM pg_policy ORDER BY 1") == [("wall",), ("wall_upkeep",)]
    assert rows(
        "SELECT count(*) FROM pg_policy"
        " WHERE polname = 'wall_upkeep' AND polroles <> ARRAY['attest_owner'::regrole::oid]"
    ) == [(0,)]


def test_every_link_between_records_carries_the_organization() -> None:
    wanted = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if issubclass(model, Record)
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.related_model
        and issubclass(field.related_model, Record | Member | StoredFile)
    }
    made = set(
        rows(
            """
            SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
            WHERE k.contype = 'f' AND k.conname LIKE '%%same_org' AND a.attname <> 'organization_id'
            """
        )
    )
    assert len(wanted) > 20
    assert made == wanted


def test_tables_that_only_grow_refuse_change_by_grant_and_by_trigger() -> None:
    growing = {
        name for (name,) in rows("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'only_grows'")
    }
    assert growing == {
        "core_auditevent", "core_auditlink", "core_auditcheckpoint",
        "practice_policyrecord", "clients_formdocument", "clients_formacknowledgement",
        "notes_notetemplate", "notes_noteversion", "notes_addendum", "notes_signature", "claims_interchange",
        "claims_delivery", "confirmation_details", "confirmation_serviceline", "notes_plangoal",
    }  # fmt: skip
    for table in growing:
        assert rows(f"SELECT has_table_privilege('attest_app', '{table}', 'update, delete')") == [(False,)]


def test_an_unset_organization_sees_no_rows_and_another_is_invisible(two: list[UUID]) -> None:
    ours, theirs = two
    assert Client.objects.count() == 0
    with inside(theirs):
        foreign = Client.objects.get()
    with inside(ours):
        assert Client.objects.count() == 1
        assert Client.objects.filter(pk=foreign.pk).update(legal_last_name="x") == 0
    with pytest.raises(DatabaseError), inside(ours):
        Client.objects.create(
            organization_id=theirs,
            legal_first_name="x",
            legal_last_name="x",
            birth_date="1990-01-01",
            folded="x",
        )


def test_a_reference_into_another_organization_cannot_exist(two: list[UUID]) -> None:
    ours, theirs = two
    with inside(theirs):
        foreign = Client.objects.get()
    with pytest.raises(IntegrityError), inside(ours):
        Session.objects.create(
            organization_id=ours, client_id=foreign.pk, provider_id=foreign.pk, zone="America/New_York",
            starts_at="2026-11-02T15:00Z", ends_at="2026-11-02T16:00Z",
        )  # fmt: skip
        connection.check_constraints()


def test_the_outer_organization_comes_back_after_a_nested_block(two: list[UUID]) -> None:
    ours, theirs = two
    with inside(ours):
        with inside(theirs):
            assert walls.current_organization() == theirs
        assert walls.current_organization() == ours


def test_an_audit_event_cannot_be_changed_even_by_the_owner_of_the_tables(two: list[UUID]) -> None:
    with inside(two[0]):
        event = audit.record("session.viewed", subject_type="session", subject_id=None, by=None)
        with pytest.raises(DatabaseError), inside(two[0]):
            AuditEvent.objects.filter(pk=event.pk).update(kind="nothing")


def test_tests_cannot_use_the_owner_by_accident() -> None:
    with pytest.raises(Exception, match="owner"):
        connections["owner"].cursor()


@pytest.mark.parametrize(
    ("npi", "valid"),
    [("1234567893", True), ("1234567890", False), ("123456789", False), ("12345678931", False)],
)
def test_the_database_knows_the_check_digit_of_an_npi(npi: str, valid: bool) -> None:
    assert rows("SELECT npi_valid(%s)", npi) == [(valid,)]
