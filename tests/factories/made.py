"""A whole practice at once, and browsers of its people."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client as Browser

from attest.clients.models import (
    Client,
)
from attest.core import clock
from attest.core.logins.sessions import mark_seen
from attest.core.walls import inside
from attest.practice.models import (
    Location,
    Member,
    Organization,
    Payer,
    Provider,
    ServiceCode,
)
from tests.factories.basics import PASSWORD
from tests.factories.clients import (
    make_client,
)
from tests.factories.codes import make_icd, make_services
from tests.factories.practices import (
    found_organization,
    make_contract,
    make_fees,
    make_location,
    make_member,
    make_payer,
    make_provider,
)


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


def browser_of(member: Member) -> Browser:
    """A test browser signed in as the member just now, by password and second factor."""
    browser = Browser()
    assert browser.login(email=member.user.email, password=PASSWORD)
    session, now = browser.session, clock.real_now().timestamp()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now},
        {"method": "mfa", "type": "totp", "at": now},
    ]
    session["account_authentication_methods_user"] = str(member.user.pk)
    mark_seen(session)
    session.save()
    return browser
