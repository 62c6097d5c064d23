"""The client's page: what is missing, and tabs only for what one may see."""

import re
from datetime import date
from typing import Any

import pytest

from attest.notes.actions import start_draft
from attest.notes.queries import template_by_key
from tests.factories import browser_of, make_client, make_diagnosis, make_member
from tests.workspace.confirming import confirm
from tests.workspace.people import Desk, desk

pytestmark = pytest.mark.django_db


def shown(at: Desk, browser: Any = None, tab: str = "", client: Any = None) -> str:
    pk = (client or at.made.client).pk
    url = at.url("client_tab", pk, tab) if tab else at.url("client", pk)
    response = (browser or at.provider).get(url)
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def tabs(page: str) -> list[str]:
    (line,) = re.findall(r'<nav class="tabs-line".*?</nav>', page, re.DOTALL)
    return [word.strip() for word in re.findall(r">([A-Z][a-z]+)<", line)]


def test_readiness_stands_on_top_each_part_with_its_reason() -> None:
    at = desk()
    page = shown(at)
    assert "Bluestem Health, verified 11/24/2026" in page
    assert "All acknowledged" in page
    assert "Visa ending 4242" in page
    assert "Fix<" not in page


def test_what_is_missing_leads_to_where_it_is_mended() -> None:
    at = desk()
    unready = make_client(at.made.organization, at.made.provider, ready=False)
    page = shown(at, client=unready)
    for reason, name in (
        ("No plan on file", "clients:coverage"),
        ("4 not acknowledged", "clients:forms"),
        ("No payment method on file", "clients:payment_method_new"),
    ):
        assert reason in page
        assert f"{at.url(name, unready.pk)}?next=" in page
    auditor = browser_of(make_member(at.made.organization, "auditor", name="Ada Cole"))
    assert "Fix<" not in shown(at, auditor, client=unready)


def test_the_tab_of_notes_is_there_only_for_who_may_read_them() -> None:
    at = desk()
    assert tabs(shown(at)) == ["Overview", "Sessions", "Notes", "Plan", "Coverage", "Money", "Forms"]
    for browser in (at.admin, at.biller):
        assert tabs(shown(at, browser)) == ["Overview", "Sessions", "Coverage", "Money", "Forms"]
        assert browser.get(at.url("client_tab", at.made.client.pk, "notes")).status_code == 404
    assert at.provider.get(at.url("client_tab", at.made.client.pk, "secrets")).status_code == 404


def test_a_client_is_opened_by_their_own_provider_and_by_who_sees_all() -> None:
    at = desk()
    for tab in ("", "sessions", "notes", "plan", "coverage", "money", "forms"):
        pk = at.made.client.pk
        url = at.url("client_tab", pk, tab) if tab else at.url("client", pk)
        assert at.colleague.get(url).status_code == 404
    support = browser_of(make_member(at.made.organization, "support", name="Sol Pike"))
    answer = support.get(at.url("client", at.made.client.pk))
    assert (answer.status_code, answer["Location"]) == (302, at.url("practice:support"))


def test_the_overview_shows_last_and_next_sessions_and_diagnoses_being_treated() -> None:
    at = desk()
    past, coming = at.session(days=-1), at.session(days=3)
    make_diagnosis(at.made.client, "F41.1", onset=date(2026, 3, 1))
    make_diagnosis(at.made.client, "F43.23", resolved=date(2026, 6, 1))
    page = shown(at)
    assert at.url("session", past.pk) in page
    assert at.url("session", coming.pk) in page
    assert "11/27/2026, 1:10 PM" in page
    assert "F41.1" in page
    assert "since 03/01/2026" in page
    assert "F43.23" not in page


def test_each_tab_shows_its_own() -> None:
    at = desk()
    session = at.session(days=-1, minutes=53)
    confirm(at.made, session)
    with at.made.inside():
        template = template_by_key(at.made.organization.pk, "soap")
        assert template is not None
        start_draft(session=session, template=template, by_member=at.made.clinician)
    assert at.url("session", session.pk) in shown(at, tab="sessions")
    notes = shown(at, tab="notes")
    assert at.url("notes:note", session.pk) in notes
    assert "Draft" in notes
    coverage = shown(at, tab="coverage")
    assert "copay $25.00" in coverage
    assert "Visa ending 4242" in coverage
    money = shown(at, tab="money")
    assert "$25.00 (estimate)" in money
    assert "11/25/2026, 9:00 AM" in money
    assert "$150.00" in money
    forms = shown(at, tab="forms")
    assert "Assignment of benefits" in forms
    assert "Acknowledged</span>" in forms
    assert "Missing" not in forms.split('class="tabs-line"')[1]


def test_empty_tabs_say_what_will_be_there() -> None:
    at = desk()
    bare = make_client(at.made.organization, at.made.provider, ready=False)
    for tab, words in (
        ("sessions", "No sessions yet"),
        ("notes", "No notes yet"),
        ("coverage", "No plan on file"),
        ("money", "No charges yet"),
    ):
        assert words in shown(at, tab=tab, client=bare)


def test_the_tab_of_the_browser_says_client_and_no_name() -> None:
    at = desk()
    (title,) = re.findall(r"<title>([^<]*)</title>", shown(at))
    assert title.startswith("Client ·")
