"""Every member of a practice proves a second factor; what proves it is kept sealed and is taken once."""

import json
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client as Browser

from attest.core import clock
from attest.core.logins import second_factor
from attest.practice.models import Organization
from tests.factories import PASSWORD, Made, browser_of, code_of, make_app, make_member, make_practice
from tests.factories.logins import factors, make_recovery_codes

pytestmark = pytest.mark.django_db
SET_UP, SECOND, OWN = "/accounts/me/set-up/", "/accounts/login/second/", "/accounts/me/"


@pytest.fixture
def made() -> Made:
    return make_practice()


def sign_in(browser: Browser, made: Made, code: str = "") -> str:
    """Type the clinician's password, and the code when one is given; where that leads."""
    form = {"login": made.clinician.user.email, "password": PASSWORD}
    answer = browser.post("/accounts/login/", form)
    if code:
        assert answer["Location"] == SECOND
        answer = browser.post(SECOND, {"code": code})
    return str(answer.headers.get("Location", answer.status_code))


def pages(made: Made) -> list[str]:
    return [
        f"/o/{made.slug}/calendar/",
        f"/o/{made.slug}/clients/{made.client.pk}/",
        f"/o/{made.slug}/settings/",
    ]


# -- obligatory -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["provider", "admin", "biller", "auditor", "support"])
def test_without_a_second_factor_every_page_leads_to_setting_one_up(made: Made, role: str) -> None:
    member = made.clinician if role == "provider" else make_member(made.organization, role)
    browser = Browser()
    browser.post("/accounts/login/", {"login": member.user.email, "password": PASSWORD})
    for page in pages(made):
        answer = browser.get(page)
        assert answer.status_code == 302 and answer["Location"] == f"{SET_UP}?next={page}"
    assert browser.post(f"/o/{made.slug}/clients/new/", {}).headers["Location"].startswith(SET_UP)
    assert browser.get(SET_UP).status_code == 200


def test_a_part_of_a_page_answers_401_so_that_what_was_typed_stays(made: Made) -> None:
    browser = Browser()
    sign_in(browser, made)
    assert browser.get(pages(made)[0], headers={"hx-request": "true"}).status_code == 401


def test_with_the_code_after_the_password_the_practice_opens(made: Made) -> None:
    secret, browser = make_app(made.clinician.user), Browser()
    assert sign_in(browser, made, code_of(secret)) == "/"
    assert all(browser.get(page).status_code == 200 for page in pages(made)[:1])


def test_a_password_alone_opens_nothing_for_who_has_a_second_factor(made: Made) -> None:
    make_app(made.clinician.user)
    browser = Browser()
    assert sign_in(browser, made) == SECOND
    for page in (*pages(made), OWN, SET_UP, "/"):
        assert "/accounts/login/" in browser.get(page)["Location"]


def test_asking_for_the_second_factor_costs_no_statement(made: Made, django_assert_num_queries: Any) -> None:
    browser = browser_of(made.clinician)
    request = browser.get(pages(made)[0]).wsgi_request
    assert request.user.pk and request.session.keys()
    with django_assert_num_queries(0):
        assert not second_factor.lacks_second_factor(request, "")


def test_only_the_logins_that_the_demo_made_are_excepted_and_only_while_it_runs(
    made: Made, settings: Any
) -> None:
    seeded, other = made.clinician.user, made.admin.user
    seeded.seeded = True
    seeded.save()
    for demo, user, opens in (
        (True, seeded, 200),
        (False, seeded, 302),
        (True, other, 302),
        (False, other, 302),
    ):
        settings.ATTEST_DEMO = demo
        clock.forget()
        browser = Browser()
        browser.force_login(user)
        assert browser.get(pages(made)[0]).status_code == opens, (demo, user is seeded)


def test_no_seeded_login_comes_from_anywhere_but_the_demo(made: Made) -> None:
    assert not any(member.user.seeded for member in (made.admin, made.clinician))


# -- an identity provider that does it ---------------------------------------------------------------------------


def signed_in_by(provider: str, made: Made) -> Browser:
    browser = Browser()
    browser.force_login(made.clinician.user)
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "socialaccount", "provider": provider, "uid": "7", "at": time.time()}
    ]
    session["account_authentication_methods_user"] = str(made.clinician.user_id)
    session.save()
    return browser


