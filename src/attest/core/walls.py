"""The wall between organizations: PostgreSQL's row-level security, and the one way through it.

Every table of a practice carries `organization_id`, has a policy that shows only the rows of the organization set
for the transaction, and references other tables of the practice by (organization_id, id), because a plain foreign
key check ignores policies. `inside()` is the only place that sets the organization.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

APP_ROLE = "attest_app"
_ORGANIZATION, _USER = "attest.organization_id", "attest.user_id"
CONDITION = "(organization_id = nullif(current_setting('attest.organization_id', true), '')::uuid)"
_UPKEEP = "(current_setting('attest.upkeep', true) = 'on')"
_in_force: ContextVar[tuple[str, str]] = ContextVar("attest_wall", default=("", ""))
"""What `inside()` has set: the organization and the user, known without asking the database."""


@contextmanager
def inside(organization_id: UUID | None, user_id: UUID | None = None) -> Iterator[None]:
    """One transaction that sees the rows of one organization and nothing of any other.

    None sees no practice rows at all. Nested use is allowed (a savepoint); the outer setting comes back after it.
    Querysets, streams and templates must be used up before the block ends.
    """
    nested = connection.in_atomic_block
    outer, settings = _in_force.get(), (str(organization_id or ""), str(user_id or ""))
    with transaction.atomic():
        before = _in_force.set(settings)
        try:
            _set(*settings)
            yield
            if nested:  # after an error the savepoint's rollback has done it
                _set(*outer)
        finally:
            _in_force.reset(before)


def current_organization() -> UUID:
    """The organization set for this transaction. Raises LookupError when none is set."""
    organization, _ = _in_force.get()
    if not organization:
        raise LookupError("no organization is set for this transaction")
    return UUID(organization)


def _set(organization: str, user: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true), set_config(%s, %s, true)",
            [_ORGANIZATION, organization, _USER, user],
        )


class OwnerMigrates:
    """Database router: only the owner's connection runs migrations."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return None if db == "owner" else False


class Wall(Operation):
    """Migration operation: put a table behind the wall and grant the application what it may do there.

    `only_grows` refuses UPDATE and DELETE, by grant and by trigger. A table nobody walled cannot be read at all.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, *, only_grows: bool = False) -> None:
        self.model_name, self.only_grows = model_name, only_grows

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return "Wall", [self.model_name], {"only_grows": self.only_grows}

    def describe(self) -> str:
        return f"Wall around {self.model_name}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        table = after.apps.get_model(app_label, self.model_name)._meta.db_table
        rights = "SELECT, INSERT" if self.only_grows else "SELECT, INSERT, UPDATE, DELETE"
        for statement in (
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY wall ON "{table}" USING {CONDITION} WITH CHECK {CONDITION}',
            f'CREATE POLICY wall_upkeep ON "{table}" TO CURRENT_USER USING {_UPKEEP} WITH CHECK {_UPKEEP}',
            f'GRANT {rights} ON "{table}" TO {APP_ROLE}',
        ):
            editor.execute(statement, params=None)
        if self.only_grows:
            editor.execute(
                f'CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON "{table}"'
                " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                params=None,
            )

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        table = before.apps.get_model(app_label, self.model_name)._meta.db_table
        editor.execute(f'DROP POLICY wall ON "{table}"', params=None)
        editor.execute(f'DROP POLICY wall_upkeep ON "{table}"', params=None)
        editor.execute(f'DROP TRIGGER IF EXISTS only_grows ON "{table}"', params=None)
        editor.execute(f'REVOKE ALL ON "{table}" FROM {APP_ROLE}', params=None)
        editor.execute(
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', params=None
        )


class Shared(Operation):
    """Migration operation: grant the application a table outside the wall (public code sets, queue, logins)."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, rights: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
        self.model_name, self.rights = model_name, rights

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return "Shared", [self.model_name, self.rights], {}

    def describe(self) -> str:
        return f"Grant {self.model_name} outside the wall"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        table = after.apps.get_model(app_label, self.model_name)._meta.db_table
        editor.execute(f'GRANT {self.rights} ON "{table}" TO {APP_ROLE}', params=None)

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        table = before.apps.get_model(app_label, self.model_name)._meta.db_table
        editor.execute(f'REVOKE ALL ON "{table}" FROM {APP_ROLE}', params=None)


class SameOrganization(Operation):
    """Migration operation: a foreign key that cannot cross the wall: (organization_id, x_id) → the same pair."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, field: str) -> None:
        self.model_name, self.field = model_name, field

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return "SameOrganization", [self.model_name, self.field], {}

    def describe(self) -> str:
        return f"{self.model_name}.{self.field} stays within its organization"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def _names(self, app_label: str, state: ProjectState) -> tuple[str, str, str]:
        field: Any = state.apps.get_model(app_label, self.model_name)._meta.get_field(self.field)
        assert isinstance(field, models.ForeignKey)
        return field.model._meta.db_table, field.column, field.remote_field.model._meta.db_table

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        table, column, parent = self._names(app_label, after)
        editor.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_same_org"'
            f' FOREIGN KEY (organization_id, "{column}") REFERENCES "{parent}" (organization_id, id)'
            " DEFERRABLE INITIALLY DEFERRED",
            params=None,
        )

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        table, column, _ = self._names(app_label, before)
        editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_{column}_same_org"', params=None)


def walls(*model_names: str, only_grow: tuple[str, ...] = ()) -> list[Operation]:
    """Walls around several models of one migration; `only_grow` names those that refuse UPDATE and DELETE."""
    return [*(Wall(name) for name in model_names), *(Wall(name, only_grows=True) for name in only_grow)]


def links(**fields: str) -> list[Operation]:
    """`SameOrganization` for several models: `links(session="client provider")`."""
    return [SameOrganization(model, field) for model, names in fields.items() for field in names.split()]
