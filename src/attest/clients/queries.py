"""Reads about clients: whom a member may see, searching, and what each client still needs before a session counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404

from attest.clients.folding import fold
from attest.clients.models import (
    ChartDiagnosis,
    Client,
    Coverage,
    FormDocument,
    PaymentMethod,
)
from attest.core.access import Scope, concerns, scope_of
from attest.core.reach import own_or_all, way_to
from attest.core.ready import any_of, ready
from attest.core.settled import settled
from attest.policy.deadlines import local_date
from attest.policy.payer import LineOfBusiness
from attest.policy.readiness.facts import ClientFacts
from attest.policy.record import Policy

# -- whom a member may see, and finding them --------------------------------------------------------------


def visible_clients(member: Any, scope: Scope) -> QuerySet[Client]:
    """The clients a member may see: their own as a provider, for reading those opened to them too, or all."""
    return own_or_all(Client.objects.all(), member, scope, "provider_id")


def client_for(member: Any, scope: Scope, client_id: UUID) -> Client:
    """One client the member may see. Raises Http404 for any other, whether there is one or not."""
    client = visible_clients(member, scope).select_related("provider").filter(pk=client_id).first()
    if client is None:
        raise Http404("no such client for this member")
    way = way_to(
        member, scope, holder_id=client.provider_id, client_id=client.pk, client_of=client.provider_id
    )
    concerns(client.pk, way.grant_id if way else None)
    return client


def may_with(member: Any, permission: str, client: Client) -> bool:
    """True when the member holds the permission over this very client: for a link, a button or a tab."""
    scope, whose = scope_of(member, permission), client.provider_id
    return way_to(member, scope, holder_id=whose, client_id=client.pk, client_of=whose) is not None


def known_exactly(
    organization_id: UUID, *, first_name: str, last_name: str, birth_date: date
) -> list[Client]:
    """Clients of exactly this name (legal or preferred first name) and birth date, whoever's they are.

    Nearly always one or none. For somebody in an emergency, who knows whom they are looking for.
    """
    first, last = fold(first_name), fold(last_name)
    born = Client.objects.filter(
        organization_id=organization_id, birth_date=birth_date, folded__startswith=f"{last} "
    )
    return [
        client
        for client in born.order_by("pk")
        if first
        and fold(client.legal_last_name) == last
        and first in (fold(client.legal_first_name), fold(client.preferred_name))
    ]


def search(clients: QuerySet[Client], text: str) -> QuerySet[Client]:
    """Those of `clients` of whom every word typed begins a name: last, first or preferred, in any order.

    Ordered by last name; without words, all of them.
    """
    for word in fold(text[:100]).split():
        # Letters and digits only are left by fold(), so that no pattern can be smuggled in.
        begins = Q(folded__gte=word, folded__lt=f"{word}~")
        clients = clients.filter(begins | Q(folded__contains=f" {word}"))
    return clients.order_by("folded", "pk")


def folded_name(client: Client) -> str:
    """What `search` looks at: last, first and preferred name, folded."""
    names = (client.legal_last_name, client.legal_first_name, client.preferred_name)
    return fold(" ".join(names))[:200]


# -- standard forms ---------------------------------------------------------------------------------------


def forms_in_force(organization_id: UUID, on: date) -> list[FormDocument]:
    """The practice's standard forms, each in its newest version in force on `on`, by title."""
    newest = {
        document.key: document for document in _documents(organization_id) if document.effective_from <= on
    }
    return sorted(newest.values(), key=lambda document: document.title)


@settled
def _documents(organization_id: UUID) -> tuple[FormDocument, ...]:
    return tuple(FormDocument.objects.filter(organization_id=organization_id).order_by("version"))