@pytest.mark.parametrize(
    ("declared", "used", "opens"),
    [("harbor-id", "harbor-id", True), ("", "harbor-id", False), ("harbor-id", "other-id", False)],
)
def test_only_the_provider_that_the_practice_named_proves_both_factors(
    made: Made, declared: str, used: str, opens: bool
) -> None:
    Organization.objects.filter(pk=made.organization.pk).update(identity_provider=declared)
    answer = signed_in_by(used, made).get(pages(made)[0])
    assert (answer.status_code == 200) is opens


def test_a_password_never_counts_as_the_providers_sign_in(made: Made) -> None:
    Organization.objects.filter(pk=made.organization.pk).update(identity_provider="harbor-id")
    browser = Browser()
    sign_in(browser, made)
    assert browser.get(pages(made)[0])["Location"].startswith(SET_UP)


# -- the authenticator app ---------------------------------------------------------------------------------------


def set_up_app(browser: Browser) -> Any:
    """Open the page, read the secret as a person would who types it, and send the first code."""
    page = browser.get("/accounts/me/app/add/")
    secret = "".join(page.context["secret_groups"])
    return browser.post("/accounts/me/app/add/", {"code": code_of(secret)}), page


def test_an_app_is_added_with_its_code_and_the_recovery_codes_follow(
    made: Made, django_capture_on_commit_callbacks: Any
) -> None:
    browser = Browser()
    sign_in(browser, made)
    with django_capture_on_commit_callbacks(execute=True):
        answer, page = set_up_app(browser)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert answer["Location"] == "/accounts/me/codes/"
    codes = browser.get("/accounts/me/codes/").context["unused_codes"]
    assert len(codes) == 10 and all(len(code) == 8 for code in codes)
    assert browser.get(pages(made)[0]).status_code == 200, "who set it up has proven it"
    assert factors(made.clinician.user) == {"totp", "recovery_codes"}


def test_a_wrong_first_code_adds_nothing_and_the_same_secret_stays(made: Made) -> None:
    browser = Browser()
    sign_in(browser, made)
    before = browser.get("/accounts/me/app/add/").context["secret_groups"]
    answer = browser.post("/accounts/me/app/add/", {"code": "000000"})
    assert answer.status_code == 422 and "This code did not fit." in answer.content.decode()
    assert answer.context["secret_groups"] == before
    assert not factors(made.clinician.user)


def test_a_code_is_taken_once_whichever_process_is_asked(made: Made) -> None:
    secret = make_app(made.clinician.user)
    assert sign_in(Browser(), made, code_of(secret)) == "/"
    assert sign_in(Browser(), made, code_of(secret)) == "422"
    assert sign_in(Browser(), made, code_of(secret, -1)) == "422", "nor an older one after it"
    assert sign_in(Browser(), made, code_of(secret, 1)) == "/", "the next one does"


def test_a_code_for_a_clock_that_is_wrong_by_more_than_half_a_minute_is_refused(made: Made) -> None:
    secret = make_app(made.clinician.user)
    assert sign_in(Browser(), made, code_of(secret, 3)) == "422"
    assert sign_in(Browser(), made, code_of(secret, -3)) == "422"


def test_each_recovery_code_stands_in_once(made: Made) -> None:
    make_app(made.clinician.user)
    first, second, *_ = make_recovery_codes(made.clinician.user)
    assert sign_in(Browser(), made, f"{first[:4]} {first[4:]}") == "/"
    assert sign_in(Browser(), made, first) == "422"
    assert sign_in(Browser(), made, second) == "/"


def test_recovery_codes_are_shown_once_and_new_ones_replace_them(
    made: Made, django_capture_on_commit_callbacks: Any
) -> None:
    browser = Browser()
    sign_in(browser, made)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(browser)
    shown = browser.get("/accounts/me/codes/").context["unused_codes"]
    again = browser.get("/accounts/me/codes/").content.decode()
    assert not any(code in again for code in shown) and "10 of 10 are left" in again
    browser.post("/accounts/me/codes/new/")
    fresh = browser.get("/accounts/me/codes/").context["unused_codes"]
    assert not set(fresh) & set(shown)


# -- at rest -----------------------------------------------------------------------------------------------------


