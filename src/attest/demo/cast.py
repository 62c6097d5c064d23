"""The demo's cast: practice, providers, staff, payers and clients, all made by the product's own actions."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from attest.clients import actions as clients
from attest.clients.models import Client, Coverage, PaymentMethod
from attest.clients.queries import forms_in_force
from attest.core import clock
from attest.core.models import User
from attest.core.walls import inside
from attest.demo import people
from attest.demo.people import DemoClient
from attest.policy.deadlines import local_date
from attest.practice import actions as practice
from attest.practice.models import Payer, Provider, ServiceCode
from attest.practice.organization import Member, Organization
from attest.x12.npi import check_digit


@dataclass
class Cast:
    """Everybody of the story, once made."""

    organization: Organization
    admin_id: UUID
    biller_id: UUID = field(init=False)
    providers: dict[str, Provider] = field(default_factory=dict)
    members: dict[UUID, Member] = field(default_factory=dict)
    templates: dict[UUID, str] = field(default_factory=dict)
    payers: dict[str, Payer] = field(default_factory=dict)
    clients: list[tuple[Client, DemoClient]] = field(default_factory=list)

    def member_of(self, provider_id: UUID) -> Member:
        """The member who is this provider."""
        return self.members[provider_id]

    def template_of(self, provider_id: UUID) -> str:
        """The key of the note template this provider prefers."""
        return self.templates[provider_id]

    @staticmethod
    def last_workday(today: date) -> date:
        """The last Monday-to-Friday before today: what the viewer finds unconfirmed on a weekend."""
        day = today - timedelta(days=1)
        while day.weekday() > 4:
            day -= timedelta(days=1)
        return day

    def verify_plans(self) -> None:
        """The monthly look at every plan."""
        with inside(self.organization.pk, self.admin_id):
            for client, _ in self.clients:
                self._verify(client, "verified")

    def _verify(self, client: Client, result: str) -> None:
        for coverage in Coverage.objects.filter(organization_id=self.organization.pk, client=client):
            clients.verify_coverage(coverage=coverage, result=result, by=self.admin_id)

    def trouble(self) -> None:
        """Two weeks ago, things came loose for a few clients: a plan, a card, an address, a consent."""
        by = self.admin_id
        with inside(self.organization.pk, by):
            for client, who in self.clients:
                if "unverified" in who.special:
                    self._verify(client, "failed")
                if "no_card" in who.special:
                    for method in PaymentMethod.objects.filter(
                        organization_id=self.organization.pk, client=client, active=True
                    ):
                        clients.remove_payment_method(method=method, by=by)
                if "no_address" in who.special:
                    clients.update_client(
                        client=client, by=by, line1="", line2="", city="", state="", zip_code=""
                    )
                if "part2" in who.special:
                    _set_flags(client, who, by, part2=True)


def make_cast() -> Cast:
    """Make the practice and everybody in it, at the clock's present."""
    founder = people.STAFF[0]
    organization = practice.create_organization(
        name=people.PRACTICE["name"],
        slug=people.PRACTICE["slug"],
        zone=people.PRACTICE["zone"],
        admin_email=founder[2],
        admin_name=founder[1],
        admin_password=people.PASSWORD,
    )
    admin_id = Member.objects.get(organization=organization).user_id
    cast = Cast(organization, admin_id)
    with inside(organization.pk, admin_id):
        facts = {k: v for k, v in people.PRACTICE.items() if k not in ("name", "slug", "zone")}
        practice.update_organization(organization=organization, by=admin_id, **facts)
        for _, name, email, role in people.STAFF[1:]:
            member = practice.add_member(
                organization_id=organization.pk,
                email=email,
                name=name,
                password=people.PASSWORD,
                roles=[role],
                by=admin_id,
            )
            if role == "biller":
                cast.biller_id = member.user_id
        _make_practice(cast)
    User.objects.filter(memberships__organization=organization).update(seeded=True)
    with inside(organization.pk, admin_id):
        random = Random(7)
        for number, who in enumerate(people.clients()):
            cast.clients.append((_make_client(cast, who, number, random), who))
    return cast


