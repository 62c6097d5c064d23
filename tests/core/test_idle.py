"""A login that nobody used for a while answers nothing until its person has proven who they are; typed text stays."""

import time

import pytest
from django.core import signing
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from attest.core import idle
from attest.notes.models import Note
from attest.practice import actions
from tests.factories import PASSWORD, Made, make_practice, make_session
from tests.notes.conftest import drafted
from tests.notes.pages import url as note_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def settings_of(made: Made) -> str:
    return f"/o/{made.slug}/settings/"


def noted(browser: Browser, made: Made) -> str:
    """The cookie that the login has once it was used for a minute."""
    rest(browser, 1)
    browser.get(settings_of(made))
    return browser.cookies[idle.COOKIE].value


def rest(browser: Browser, minutes: float) -> None:
    """So many minutes go by in which nobody uses the login."""
    session, seconds = browser.session, minutes * 60
    session["signed_in_at"] -= seconds
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()
    if cookie := browser.cookies.get(idle.COOKIE):
        tie, at, limit = signing.loads(cookie.value, salt=idle.SALT)
        browser.cookies[idle.COOKIE] = signing.dumps([tie, at - seconds, limit], salt=idle.SALT)


def is_locked(browser: Browser, made: Made) -> bool:
    answer = browser.get(settings_of(made))
    if answer.status_code == 200:
        return False
    assert answer.headers["Location"] == f"{reverse('locked')}?next={settings_of(made).replace('/', '%2F')}"
    return True


@pytest.mark.parametrize(
    ("minutes", "locked"), [(0, False), (14, False), (15.4, False), (15.6, True), (600, True)]
)
def test_after_fifteen_minutes_without_use_a_login_is_locked(
    made: Made, minutes: float, locked: bool
) -> None:
    browser = made.browser("admin")
    browser.get(settings_of(made))
    rest(browser, minutes)
    assert is_locked(browser, made) is locked


def test_every_use_begins_the_time_anew(made: Made) -> None:
    browser = made.browser("admin")
    for _ in range(4):
        assert not is_locked(browser, made)
        rest(browser, 10)


def test_the_practice_may_choose_fewer_minutes(made: Made) -> None:
    with made.inside():
        actions.set_policy_numbers(
            organization_id=made.organization.pk, numbers={"idle_minutes": 3}, by=made.admin.user_id
        )
    browser = made.browser("admin")
    page = browser.get(settings_of(made)).content.decode()
    assert 'data-idle="3"' in page
    rest(browser, 4)
    assert is_locked(browser, made)


def test_the_demo_waits_longer_unless_its_practice_chose_a_number(made: Made, settings: Settings) -> None:
    settings.ATTEST_DEMO = True
    browser = made.browser("admin")
    assert 'data-idle="120"' in browser.get(settings_of(made)).content.decode()
    rest(browser, 100)
    assert not is_locked(browser, made)
    rest(browser, 121)
    assert is_locked(browser, made)


def test_the_password_unlocks_and_leads_back_to_where_one_was(made: Made) -> None:
    browser = made.browser("admin")
    rest(browser, 20)
    address = browser.get(settings_of(made)).headers["Location"]
    assert b"Is it still you?" in browser.get(address).content
    wrong = browser.post(reverse("locked"), {"password": "not it", "next": settings_of(made)})
    assert wrong.status_code == 422 and is_locked(browser, made)
    right = browser.post(reverse("locked"), {"password": PASSWORD, "next": settings_of(made)})
    assert right.headers["Location"] == settings_of(made) and not is_locked(browser, made)


def test_the_way_back_never_leads_to_another_site(made: Made) -> None:
    browser = made.browser("admin")
    for address in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = browser.post(reverse("locked"), {"password": PASSWORD, "next": address})
        assert answer.headers["Location"] == "/"


def test_a_fragment_is_told_that_the_screen_is_locked_and_an_autosave_loses_nothing(made: Made) -> None:
    session = make_session(made.client)
    with made.inside():
        note = drafted(made, session)
    browser = made.browser("provider")
    rest(browser, 20)
    for header in ("HX-Request", "X-Autosave"):
        answer = browser.post(f"{note_url(made, session)}save/", {"plan": "x"}, headers={header: "1"})
        assert (answer.status_code, answer.headers["X-Locked"]) == (401, "1")
    with made.inside():
        assert Note.objects.get(pk=note.pk).content == note.content
    typed = {"password": PASSWORD, "person": str(made.by)}
    assert browser.post(reverse("unlock"), typed).status_code == 204
    assert browser.get(note_url(made, session)).status_code == 200


