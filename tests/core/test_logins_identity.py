"""Signing in by an identity provider, over real HTTP: it lets in whom a practice invited, and makes nobody."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.exceptions import ImproperlyConfigured
from django.test import Client as Browser

from attest.config.identity_providers import identity_providers
from attest.core.models import User
from attest.practice.models import Organization
from tests.factories import PASSWORD, Made, browser_of, make_app, make_practice
from tests.identity_provider import ID, IdentityProvider, identity_provider

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")]
BY = f"/accounts/login/by/{ID}/"


@pytest.fixture(scope="module")
def server() -> Iterator[IdentityProvider]:
    with identity_provider() as running:
        yield running


@pytest.fixture(autouse=True)
def told(server: IdentityProvider, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    configure(settings, monkeypatch, tmp_path, server.entry())


def configure(settings: Any, monkeypatch: pytest.MonkeyPatch, folder: Path, *entries: dict[str, Any]) -> None:
    monkeypatch.setenv("ATTEST_IDENTITY_PROVIDERS", json.dumps(entries))
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": identity_providers(folder)}}


@pytest.fixture
def made() -> Made:
    return make_practice()


def go_there(browser: Browser, **query: str) -> str:
    """Press "Sign in with Harbor ID": where that leads."""
    return str(browser.get(BY, query)["Location"])


def come_back(browser: Browser, there: str, sub: str) -> Any:
    """Let the provider let `sub` in: the product's answer to that."""
    reply = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=5)
    back = urlsplit(reply.headers["Location"])
    return browser.get(f"{back.path}?{back.query}")


def sign_in(browser: Browser, sub: str, **query: str) -> Any:
    return come_back(browser, go_there(browser, **query), sub)


def known(server: IdentityProvider, made: Made, sub: str = "morgan", **more: Any) -> str:
    server.knows(sub, **{"email": made.clinician.user.email, "email_verified": True, "name": "Morgan"} | more)
    return sub


def test_an_invited_person_with_the_verified_address_comes_in_and_stays_connected(
    server: IdentityProvider, made: Made
) -> None:
    Organization.objects.filter(pk=made.organization.pk).update(identity_provider=ID)
    browser = Browser()
    calendar = f"/o/{made.slug}/calendar/"
    answer = sign_in(browser, known(server, made), next=calendar)
    assert answer.status_code == 302 and answer["Location"] == calendar
    assert browser.get(calendar).status_code == 200
    account = SocialAccount.objects.get()
    assert (account.user_id, account.provider, account.uid) == (made.clinician.user_id, ID, "morgan")
    server.knows("morgan", email="another@elsewhere.example", email_verified=False)
    again = Browser()
    assert sign_in(again, "morgan").status_code == 302, "by the account from now on, whatever its address is"
    assert again.session["_auth_user_id"] == str(made.clinician.user_id)


def test_the_flow_goes_by_code_with_pkce_and_keeps_neither_token_nor_what_was_told(
    server: IdentityProvider, made: Made
) -> None:
    browser = Browser()
    there = go_there(browser)
    asked = parse_qs(urlsplit(there).query)
    assert there.startswith(server.issuer)
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert asked["code_challenge"][0] and asked["state"][0] and "secret" not in there
    come_back(browser, there, known(server, made))
    assert SocialAccount.objects.get().extra_data == {}
    with pytest.raises(Exception, match="permission denied"):
        SocialToken.objects.count()


def test_it_is_no_second_factor_unless_the_practice_says_so(server: IdentityProvider, made: Made) -> None:
    browser = Browser()
    sign_in(browser, known(server, made))
    assert browser.get(f"/o/{made.slug}/calendar/")["Location"].startswith("/accounts/me/set-up/")


def test_who_has_an_app_is_asked_for_its_code_unless_every_practice_trusts_the_provider(
    server: IdentityProvider, made: Made
) -> None:
    make_app(made.clinician.user)
    assert sign_in(Browser(), known(server, made))["Location"] == "/accounts/login/second/"
    Organization.objects.filter(pk=made.organization.pk).update(identity_provider=ID)
    assert sign_in(Browser(), "morgan")["Location"] == "/"


