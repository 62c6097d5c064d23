"""The person who signs in, the demo's clock, due work, the audit trail and keys that act once."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from attest.core import clock
from attest.core.ids import new_id

if TYPE_CHECKING:
    IntegerField = models.IntegerField[Any, Any]
else:
    IntegerField = models.IntegerField


class CentsField(IntegerField):
    """An amount of money in integer US cents."""

    description = "US cents"


class Users(BaseUserManager["User"]):
    """Makes users; the e-mail address is the name and is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, *, name: str = "") -> "User":
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who can sign in. What they may do comes from their memberships, never from here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.real_now)
    seeded = models.BooleanField(default=False, help_text="Made by the demo for itself (see core.logins).")
    sign_in_round = models.PositiveIntegerField(default=0)
    """Part of what every session of theirs is tied to: raising it ends them all (`core.accounts`)."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = Users()

    class Meta:
        constraints = [models.CheckConstraint(name="user_email_lower", condition=Q(email=Lower("email")))]

    def __str__(self) -> str:
        return f"user {self.pk}"

    def set_password(self, raw_password: str | None) -> None:
        """Keep the password's hash. Letters that look the same count as the same (NFKC), whatever keyboard they
        were typed on."""
        super().set_password(_one_form(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password."""
        return super().check_password(_one_form(raw_password))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "attest.session", f"{self.password} {self.sign_in_round}", secret=secret, algorithm="sha256"
        ).hexdigest()


def _one_form(password: str | None) -> str | None:
    return None if password is None else unicodedata.normalize("NFKC", password)


class CacheEntry(models.Model):
    """What all processes of the site remember for a while: how often something was tried (`core.shared_cache`)."""

    key = models.CharField(primary_key=True, max_length=64)
    value = models.JSONField(null=True)
    until = models.DateTimeField(db_index=True)


class DemoClock(models.Model):
    """How far the demo's clock is ahead of the machine's. One row, only in the demo."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    shift = models.DurationField()


class WorkItem(models.Model):
    """Something to do at or after `due_at`: a kind and the id of a row, nothing else (see `core.work`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    row_id = models.UUIDField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    dropped = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="workitem_open", condition=Q(done_at__isnull=True)),
            models.Index(fields=["organization_id", "row_id", "kind"], name="workitem_row"),
        ]


class AuditEvent(models.Model):
    """Who did or read what, when. Only grows; holds ids and kinds, never clinical text or names."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField()
    at = models.DateTimeField(default=clock.now)
    user_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    client_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "at", "id"], name="audit_at"),
            models.Index(fields=["organization_id", "subject_id", "at"], name="audit_subject"),
            models.Index(fields=["organization_id", "client_id", "at", "id"], name="audit_client"),
            models.Index(fields=["organization_id", "user_id", "at", "id"], name="audit_user"),
            models.Index(fields=["organization_id", "kind", "at"], name="audit_kind"),
        ]


class AuditLink(models.Model):
    """An event's place in its practice's chain. Only grows; written by the sealer alone (see `core.audit.sealing`)."""

    event_id = models.UUIDField(primary_key=True)
    organization_id = models.UUIDField()
    number = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "number"], name="audit_link_number")
        ]


class AuditCheckpoint(models.Model):
    """The practice's signature over its chain up to a place; `count` places are new since the one before it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField()
    number = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)
    key_id = models.UUIDField()
    signature = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "number"], name="audit_checkpoint_number")
        ]


class ActionKey(models.Model):
    """A key under which an action was done once: pressing twice gives the first result (see `core.once`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField()
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    result_id = models.UUIDField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "key"], name="action_key_once")]


class SettledStamp(models.Model):
    """Another one after every change of what a practice has settled; set by triggers alone (see `core.settled`)."""

    organization_id = models.UUIDField(primary_key=True)
    stamp = models.UUIDField()


# -- writing rows with SQL that is made once: a third of the time of Django's own way ------------------------------

_gathered: ContextVar[list[models.Model] | None] = ContextVar("attest_gathered", default=None)


@contextmanager
def inserted_together() -> Iterator[None]:
    """What `insert` is given within the block is written at its end, in one statement for all its tables.

    Nothing inserted within may be read or updated within. What the database refuses (IntegrityError) is raised at
    the end of the block, which therefore lies inside its transaction. A block within a block is part of it.
    """
    if _gathered.get() is not None:
        yield
        return
    rows: list[models.Model] = []
    token = _gathered.set(rows)
    try:
        yield
    finally:
        _gathered.reset(token)
    _write(rows)


def insert(*rows: models.Model) -> None:
    """Write new rows in one statement, as `save(force_insert=True)` would; without rows, do nothing.

    For tables all of whose columns Python fills in. See `inserted_together`.
    """
    gathered = _gathered.get()
    if gathered is not None:
        gathered.extend(rows)
    else:
        _write(rows)


def _write(rows: Sequence[models.Model]) -> None:
    if not rows:
        return
    of_tables: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for row in rows:
        of_tables[type(row)].append(row)
    tables = sorted(of_tables.items(), key=lambda table: table[0]._meta.db_table)
    here = connections[DEFAULT_DB_ALIAS]
    with here.cursor() as cursor:
        cursor.execute(
            _insertion(tuple((model, len(own)) for model, own in tables)),
            [
                field.get_db_prep_save(field.pre_save(row, True), here)
                for model, own in tables
                for row in own
                for field in model._meta.concrete_fields
            ],
        )
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def save_fields(row: models.Model, **values: Any) -> None:
    """Set the given columns and save only them. Raises DatabaseError when the row is not there any more."""
    for name, value in values.items():
        setattr(row, name, value)
    sql, fields = _update(type(row), tuple(values))
    here = connections[DEFAULT_DB_ALIAS]
    written = [field.get_db_prep_save(field.pre_save(row, False), here) for field in fields]
    with here.cursor() as cursor:
        cursor.execute(sql, [*written, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"there is no such {row._meta.verbose_name} any more")


@lru_cache(maxsize=256)
def _insertion(tables: tuple[tuple[type[models.Model], int], ...]) -> str:
    """One INSERT for each table; of several, all but the last are parts of the last one's statement."""
    *others, last = [_values(model, rows) for model, rows in tables]
    parts = [f"part_{number} AS ({text})" for number, text in enumerate(others)]
    return f"WITH {', '.join(parts)} {last}" if parts else last


def _values(model: type[models.Model], rows: int) -> str:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    one = f"({', '.join(_place(field) for field in fields)})"
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {", ".join([one] * rows)}'  # noqa: S608 - names of ours


@lru_cache(maxsize=256)
def _update(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}" = {_place(field)}' for field in fields)
    key: Any = model._meta.pk
    return f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{key.column}" = %s', fields  # noqa: S608 - names of ours


def _place(field: Any) -> str:
    """Lists say of what type they are; the type of all else follows from its column."""
    return f"%s::{field.db_type(connections[DEFAULT_DB_ALIAS])}" if isinstance(field, ArrayField) else "%s"


from attest.core.files import StoredFile  # noqa: E402, F401 - the table of files
from attest.core.keys.models import DataKey, SigningKey, SiteKey  # noqa: E402, F401 - the room's tables of keys
from attest.core.outbox import Message  # noqa: E402, F401 - the table of messages
