"""What Settings is made of: its pages, and the steps from a fresh practice to the first confirmed session.

Rooms above practice add their own when Django starts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from attest.core.access import may
from attest.core.logins.practices import known_providers
from attest.core.outbox import not_sent
from attest.practice.models import (
    Contract,
    Fee,
    Licence,
    Location,
    Member,
    Organization,
    PayerRule,
    Provider,
    ServiceCode,
)
from attest.practice.queries import organization_facts
from attest.practice.records import Record


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """A page of the settings. `notice` gives a sentence when something there needs attention, else empty.

    `right` is what opening it takes.
    """

    order: int
    title: str
    text: str
    icon: str
    url_name: str
    notice: Callable[[Organization], str] = lambda organization: ""
    right: str = "settings.view"


@dataclass(frozen=True, slots=True)
class Step:
    """One step towards the first session: done or not, why it matters, and where it is done."""

    order: int
    title: str
    why: str
    url_name: str
    done: Callable[[Organization], bool]


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A settings page as it is listed for one practice."""

    title: str
    text: str
    icon: str
    url: str
    notice: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as it stands for one practice."""

    title: str
    why: str
    url: str
    done: bool


_pages: list[SettingsPage] = []
_steps: list[Step] = []


def add_page(page: SettingsPage) -> None:
    """Add a page to the settings."""
    _pages.append(page)
    _pages.sort(key=lambda known: known.order)


def add_step(step: Step) -> None:
    """Add a step to the checklist of a fresh practice."""
    _steps.append(step)
    _steps.sort(key=lambda known: known.order)


def pages_for(member: Member) -> list[ShownPage]:
    """The settings pages that the member may open."""
    slug = member.organization.slug
    return [
        ShownPage(p.title, p.text, p.icon, reverse(p.url_name, args=[slug]), p.notice(member.organization))
        for p in _pages
        if may(member, p.right)
    ]


def steps_for(organization: Organization) -> list[ShownStep]:
    """The checklist, in the order in which things are best done."""
    return [
        ShownStep(s.title, s.why, reverse(s.url_name, args=[organization.slug]), s.done(organization))
        for s in _steps
    ]


def has_billing_facts(organization: Organization) -> bool:
    """Everything a claim needs of its billing provider is there."""
    facts = organization_facts(organization)
    complete = (
        facts.has_npi,
        facts.has_tax_id,
        facts.has_taxonomy,
        facts.has_zip_plus_four,
        facts.has_submitter_id,
        organization.line1,
        organization.city,
        organization.state,
        organization.phone,
        organization.contact_name,
        organization.receiver_id,
        organization.receiver_name,
    )
    return all(complete)


def _some(model: type[Record], **which: Any) -> Callable[[Organization], bool]:
    """Whether the practice has any such record."""
    return lambda organization: model._default_manager.filter(
        organization_id=organization.pk, **which
    ).exists()


def _mail_notice(organization: Organization) -> str:
    count = not_sent(organization.pk)
    return f"{count} not sent" if count else ""


PAGES = (
    (
        10,
        "Practice",
        "Name, billing NPI, tax id, address, clearinghouse",
        "building",
        "practice:organization",
    ),
    (20, "Locations", "Where sessions happen, with their place of service", "pin", "practice:locations"),
    (30, "Providers", "NPI, licences, contracts and fees", "license", "practice:providers"),
    (40, "Payers", "Who pays claims, and how each wants them", "shield", "practice:payers"),
    (50, "Services", "The codes you bill, with their minutes", "code", "practice:services"),
    (80, "Members", "Who may sign in, and what they are there to do", "people", "practice:members"),
)


def add_own_pages_and_steps() -> None:
    """The pages and steps of this room."""
    for page in PAGES:
        add_page(SettingsPage(*page))
    add_page(
        SettingsPage(
            70,
            "Policy numbers",
            "Deadlines and limits, where yours are tighter",
            "clock",
            "practice:policy",
            right="settings.edit",
        )
    )
    if known_providers():
        add_page(
            SettingsPage(
                83,
                "Signing in",
                "Who asks for the second factor",
                "key",
                "practice:signing_in",
                right="settings.edit",
            )
        )
    add_page(
        SettingsPage(
            85,
            "Mail",
            "Messages that have not left, and a test",
            "mail",
            "practice:mail",
            notice=_mail_notice,
            right="mail.view",
        )
    )
    for step in (
        Step(
            10,
            "Billing facts of the practice",
            "A claim names who is paid: NPI, tax id, address with ZIP+4, clearinghouse.",
            "practice:organization",
            has_billing_facts,
        ),
        Step(
            20,
            "A location",
            "It gives the place of service of a session in person.",
            "practice:locations",
            _some(Location, active=True),
        ),
        Step(
            30,
            "A provider",
            "Who renders the sessions, with an NPI.",
            "practice:providers",
            _some(Provider, active=True),
        ),
        Step(
            40,
            "A licence",
            "Needed in the state where the client is during the session.",
            "practice:providers",
            _some(Licence),
        ),
        Step(
            50,
            "The service catalogue",
            "The codes you may bill, as your own table of rows.",
            "practice:services",
            _some(ServiceCode, active=True),
        ),
        Step(
            60,
            "A payer with its rules",
            "Filing limit, telehealth, whether a claim waits for the signed note.",
            "practice:payers",
            _some(PayerRule, payer__active=True),
        ),
        Step(
            70,
            "A contract",
            "A provider is contracted with a payer from a date on.",
            "practice:providers",
            _some(Contract),
        ),
        Step(
            80,
            "Fees",
            "What a provider charges for a code, and what the payer allows.",
            "practice:providers",
            _some(Fee),
        ),
    ):
        add_step(step)
