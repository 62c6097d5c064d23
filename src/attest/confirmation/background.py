"""The records behind a session's readiness: for one session or a whole week, at a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from attest.calendar.models import Session
from attest.clients.models import Client, Coverage, FormAcknowledgement, FormDocument, PaymentMethod
from attest.notes.models import Note
from attest.policy.deadlines import local_date
from attest.policy.record import Policy
from attest.practice.models import Location, Organization, Provider
from attest.practice.queries import FeeRow, Terms, terms


@dataclass(frozen=True, slots=True)
class Background:
    """Everything read about one session besides what is typed. Lists are a few rows, chosen from by date."""

    session: Session
    client: Client
    provider: Provider
    organization: Organization
    terms: Terms = field(repr=False)
    coverages: tuple[Coverage, ...]
    payment_method: PaymentMethod | None
    forms_missing: tuple[str, ...]
    note: Note | None
    locations: dict[UUID, Location] = field(repr=False)

    @property
    def policy(self) -> Policy:
        """The practice's numbers."""
        return self.terms.policy

    def coverage_on(self, day: date) -> Coverage | None:
        """The primary plan in force on that date; of several, the one that began last; else the newest primary."""
        primary = [c for c in self.coverages if c.rank == "primary"]
        in_force = [c for c in primary if _covers(c, day)]
        return max(in_force or primary, key=lambda c: c.effective_from, default=None)

    def secondary_on(self, day: date) -> Coverage | None:
        """The secondary plan in force on that date."""
        return next((c for c in self.coverages if c.rank == "secondary" and _covers(c, day)), None)

    def fee_on(self, code: str, payer_id: UUID | None, day: date) -> FeeRow | None:
        """The provider's fee for the code with that payer (None: self-pay), in force on that date."""
        return self.terms.fee_on(self.provider.pk, payer_id, code, day)


def background(session: Session, *, now: datetime) -> Background:
    """The records behind one session."""
    return backgrounds([session], now=now)[session.pk]


def backgrounds(sessions: Sequence[Session], *, now: datetime) -> dict[UUID, Background]:
    """The records behind several sessions of one organization, in about fifteen queries whatever their number."""
    if not sessions:
        return {}
    own = {"organization_id": sessions[0].organization_id}
    client_ids = {s.client_id for s in sessions}
    provider_ids = {s.provider_id for s in sessions}
    organization = Organization.objects.get(pk=own["organization_id"])
    clients = _by_id(Client.objects.filter(**own, pk__in=client_ids))
    providers = _by_id(Provider.objects.filter(**own, pk__in=provider_ids))
    coverages = _grouped(
        Coverage.objects.filter(**own, client_id__in=client_ids).select_related("payer"), "client_id"
    )
    payer_ids = {c.payer_id for rows in coverages.values() for c in rows}
    practice_terms = terms(own["organization_id"], provider_ids=provider_ids, payer_ids=payer_ids)
    methods = _grouped(
        PaymentMethod.objects.filter(**own, client_id__in=client_ids, active=True), "client_id"
    )
    missing = _forms_missing(organization, client_ids, now)
    notes = {
        note.session_id: note
        for note in Note.objects.filter(**own, session_id__in=[s.pk for s in sessions])
        .exclude(state="discarded")
        .select_related("template")
    }
    locations = _by_id(Location.objects.filter(**own))
    today = local_date(now, organization.zone)
    return {
        s.pk: Background(
            session=s,
            client=clients[s.client_id],
            provider=providers[s.provider_id],
            organization=organization,
            terms=practice_terms,
            coverages=tuple(coverages.get(s.client_id, ())),
            payment_method=_usable_method(methods.get(s.client_id, ()), today),
            forms_missing=missing[s.client_id],
            note=notes.get(s.pk),
            locations=locations,
        )
        for s in sessions
    }


def _forms_missing(
    organization: Organization, client_ids: Iterable[UUID], now: datetime
) -> dict[UUID, tuple[str, ...]]:
    """Titles of the required forms each client has not acknowledged in the version in force today."""
    newest: dict[str, FormDocument] = {}
    for document in (
        FormDocument.objects.filter(
            organization_id=organization.pk, effective_from__lte=local_date(now, organization.zone)
        )
        .defer("body")
        .order_by("version")
    ):
        newest[document.key] = document
    given: dict[UUID, set[UUID]] = defaultdict(set)
    for client_id, document_id in FormAcknowledgement.objects.filter(
        organization_id=organization.pk, client_id__in=client_ids
    ).values_list("client_id", "document_id"):
        given[client_id].add(document_id)
    return {
        client_id: tuple(d.title for d in newest.values() if d.required and d.pk not in given[client_id])
        for client_id in client_ids
    }


def _usable_method(methods: Iterable[PaymentMethod], today: date) -> PaymentMethod | None:
    """The default method that has not expired, else another one."""
    usable = [m for m in methods if m.expires_on is None or m.expires_on >= today]
    return max(usable, key=lambda m: (m.is_default, m.created_at), default=None)


def _covers(coverage: Coverage, day: date) -> bool:
    return coverage.effective_from <= day and (coverage.effective_to is None or day <= coverage.effective_to)


def _by_id(rows: Iterable[Any]) -> dict[UUID, Any]:
    return {row.pk: row for row in rows}


def _grouped(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return groups