def test_nobody_is_made_and_unknown_people_read_a_plain_sentence(
    server: IdentityProvider, made: Made
) -> None:
    people = set(User.objects.values_list("pk", flat=True))
    server.knows("stranger", email="stranger@elsewhere.example", email_verified=True, name="Stranger")
    browser = Browser()
    answer = sign_in(browser, "stranger")
    assert answer.status_code == 403
    assert (
        "Nobody here has the address that it gave. Ask your practice to invite you" in answer.content.decode()
    )
    assert "stranger@" not in answer.content.decode()
    assert set(User.objects.values_list("pk", flat=True)) == people
    assert "_auth_user_id" not in browser.session and not SocialAccount.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "false", "yes", 0])
def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(
    server: IdentityProvider, made: Made, verified: Any
) -> None:
    answer = sign_in(Browser(), known(server, made, sub=f"unverified {verified}", email_verified=verified))
    assert answer.status_code == 403 and "It does not vouch for your address." in answer.content.decode()


def test_a_provider_vouches_only_for_its_own_domains(
    server: IdentityProvider, made: Made, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sub = known(server, made)
    configure(settings, monkeypatch, tmp_path, server.entry(domains=["elsewhere.example"]))
    assert sign_in(Browser(), sub).status_code == 403
    configure(settings, monkeypatch, tmp_path, server.entry(domains=["Practice.example"]))
    assert sign_in(Browser(), sub).status_code == 302


def test_another_account_with_the_same_address_does_not_take_the_login_over(
    server: IdentityProvider, made: Made
) -> None:
    sign_in(Browser(), known(server, made))
    answer = sign_in(Browser(), known(server, made, sub="somebody who got the address later"))
    assert answer.status_code == 403 and "another account there" in answer.content.decode()


def test_an_account_is_never_attached_to_whoever_is_signed_in(server: IdentityProvider, made: Made) -> None:
    server.knows("thief", email="thief@elsewhere.example", email_verified=True)
    answer = sign_in(browser_of(made.clinician), "thief", process="connect")
    assert answer.status_code == 403 and not SocialAccount.objects.exists()


def test_a_switched_off_login_stays_out(server: IdentityProvider, made: Made) -> None:
    User.objects.filter(pk=made.clinician.user_id).update(is_active=False)
    assert sign_in(Browser(), known(server, made))["Location"] == "/accounts/inactive/"


def test_an_answer_that_was_not_asked_for_is_refused(server: IdentityProvider, made: Made) -> None:
    there = go_there(Browser())
    answer = come_back(Browser(), there, known(server, made))
    assert answer.status_code == 401 and "did not let you in here" in answer.content.decode()


def test_who_stops_there_is_told_that_nothing_has_changed(made: Made) -> None:
    browser = Browser()
    there = go_there(browser)
    reply = requests.post(there, data={"action": "deny"}, allow_redirects=False, timeout=5)
    back = urlsplit(reply.headers["Location"])
    state = parse_qs(urlsplit(there).query)["state"][0]  # this server leaves it out; RFC 6749, 4.1.2.1 has it
    answer = browser.get(f"{back.path}?{back.query}&state={state}", follow=True)
    assert "You stopped signing in" in answer.content.decode()


def test_a_provider_that_does_not_answer_is_said_to(
    server: IdentityProvider, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configure(settings, monkeypatch, tmp_path, server.entry() | {"issuer": "http://localhost:9"})
    answer = Browser().get(BY)
    assert answer.status_code == 503 and "It does not answer now." in answer.content.decode()
    assert Browser().get("/accounts/login/by/nobody/").status_code == 404


def test_the_login_page_offers_each_provider(made: Made) -> None:
    page = Browser().get("/accounts/login/", {"next": f"/o/{made.slug}/claims/"}).content.decode()
    assert "Sign in with Harbor ID" in page and f"{BY}?next=%2Fo%2F{made.slug}%2Fclaims%2F" in page


def test_an_admin_says_whether_a_provider_does_the_second_factor(made: Made) -> None:
    admin, address = browser_of(made.admin), f"/o/{made.slug}/settings/signing-in/"
    assert "Harbor ID asks for it" in admin.get(address).content.decode()
    assert admin.post(address, {"identity_provider": "another"}).status_code == 422
    assert admin.post(address, {"identity_provider": ID}).status_code == 303
    made.organization.refresh_from_db()
    assert made.organization.identity_provider == ID
    assert browser_of(made.clinician).get(address).status_code == 403
    admin.post(address, {"identity_provider": "-"})
    made.organization.refresh_from_db()
    assert made.organization.identity_provider == ""


# -- a fresh proof -------------------------------------------------------------------------------------------------


def without_password(made: Made) -> None:
    made.clinician.user.set_unusable_password()
    made.clinician.user.save()
    Organization.objects.filter(pk=made.organization.pk).update(identity_provider=ID)


def test_who_has_only_the_provider_proves_it_there_and_comes_back(
    server: IdentityProvider, made: Made
) -> None:
    without_password(made)
    browser, sub = Browser(), known(server, made)
    sign_in(browser, sub)
    age_the_proof(browser)
    led = browser.get("/accounts/reauthenticate/", {"next": f"/o/{made.slug}/claims/"})["Location"]
    assert led.startswith(f"{BY}?") and "prompt%3Dlogin" in led
    there = browser.get(led)["Location"]
    assert parse_qs(urlsplit(there).query)["prompt"] == ["login"]
    assert come_back(browser, there, sub)["Location"] == f"/o/{made.slug}/claims/"
    assert browser.session["account_authentication_methods"][-1]["reauthenticated"]


def test_somebody_elses_account_there_proves_nothing(server: IdentityProvider, made: Made) -> None:
    without_password(made)
    browser, sub = Browser(), known(server, made)
    sign_in(browser, sub)
    age_the_proof(browser)
    server.knows("admin", email=made.admin.user.email, email_verified=True)
    there = browser.get(browser.get("/accounts/reauthenticate/")["Location"])["Location"]
    answer = come_back(browser, there, "admin")
    assert answer.status_code == 403 and "somebody else" in answer.content.decode()
    assert len(browser.session["account_authentication_methods"]) == 1


def age_the_proof(browser: Browser) -> None:
    session = browser.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()


def test_the_only_way_in_is_not_disconnected(server: IdentityProvider, made: Made) -> None:
    browser, sub = Browser(), known(server, made)
    sign_in(browser, sub)
    address = f"/accounts/me/providers/{SocialAccount.objects.get().pk}/disconnect/"
    assert browser_of(made.admin).post(address).status_code == 404, "nor by anybody else"
    without_password(made)
    other = Browser()
    sign_in(other, sub)
    other.post(address)
    assert SocialAccount.objects.exists()
    made.clinician.user.set_password(PASSWORD)
    made.clinician.user.save()
    again = Browser()
    sign_in(again, sub)
    again.post(address)
    assert not SocialAccount.objects.exists()


# -- the list ------------------------------------------------------------------------------------------------------


def test_providers_stand_in_the_data_folder_or_in_the_environment(
    server: IdentityProvider, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ATTEST_IDENTITY_PROVIDERS")
    assert identity_providers(tmp_path) == []
    (tmp_path / "identity-providers.json").write_text(json.dumps([server.entry(name="From the file")]))
    assert [app["name"] for app in identity_providers(tmp_path)] == ["From the file"]
    monkeypatch.setenv("ATTEST_IDENTITY_PROVIDERS", json.dumps([server.entry(name="From the environment")]))
    assert [app["name"] for app in identity_providers(tmp_path)] == ["From the environment"]


@pytest.mark.parametrize("text", ["{", "7", "{}x", '["harbor"]', '[{"id": "harbor"}]', '[{"domains": 7}]'])
def test_a_list_that_cannot_be_used_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    monkeypatch.setenv("ATTEST_IDENTITY_PROVIDERS", text)
    with pytest.raises(ImproperlyConfigured, match="no JSON list of identity providers"):
        identity_providers(tmp_path)


def test_two_providers_do_not_share_an_id(
    server: IdentityProvider, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ATTEST_IDENTITY_PROVIDERS", json.dumps([server.entry(), server.entry()]))
    with pytest.raises(ImproperlyConfigured, match="one id"):
        identity_providers(tmp_path)
