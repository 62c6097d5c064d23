"""The calendar's page and what it draws."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from attest.calendar.models import Session
from attest.core import clock
from tests.factories import browser_of, make_client, make_practice
from tests.workspace.people import Desk, desk, iso

pytestmark = pytest.mark.django_db


def events(at: Desk, browser: Browser, days: int = 14, **more: str) -> list[dict[str, Any]]:
    """The events of the days around now."""
    span = timedelta(days=days)
    found = browser.get(
        at.url("events"), {"start": iso(clock.now() - span), "end": iso(clock.now() + span), **more}
    )
    assert found.status_code == 200, found.content
    rows: list[dict[str, Any]] = found.json()
    return rows


def test_an_event_says_all_that_the_calendar_draws() -> None:
    at = desk()
    session = at.session(days=1, minutes=53, modality="video")
    (event,) = events(at, at.provider)
    assert event["id"] == str(session.pk)
    assert event["title"] == "Alex Rivera"
    assert event["start"] == "2026-11-25T18:10:00+00:00"
    assert event["end"] == "2026-11-25T19:03:00+00:00"
    assert event["url"] == at.url("session", session.pk)
    assert (event["word"], event["tone"], event["icon"]) == ("Scheduled", "planned", "calendar")
    assert (event["telehealth"], event["note"], event["off"]) == (True, False, False)
    assert event["movable"] is True
    assert event["detail"] == "53 min · Video"


def test_a_session_that_has_started_cannot_be_dragged() -> None:
    at = desk()
    at.session(days=-1)
    at.session(days=1)
    assert [event["movable"] for event in events(at, at.provider)] == [False, True]
    assert [event["movable"] for event in events(at, at.biller)] == [False, False]


def test_a_roadblock_shows_before_the_session_and_after_it() -> None:
    at = desk()
    unready = make_client(at.made.organization, at.made.provider, payer=at.made.payer, ready=False)
    at.session(days=-1, client=unready)
    at.session(days=2, client=unready)
    at.session(days=3)
    assert [event["roadblock"] for event in events(at, at.provider)] == [True, True, False]


def test_a_consultation_never_asks_to_be_confirmed() -> None:
    at = desk()
    at.session(days=-1, kind="consultation")
    (event,) = events(at, at.provider)
    assert (event["word"], event["roadblock"]) == ("Not billable", False)
    assert b"need confirming" not in at.provider.get(at.url("calendar")).content


def test_a_provider_sees_their_own_sessions_and_others_see_all_or_one_provider() -> None:
    at = desk()
    mine, theirs = at.session(days=1), at.session(days=2, client=at.second_client)
    assert [event["id"] for event in events(at, at.provider)] == [str(mine.pk)]
    assert [event["id"] for event in events(at, at.colleague)] == [str(theirs.pk)]
    for browser in (at.admin, at.biller):
        assert [event["id"] for event in events(at, browser)] == [str(mine.pk), str(theirs.pk)]
        only = events(at, browser, provider=str(at.second.pk))
        assert [event["id"] for event in only] == [str(theirs.pk)]
    assert events(at, at.provider, provider=str(at.second.pk)) == []


def test_somebody_of_another_practice_finds_nothing_at_these_addresses() -> None:
    at = desk()
    session = at.session(days=1)
    stranger = browser_of(make_practice().clinician)
    for url in (
        at.url("calendar"),
        at.url("events"),
        at.url("todo"),
        at.url("session", session.pk),
        at.url("client", at.made.client.pk),
    ):
        assert stranger.get(url).status_code == 404
    assert stranger.post(at.url("session_cancel", session.pk)).status_code == 404
    assert Browser().get(at.url("calendar")).status_code == 302


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"start": "2026-11-22T00:00:00-05:00"},
        {"start": "2026-11-22T00:00:00-05:00", "end": "2027-01-22T00:00:00-05:00"},
        {"start": "2026-11-22T00:00:00", "end": "2026-11-29T00:00:00"},
        {"start": "2026-11-29T00:00:00-05:00", "end": "2026-11-22T00:00:00-05:00"},
        {"start": "yesterday", "end": "<script>"},
    ],
)
def test_a_range_that_is_no_range_is_refused_with_a_sentence(asked: dict[str, str]) -> None:
    at = desk()
    refused = at.provider.get(at.url("events"), asked)
    assert refused.status_code == 400
    assert "45 days" in refused.json()["message"]


def test_fifty_sessions_take_as_many_queries_as_five() -> None:
    at = desk()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            events(at, at.provider)
        return len(captured)

    def fill(count: int) -> None:
        for n in range(count):
            client = make_client(at.made.organization, at.made.provider, payer=at.made.payer)
            at.session(days=-4 + n / 6, client=client, minutes=50)

    fill(5)
    queries()  # the browser signs in
    few = queries()
    fill(45)
    assert queries() == few
    with CaptureQueriesContext(connection) as captured:
        at.provider.get(at.url("calendar"))
    assert len(captured) < 60


def test_the_line_above_counts_what_can_still_be_confirmed_and_starts_with_the_oldest() -> None:
    at = desk()
    oldest = at.session(days=-20)
    at.session(days=-3)
    at.session(days=-40)  # too late to confirm
    at.session(days=1)
    at.session(days=-2, client=at.second_client)
    page = at.provider.get(at.url("calendar")).content.decode()
    assert "<strong>2 sessions</strong> need confirming, the oldest until Dec 4" in page
    assert at.url("session", oldest.pk) in page
    assert "3 sessions" in at.admin.get(at.url("calendar")).content.decode()


def test_with_nothing_left_but_what_is_too_late_the_line_says_so() -> None:
    at = desk()
    at.session(days=-40)
    page = at.provider.get(at.url("calendar")).content.decode()
    assert "<strong>1 session</strong> passed the last day to confirm" in page
    assert "need confirming" not in page


def test_without_anything_owed_there_is_no_line() -> None:
    at = desk()
    at.session(days=1)
    assert "confirming" not in at.provider.get(at.url("calendar")).content.decode()


def test_the_agenda_shows_seven_days_and_today_even_when_it_is_empty() -> None:
    at = desk()
    at.session(days=1)
    at.session(days=6)
    at.session(days=7)
    page = at.provider.get(at.url("calendar")).content.decode()
    assert re.findall(r'<h2 id="day-([\d-]+)">', page) == ["2026-11-24", "2026-11-25", "2026-11-30"]
    assert "No sessions today." in page
    assert page.count('class="agenda-item') == 2
    later = at.provider.get(at.url("calendar"), {"date": "2026-12-01"}).content.decode()
    assert re.findall(r'<h2 id="day-([\d-]+)">', later) == ["2026-12-01"]


def test_the_agenda_files_a_late_session_under_the_viewers_own_day() -> None:
    at = desk()
    at.session(days=0.45)  # 11:58 PM in New York, already the next day in UTC
    page = at.provider.get(at.url("calendar")).content.decode()
    assert re.findall(r'<h2 id="day-([\d-]+)">', page) == ["2026-11-24"]
    assert "11:58 PM" in page


@pytest.mark.parametrize(
    "asked", [{"date": "someday"}, {"view": "year"}, {"provider": "me"}, {"date": "9999-12-31"}]
)
def test_an_address_that_asks_for_nonsense_shows_this_week(asked: dict[str, str]) -> None:
    at = desk()
    page = at.admin.get(at.url("calendar"), asked)
    assert page.status_code == 200
    assert 'data-view="week" data-date="2026-11-24"' in page.content.decode()


def test_view_and_date_of_the_address_are_kept() -> None:
    at = desk()
    page = at.provider.get(at.url("calendar"), {"view": "month", "date": "2026-10-05"}).content.decode()
    assert 'data-view="month" data-date="2026-10-05"' in page


def test_an_early_and_a_late_session_widen_the_day_that_is_drawn() -> None:
    at = desk()
    at.session(days=-0.5)  # 1:10 AM
    at.session(days=0.35)  # 9:34 PM
    page = at.provider.get(at.url("calendar")).content.decode()
    assert 'data-first-hour="1" data-last-hour="23"' in page


def test_no_address_on_the_page_carries_a_name() -> None:
    at = desk()
    at.session(days=-1)
    at.session(days=1)
    for name in ("calendar", "todo"):
        page = at.provider.get(at.url(name)).content.decode()
        assert "Rivera" in page
        assert not [
            url for url in re.findall(r'(?:href|action|data-\w+-url)="([^"]*)"', page) if "ivera" in url
        ]


def move(at: Desk, browser: Browser, session: Session, days: float = 2, minutes: int = 50) -> tuple[int, str]:
    """Drag the session there; the status and the sentence."""
    start = clock.now() + timedelta(days=days)
    moved = browser.post(
        at.url("session_move", session.pk),
        {"start": iso(start), "end": iso(start + timedelta(minutes=minutes))},
    )
    return moved.status_code, moved.json()["message"] if moved.content else ""


def starts(at: Desk, session: Session) -> Any:
    with at.made.inside():
        return Session.objects.get(pk=session.pk).starts_at


def test_a_session_is_dragged_to_another_time() -> None:
    at = desk()
    session = at.session(days=1)
    assert move(at, at.provider, session) == (204, "")
    assert starts(at, session) == clock.now() + timedelta(days=2)
    assert move(at, at.admin, session, days=3) == (204, "")


def test_what_cannot_be_dragged_snaps_back_with_the_reason() -> None:
    at = desk()
    held, coming, other = at.session(days=-1), at.session(days=1), at.session(days=5)
    status, sentence = move(at, at.provider, held)
    assert (status, "start has passed" in sentence) == (409, True)
    status, sentence = move(at, at.provider, coming, days=-2)
    assert (status, "already passed" in sentence) == (409, True)
    status, sentence = move(at, at.provider, coming, days=5.01)
    assert (status, "another session at that time" in sentence) == (409, True)
    assert move(at, at.provider, coming, minutes=0)[0] == 422
    assert starts(at, coming) == clock.now() + timedelta(days=1)
    assert starts(at, other) == clock.now() + timedelta(days=5)


def test_nobody_drags_what_is_not_theirs() -> None:
    at = desk()
    session = at.session(days=1)
    for browser, status in ((at.colleague, 404), (at.biller, 403)):
        start = clock.now() + timedelta(days=2)
        asked = {"start": iso(start), "end": iso(start + timedelta(minutes=50))}
        assert browser.post(at.url("session_move", session.pk), asked).status_code == status
    assert starts(at, session) == clock.now() + timedelta(days=1)
