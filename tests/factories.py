"""Small makers of records for tests, each with sensible, complete defaults.

`make_practice()` gives a practice in which a session can be confirmed at once; `make_session(made.client)`
is yesterday's session, held in person, with nothing in its way. Every maker goes through the wall by itself;
a test that reads or writes rows does so inside `made.inside()` (or `core.walls.inside`).
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.test import Client as Browser

from attest.calendar.models import Session
from attest.clients.folding import fold
from attest.clients.models import (
    ChartDiagnosis,
    Client,
    Coverage,
    FormAcknowledgement,
    FormDocument,
    IcdCode,
    IcdRelease,
    PaymentMethod,
)
from attest.clients.queries import folded_name
from attest.core import clock
from attest.core.models import User
from attest.core.walls import inside
from attest.practice.actions import create_organization
from attest.practice.models import (
    Contract,
    Fee,
    Licence,
    Location,
    Member,
    Organization,
    Payer,
    PayerRule,
    Provider,
    ServiceCode,
)
from attest.x12.npi import check_digit

PASSWORD = "a long password for tests"
LONG_AGO = date(2020, 1, 1)
_numbers = count(1)

SERVICES_CSV = """\
code,label,kind,minutes_from,minutes_to,addon_to,prescriber_only,timed,minutes_each,units_a_day
90791,Evaluation,diagnostic_evaluation,16,90,,no,no,,1
90792,Evaluation with medical services,diagnostic_evaluation_medical,,,,yes,no,,1
90832,Therapy 30,psychotherapy,16,37,,no,yes,,1
90834,Therapy 45,psychotherapy,38,52,,no,yes,,1
90837,Therapy 60,psychotherapy,53,,,no,yes,,1
90833,Therapy 30 with E/M,psychotherapy_with_em,16,37,,yes,yes,,1
90836,Therapy 45 with E/M,psychotherapy_with_em,38,52,,yes,yes,,1
90838,Therapy 60 with E/M,psychotherapy_with_em,53,,,yes,yes,,1
90839,Crisis first hour,crisis,30,74,,no,yes,,1
90840,Crisis each further half hour,crisis_additional,75,,,no,yes,30,
90846,Family without the client,family_without_client,26,,,no,yes,,1
90847,Family with the client,family_with_client,26,,,no,yes,,1
90853,Group,group,,,,no,no,,1
90785,Interactive complexity,interactive_complexity,,,,no,no,,1
99213,Office visit low,em,,,,yes,no,,1
99214,Office visit moderate,em,,,,yes,no,,1
"""
"""The usual codes with our own labels; `attest.practice.actions.import_services` reads the same columns."""

ICD = [
    ("F41.1", "Generalized anxiety disorder", True),
    ("F32.A", "Depression, unspecified", True),
    ("F33.1", "Major depressive disorder, recurrent, moderate", True),
    ("F43.1", "Post-traumatic stress disorder (PTSD)", False),
    ("F43.10", "Post-traumatic stress disorder, unspecified", True),
    ("F43.2", "Adjustment disorders", False),
    ("F43.23", "Adjustment disorder with mixed anxiety and depressed mood", True),
    ("F90.2", "Attention-deficit hyperactivity disorder, combined type", True),
    ("R45.851", "Suicidal ideations", True),
    ("Z63.0", "Problems in relationship with spouse or partner", True),
    ("I10", "Essential (primary) hypertension", True),
]


def a_number() -> int:
    """A number that no other record of this run has."""
    return next(_numbers)


def an_npi(seed: int | None = None) -> str:
    """An NPI with a correct check digit that no other record of this run has."""
    nine = f"1{(a_number() if seed is None else seed):08d}"
    return nine + check_digit(nine)


def today(zone: str = "America/New_York") -> date:
    """The local date of business time."""
    return clock.now().astimezone(ZoneInfo(zone)).date()


@dataclass
class Made:
    """A practice with one of everything."""

    organization: Organization
    admin: Member
    clinician: Member
    provider: Provider
    location: Location
    payer: Payer
    services: dict[str, ServiceCode]
    client: Client

    def inside(self) -> AbstractContextManager[None]:
        """The practice's wall, as its clinician."""
        return inside(self.organization.pk, self.clinician.user_id)

    @property
    def slug(self) -> str:
        return self.organization.slug

    @property
    def by(self) -> UUID:
        """The id of the clinician's user, for actions."""
        return self.clinician.user_id

    def browser(self, role: str) -> Browser:
        """A test browser signed in as the clinician, the admin, or a new member with another role."""
        member = {"provider": self.clinician, "admin": self.admin}.get(role)
        return browser_of(member or make_member(self.organization, role))


