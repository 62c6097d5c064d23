"""The records behind a session's readiness, read for one session or for a whole week at a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from attest.calendar.models import Session
from attest.clients.models import Client, Coverage, FormAcknowledgement, FormDocument, PaymentMethod
from attest.notes.models import Note
from attest.policy.catalogue import Service, ServiceKind
from attest.policy.deadlines import FilingRule, FilingUnit, local_date
from attest.policy.payer import CorrectionMethod, PayerRule
from attest.policy.readiness.facts import Licence as LicenceFact
from attest.policy.readiness.facts import Period
from attest.policy.record import Policy
from attest.practice import models as practice
from attest.practice.queries import policy_for


@dataclass(frozen=True, slots=True)
class Background:
    """Everything read about one session besides what is typed. Lists are few rows, chosen from by date."""

    session: Session
    client: Client
    provider: practice.Provider
    organization: practice.Organization
    policy: Policy
    coverages: tuple[Coverage, ...]
    rules: dict[UUID, tuple[PayerRule, ...]]
    contracts: dict[UUID, tuple[Period, ...]]
    licences: tuple[LicenceFact, ...]
    payment_method: PaymentMethod | None
    forms_missing: tuple[str, ...]
    note: Note | None
    locations: dict[UUID, practice.Location] = field(default_factory=dict, repr=False)
    catalogue: tuple[Service, ...] = ()
    fees: tuple[practice.Fee, ...] = field(default=(), repr=False)

    def coverage_on(self, day: date) -> Coverage | None:
        """The primary plan in force on that date; of several, the one that began last; else the newest primary."""
        primary = [c for c in self.coverages if c.rank == "primary"]
        in_force = [c for c in primary if _covers(c, day)]
        return max(in_force or primary, key=lambda c: c.effective_from, default=None)

    def secondary_on(self, day: date) -> bool:
        """True when a secondary plan is in force on that date."""
        return any(c.rank == "secondary" and _covers(c, day) for c in self.coverages)

    def fee_on(self, code: str, payer_id: UUID | None, day: date) -> practice.Fee | None:
        """The provider's fee row for the code with that payer (None: self-pay), in force on that date."""
        rows = [
            f for f in self.fees if f.payer_id == payer_id and f.service.code == code and f.effective_from <= day
        ]
        return max(rows, key=lambda f: f.effective_from, default=None)

    def service(self, code: str) -> Service | None:
        """The catalogue's row for a code."""
        return next((row for row in self.catalogue if row.code == code), None)


def background(session: Session, *, now: datetime, priced: bool = True) -> Background:
    """The records behind one session."""
    return backgrounds([session], now=now, priced=priced)[session.pk]


def backgrounds(sessions: Sequence[Session], *, now: datetime, priced: bool = False) -> dict[UUID, Background]:
    """The records behind several sessions of one organization, in about ten queries whatever their number.

    `priced` also reads the service catalogue and the fees, which only the confirm form needs.
    """
    if not sessions:
        return {}
    organization_id = sessions[0].organization_id
    own = {"organization_id": organization_id}
    client_ids = {s.client_id for s in sessions}
    provider_ids = {s.provider_id for s in sessions}
    organization = practice.Organization.objects.get(pk=organization_id)
    clients = _by_id(Client.objects.filter(**own, pk__in=client_ids))
    providers = _by_id(practice.Provider.objects.filter(**own, pk__in=provider_ids))
    coverages = _grouped(
        Coverage.objects.filter(**own, client_id__in=client_ids).select_related("payer"), "client_id"
    )
    payer_ids = {c.payer_id for rows in coverages.values() for c in rows}
    rules = _grouped(practice.PayerRule.objects.filter(**own, payer_id__in=payer_ids), "payer_id")
    contracts = _grouped(
        practice.Contract.objects.filter(**own, provider_id__in=provider_ids, payer_id__in=payer_ids), "provider_id"
    )
    licences = _grouped(practice.Licence.objects.filter(**own, provider_id__in=provider_ids), "provider_id")
    methods = _grouped(PaymentMethod.objects.filter(**own, client_id__in=client_ids, active=True), "client_id")
    missing = _forms_missing(organization, client_ids, now)
    notes = {
        n.session_id: n
        for n in Note.objects.filter(**own, session_id__in=[s.pk for s in sessions])
        .filter(~Q(state="discarded"))
        .select_related("template")
    }
    locations = _by_id(practice.Location.objects.filter(**own))
    today = local_date(now, organization.zone)
    policy = policy_for(organization_id)
    locations: dict[UUID, practice.Location] = field(default_factory=dict, repr=False)
    catalogue: tuple[Service, ...] = ()
    fees: dict[Any, list[practice.Fee]] = {}
    if priced:
        catalogue = tuple(service_row(row) for row in practice.ServiceCode.objects.filter(**own, active=True).order_by("code"))
        fees = _grouped(
            practice.Fee.objects.filter(**own, provider_id__in=provider_ids).select_related("service"), "provider_id"
        )
    policy_rules = {payer_id: tuple(payer_rule(row) for row in rows) for payer_id, rows in rules.items()}
    return {
        s.pk: Background(
            session=s,
            client=clients[s.client_id],
            provider=providers[s.provider_id],
            organization=organization,
            policy=policy,
            coverages=tuple(coverages.get(s.client_id, ())),
            rules=policy_rules,
            contracts=_contract_periods(contracts.get(s.provider_id, ())),
            licences=tuple(
                LicenceFact(row.state, Period(row.valid_from, row.valid_to)) for row in licences.get(s.provider_id, ())
            ),
            payment_method=_usable_method(methods.get(s.client_id, ()), today),
            forms_missing=missing.get(s.client_id, ()),
            note=notes.get(s.pk),
            locations=locations,
            catalogue=catalogue,
            fees=tuple(fees.get(s.provider_id, ())),
        )
        for s in sessions
    }


