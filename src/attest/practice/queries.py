"""What other rooms ask of a practice: its policy, payers' rules, catalogue, fees, contracts and licences.

Every function filters by organization beside the wall. `terms()` reads all of it at once for any number of
sessions, `settled_terms()` only when something has changed; the small ones answer a single question.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from uuid import UUID

from django.db.models import Q, QuerySet

from attest.core import clock
from attest.core.ready import ready
from attest.core.settled import settled
from attest.policy.catalogue import Service, ServiceKind
from attest.policy.deadlines import FilingRule, FilingUnit, local_date
from attest.policy.payer import CorrectionMethod, rule_on
from attest.policy.payer import PayerRule as RuleRow
from attest.policy.readiness.facts import Licence as LicenceFact
from attest.policy.readiness.facts import OrganizationFacts, Period, ProviderFacts
from attest.policy.record import DEFAULT_POLICY, Policy
from attest.practice.models import (
    Contract,
    Fee,
    Licence,
    Location,
    Member,
    Organization,
    Payer,
    PayerRule,
    PolicyRecord,
    Provider,
    ServiceCode,
)


@settled
def policy_for(organization_id: UUID) -> Policy:
    """The practice's numbers: its newest policy record, or the defaults where it never chose any."""
    return _policy(organization_id)


def _policy(organization_id: UUID) -> Policy:
    numbers = (
        PolicyRecord.objects.filter(organization_id=organization_id)
        .order_by("-made_at", "-id")
        .values_list("numbers", flat=True)
        .first()
    )
    return Policy.from_numbers(numbers) if numbers else DEFAULT_POLICY


def today_in(organization_id: UUID) -> date:
    """Today's date where the practice is, by the business clock."""
    zone = Organization.objects.values_list("zone", flat=True).get(pk=organization_id)
    return local_date(clock.now(), zone)


@ready
def active_members(user_id: UUID, slug: str) -> QuerySet[Member]:
    """The member, if any, that a user is in the practice of that slug, with its organization."""
    return Member.objects.select_related("organization").filter(
        user_id=user_id, organization__slug=slug, active=True
    )


# -- rows as the rules see them -------------------------------------------------------------------------


def rule_row(row: PayerRule) -> RuleRow:
    """A payer's dated row as the rules see it."""
    return RuleRow(
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        filing_rule=FilingRule(FilingUnit(row.filing_kind), row.filing_amount),
        requires_signed_note=row.requires_signed_note,
        telehealth_pos_home=row.telehealth_pos_home,
        telehealth_pos_other=row.telehealth_pos_other,
        video_modifier=row.video_modifier,
        audio_modifier=row.audio_modifier if row.audio_paid else None,
        correction_method=CorrectionMethod(row.correction_method),
        required_criteria=tuple(row.required_criteria),
    )


def service_row(row: ServiceCode) -> Service:
    """A row of the catalogue as the rules see it."""
    return Service(
        code=row.code,
        label=row.label,
        kind=ServiceKind(row.kind),
        minutes_from=row.minutes_from,
        minutes_to=row.minutes_to,
        timed=row.timed,
        addon_to=frozenset(ServiceKind(kind) for kind in row.addon_to) or None,
        prescriber_only=row.prescriber_only,
        minutes_each=row.minutes_each,
        units_a_day=row.units_a_day,
    )


def organization_facts(organization: Organization) -> OrganizationFacts:
    """What a claim needs of the practice itself, as the rules see it."""
    return OrganizationFacts(
        has_npi=bool(organization.npi),
        has_tax_id=bool(organization.tax_id),
        has_taxonomy=bool(organization.taxonomy),
        has_zip_plus_four=len(organization.zip_code) == 9,
        has_submitter_id=bool(organization.submitter_id),
    )


# -- one question each ----------------------------------------------------------------------------------


def rules_of(payer: Payer) -> tuple[RuleRow, ...]:
    """The payer's dated rows, the earliest first."""
    rows = PayerRule.objects.filter(organization_id=payer.organization_id, payer_id=payer.pk)
    return tuple(rule_row(row) for row in rows.order_by("effective_from"))


