"""The demo's cast: practice, providers, staff, payers and clients, all made by the product's own actions."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from attest.clients import actions as clients
from attest.clients.models import Client, Coverage
from attest.core import clock
from attest.core.walls import inside
from attest.demo import people
from attest.demo.people import DemoClient
from attest.policy.deadlines import local_date
from attest.practice import actions as practice
from attest.practice.models import Location, Payer, Provider, ServiceCode
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
        """The monthly look at every plan, but for those the story leaves unverified."""
        with inside(self.organization.pk, self.admin_id):
            for client, who in self.clients:
                if "unverified" in who.special:
                    continue
                for coverage in Coverage.objects.filter(organization_id=self.organization.pk, client=client):
                    clients.verify_coverage(coverage=coverage, result="verified", by=self.admin_id)
