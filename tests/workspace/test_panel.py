"""The panel of a session: where it stands, what is in the way, until when, what it brings, what to press."""

import re
from datetime import timedelta
from typing import Any

import pytest

from attest.calendar.actions import close_not_billable
from attest.calendar.models import Session
from attest.core import clock
from attest.notes.actions import start_draft
from attest.notes.queries import template_by_key
from tests.factories import (
    browser_of,
    make_client,
    make_coverage,
    make_medicare,
    make_member,
)
from tests.workspace.confirming import confirm
from tests.workspace.people import Desk, desk

pytestmark = pytest.mark.django_db


def shown(at: Desk, session: Session, browser: Any = None, **headers: str) -> str:
    response = (browser or at.provider).get(at.url("session", session.pk), headers=headers)
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def pressed(page: str) -> str:
    """The words of the one primary button."""
    (button,) = re.findall(
        r'class="btn btn-primary"[^>]*>.*?</svg>([^<]+)</a>', page.split('class="side-foot"')[1]
    )
    return str(button)


def draft(at: Desk, session: Session) -> None:
    with at.made.inside():
        template = template_by_key(at.made.organization.pk, "soap")
        assert template is not None
        start_draft(session=session, template=template, by_member=at.made.clinician)


def test_a_session_to_come_is_rescheduled_or_cancelled() -> None:
    at = desk()
    page = shown(at, at.session(days=2))
    assert pressed(page) == "Reschedule"
    assert "Cancel session" in page
    assert "Did not take place" not in page
    assert "Thu, Nov 26, 2026" in page
    assert "1:10 – 2:03 PM" in page


def test_a_held_session_is_confirmed_or_did_not_take_place() -> None:
    at = desk()
    page = shown(at, at.session(days=-1))
    assert pressed(page) == "Confirm session"
    for other in ("Did not take place", "Write the note alone", "Edit booking"):
        assert other in page
    assert "Cancel session" not in page


def test_a_begun_note_is_finished() -> None:
    at = desk()
    session = at.session(days=-1)
    draft(at, session)
    page = shown(at, session)
    assert pressed(page) == "Finish note"
    assert "Draft, not signed yet" in page


def test_after_the_last_day_it_is_closed_and_its_note_can_still_be_written() -> None:
    at = desk()
    session = at.session(days=-31)
    page = shown(at, session)
    assert pressed(page) == "Close as not billable"
    assert "Write the note alone" in page
    for gone in ("Confirm session", "Did not take place", "Edit booking"):
        assert gone not in page
    with at.made.inside():
        close_not_billable(session_id=session.pk, reason="Ill", by=at.made.by)
    closed = shown(at, session)
    assert "Not billable" in closed
    assert "Ill" in closed
    assert "Write the note alone" in closed


def test_a_confirmed_session_shows_what_was_confirmed_and_what_happens_when() -> None:
    at = desk()
    session = at.session(days=-1, minutes=53)
    confirm(at.made, session)
    page = shown(at, session)
    assert pressed(page) == "Write note"
    for fact in ("53 min", "90837", "F41.1", "Main office", "View claim", "Still owed"):
        assert fact in page
    assert "Client’s share due" in page
    assert "11/25/2026, 9:00 AM" in page
    assert "Claim leaves after" in page
    assert "Client owes (estimate)" in page
    assert "$25.00" in page
    assert "Expected from Bluestem Health" in page
    assert "$85.00" in page
    assert "Confirm by" not in page
    assert "Modify" not in page


def test_before_confirming_the_money_is_an_estimate_from_the_schedule() -> None:
    at = desk()
    page = shown(at, at.session(days=-1, minutes=50))
    assert "Client owes (estimate)" in page
    assert "$25.00" in page
    assert "90834, as scheduled" in page