def found_organization(**more: Any) -> Organization:
    """A practice founded long ago by `create_organization`: with an admin, standard forms and note templates."""
    values = _organization_values() | more
    with clock.at(datetime(LONG_AGO.year, LONG_AGO.month, LONG_AGO.day, 12, tzinfo=UTC)):
        organization = create_organization(
            name=values.pop("name"),
            slug=values.pop("slug"),
            zone=values.pop("zone"),
            admin_email=f"admin-{a_number()}@practice.example",
            admin_name="Robin Vale",
            admin_password=PASSWORD,
        )
    Organization.objects.filter(pk=organization.pk).update(**values)
    organization.refresh_from_db()
    return organization


def make_organization(**more: Any) -> Organization:
    """Only the row of a practice, with every billing fact, in New York."""
    return Organization.objects.create(**_organization_values() | more)


def _organization_values() -> dict[str, Any]:
    number = a_number()
    return {
        "slug": f"practice-{number}",
        "name": "Harbor Light Counseling",
        "zone": "America/New_York",
        "npi": an_npi(),
        "tax_id": f"{120000000 + number}",
        "taxonomy": "101YM0800X",
        "line1": "12 Harbor Street",
        "city": "Kingston",
        "state": "NY",
        "zip_code": "124010012",
        "phone": "8455550100",
        "contact_name": "Robin Vale",
        "submitter_id": f"SUB{number:06d}",
        "receiver_id": "CLEARPATH",
        "receiver_name": "Clearpath Exchange",
    }


def make_member(
    organization: Organization,
    *roles: str,
    provider: Provider | None = None,
    name: str = "Robin Vale",
    email: str = "",
) -> Member:
    """A member with a user of their own who signs in with PASSWORD."""
    user = User.objects.create_user(email or f"person-{a_number()}@practice.example", PASSWORD, name=name)
    return Member.objects.create(
        organization=organization, user=user, roles=list(roles), provider_id=provider.pk if provider else None
    )


def make_location(organization: Organization, **more: Any) -> Location:
    """An office in New York."""
    values: dict[str, Any] = {
        "name": "Main office",
        "place_of_service": "11",
        "line1": "12 Harbor Street",
        "city": "Kingston",
        "state": "NY",
        "zip_code": "124010012",
    }
    with inside(organization.pk):
        return Location.objects.create(organization=organization, **values | more)


def make_provider(
    organization: Organization,
    *,
    location: Location | None = None,
    licensed_in: Iterable[str] = ("NY",),
    **more: Any,
) -> Provider:
    """A provider with NPI and a licence in each of the states, valid since long ago."""
    values: dict[str, Any] = {
        "first_name": "Morgan",
        "last_name": "Reyes",
        "credentials": "LCSW",
        "npi": an_npi(),
        "taxonomy": "1041C0700X",
        "zone": organization.zone,
        "location": location,
    }
    with inside(organization.pk):
        provider = Provider.objects.create(organization=organization, **values | more)
        for state in licensed_in:
            Licence.objects.create(
                organization=organization,
                provider=provider,
                state=state,
                number=f"{state}-{a_number():05d}",
                valid_from=LONG_AGO,
            )
    return provider


