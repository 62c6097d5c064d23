"""Two practices that have everything, each with a name that nothing else bears, and people of every role."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.test import Client as Browser

from attest.calendar.models import Session
from attest.clients.models import Client
from attest.core.access import Role
from attest.core.models import AuditEvent
from attest.core.walls import inside
from attest.practice.models import Member, Provider
from tests.access import records
from tests.access.addresses import Address, model_of
from tests.factories import Made, browser_of

MAY_GROW: set[type[Model]] = {AuditEvent}
"""Tables that say what was asked and refused."""
OWN_BY = ("client", "session", "claim", "note", "confirmation", "version", "coverage")
"""Columns that lead from a record to the client whose chart it belongs to."""
USUALLY: dict[str, dict[str, Any]] = {"session_id": {"chip": "scheduled"}}
PARTICULAR: dict[tuple[str, str], dict[str, Any]] = {
    ("notes:client_pdf", "note_id"): {"session": None, "state": "signed"},
    ("notes:client_note", "note_id"): {"session": None, "state": "signed"},
    **{
        (f"notes:client_{name}", "note_id"): {"session": None, "state": "draft"}
        for name in ("save", "switch", "discard", "sign", "side")
    },
    ("notes:client_addendum", "note_id"): {"session": None, "state": "signed"},
    ("notes:pdf", "session_id"): {"chip": "confirmed"},
    ("notes:uploaded", "session_id"): {"modality": "audio_only"},
    ("clients:emergency_end", "grant_id"): {"member": Role.PROVIDER, "kind": "emergency"},
    ("clients:grant_review", "grant_id"): {"member": Role.PROVIDER, "kind": "emergency"},
    ("practice:notice", "notice_id"): {"member": Role.PROVIDER},
    ("practice:support_end", "opening_id"): {"member": Role.SUPPORT},
}
"""Addresses that are there only for a record of a certain kind; a role stands for its member, or for who asks."""


@dataclass
class House:
    """A practice, its people by role, and a second provider with a client of their own."""

    made: Made
    mark: str
    """A word in every name and text of this practice, and nowhere else."""
    members: dict[Role, Member]
    colleague: Provider
    colleague_client: Client
    found: dict[tuple[Any, ...], UUID | None] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.made.slug

    def record(
        self, part: str, *, of_colleague: bool = False, by: Mapping[str, Any] | None = None
    ) -> UUID | None:
        """A record for a part of an address: the clinician's, or the colleague's, or None when there is none.

        What belongs to nobody's client is the practice's: the colleague has none. `by` are columns it must have.
        """
        key = part, of_colleague, str(by)
        if key not in self.found:
            self.found[key] = self._record(part, of_colleague, by)
        return self.found[key]

    def _record(self, part: str, of_colleague: bool, by: Mapping[str, Any] | None) -> UUID | None:
        model = model_of(part)
        if model is None:
            return None
        client = self.colleague_client if of_colleague else self.made.client
        with self.made.inside():
            rows: QuerySet[Any] = model._default_manager.all()
            if any(one.name in ("organization", "organization_id") for one in model._meta.fields):
                rows = rows.filter(organization_id=self.made.organization.pk)
            path = path_to_client(model)
            if any(one.name == "owner" for one in model._meta.fields):
                rows = rows.filter(owner_id=(self.colleague if of_colleague else self.made.provider).pk)
            elif path is not None and not (by and "member" in by):
                rows = rows.filter(**{path: client.pk})
            elif of_colleague:
                return None
            columns = {
                name: value for name, value in (by or USUALLY.get(part, {})).items() if name != "member"
            }
            rows = rows.filter(**columns)
            row = rows.order_by("-starts_at").first() if model is Session else rows.first()
        return row.pk if row else None

    def ids(
        self, address: Address, member: Member | None = None, *, of_colleague: bool = False
    ) -> dict[str, UUID | None]:
        """A record of the clinician's (or the colleague's) for every part of the address.

        Where a record is for one person alone, it is the `member`'s.
        """
        found = {}
        for part in address.records:
            by = PARTICULAR.get((address.name, part))
            whose = self.members[by["member"]] if by and "member" in by else None
            if by and whose:
                by = {**by, "member_id": (member or whose).pk}
                one = self.record(part, of_colleague=of_colleague, by=by)
                by = {**by, "member_id": whose.pk}
                found[part] = one or self.record(part, of_colleague=of_colleague, by=by)
            else:
                found[part] = self.record(part, of_colleague=of_colleague, by=by)
        return found

    @cached_property
    def every_id(self) -> frozenset[str]:
        """The id of every row of the practice, of itself, and of its people."""
        found: set[str] = {str(self.made.organization.pk)}
        with self.made.inside():
            for model in tables_of_a_practice():
                rows = model._default_manager.filter(organization_id=self.made.organization.pk)
                found |= {str(pk) for pk in rows.values_list("pk", flat=True)}
            elsewhere = Member.objects.exclude(organization=self.made.organization).values("user")
            members = Member.objects.filter(organization=self.made.organization).exclude(user__in=elsewhere)
            found |= {str(pk) for pair in members.values_list("pk", "user_id") for pk in pair}
        return frozenset(found)


def path_to_client(model: type[Model]) -> str | None:
    """The lookup from a model's rows to the id of their client; None when they are no client's."""
    if model is Client:
        return "pk"
    fields: Mapping[str, Any] = {one.name: one for one in model._meta.fields}
    for name in OWN_BY:
        if name in fields and fields[name].related_model is not None:
            onward = path_to_client(fields[name].related_model)
            if onward is not None:
                return f"{name}__{onward}"
    return None


@cache
def tables_of_a_practice() -> tuple[type[Model], ...]:
    """The models whose rows belong to a practice and can be read by the product."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE has_table_privilege(oid, 'SELECT')")
        readable = {name for (name,) in cursor.fetchall()}
    return tuple(
        model
        for model in apps.get_models()
        if model is not Member
        and model._meta.db_table in readable
        and any(one.name in ("organization", "organization_id") for one in model._meta.fields)
    )


def make_house(mark: str) -> House:
    """A practice with one of everything that an address can name, for the clinician and for a colleague."""
    made = records.marked_practice(mark)
    colleague, theirs, second = records.make_colleague(made, mark)
    members = records.make_staff(made, mark)
    records.fill_office(made, members, second, theirs, mark)
    records.fill_chart(made, made.client, made.clinician, mark)
    records.fill_chart(made, theirs, second, mark)
    return House(made, mark, members, colleague, theirs)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written in the block is taken back at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def browser_with(member: Member | None) -> Browser:
    """A browser of the member, or of nobody, that answers faults with their page instead of raising them."""
    browser = browser_of(member) if member is not None else Browser()
    browser.raise_request_exception = False
    return browser


def hash_of(house: House) -> dict[str, str]:
    """For every table of a practice how many rows it has and a hash over all of them; the audit trail is left out."""
    tables = sorted(model._meta.db_table for model in tables_of_a_practice() if model not in MAY_GROW)
    query = " UNION ALL ".join(
        f"SELECT '{table}', count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '')"
        f' FROM "{table}" AS t WHERE organization_id = %s'
        for table in tables
    )
    with inside(house.made.organization.pk), connection.cursor() as cursor:
        cursor.execute(query, [house.made.organization.pk] * len(tables))
        return dict(cursor.fetchall())
