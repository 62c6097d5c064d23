"""Who looks at the pages of the workspace, and sessions at handy moments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from attest.calendar.models import Session
from attest.clients.models import Client
from attest.core import clock
from attest.practice.models import Provider
from tests.factories import (
    Made,
    browser_of,
    make_client,
    make_contract,
    make_fees,
    make_member,
    make_practice,
    make_provider,
    make_session,
)


@dataclass
class Desk:
    """A practice with somebody of each kind at a browser, and a second provider with a client of their own."""

    made: Made
    second: Provider
    second_client: Client

    @cached_property
    def provider(self) -> Browser:
        """The practice's clinician."""
        return browser_of(self.made.clinician)

    @cached_property
    def admin(self) -> Browser:
        return browser_of(self.made.admin)

    @cached_property
    def biller(self) -> Browser:
        return browser_of(make_member(self.made.organization, "biller", name="Billie Quinn"))

    @cached_property
    def colleague(self) -> Browser:
        """The second provider."""
        return browser_of(
            make_member(self.made.organization, "provider", provider=self.second, name="Noor Haddad")
        )

    def url(self, name: str, *args: Any) -> str:
        """The address of a page of the practice."""
        return reverse(name if ":" in name else f"workspace:{name}", args=[self.made.slug, *args])

    def session(self, *, days: float = -1, client: Client | None = None, **more: Any) -> Session:
        """A session that starts so many days from now (before now when negative)."""
        return make_session(client or self.made.client, starts_at=clock.now() + timedelta(days=days), **more)


def desk() -> Desk:
    """See `Desk`."""
    made = make_practice()
    second = make_provider(
        made.organization, location=made.location, first_name="Noor", last_name="Haddad", credentials="PhD"
    )
    make_contract(second, made.payer)
    make_fees(second, made.payer, made.services.values())
    return Desk(
        made=made,
        second=second,
        second_client=make_client(
            made.organization,
            second,
            payer=made.payer,
            legal_first_name="Jordan",
            legal_last_name="Okafor",
        ),
    )


def iso(at: datetime) -> str:
    """As the calendar's script sends it."""
    return at.isoformat()