def _make_practice(cast: Cast) -> None:
    organization, by = cast.organization, cast.admin_id
    own: dict[str, Any] = {"organization_id": organization.pk, "by": by}
    places = [practice.add_location(**(own | place)) for place in people.LOCATIONS]
    practice.import_services(text=people.SERVICES, **own)
    services = {row.code: row for row in ServiceCode.objects.filter(organization_id=organization.pk)}
    since = local_date(clock.now(), organization.zone).replace(month=1, day=1)
    for key, facts in people.PAYERS.items():
        cast.payers[key] = practice.add_payer(**(own | facts))
        practice.set_payer_rule(payer=cast.payers[key], effective_from=since, by=by, **people.RULES[key])
    for who in people.PROVIDERS:
        provider = practice.add_provider(
            **own,
            first_name=who.first,
            last_name=who.last,
            credentials=who.credentials,
            npi=who.npi_base + check_digit(who.npi_base),
            taxonomy=who.taxonomy,
            zone=who.zone,
            prescriber=who.prescriber,
            location=places[who.place],
        )
        member = practice.add_member(
            organization_id=organization.pk,
            email=who.email,
            name=provider.full_name,
            password=people.PASSWORD,
            roles=["provider"],
            provider=provider,
            by=by,
        )
        cast.providers[who.key] = provider
        cast.members[provider.pk] = member
        cast.templates[provider.pk] = who.template
        for state, number in who.licences:
            practice.add_licence(provider=provider, state=state, number=number, valid_from=since, by=by)
        for payer in cast.payers.values():
            practice.add_contract(provider=provider, payer=payer, effective_from=since, by=by)
        _set_fees(provider, cast, services, since)


def _set_fees(provider: Provider, cast: Cast, services: dict[str, ServiceCode], since: date) -> None:
    for code, (charge, allowed) in people.FEES.items():
        if services[code].prescriber_only and not provider.prescriber:
            continue
        common: dict[str, Any] = {
            "provider": provider,
            "service": services[code],
            "effective_from": since,
            "by": cast.admin_id,
        }
        practice.set_fee(payer=None, charge_cents=charge, **common)
        for key, payer in cast.payers.items():
            share = allowed * people.ALLOWED_PERCENT[key] // 100
            practice.set_fee(payer=payer, charge_cents=charge, allowed_cents=share, **common)


def _make_client(cast: Cast, who: DemoClient, number: int, random: Random) -> Client:
    provider, by = cast.providers[who.provider], cast.admin_id
    state = "CO" if who.provider == "ines" else "NY"
    town, zip_code = random.choice(people.TOWNS[state])
    address = {
        "line1": f"{random.randint(2, 380)} {random.choice(people.STREETS)}",
        "city": town,
        "state": state,
    }
    client = clients.create_client(
        organization_id=cast.organization.pk,
        provider=provider,
        by=by,
        legal_first_name=who.first,
        legal_last_name=who.last,
        preferred_name=who.preferred,
        pronouns=who.pronouns,
        birth_date=who.born,
        sex=who.sex,
        email=f"client{number + 1}@mail.example",
        phone=f"84555502{number:02d}",
        **address,
        zip_code=zip_code,
    )
    _set_flags(client, who, by, part2=False)
    if "self_pay" not in who.special:
        _add_plans(cast, client, who, number)
    brand, last4 = random.choice(
        [("Visa", "4242"), ("Mastercard", "4444"), ("Visa", "0341"), ("Amex", "0005")]
    )
    expires = local_date(clock.now(), cast.organization.zone) + timedelta(days=900)
    clients.add_payment_method(
        client=client, by=by, kind="card", brand=brand, last4=last4, expires_on=expires
    )
    if "no_forms" not in who.special:
        today = local_date(clock.now(), cast.organization.zone)
        for document in forms_in_force(cast.organization.pk, today):
            clients.record_acknowledgement(
                client=client, document=document, typed_name=client.legal_name, by=by
            )
    return client


def _set_flags(client: Client, who: DemoClient, by: UUID, *, part2: bool) -> None:
    clients.set_flags(
        client=client,
        by=by,
        self_pay="self_pay" in who.special,
        do_not_bill="do_not_bill" in who.special,
        part2_program=part2,
        part2_consent_on=None,
    )


def _add_plans(cast: Cast, client: Client, who: DemoClient, number: int) -> None:
    since = local_date(clock.now(), cast.organization.zone).replace(month=1, day=1)
    dependent: dict[str, Any] = {}
    if "dependent" in who.special:
        dependent = {
            "relation": "child",
            "subscriber_first_name": "Adrian",
            "subscriber_last_name": who.last,
            "subscriber_birth_date": who.born.replace(year=who.born.year - 34, day=11),
            "subscriber_sex": "M",
        }
    common: dict[str, Any] = {"client": client, "by": cast.admin_id, "effective_from": since}
    clients.add_coverage(
        **common,
        payer=cast.payers[who.payer],
        plan_name="",
        member_id=f"{cast.payers[who.payer].payer_id}{730211 + number * 37}",
        group_number=f"G{4100 + number % 7}" if who.payer in ("northlight", "cedar") else "",
        copay_cents=who.copay,
        coinsurance_percent=who.coinsurance,
        deductible_left_cents=who.deductible,
        qmb="qmb" in who.special,
        **dependent,
    )
    if "secondary" in who.special:
        clients.add_coverage(
            **common, payer=cast.payers["cedar"], rank="secondary", member_id=f"CBM88{number:04d}"
        )
