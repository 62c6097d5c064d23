"""An emergency and a handover, as hands on a desk and on a phone do them; every page of it is accessible and fits."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from attest.clients.actions import grant_chart, open_in_emergency
from attest.clients.models import Client
from attest.core import clock
from attest.practice.actions import open_for_support
from attest.practice.models import Member
from tests.browser.conftest import DESKTOP, PHONE, Live
from tests.browser.signing_in import sign_in
from tests.factories import Made, make_client, make_member, make_practice, make_provider, make_session

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PICTURES", "")
SIZES = {"desktop": DESKTOP, "phone": PHONE}


@dataclass
class Scene:
    """A practice with a second provider, a support agent, and sessions to come that clash."""

    made: Made
    colleague: Member
    helper: Member


@pytest.fixture
def scene(live: Live) -> Scene:
    made = make_practice()
    provider = make_provider(
        made.organization, location=made.location, licensed_in=["CT"], first_name="Noor", last_name="Haddad"
    )
    colleague = make_member(made.organization, "provider", provider=provider, name="Noor Haddad")
    helper = make_member(made.organization, "support", name="Sol Pike")
    theirs = make_client(made.organization, provider, legal_first_name="Jordan", legal_last_name="Okafor")
    coming = clock.now() + timedelta(days=3)
    for client in (made.client, theirs):
        make_session(client, starts_at=coming)
    make_session(made.client, starts_at=clock.now() - timedelta(days=2))
    return Scene(made, colleague, helper)


@pytest.fixture(params=list(SIZES))
def window(request: pytest.FixtureRequest, context_of: Callable[..., BrowserContext]) -> Page:
    """A window of a desk and of a phone."""
    phone = request.param == "phone"
    return context_of(viewport=SIZES[request.param], has_touch=phone, is_mobile=phone).new_page()


def test_a_therapist_opens_a_chart_in_an_emergency_reads_and_closes_it(scene: Scene, window: Page) -> None:
    made, page = scene.made, window
    client = made.client
    sign_in(page, scene.colleague)
    page.goto(f"/o/{made.slug}/clients/")
    expect(page.get_by_role("link", name=client.legal_last_name)).to_have_count(0)
    page.get_by_role("link", name="Open a chart in an emergency").click()
    page.get_by_label("First name").fill(client.legal_first_name)
    page.get_by_label("Last name").fill("Somebody-Else")
    page.get_by_label("Birth date").fill(client.birth_date.isoformat())
    page.get_by_label("Reason").fill("They called in a crisis and Morgan is away.")
    page.get_by_role("button", name="Open the chart").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody in this practice has exactly")
    expect(page.get_by_label("Reason")).to_have_value("They called in a crisis and Morgan is away.")
    page.get_by_label("Last name").fill(client.legal_last_name)
    page.get_by_role("button", name="Open the chart").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(client.legal_last_name)
    expect(page.get_by_text("You opened this chart in an emergency, to read.")).to_be_visible()
    expect(page.get_by_role("link", name="New session")).to_have_count(0)
    page.get_by_role("button", name="Close it now").click()
    page.wait_for_url("**/clients/")
    expect(page.get_by_role("link", name=client.legal_last_name)).to_have_count(0)
    # The client's own provider sees it on whatever page they are.
    page.context.clear_cookies()
    sign_in(page, made.clinician)
    page.get_by_role("link", name="Read it").click()
    expect(page.get_by_text("Noor Haddad opened the chart of one of your clients")).to_be_visible()
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_role("button", name="I have read it")).to_have_count(0)


def test_an_admin_hands_clients_over_after_seeing_what_it_does_and_takes_it_back(
    scene: Scene, window: Page
) -> None:
    made, page = scene.made, window
    sign_in(page, made.admin)
    page.goto(f"/o/{made.slug}/settings/providers/{made.provider.pk}/")
    page.get_by_role("link", name="Hand over clients").click()
    page.get_by_label("Everybody goes to").select_option(label="Noor Haddad, LCSW")
    page.get_by_role("button", name="Look at what happens").click()
    expect(page.get_by_role("heading", name="1 client and 1 session to come move at once")).to_be_visible()
    expect(page.get_by_role("heading", name="1 clash in the new calendar")).to_be_visible()
    expect(page.get_by_text("Noor Haddad has no licence in NY.")).to_be_visible()
    expect(page.get_by_text("1 held session to confirm")).to_be_visible()
    page.get_by_role("button", name="Choose again").click()
    expect(page.get_by_label("Everybody goes to")).to_have_value(str(scene.colleague.provider_id))
    page.get_by_role("button", name="Look at what happens").click()
    page.get_by_role("button", name="Hand over 1 client").click()
    expect(page.get_by_role("heading", name="1 client handed over")).to_be_visible()
    with made.inside():
        assert Client.objects.get(pk=made.client.pk).provider_id == scene.colleague.provider_id
    page.get_by_role("button", name="Take it all back").click()
    expect(page.get_by_text("Taken back", exact=True)).to_be_visible()
    with made.inside():
        assert Client.objects.get(pk=made.client.pk).provider_id == made.provider.pk


def addresses(scene: Scene) -> dict[str, tuple[Member, str]]:
    """Every page: a name, who opens it, its address under the practice's."""
    made = scene.made
    providers = f"settings/providers/{made.provider.pk}/"
    return {
        "access": (made.admin, "settings/access/"),
        "stand-in": (made.admin, "settings/access/new/"),
        "notices": (made.admin, "notices/"),
        "members": (made.admin, "settings/members/"),
        "hand-over": (made.admin, f"{providers}hand-over/"),
        "who": (made.clinician, f"clients/{made.client.pk}/who-may-see/"),
        "emergency": (scene.colleague, "emergency/"),
        "read-only": (scene.colleague, f"clients/{made.client.pk}/"),
        "support": (scene.helper, "support/"),
        "support-client": (scene.helper, f"clients/{made.client.pk}/"),
    }


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_every_page_is_accessible_and_fits_the_window(
    scene: Scene,
    context_of: Callable[..., BrowserContext],
    axe: Callable[[Page], None],
    size: str,
    theme: str,
) -> None:
    made = scene.made
    with made.inside():
        grant_chart(
            member=scene.colleague, client=made.client, reason="Stands in for a while.", by_member=made.admin
        )
        open_in_emergency(client=made.client, reason="They called in a crisis.", by_member=scene.colleague)
        open_for_support(member=scene.helper, category="fault", reason="A page does not open for them.")
    page = context_of(viewport={**SIZES[size], "height": 2400}, color_scheme=theme).new_page()
    seen_by = None
    for name, (member, address) in addresses(scene).items():
        if seen_by is not member:
            page.context.clear_cookies()
            sign_in(page, member)
            seen_by = member
        answer = page.goto(f"/o/{made.slug}/{address}")
        assert answer and answer.status == 200, name
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size}-{theme}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"
        axe(page)
