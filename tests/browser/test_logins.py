"""Every way of signing in, at a desk and on a phone: password, code, recovery code, passkey, identity provider."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Live
from tests.browser.signing_in import add_passkey, authenticator, sign_in
from tests.factories import PASSWORD, Made, code_of, make_app, make_practice
from tests.factories.logins import make_recovery_codes
from tests.identity_provider import IdentityProvider, identity_provider

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PICTURES", "")
INSIDE = re.compile(r"/o/[\w-]+/")
Shot = Callable[[Page, str], None]


@pytest.fixture
def made(live: Live) -> Made:
    return make_practice()


@pytest.fixture(params=["desktop", "phone"])
def window(request: pytest.FixtureRequest) -> Page:
    """A desktop's window, then a phone's; the test fails when a script does."""
    page: Page = request.getfixturevalue("page" if request.param == "desktop" else "phone")
    return page


@pytest.fixture
def fine(axe: Callable[[Page], None]) -> Shot:
    """Nothing inaccessible, nothing wider than the window; with PICTURES set, a picture in both themes."""

    def check(page: Page, name: str) -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        if PICTURES:
            width = (page.viewport_size or DESKTOP)["width"]
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{theme}.png", full_page=True)
            page.emulate_media(color_scheme="light")

    return check


def type_password(page: Page, made: Made) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(made.clinician.user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def type_code(page: Page, code: str, label: str = "Code from your app") -> None:
    page.get_by_label(label).fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/me/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()


# -- the first time ------------------------------------------------------------------------------------------------


def test_the_first_login_sets_up_a_passkey_which_then_signs_in_alone(
    made: Made, window: Page, fine: Shot
) -> None:
    authenticator(window)
    type_password(window, made)
    expect(window.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    fine(window, "set-up")
    window.goto(f"/o/{made.slug}/clients/")
    expect(window.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    window.get_by_role("link", name="Passkey").click()
    fine(window, "passkey-add")
    add_passkey(window, "This laptop")
    expect(window.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    fine(window, "codes")
    expect(window.get_by_role("list", name="Recovery codes").get_by_role("listitem")).to_have_count(10)
    window.get_by_role("link", name="I have kept them").click()
    expect(window.get_by_role("heading", name="Clients", level=1)).to_be_visible()

    sign_out(window)
    window.goto(f"/o/{made.slug}/claims/")
    fine(window, "login")
    window.get_by_role("button", name="Sign in with a passkey").click()
    expect(window.get_by_role("heading", name="Claims", level=1)).to_be_visible()


def test_the_first_login_sets_up_an_app_whose_code_follows_the_password(
    made: Made, window: Page, fine: Shot
) -> None:
    type_password(window, made)
    window.get_by_role("link", name="Authenticator app").click()
    window.get_by_text("Type it instead").click()
    fine(window, "app-add")
    secret = window.locator("[data-secret]").inner_text().replace(" ", "").replace("\n", "")
    window.get_by_label("Code that the app shows").fill("000000")
    window.get_by_role("button", name="Add the app").click()
    expect(window.get_by_text("This code did not fit.").first).to_be_visible()
    fine(window, "app-refused")
    window.get_by_label("Code that the app shows").fill(code_of(secret))
    window.get_by_role("button", name="Add the app").click()
    with window.expect_download() as kept:
        window.get_by_role("link", name="Download").click()
    codes = re.findall(r"\d{4} \d{4}", Path(kept.value.path()).read_text())
    assert len(codes) == 10

    sign_out(window)
    type_password(window, made)
    fine(window, "second")
    type_code(window, "111111")
    expect(window.get_by_text("This code did not fit.").first).to_be_visible()
    type_code(window, codes[0])
    expect(window).to_have_url(INSIDE)


# -- every time after ------------------------------------------------------------------------------------------------


def test_password_and_code(made: Made, window: Page) -> None:
    secret = make_app(made.clinician.user)
    type_password(window, made)
    type_code(window, f"{code_of(secret)[:3]} {code_of(secret)[3:]}")
    expect(window).to_have_url(INSIDE)


def test_password_and_recovery_code_when_the_phone_is_lost(made: Made, window: Page) -> None:
    make_app(made.clinician.user)
    code, *_ = make_recovery_codes(made.clinician.user)
    type_password(window, made)
    type_code(window, code)
    expect(window).to_have_url(INSIDE)
    expect(window.get_by_text("That recovery code is used up. You have 9 left.")).to_be_visible()


def test_a_wrong_password_is_said_and_what_was_typed_stays(made: Made, window: Page, fine: Shot) -> None:
    window.goto("/accounts/login/")
    window.get_by_label("Email").fill(made.clinician.user.email)
    window.get_by_label("Password", exact=True).fill("not these words")
    window.get_by_role("button", name="Sign in", exact=True).click()
    expect(window.get_by_text("This email and password do not belong together.").first).to_be_visible()
    expect(window.get_by_label("Email")).to_have_value(made.clinician.user.email)
    fine(window, "login-refused")


def test_who_started_as_somebody_else_begins_again(made: Made, page: Page) -> None:
    make_app(made.clinician.user)
    type_password(page, made)
    page.get_by_role("button", name="Sign in as somebody else").click()
    expect(page.get_by_label("Email")).to_have_value("")


def test_a_passkey_that_is_not_given_is_said_and_nothing_is_lost(made: Made, page: Page, fine: Shot) -> None:
    authenticator(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was given")).to_be_visible()
    fine(page, "passkey-refused")


@pytest.fixture
def provider(live: Live, made: Made) -> Iterator[IdentityProvider]:
    with identity_provider(live.provider_port) as running:
        running.knows("morgan", email=made.clinician.user.email, email_verified=True)
        running.knows("stranger", email="stranger@elsewhere.example", email_verified=True)
        yield running


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_an_identity_provider_lets_in_whom_the_practice_invited(
    made: Made, provider: IdentityProvider, context_of: Callable[..., BrowserContext], size: str, fine: Shot
) -> None:
    made.organization.identity_provider = "harbor-id"
    made.organization.save()
    context = context_of(viewport=DESKTOP if size == "desktop" else PHONE)
    context.route(re.compile(r"^https:"), lambda route: route.abort())  # what that page takes from elsewhere
    page = context.new_page()
    for sub in ("stranger", "morgan"):
        page.goto(f"/o/{made.slug}/claims/")
        page.get_by_role("link", name="Sign in with Harbor ID").click()
        page.get_by_placeholder("sub").fill(sub)
        page.get_by_role("button", name="Authorize", exact=True).click()
        if sub == "stranger":
            expect(page.get_by_text("Nobody here has the address that it gave.")).to_be_visible()
            fine(page, "provider-refused")
    expect(page.get_by_role("heading", name="Claims", level=1)).to_be_visible()
    page.goto("/accounts/me/")
    fine(page, "own-by-provider")


# -- one's own login -------------------------------------------------------------------------------------------------


def test_passkeys_are_added_named_and_removed_from_the_persons_menu(
    made: Made, window: Page, fine: Shot
) -> None:
    authenticator(window)
    make_app(made.clinician.user)
    sign_in(window, made.clinician)
    menu = "More" if window.viewport_size == PHONE else "Morgan Reyes, LCSW"
    window.get_by_role("button", name=menu).click()
    window.get_by_role("link", name="Your login").click()
    expect(window.get_by_role("heading", name="Your login", level=1)).to_be_visible()
    window.get_by_role("link", name="Add a passkey").click()
    add_passkey(window, "This laptop")
    window.get_by_role("link", name="I have kept them").click()
    window.get_by_role("link", name="Rename This laptop").click()
    fine(window, "passkey-name")
    window.get_by_label("Name").fill("Desk in the office")
    window.get_by_role("button", name="Save the name").click()
    expect(window.get_by_role("link", name="Rename Desk in the office")).to_be_visible()
    fine(window, "own")
    window.get_by_role("link", name="Remove Desk in the office").click()
    fine(window, "passkey-remove")
    window.get_by_role("button", name="Remove the passkey").click()
    expect(window.get_by_role("link", name="Rename Desk in the office")).to_be_hidden()
    window.get_by_role("link", name="Remove the authenticator app").click()
    expect(window.get_by_text("This is your only second factor.")).to_be_visible()
    fine(window, "app-stays")


def test_a_device_that_has_a_passkey_already_says_so(made: Made, page: Page) -> None:
    authenticator(page)
    sign_in(page, made.clinician)
    page.goto("/accounts/me/passkeys/add/")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(lambda address: not address.endswith("/passkeys/add/"))
    page.goto("/accounts/me/passkeys/add/")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("This device already has a passkey for this login.")).to_be_visible()


def test_a_login_elsewhere_is_ended_at_once(
    made: Made, window: Page, context_of: Callable[..., BrowserContext], fine: Shot
) -> None:
    elsewhere = context_of(viewport=PHONE).new_page()
    sign_in(elsewhere, made.clinician)
    sign_in(window, made.clinician)
    elsewhere.goto("/accounts/me/")
    window.goto("/accounts/me/")
    fine(window, "logins")
    window.get_by_role("button", name=re.compile("^End it")).click()
    expect(window.get_by_text("That login is ended.")).to_be_visible()
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    window.goto("/accounts/me/")
    expect(window.get_by_text("This one")).to_be_visible()


def test_the_password_is_changed_after_the_old_one(made: Made, window: Page, fine: Shot) -> None:
    sign_in(window, made.clinician)
    window.goto("/accounts/me/")
    window.get_by_role("link", name="Change it").click()
    fine(window, "password")
    window.get_by_label("Password now", exact=True).fill(PASSWORD)
    window.get_by_label("New password", exact=True).fill("five wet boots in a row")
    window.get_by_label("New password again", exact=True).fill("five wet boots in a row")
    window.get_by_role("button", name="Change your password").click()
    expect(window.get_by_text("Your password is changed.")).to_be_visible()