def catalogue(organization_id: UUID) -> tuple[Service, ...]:
    """The active rows of the service catalogue, by code."""
    rows = ServiceCode.objects.filter(organization_id=organization_id, active=True).order_by("code")
    return tuple(service_row(row) for row in rows)


def _in_force(day: date, start: str, end: str) -> Q:
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": day}))


def fee_on(provider: Provider, payer: Payer | None, code: str, day: date) -> Fee | None:
    """The provider's fee for a code in force on `day`: the one that began last. Without a payer, the self-pay fee."""
    of_payer = Q(payer_id=payer.pk) if payer else Q(payer_id__isnull=True)
    return (
        Fee.objects.filter(
            of_payer,
            organization_id=provider.organization_id,
            provider_id=provider.pk,
            service__code=code,
            effective_from__lte=day,
        )
        .order_by("-effective_from")
        .first()
    )


def contract_on(provider: Provider, payer: Payer, day: date) -> Contract | None:
    """The provider's contract with the payer that covers `day`."""
    return Contract.objects.filter(
        _in_force(day, "effective_from", "effective_to"),
        organization_id=provider.organization_id,
        provider_id=provider.pk,
        payer_id=payer.pk,
    ).first()


def is_contracted(provider: Provider, payer: Payer, day: date) -> bool:
    """Whether the provider is contracted with the payer on `day`."""
    return contract_on(provider, payer, day) is not None


def licensed_states(provider: Provider, day: date) -> frozenset[str]:
    """The states (two letters) in which the provider holds a licence on `day`."""
    return frozenset(
        Licence.objects.filter(
            _in_force(day, "valid_from", "valid_to"),
            organization_id=provider.organization_id,
            provider_id=provider.pk,
        ).values_list("state", flat=True)
    )


def active_providers(organization_id: UUID) -> QuerySet[Provider]:
    """The providers one can book and assign, by name."""
    return Provider.objects.filter(organization_id=organization_id, active=True).order_by(
        "last_name", "first_name"
    )


def active_payers(organization_id: UUID) -> QuerySet[Payer]:
    """The payers one can choose for a plan, by name."""
    return Payer.objects.filter(organization_id=organization_id, active=True).order_by("name")


# -- all of it at once ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeeRow:
    """What a code costs from a date on, in cents; `allowed_cents` None: the payer's allowed amount is not known."""

    effective_from: date
    charge_cents: int
    allowed_cents: int | None


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms on which a practice's sessions are held and billed, loaded with a constant number of queries.

    Providers and payers are meant by their ids; a payer of None is self-pay.
    """

    policy: Policy
    services: Mapping[str, Service]
    rules: Mapping[UUID, tuple[RuleRow, ...]]
    contracts: Mapping[tuple[UUID, UUID], tuple[Period, ...]]
    licences: Mapping[UUID, tuple[LicenceFact, ...]]
    fees: Mapping[tuple[UUID, UUID | None], Mapping[str, tuple[FeeRow, ...]]] = field(repr=False)

    @property
    def catalogue(self) -> tuple[Service, ...]:
        """The active services, by code."""
        return tuple(self.services.values())

    def rules_of(self, payer_id: UUID) -> tuple[RuleRow, ...]:
        """The payer's dated rows, the earliest first."""
        return self.rules.get(payer_id, ())

    def criteria_required(self, payer_ids: Iterable[UUID], day: date) -> frozenset[str]:
        """What the rules of these payers, in force on `day`, demand of a note before it is signed."""
        rules = (rule_on(self.rules_of(payer_id), day) for payer_id in payer_ids)
        return frozenset(name for rule in rules if rule is not None for name in rule.required_criteria)

    @property
    def demands_criteria(self) -> bool:
        """Whether any payer of the practice ever demands any."""
        return any(rule.required_criteria for rows in self.rules.values() for rule in rows)

    def contracts_of(self, provider_id: UUID, payer_id: UUID) -> tuple[Period, ...]:
        """The periods in which the provider is contracted with the payer."""
        return self.contracts.get((provider_id, payer_id), ())

    def licences_of(self, provider_id: UUID) -> tuple[LicenceFact, ...]:
        """The provider's licences with their periods."""
        return self.licences.get(provider_id, ())

    def fee_on(self, provider_id: UUID, payer_id: UUID | None, code: str, day: date) -> FeeRow | None:
        """The fee in force on `day`: the one that began last."""
        rows = self.fees.get((provider_id, payer_id), {}).get(code, ())
        return next((row for row in rows if row.effective_from <= day), None)

    def priced_codes(self, provider_id: UUID, payer_id: UUID | None, day: date) -> frozenset[str]:
        """The codes that have a fee in force on `day`."""
        by_code = self.fees.get((provider_id, payer_id), {})
        return frozenset(
            code for code, rows in by_code.items() if any(row.effective_from <= day for row in rows)
        )

    def provider_facts(self, provider: Provider) -> ProviderFacts:
        """The provider as the rules see one."""
        return ProviderFacts(
            licences=self.licences_of(provider.pk),
            prescriber=provider.prescriber,
            has_npi=bool(provider.npi),
            has_taxonomy=bool(provider.taxonomy),
        )


