"""Settings and client pages in a browser: nothing inaccessible, nothing cut off, and they work with the keyboard."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Live
from tests.browser.signing_in import sign_in
from tests.factories import (
    Made,
    make_client,
    make_diagnosis,
    make_medicare,
    make_practice,
    make_provider,
)

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def made(live: Live) -> Made:
    made = make_practice()
    colleague = make_provider(made.organization, first_name="Ines", last_name="Ortega", credentials="PhD")
    make_medicare(made.organization)
    for number, (first, last) in enumerate([("Ana", "Núñez"), ("Bo", "Whitfield"), ("Cleo", "Adeyemi")]):
        make_client(
            made.organization,
            colleague if number else made.provider,
            payer=made.payer if number else None,
            ready=number != 1,
            legal_first_name=first,
            legal_last_name=last,
        )
    make_diagnosis(made.client)
    return made


def addresses(made: Made) -> dict[str, str]:
    """Every kind of page of these rooms: a name and its address under the practice's."""
    person, client = f"settings/providers/{made.provider.pk}/", f"clients/{made.client.pk}/"
    return {
        "settings": "settings/", "organization": "settings/practice/", "policy": "settings/policy/",
        "locations": "settings/locations/", "location": f"settings/locations/{made.location.pk}/",
        "members": "settings/members/", "member": "settings/members/invite/", "providers": "settings/providers/",
        "provider": person, "provider-edit": f"{person}edit/", "fees": f"{person}fees/{made.payer.pk}/",
        "payers": "settings/payers/", "payer": f"settings/payers/{made.payer.pk}/",
        "payer-rules": f"settings/payers/{made.payer.pk}/rules/new/", "services": "settings/services/",
        "service": f"settings/services/{made.services['90785'].pk}/", "import": "settings/services/import/",
        "forms": "settings/forms/", "codes": "settings/diagnosis-codes/", "clients": "clients/",
        "client-new": "clients/new/", "client-edit": f"{client}edit/", "plan": f"{client}plan/",
        "payment": f"{client}payment-methods/new/", "sign-forms": f"{client}sign-forms/",
        "diagnoses": f"{client}diagnoses/",
    }  # fmt: skip


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_every_page_is_accessible_and_fits_the_window(
    made: Made, context_of: Callable[..., BrowserContext], axe: Callable[[Page], None], size: str, theme: str
) -> None:
    # A window tall enough for the longest form: the bar that floats over its end would cover fields at random.
    viewport = {**(DESKTOP if size == "desktop" else PHONE), "height": 3400}
    page = context_of(viewport=viewport, color_scheme=theme).new_page()
    sign_in(page, made.admin)
    for name, address in addresses(made).items():
        answer = page.goto(f"/o/{made.slug}/{address}")
        assert answer and answer.status == 200, name
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size}-{theme}.png", full_page=True)
        assert wide <= 0, f"{name} is {wide} px too wide"
        if size == "desktop" or name in ("settings", "provider", "fees", "clients", "plan", "diagnoses"):
            axe(page)


def test_a_diagnosis_is_found_and_added_by_keyboard_alone(made: Made, page: Page) -> None:
    sign_in(page, made.clinician)
    page.goto(f"/o/{made.slug}/clients/{made.client.pk}/diagnoses/")
    page.get_by_role("combobox", name="Diagnosis").focus()
    page.keyboard.type("adjustment mixed")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Diagnosis, chosen")).to_contain_text("F43.23")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("The diagnosis is in the chart.")
    expect(page.get_by_text("Adjustment disorder with mixed anxiety and depressed mood")).to_be_visible()


def test_a_refused_form_puts_the_mistake_in_front_of_the_reader(made: Made, page: Page) -> None:
    sign_in(page, made.admin)
    page.goto(f"/o/{made.slug}/clients/new/")
    page.get_by_label("Legal first name").fill("Ana")
    page.get_by_role("button", name="Save").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Legal last name is needed.")
    expect(page.get_by_label("Legal first name")).to_have_value("Ana")
    summary.get_by_role("link", name="Birth date is needed.").click()
    expect(page.get_by_label("Birth date")).to_be_focused()
