"""Practices and their own records."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

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
from tests.factories.basics import LONG_AGO, PASSWORD, a_number, an_npi


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