def test_what_a_form_sent_is_kept_and_sent_on_after_the_password(made: Made) -> None:
    browser = made.browser("admin")
    address = reverse("practice:location_new", args=[made.slug])
    typed = {"name": "West <b>office</b>", "place_of_service": "11", "password": "no field of ours"}
    rest(browser, 20)
    page = browser.post(address, typed)
    assert page.status_code == 401
    assert b'name="kept.name" value="West &lt;b&gt;office&lt;/b&gt;"' in page.content
    assert b"no field of ours" not in page.content
    kept = {
        "again": address,
        "kept.name": "West <b>office</b>",
        "kept.place_of_service": "11",
        "password": PASSWORD,
    }
    on = browser.post(reverse("locked"), kept).content.decode()
    assert f'action="{address}"' in on and 'name="name" value="West &lt;b&gt;office&lt;/b&gt;"' in on
    assert PASSWORD not in on


def test_a_form_that_no_page_of_ours_sent_is_not_kept(made: Made) -> None:
    browser = Browser(enforce_csrf_checks=True)
    signed = made.browser("admin")
    rest(signed, 20)
    browser.cookies = signed.cookies
    answer = browser.post(reverse("practice:location_new", args=[made.slug]), {"name": "Forged"})
    assert answer.status_code == 302 and b"Forged" not in answer.content


def test_only_the_person_of_the_page_unlocks_it(made: Made) -> None:
    browser = made.browser("admin")
    rest(browser, 20)
    answer = browser.post(reverse("unlock"), {"password": PASSWORD, "person": str(made.by)})
    assert answer.status_code == 409 and is_locked(browser, made)
    assert Browser().post(reverse("unlock"), {"password": PASSWORD}).status_code == 401


def test_guessing_at_the_cover_is_stopped(made: Made) -> None:
    browser = made.browser("admin")
    rest(browser, 20)
    typed = {"password": "not it", "person": str(made.admin.user_id)}
    answers = [browser.post(reverse("unlock"), typed) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "Try again in 5 minutes." in answers[-1].json()["sentence"]
    right = {"password": PASSWORD, "person": str(made.admin.user_id)}
    assert browser.post(reverse("unlock"), right).status_code == 429


def test_taking_the_cookie_away_or_another_logins_does_not_help(made: Made) -> None:
    browser, fresh = made.browser("admin"), made.browser("provider")
    noted(browser, made)
    others = noted(fresh, made)
    rest(browser, 20)
    stale = browser.cookies[idle.COOKIE].value
    for value in ("", "nonsense", others, stale):
        browser.cookies[idle.COOKIE] = value
        assert is_locked(browser, made), value
    del browser.cookies[idle.COOKIE]
    assert is_locked(browser, made)


def test_a_page_that_says_somebody_reads_counts_and_one_that_asks_by_itself_does_not(made: Made) -> None:
    browser = made.browser("admin")
    browser.get(settings_of(made))
    rest(browser, 14)
    assert browser.post(reverse("alive"), HTTP_X_QUIET="1").json() == {"person": str(made.admin.user_id)}
    rest(browser, 5)
    late = browser.post(reverse("alive"))  # nineteen minutes
    assert (late.status_code, late.headers["X-Locked"]) == (401, "1")
    again = made.browser("admin")
    again.get(settings_of(made))
    rest(again, 14)
    again.post(reverse("alive"))
    rest(again, 14)
    assert not is_locked(again, made)


def test_asking_and_noting_costs_no_statement(made: Made) -> None:
    browser = made.browser("admin")
    noted(browser, made)
    rest(browser, 2)
    before = browser.cookies[idle.COOKIE].value
    with CaptureQueriesContext(connection) as caught:
        browser.post(reverse("alive"))
    assert browser.cookies[idle.COOKIE].value != before
    written = [
        query["sql"] for query in caught if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert not written and len(caught) <= 3


def test_the_cookie_is_out_of_reach_for_scripts(made: Made) -> None:
    browser = made.browser("admin")
    noted(browser, made)
    cookie = browser.cookies[idle.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    tie, at, minutes = signing.loads(cookie.value, salt=idle.SALT)
    assert (
        browser.session.session_key not in cookie.value
        and minutes == 15
        and abs(at - time.time()) < 60
        and tie
    )