def terms(
    organization_id: UUID,
    *,
    provider_ids: Collection[UUID] | None = None,
    payer_ids: Collection[UUID] | None = None,
) -> Terms:
    """Everything of the practice that sessions of these providers and payers depend on, in six queries.

    None means all of them. Self-pay fees are always included.
    """
    own = Q(organization_id=organization_id)
    of_providers = own if provider_ids is None else own & Q(provider_id__in=provider_ids)
    of_payers = own if payer_ids is None else own & Q(payer_id__in=payer_ids)
    fee_payers = Q() if payer_ids is None else Q(payer_id__in=payer_ids) | Q(payer_id__isnull=True)

    services = {service.code: service for service in catalogue(organization_id)}
    rules: dict[UUID, list[RuleRow]] = defaultdict(list)
    for rule in PayerRule.objects.filter(of_payers):
        rules[rule.payer_id].append(rule_row(rule))
    contracts: dict[tuple[UUID, UUID], list[Period]] = defaultdict(list)
    for provider_id, payer_id, start, end in Contract.objects.filter(of_providers & of_payers).values_list(
        "provider_id", "payer_id", "effective_from", "effective_to"
    ):
        contracts[provider_id, payer_id].append(Period(start, end))
    licences: dict[UUID, list[LicenceFact]] = defaultdict(list)
    for provider_id, state, start, end in Licence.objects.filter(of_providers).values_list(
        "provider_id", "state", "valid_from", "valid_to"
    ):
        licences[provider_id].append(LicenceFact(state, Period(start, end)))
    return Terms(
        policy=_policy(organization_id),
        services=MappingProxyType(services),
        rules={payer: tuple(sorted(rows, key=attrgetter("effective_from"))) for payer, rows in rules.items()},
        contracts={pair: tuple(periods) for pair, periods in contracts.items()},
        licences={provider: tuple(held) for provider, held in licences.items()},
        fees=_fees(of_providers & fee_payers),
    )


@settled
def settled_terms(organization_id: UUID) -> Terms:
    """The terms of all providers and payers, read again only after one of them has changed."""
    return terms(organization_id)


@settled
def settled_locations(organization_id: UUID) -> Mapping[UUID, Location]:
    """The practice's locations by id, read again only after one of them has changed. Not to be changed themselves."""
    rows = Location.objects.filter(organization_id=organization_id)
    return MappingProxyType({location.pk: location for location in rows})


def _fees(which: Q) -> Mapping[tuple[UUID, UUID | None], Mapping[str, tuple[FeeRow, ...]]]:
    fees: dict[tuple[UUID, UUID | None], dict[str, tuple[FeeRow, ...]]] = defaultdict(dict)
    rows = Fee.objects.filter(which).order_by("-effective_from")
    for provider_id, payer_id, code, start, charge, allowed in rows.values_list(
        "provider_id", "payer_id", "service__code", "effective_from", "charge_cents", "allowed_cents"
    ):
        of_pair = fees[provider_id, payer_id]
        of_pair[code] = (*of_pair.get(code, ()), FeeRow(start, charge, allowed))
    return fees