# -- all that readiness asks of clients, for many at once ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClientFile:
    """A client's plans, forms and payment methods as of one date."""

    client: Client
    on: date
    coverages: tuple[Coverage, ...] = field(repr=False)
    payment_methods: tuple[PaymentMethod, ...] = field(repr=False)
    forms_missing: tuple[str, ...] = field(repr=False)
    """Titles of required forms not acknowledged in the version in force."""

    def primary_on(self, day: date) -> Coverage | None:
        """The primary plan that covers `day`; of several, the one that began last."""
        return _latest(c for c in self.coverages if c.rank == "primary" and covers(c, day))

    @property
    def payment_method(self) -> PaymentMethod | None:
        """The default method, while it has not expired; else another one that has not."""
        usable = [m for m in self.payment_methods if m.expires_on is None or m.expires_on >= self.on]
        return max(usable, key=lambda m: (m.is_default, m.created_at), default=None)

    @property
    def lines_of_business(self) -> frozenset[LineOfBusiness]:
        """Those of every plan on file, whatever its rank and dates."""
        return frozenset(LineOfBusiness(c.payer.line_of_business) for c in self.coverages)

    @property
    def facts(self) -> ClientFacts:
        """The client as the rules see one."""
        client = self.client
        return ClientFacts(
            has_payment_method=self.payment_method is not None,
            forms_missing=self.forms_missing,
            has_address=client.has_address,
            has_sex_for_claim=bool(client.sex),
            self_pay=client.self_pay,
            do_not_bill_insurance=client.do_not_bill,
            part2_program=client.part2_program,
            part2_consent=client.part2_consent_on is not None and client.part2_consent_on <= self.on,
        )


def covers(coverage: Coverage, day: date) -> bool:
    """Whether the plan's dates include `day`."""
    return coverage.effective_from <= day and (coverage.effective_to is None or day <= coverage.effective_to)


def _latest(coverages: Iterable[Coverage]) -> Coverage | None:
    return max(coverages, key=lambda c: c.effective_from, default=None)


def files_of(clients: Collection[Client], *, on: date) -> dict[UUID, ClientFile]:
    """The files of several clients of one organization, in four queries whatever their number."""
    if not clients:
        return {}
    organization_id = next(iter(clients)).organization_id
    client_ids = [client.pk for client in clients]
    coverages: dict[UUID, list[Coverage]] = defaultdict(list)
    for coverage in _coverages(organization_id, client_ids):
        coverages[coverage.client_id].append(coverage)
    methods: dict[UUID, list[PaymentMethod]] = defaultdict(list)
    for method in _payment_methods(organization_id, client_ids):
        methods[method.client_id].append(method)
    given: dict[UUID, set[UUID]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT client_id, document_id FROM clients_formacknowledgement"
            " WHERE organization_id = %s AND client_id = ANY(%s)",
            [organization_id, client_ids],
        )
        for client_id, document_id in cursor.fetchall():
            given[client_id].add(document_id)
    required = [d for d in forms_in_force(organization_id, on) if d.required]
    return {
        client.pk: ClientFile(
            client=client,
            on=on,
            coverages=tuple(coverages[client.pk]),
            payment_methods=tuple(methods[client.pk]),
            forms_missing=tuple(d.title for d in required if d.pk not in given[client.pk]),
        )
        for client in clients
    }


@ready
def _coverages(organization_id: UUID, client_ids: list[UUID]) -> QuerySet[Coverage]:
    coverages = Coverage.objects.filter(organization_id=organization_id).select_related("payer")
    return any_of(coverages, "client_id", client_ids)


@ready
def _payment_methods(organization_id: UUID, client_ids: list[UUID]) -> QuerySet[PaymentMethod]:
    methods = PaymentMethod.objects.filter(organization_id=organization_id, active=True)
    return any_of(methods, "client_id", client_ids)


def file_of(client: Client, *, on: date) -> ClientFile:
    """One client's file."""
    return files_of([client], on=on)[client.pk]


# -- how a client stands, in three marks --------------------------------------------------------------------


class Mark(StrEnum):
    """How one part of a client's readiness stands."""

    READY = "ready"
    WAITING = "waiting"
    MISSING = "missing"

    @property
    def icon(self) -> str:
        """The icon of the mark."""
        return {"ready": "circle-check", "waiting": "clock", "missing": "circle-x"}[self.value]

    @property
    def tone(self) -> str:
        """The colour of the mark."""
        return {"ready": "done", "waiting": "owed", "missing": "lost"}[self.value]