def make_services(organization: Organization) -> dict[str, ServiceCode]:
    """The catalogue of SERVICES_CSV by code."""
    header, *lines = SERVICES_CSV.splitlines()
    made = []
    for line in lines:
        row = dict(zip(header.split(","), line.split(","), strict=True))
        number = {name: int(row[name]) if row[name] else None for name in row if "minutes" in name}
        made.append(
            ServiceCode(
                organization=organization,
                code=row["code"],
                label=row["label"],
                kind=row["kind"],
                prescriber_only=row["prescriber_only"] == "yes",
                timed=row["timed"] == "yes",
                units_a_day=int(row["units_a_day"]) if row["units_a_day"] else None,
                **number,
            )
        )
    with inside(organization.pk):
        ServiceCode.objects.bulk_create(made)
    return {service.code: service for service in made}


def make_payer(organization: Organization, *, rule: dict[str, Any] | None = None, **more: Any) -> Payer:
    """A commercial payer with one rule, in force since long ago."""
    values: dict[str, Any] = {
        "name": "Bluestem Health",
        "payer_id": f"BSH{a_number():04d}",
        "line_of_business": "commercial",
        "filing_indicator": "CI",
    }
    with inside(organization.pk):
        payer = Payer.objects.create(organization=organization, **values | more)
        PayerRule.objects.create(
            organization=organization, payer=payer, **{"effective_from": LONG_AGO} | (rule or {})
        )
    return payer


def make_medicare(organization: Organization, **more: Any) -> Payer:
    """Medicare as a payer: a year to file, and a claim waits for the signed note."""
    rule = {"filing_kind": "calendar_years", "filing_amount": 1, "requires_signed_note": True}
    values = {"name": "Medicare Part B", "line_of_business": "medicare", "filing_indicator": "MB"}
    return make_payer(organization, rule=rule, **values | more)


def make_contract(provider: Provider, payer: Payer, **more: Any) -> Contract:
    """The provider is contracted with the payer since long ago."""
    with inside(provider.organization_id):
        return Contract.objects.create(
            organization_id=provider.organization_id,
            provider=provider,
            payer=payer,
            **{"effective_from": LONG_AGO} | more,
        )


def make_fees(
    provider: Provider,
    payer: Payer | None,
    services: Iterable[ServiceCode],
    *,
    charge_cents: int = 15000,
    allowed_cents: int | None = 11000,
) -> list[Fee]:
    """One fee for each of the services, since long ago; without a payer, the self-pay fees."""
    with inside(provider.organization_id):
        return Fee.objects.bulk_create(
            Fee(
                organization_id=provider.organization_id,
                provider=provider,
                payer=payer,
                service=service,
                charge_cents=charge_cents,
                allowed_cents=allowed_cents if payer else None,
                effective_from=LONG_AGO,
            )
            for service in services
        )


def make_client(
    organization: Organization,
    provider: Provider | None,
    *,
    payer: Payer | None = None,
    ready: bool = True,
    **more: Any,
) -> Client:
    """A client with address and birth date.

    With a `payer`, a verified coverage; when `ready`, a card and every standard form acknowledged.
    """
    values: dict[str, Any] = {
        "legal_first_name": "Alex",
        "legal_last_name": "Rivera",
        "birth_date": date(1990, 5, 17),
        "sex": "F",
        "line1": "4 Mill Lane",
        "city": "Kingston",
        "state": "NY",
        "zip_code": "12401",
    }
    values |= more
    client = Client(organization=organization, provider=provider, **values)
    client.folded = folded_name(client)
    with inside(organization.pk):
        client.save(force_insert=True)
        if payer is not None:
            make_coverage(client, payer)
        if ready:
            make_payment_method(client)
            acknowledge_forms(client)
    return client


def make_coverage(client: Client, payer: Payer, **more: Any) -> Coverage:
    """A primary plan of the client's own, verified a minute ago, with a copay of $25."""
    values: dict[str, Any] = {
        "member_id": f"M{a_number():08d}",
        "effective_from": LONG_AGO,
        "verification": "verified",
        "verified_at": clock.now() - timedelta(minutes=1),
        "copay_cents": 2500,
    }
    with inside(client.organization_id):
        return Coverage.objects.create(
            organization_id=client.organization_id, client=client, payer=payer, **values | more
        )


def make_payment_method(client: Client, **more: Any) -> PaymentMethod:
    """A card on file, the default."""
    values = {"kind": "card", "brand": "Visa", "last4": "4242"}
    with inside(client.organization_id):
        return PaymentMethod.objects.create(
            organization_id=client.organization_id, client=client, **values | more
        )