def everything_stored() -> str:
    """All text of every table that a login has to do with, sessions opened."""
    from importlib import import_module

    from django.conf import settings

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM mfa_authenticator a")
        found = [row for (row,) in cursor.fetchall()]
        cursor.execute("SELECT session_data FROM django_session")
        found += [json.dumps(store.decode(data)) for (data,) in cursor.fetchall()]
    return "\n".join(found)


def test_neither_secret_nor_seed_nor_code_is_stored_in_clear(
    made: Made, django_capture_on_commit_callbacks: Any
) -> None:
    browser = Browser()
    sign_in(browser, made)
    secret = "".join(browser.get("/accounts/me/app/add/").context["secret_groups"])
    assert secret not in everything_stored(), "while it is being set up"
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/accounts/me/app/add/", {"code": code_of(secret)})
    codes = browser.get("/accounts/me/codes/").context["unused_codes"]
    stored = everything_stored()
    assert secret not in stored and not any(code in stored for code in codes)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert kept in stored, "the sealed form is there, so the search looks in the right place"
    row = Authenticator.objects.get(type="recovery_codes")
    assert row.wrap().generate_codes()[0] == codes[0] and len(row.data["seed"]) > 100


def test_a_secret_moved_to_another_place_does_not_open(made: Made) -> None:
    make_app(made.clinician.user)
    row = Authenticator.objects.get(type="totp")
    row.data["secret"] = row.data["secret"][:-6] + "AAAA=="
    row.save()
    browser = Browser()
    sign_in(browser, made)
    answer = browser.post(SECOND, {"code": "123456"})
    assert answer.status_code == 422 and "Tell the person who runs it" in answer.content.decode()


# -- taking away -------------------------------------------------------------------------------------------------


def test_the_last_second_factor_stays_where_the_practice_asks_for_one(made: Made) -> None:
    secret, browser = make_app(made.clinician.user), Browser()
    sign_in(browser, made, code_of(secret))
    assert "This is your only second factor" in browser.get("/accounts/me/app/remove/").content.decode()
    assert browser.post("/accounts/me/app/remove/").status_code == 422
    assert "totp" in factors(made.clinician.user)
    Organization.objects.filter(pk=made.organization.pk).update(identity_provider="harbor-id")
    assert browser.post("/accounts/me/app/remove/").status_code == 302
    assert not factors(made.clinician.user)


def test_changing_ones_login_asks_for_a_proof_that_is_no_older_than_five_minutes(made: Made) -> None:
    browser = browser_of(made.clinician)
    session = browser.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - 301} for record in session["account_authentication_methods"]
    ]
    session.save()
    for page in ("app/add/", "app/remove/", "codes/", "codes/new/", "passkeys/add/"):
        answer = browser.get(f"/accounts/me/{page}")
        assert (
            answer["Location"]
            == f"/accounts/reauthenticate/?next=%2Faccounts%2Fme%2F{page.replace('/', '%2F')}"
        )
    answer = browser.post(
        "/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/me/app/add/"}
    )
    assert answer["Location"] == "/accounts/me/app/add/"
    assert browser.get("/accounts/me/app/add/").status_code == 200


_KEY = '{"id": "AA", "rawId": "AA", "type": "public-key", "response": '
JUNK = [
    "", "x", "null", "[]", "7", '"text"', "{}", '{"response": {}}', '{"response": {"clientDataJSON": 5}}',
    _KEY + '{"clientDataJSON": "e30", "attestationObject": "AA"}}',
    _KEY + '{"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"}}',
    '{"response": ' + "[" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK)
def test_whatever_is_sent_as_a_passkey_is_refused_with_a_sentence(made: Made, junk: str) -> None:
    sentence = "This passkey was not taken."
    stranger = Browser()
    stranger.get("/accounts/login/passkey/", headers={"accept": "application/json"})
    stranger.post("/accounts/login/passkey/", {"credential": junk})
    assert sentence in stranger.get("/accounts/login/").content.decode()
    browser = browser_of(made.clinician)
    browser.get("/accounts/me/passkeys/add/")
    answer = browser.post("/accounts/me/passkeys/add/", {"credential": junk, "name": "x"})
    assert answer.status_code == 422 and sentence in answer.content.decode()