@dataclass(frozen=True, slots=True)
class Part:
    """Insurance, forms or payment: the mark and the reason in a sentence without the client's name."""

    name: str
    mark: Mark
    reason: str


@dataclass(frozen=True, slots=True)
class ClientStanding:
    """Whether a session of this client could be confirmed, as far as the client's side goes."""

    insurance: Part
    forms: Part
    payment: Part

    @property
    def parts(self) -> tuple[Part, Part, Part]:
        """The three in the order in which they are shown."""
        return (self.insurance, self.forms, self.payment)

    @property
    def ready(self) -> bool:
        """Nothing is missing and nothing waits."""
        return all(part.mark is Mark.READY for part in self.parts)


def standing_of(file: ClientFile, policy: Policy, zone: str) -> ClientStanding:
    """How a client stands on the date of the file; dates of verifications are local dates in `zone`."""
    return ClientStanding(_insurance(file, policy, zone), _forms(file), _payment(file))


def _insurance(file: ClientFile, policy: Policy, zone: str) -> Part:
    def part(mark: Mark, reason: str) -> Part:
        return Part("Insurance", mark, reason)

    if file.client.self_pay:
        return part(Mark.READY, "Pays privately")
    if file.client.do_not_bill:
        return part(Mark.READY, "Not billed to insurance, as the client asked")
    plan = file.primary_on(file.on)
    if plan is None:
        ended = _latest(c for c in file.coverages if c.rank == "primary")
        reason = f"{ended.payer.name} does not cover today" if ended else "No plan on file"
        return part(Mark.MISSING, reason)
    if plan.verification == "failed":
        return part(Mark.MISSING, f"{plan.payer.name} could not be verified")
    verified = verified_on(plan, zone)
    if verified is None:
        return part(Mark.WAITING, f"{plan.payer.name} is not verified yet")
    if file.on - verified > timedelta(days=policy.verification_valid_days):
        return part(Mark.WAITING, f"{plan.payer.name}, verified {verified:%m/%d/%Y}: verify again")
    return part(Mark.READY, f"{plan.payer.name}, verified {verified:%m/%d/%Y}")


def verified_on(coverage: Coverage, zone: str) -> date | None:
    """The local date on which the plan was last verified, None when it is not."""
    moment: datetime | None = coverage.verified_at
    if coverage.verification != "verified" or moment is None:
        return None
    return local_date(moment, zone)


def _forms(file: ClientFile) -> Part:
    missing = file.forms_missing
    if missing:
        reason = f"{len(missing)} not acknowledged" if len(missing) > 1 else f"Not acknowledged: {missing[0]}"
        return Part("Forms", Mark.MISSING, reason)
    return Part("Forms", Mark.READY, "All acknowledged")


def _payment(file: ClientFile) -> Part:
    method = file.payment_method
    if method is None:
        expired = bool(file.payment_methods)
        reason = "The payment method on file has expired" if expired else "No payment method on file"
        return Part("Payment", Mark.MISSING, reason)
    if method.expires_on is not None and method.expires_on < file.on + timedelta(days=30):
        return Part("Payment", Mark.WAITING, f"{method} expires {method.expires_on:%m/%d/%Y}")
    return Part("Payment", Mark.READY, str(method))


# -- diagnoses of the chart ---------------------------------------------------------------------------------


def chart_diagnoses(client: Client) -> list[ChartDiagnosis]:
    """The diagnoses in the chart: those being treated first, the last used on top."""
    rows = ChartDiagnosis.objects.filter(organization_id=client.organization_id, client=client)
    earliest = datetime.min.replace(tzinfo=client.created_at.tzinfo)
    return sorted(
        rows, key=lambda d: (d.resolved is None, d.last_used_at or earliest, d.added_at), reverse=True
    )