def service_row(row: practice.ServiceCode) -> Service:
    """A catalogue row as the rules see it."""
    return Service(
        code=row.code,
        label=row.label,
        kind=ServiceKind(row.kind),
        minutes_from=row.minutes_from,
        minutes_to=row.minutes_to,
        timed=row.timed,
        addon_to=frozenset(ServiceKind(kind) for kind in row.addon_to) if row.addon_to else None,
        prescriber_only=row.prescriber_only,
        minutes_each=row.minutes_each,
        units_a_day=row.units_a_day,
    )


def payer_rule(row: practice.PayerRule) -> PayerRule:
    """A payer's dated row as the rules see it."""
    return PayerRule(
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        filing_rule=FilingRule(FilingUnit(row.filing_kind), row.filing_amount),
        requires_signed_note=row.requires_signed_note,
        telehealth_pos_home=row.telehealth_pos_home,
        telehealth_pos_other=row.telehealth_pos_other,
        video_modifier=row.video_modifier,
        audio_modifier=row.audio_modifier if row.audio_paid else None,
        correction_method=CorrectionMethod(row.correction_method),
    )


def _forms_missing(
    organization: practice.Organization, client_ids: Iterable[UUID], now: datetime
) -> dict[UUID, tuple[str, ...]]:
    """Titles of the required forms each client has not acknowledged in the version in force today."""
    today = local_date(now, organization.zone)
    newest: dict[str, FormDocument] = {}
    for document in FormDocument.objects.filter(
        organization_id=organization.pk, required=True, effective_from__lte=today
    ).defer("body").order_by("version"):
        newest[document.key] = document
    given: dict[UUID, set[UUID]] = defaultdict(set)
    for client_id, document_id in FormAcknowledgement.objects.filter(
        organization_id=organization.pk, client_id__in=client_ids
    ).values_list("client_id", "document_id"):
        given[client_id].add(document_id)
    return {
        client_id: tuple(d.title for d in newest.values() if d.pk not in given[client_id]) for client_id in client_ids
    }


def _usable_method(methods: Iterable[PaymentMethod], today: date) -> PaymentMethod | None:
    """The default method that has not expired, else another one."""
    usable = [m for m in methods if m.expires_on is None or m.expires_on >= today]
    return max(usable, key=lambda m: (m.is_default, m.created_at), default=None)


def _contract_periods(contracts: Iterable[practice.Contract]) -> dict[UUID, tuple[Period, ...]]:
    periods: dict[UUID, tuple[Period, ...]] = {}
    for row in contracts:
        periods[row.payer_id] = (*periods.get(row.payer_id, ()), Period(row.effective_from, row.effective_to))
    return periods


def _covers(coverage: Coverage, day: date) -> bool:
    return coverage.effective_from <= day and (coverage.effective_to is None or day <= coverage.effective_to)


def _by_id(rows: Iterable[Any]) -> dict[UUID, Any]:
    return {row.pk: row for row in rows}


def _grouped(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return groups