def test_roadblocks_say_who_acts_where_to_mend_them_and_what_they_are() -> None:
    at = desk()
    unready = make_client(at.made.organization, at.made.provider, payer=at.made.payer, ready=False)
    page = shown(at, at.session(days=-1, client=unready))
    assert "In the way of confirming" in page
    assert 'data-roadblock="no_payment_method"' in page
    assert "Who acts: Client" in page
    assert at.url("clients:payment_method_new", unready.pk) in page
    assert at.url("roadblock_help", "no_payment_method") in page


def test_a_session_to_come_is_not_told_that_it_has_not_started() -> None:
    at = desk()
    assert "not_started" not in shown(at, at.session(days=2))


def test_the_note_is_due_sooner_for_medicare() -> None:
    at = desk()
    session = at.session(days=-1, minutes=60)
    assert "Thu 11/26, 2:10 PM ET" in shown(at, session)
    make_coverage(at.made.client, make_medicare(at.made.organization), rank="secondary")
    assert "Wed 11/25, 2:10 PM ET" in shown(at, session)


def test_the_last_day_to_confirm_is_said_to_the_minute() -> None:
    at = desk()
    assert "Wed 12/23, 11:59 PM ET" in shown(at, at.session(days=-1))


def test_times_of_another_zone_carry_its_letters() -> None:
    at = desk()
    session = at.session(days=1, zone="America/Los_Angeles")
    assert "10:10 – 11:03 AM PT" in shown(at, session)


def test_it_is_a_fragment_beside_the_calendar_and_a_page_of_its_own() -> None:
    at = desk()
    session = at.session(days=-1)
    page, fragment = shown(at, session), shown(at, session, **{"HX-Request": "true"})
    assert "<html" in page
    assert "<h1" in page
    assert "<html" not in fragment
    assert 'id="side-title"' in fragment
    assert 'hx-trigger="sessions-changed from:body"' in fragment


def test_an_admin_sees_no_button_that_only_the_provider_may_press() -> None:
    at = desk()
    page = shown(at, at.session(days=-1), at.admin)
    assert pressed(page) == "Open client"
    for gone in ("Confirm session", "Write the note", "/confirm/", "/note/"):
        assert gone not in page
    assert "Did not take place" in page
    assert "Morgan Reyes, LCSW" in page


def test_a_biller_looks_and_changes_nothing() -> None:
    at = desk()
    session = at.session(days=-1, minutes=53)
    confirm(at.made, session)
    page = shown(at, session, at.biller)
    assert pressed(page) == "View claim"
    assert '<form method="post" action="/o/' not in page


def test_a_session_is_opened_by_its_provider_and_by_who_sees_all() -> None:
    at = desk()
    session = at.session(days=-1)
    assert at.colleague.get(at.url("session", session.pk)).status_code == 404
    auditor = browser_of(make_member(at.made.organization, "auditor", name="Ada Cole"))
    assert auditor.get(at.url("session", session.pk)).status_code == 200
    support = browser_of(make_member(at.made.organization, "support", name="Sol Pike"))
    answer = support.get(at.url("session", session.pk))
    assert (answer.status_code, answer["Location"]) == (302, at.url("practice:support"))


def test_standing_in_for_a_colleague_does_not_open_the_clients_page() -> None:
    at = desk()
    session = at.session(days=-1, client=at.second_client, provider=at.made.provider)
    page = shown(at, session)
    assert pressed(page) == "Confirm session"
    assert at.url("client", at.second_client.pk) not in page


def test_what_is_this_explains_every_roadblock_and_only_roadblocks() -> None:
    at = desk()
    help_page = at.provider.get(at.url("roadblock_help", "plan_not_verified"))
    assert "asked whether the client is covered" in help_page.content.decode()
    assert at.provider.get(at.url("roadblock_help", "no_such_thing")).status_code == 404


def test_nothing_leads_to_modifying_what_was_confirmed() -> None:
    at = desk()
    session = at.session(days=-1, minutes=53)
    confirm(at.made, session)
    with clock.at(clock.now() + timedelta(hours=1)):
        page = shown(at, session)
    assert at.url("session_edit", session.pk) not in page
    assert "Edit booking" not in page