def acknowledge_forms(client: Client) -> None:
    """The client acknowledges every standard form of the practice, in its newest version."""
    with inside(client.organization_id):
        newest: dict[str, FormDocument] = {}
        for document in FormDocument.objects.filter(organization_id=client.organization_id).order_by(
            "version"
        ):
            newest[document.key] = document
        for document in newest.values():
            FormAcknowledgement.objects.create(
                organization_id=client.organization_id,
                client=client,
                document=document,
                typed_name=client.legal_name,
            )


def make_diagnosis(client: Client, code: str = "F41.1", **more: Any) -> ChartDiagnosis:
    """A diagnosis in the chart; `code` with or without its dot."""
    plain = code.replace(".", "")
    label = next((text for known, text, _ in ICD if known.replace(".", "") == plain), code)
    with inside(client.organization_id):
        return ChartDiagnosis.objects.create(
            organization_id=client.organization_id, client=client, code=plain, label=label, **more
        )


def make_icd(
    *,
    name: str = "test release",
    effective_from: date = date(2025, 10, 1),
    effective_to: date = date(2027, 9, 30),
    codes: Iterable[tuple[str, str, bool]] = ICD,
) -> IcdRelease:
    """A release of diagnosis codes with a handful of rows: (code, label, billable)."""
    release, made = IcdRelease.objects.get_or_create(
        name=name, defaults={"effective_from": effective_from, "effective_to": effective_to}
    )
    if made:
        IcdCode.objects.bulk_create(
            IcdCode(
                release=release,
                code=code.replace(".", ""),
                label=label,
                folded=f"{code.replace('.', '').lower()} {fold(label)}",
                billable=billable,
            )
            for code, label, billable in codes
        )
    return release


def make_practice(**more: Any) -> Made:
    """A practice, its admin, a clinician, an office, a contracted payer with fees, forms, and a ready client.

    `more` are columns of the organization. Diagnosis codes and note templates are there too.
    """
    organization = found_organization(**more)
    location = make_location(organization, state=organization.state or "NY")
    provider = make_provider(organization, location=location, licensed_in=[organization.state or "NY"])
    services = make_services(organization)
    payer = make_payer(organization)
    make_contract(provider, payer)
    make_fees(provider, payer, services.values())
    make_fees(provider, None, services.values(), charge_cents=16000)
    make_icd()
    admin = Member.objects.select_related("user", "organization").get(organization=organization)
    clinician = make_member(organization, "provider", provider=provider, name=provider.full_name)
    client = make_client(organization, provider, payer=payer, state=organization.state or "NY")
    return Made(organization, admin, clinician, provider, location, payer, services, client)


def make_session(client: Client, *, minutes: int = 53, **more: Any) -> Session:
    """Yesterday's session at 2:00 PM in the provider's zone, in person at the provider's office.

    `more` are columns of the session: `provider`, `starts_at`, `ends_at`, `modality`, `kind` ...
    """
    with inside(client.organization_id):
        provider: Provider = more.pop("provider", None) or client.provider
        zone = more.setdefault("zone", provider.zone)
        start: datetime = more.pop("starts_at", None) or datetime.combine(
            today(zone) - timedelta(days=1), datetime.min.time().replace(hour=14), ZoneInfo(zone)
        ).astimezone(UTC)
        values: dict[str, Any] = {
            "location": provider.location,
            "client_state": client.state,
            "client_at_home": False,
            "ends_at": start + timedelta(minutes=minutes),
        }
        return Session.objects.create(
            organization_id=client.organization_id,
            client=client,
            provider=provider,
            starts_at=start,
            **values | more,
        )


def browser_of(member: Member) -> Browser:
    """A test browser signed in as the member, with a fresh proof of identity."""
    browser = Browser()
    assert browser.login(email=member.user.email, password=PASSWORD)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": clock.real_now().timestamp()}]
    session["account_authentication_methods_user"] = str(member.user.pk)
    session.save()
    return browser
