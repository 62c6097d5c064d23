"""Scheduling, changing, cancelling and closing a session by plain forms."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from attest.calendar.models import Session
from attest.core import clock
from attest.notes.actions import sign_alone
from attest.notes.header import facts_of, header_digest, header_for
from attest.notes.queries import content_digest
from tests.confirmation.hands import write
from tests.factories import browser_of, make_client, make_member, make_practice, make_provider
from tests.workspace.people import Desk, desk

pytestmark = pytest.mark.django_db


def typed(at: Desk, **more: Any) -> dict[str, Any]:
    """A complete form: Friday at 9 AM, in person."""
    return {
        "client": at.made.client.pk,
        "date": "11/27/2026",
        "start": "9:00 AM",
        "minutes": "50",
        "kind": "individual",
        "modality": "in_person",
        "location": at.made.location.pk,
    } | more


def page_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def booked(at: Desk) -> Session:
    with at.made.inside():
        return Session.objects.select_related("location").get()


def again(at: Desk, pk: UUID) -> Session:
    with at.made.inside():
        return Session.objects.get(pk=pk)


def test_a_session_is_scheduled_and_its_panel_opens() -> None:
    at = desk()
    done = at.provider.post(at.url("session_new"), typed(at))
    session = booked(at)
    assert done.status_code == 302
    assert done["Location"] == at.url("session", session.pk)
    assert session.starts_at == datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
    assert session.ends_at - session.starts_at == timedelta(minutes=50)
    assert (session.location, session.kind, session.entered_after) == (at.made.location, "individual", False)


def test_a_video_session_keeps_where_the_client_is() -> None:
    at = desk()
    at.provider.post(
        at.url("session_new"),
        typed(at, modality="video", client_state="NJ", client_at_home="on", location=""),
    )
    session = booked(at)
    assert (session.modality, session.client_state, session.client_at_home) == ("video", "NJ", True)
    assert session.location is None


def test_what_a_hidden_field_still_holds_does_not_count() -> None:
    at = desk()
    at.provider.post(at.url("session_new"), typed(at, client_state="XX"))
    assert booked(at).client_state == ""
    at.provider.post(
        at.url("session_edit", booked(at).pk), typed(at, modality="video", client_state="NY", location="x")
    )
    assert (booked(at).client_state, booked(at).location) == ("NY", None)


def test_by_video_the_state_is_asked_for() -> None:
    at = desk()
    refused = at.provider.post(at.url("session_new"), typed(at, modality="video", location=""))
    assert refused.status_code == 422
    assert "Choose the state the client will be in." in page_of(refused)


def test_a_session_whose_time_has_passed_is_scheduled_and_said_to_be_entered_afterwards() -> None:
    at = desk()
    done = at.provider.post(at.url("session_new"), typed(at, date="11/23/2026"), follow=True)
    assert booked(at).entered_after
    assert "entered after the fact" in page_of(done)


def test_whatever_is_wrong_is_said_beside_its_field_and_what_was_typed_stays() -> None:
    at = desk()
    refused = at.provider.post(
        at.url("session_new"),
        typed(at, client="", date="soon", start="9 o'clock", minutes="500", location="", kind="crisis"),
    )
    assert refused.status_code == 422
    page = page_of(refused)
    for sentence in (
        "Choose the client.",
        "A date looks like 11/24/2026.",
        "A time looks like 9:30 AM.",
        "A session takes at most 8 hours.",
        "Choose the place where you meet.",
    ):
        assert sentence in page
    for kept in ('value="soon"', "9 o&#x27;clock", 'value="500"', '<option value="crisis" selected>'):
        assert kept in page
    with at.made.inside():
        assert not Session.objects.exists()


def test_an_hour_that_happens_twice_is_asked_and_the_answer_is_taken() -> None:
    at = desk()
    twice = typed(at, date="11/07/2027", start="1:30 AM")
    asked = at.provider.post(at.url("session_new"), twice)
    assert asked.status_code == 422
    page = page_of(asked)
    assert "happens twice" in page
    assert "1:30 AM EDT" in page
    assert "1:30 AM EST" in page
    choices = re.findall(r'name="meant" value="([^"]+)"', page)
    assert choices == ["2027-11-07T05:30+00:00", "2027-11-07T06:30+00:00"]
    at.provider.post(at.url("session_new"), {**twice, "meant": choices[1]})
    assert booked(at).starts_at == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)


def test_an_hour_that_does_not_exist_is_asked_and_never_shifted_silently() -> None:
    at = desk()
    skipped = typed(at, date="03/14/2027", start="2:30 AM")
    asked = at.provider.post(at.url("session_new"), skipped)
    assert asked.status_code == 422
    assert "does not exist" in page_of(asked)
    assert "3:30 AM EDT" in page_of(asked)
    (choice,) = re.findall(r'name="meant" value="([^"]+)"', page_of(asked))
    at.provider.post(at.url("session_new"), {**skipped, "meant": choice})
    assert booked(at).starts_at == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_a_made_up_answer_to_that_question_is_asked_again() -> None:
    at = desk()
    asked = at.provider.post(
        at.url("session_new"),
        typed(at, date="11/07/2027", start="1:30 AM", meant="2027-11-07T09:30+00:00"),
    )
    assert asked.status_code == 422
    with at.made.inside():
        assert not Session.objects.exists()


def test_a_length_runs_through_a_clock_change_in_elapsed_minutes() -> None:
    at = desk()
    at.provider.post(at.url("session_new"), typed(at, date="11/07/2027", start="12:40 AM", minutes="115"))
    session = booked(at)
    assert session.ends_at == datetime(2027, 11, 7, 6, 35, tzinfo=UTC)  # 1:35 AM EST


def test_two_sessions_at_one_time_are_asked_about() -> None:
    at = desk()
    at.session(days=1)
    clash = typed(at, date="11/25/2026", start="1:30 PM")
    asked = at.provider.post(at.url("session_new"), clash)
    assert asked.status_code == 422
    assert "is booked for" in page_of(asked)
    done = at.provider.post(at.url("session_new"), {**clash, "double": "on"})
    assert done.status_code == 302


def test_an_admin_books_for_any_provider_in_that_providers_zone() -> None:
    at = desk()
    west = make_provider(at.made.organization, location=at.made.location, zone="America/Los_Angeles")
    missing = at.admin.post(at.url("session_new"), typed(at))
    assert missing.status_code == 422
    assert "Choose who holds the session." in page_of(missing)
    at.admin.post(at.url("session_new"), typed(at, provider=west.pk))
    session = booked(at)
    assert (session.provider_id, session.zone) == (west.pk, "America/Los_Angeles")
    assert session.starts_at == datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


def test_a_provider_books_their_own_clients_only_and_for_themselves_only() -> None:
    at = desk()
    refused = at.provider.post(at.url("session_new"), typed(at, client=at.second_client.pk))
    assert refused.status_code == 422
    at.provider.post(at.url("session_new"), typed(at, provider=at.second.pk))
    assert booked(at).provider_id == at.made.provider.pk


def test_the_place_of_another_practice_is_no_place() -> None:
    at, elsewhere = desk(), make_practice()
    refused = at.provider.post(at.url("session_new"), typed(at, location=elsewhere.location.pk))
    assert refused.status_code == 422
    client = at.provider.post(at.url("session_new"), typed(at, client=elsewhere.client.pk))
    assert client.status_code == 422


def test_the_form_starts_where_the_calendar_was_pressed() -> None:
    at = desk()
    page = page_of(
        at.provider.get(
            at.url("session_new"),
            {"start": "2026-12-01T14:00", "end": "2026-12-01T15:30", "client": str(at.made.client.pk)},
        )
    )
    assert 'value="12/01/2026"' in page
    assert 'value="02:00 PM"' in page
    assert 'value="90"' in page
    assert re.search(rf'value="{at.made.client.pk}" checked', page)


def test_a_slot_pressed_in_ones_own_zone_is_shown_in_the_providers() -> None:
    at = desk()
    west = make_provider(at.made.organization, location=at.made.location, zone="America/Los_Angeles")
    page = page_of(
        at.admin.get(at.url("session_new"), {"start": "2026-12-01T14:00", "provider": str(west.pk)})
    )
    assert 'value="11:00 AM"' in page


@pytest.mark.parametrize("asked", ["x", "2026-13-45T99:00", "2026-12-01"])
def test_a_start_that_is_no_start_leaves_the_form_usable(asked: str) -> None:
    at = desk()
    assert at.provider.get(at.url("session_new"), {"start": asked, "client": "x"}).status_code == 200


def test_clients_are_found_by_the_beginning_of_a_name_and_only_ones_own() -> None:
    at = desk()
    make_client(
        at.made.organization, at.made.provider, legal_first_name="Óscar", legal_last_name="Okonkwo",
    )  # fmt: skip
    found = page_of(at.provider.post(at.url("client_search"), {"q": "ok"}))
    assert "Okonkwo" in found
    assert "Okafor" not in found
    assert "Okafor" in page_of(at.admin.post(at.url("client_search"), {"q": "ok"}))
    chosen = {"q": "ok", "client": at.made.client.pk}
    kept = page_of(at.provider.post(at.url("client_search"), chosen))
    assert re.search(rf'value="{at.made.client.pk}" checked', kept)
    assert "No client of yours" in page_of(at.provider.post(at.url("client_search"), {"q": "zz"}))
    assert at.provider.get(at.url("client_search")).status_code == 405


def test_a_session_to_come_is_moved_and_changed() -> None:
    at = desk()
    session = at.session(days=1)
    change = typed(at, start="10:15 AM", modality="audio_only", client_state="NY", self_pay="on")
    done = at.provider.post(at.url("session_edit", session.pk), change, follow=True)
    assert "Moved to Fri 11/27, 10:15 AM ET." in page_of(done)
    changed = again(at, session.pk)
    assert changed.starts_at == datetime(2026, 11, 27, 15, 15, tzinfo=UTC)
    assert (changed.modality, changed.self_pay) == ("audio_only", True)


def test_the_form_to_change_shows_what_is_booked_and_saving_it_changes_nothing() -> None:
    at = desk()
    session = at.session(days=1)
    page = page_of(at.provider.get(at.url("session_edit", session.pk)))
    for shown in ('value="11/25/2026"', 'value="01:10 PM"', 'value="53"'):
        assert shown in page
    same = typed(at, date="11/25/2026", start="01:10 PM", minutes="53")
    assert at.provider.post(at.url("session_edit", session.pk), same).status_code == 302
    assert again(at, session.pk).starts_at == session.starts_at


def test_a_session_that_has_started_cannot_be_moved_but_its_place_can_be_mended() -> None:
    at = desk()
    session = at.session(days=-1)
    page = page_of(at.provider.get(at.url("session_edit", session.pk)))
    assert "Its start has passed" in page
    assert 'name="date"' not in page
    at.provider.post(at.url("session_edit", session.pk), typed(at, modality="video", client_state="NY"))
    mended = again(at, session.pk)
    assert (mended.starts_at, mended.modality) == (session.starts_at, "video")


def test_moving_into_the_past_is_refused_with_the_reason() -> None:
    at = desk()
    session = at.session(days=1)
    refused = at.provider.post(at.url("session_edit", session.pk), typed(at, date="11/20/2026"))
    assert refused.status_code == 422
    assert "That time has already passed." in page_of(refused)
    assert again(at, session.pk).starts_at == session.starts_at


def test_cancelling_says_what_follows_and_offers_two_verbs() -> None:
    at = desk()
    session = at.session(days=1)
    page = page_of(at.provider.get(at.url("session_cancel", session.pk)))
    assert "No claim and no charge come from it." in page
    assert "Keep it" in page
    assert "Cancel session" in page
    done = at.provider.post(at.url("session_cancel", session.pk), {"reason": "Client is travelling"})
    assert done["Location"] == at.url("session", session.pk)
    cancelled = again(at, session.pk)
    assert (cancelled.chip, cancelled.closed_reason) == ("cancelled", "Client is travelling")


def test_a_session_that_has_started_is_not_cancelled() -> None:
    at = desk()
    session = at.session(days=-1)
    refused = at.provider.post(at.url("session_cancel", session.pk), {"reason": ""})
    assert refused.status_code == 409
    assert "did not take place instead" in page_of(refused)
    assert again(at, session.pk).chip == "scheduled"


def test_did_not_take_place_is_one_press_and_can_be_taken_back() -> None:
    at = desk()
    session = at.session(days=-1)
    at.provider.post(at.url("session_not_held", session.pk))
    assert again(at, session.pk).chip == "did_not_take_place"
    page = page_of(at.provider.get(at.url("session", session.pk)))
    assert "It took place after all" in page
    at.provider.post(at.url("session_took_place", session.pk))
    assert again(at, session.pk).chip == "scheduled"


@pytest.mark.parametrize("signed_when", ["before", "after"])
def test_taken_back_a_session_with_a_signed_note_is_signed_again(signed_when: str) -> None:
    at = desk()
    session = at.session(days=-1)
    if signed_when == "before":
        sign_note(at, session)
        assert again(at, session.pk).chip == "signed"
    at.provider.post(at.url("session_not_held", session.pk))
    if signed_when == "after":
        sign_note(at, session)
        assert again(at, session.pk).chip == "did_not_take_place"
    at.provider.post(at.url("session_took_place", session.pk))
    assert again(at, session.pk).chip == "signed"


def sign_note(at: Desk, session: Session) -> None:
    with at.made.inside():
        note = write(at.made, session)
        fresh = Session.objects.select_related("client", "provider", "location").get(pk=session.pk)
        sign_alone(
            session_id=session.pk,
            seen_digest=content_digest(note),
            seen_header=header_digest(header_for(fresh, facts_of(fresh))),
            by_member=at.made.clinician,
            proof_at=clock.real_now(),
        )


def test_a_session_to_come_cannot_have_failed_to_take_place() -> None:
    at = desk()
    session = at.session(days=1)
    assert at.provider.post(at.url("session_not_held", session.pk)).status_code == 409
    assert again(at, session.pk).chip == "scheduled"


@pytest.mark.parametrize(("days", "closes"), [(30, False), (31, True)])
def test_after_day_30_a_session_can_be_closed_as_not_billable_and_not_before(days: int, closes: bool) -> None:
    at = desk()
    session = at.session(days=-days)
    answer = at.provider.post(at.url("session_close", session.pk), {"reason": "I was ill"})
    assert answer.status_code == (302 if closes else 409)
    assert again(at, session.pk).chip == ("not_billable" if closes else "scheduled")


def test_after_day_30_it_can_only_be_closed() -> None:
    at = desk()
    late, marked = at.session(days=-31), at.session(days=-31, chip="did_not_take_place")
    refused = at.provider.post(at.url("session_not_held", late.pk))
    assert refused.status_code == 409
    assert "can only be closed as not billable" in page_of(refused)
    at.provider.post(at.url("session_took_place", marked.pk))
    assert (again(at, late.pk).chip, again(at, marked.pk).chip) == ("scheduled", "did_not_take_place")


def test_closing_needs_a_reason() -> None:
    at = desk()
    session = at.session(days=-31)
    refused = at.provider.post(at.url("session_close", session.pk), {"reason": " "})
    assert refused.status_code == 422
    assert "Say in a few words why" in page_of(refused)


def test_in_the_calendar_a_dialog_closes_and_the_rest_of_the_page_hears_of_it() -> None:
    at = desk()
    session = at.session(days=1)
    headers: dict[str, Any] = {"HX-Request": "true", "HX-Target": "div#sheet-content"}
    dialog = at.provider.get(at.url("session_cancel", session.pk), headers=headers)
    assert 'hx-target="#sheet-content"' in page_of(dialog)
    assert "<html" not in page_of(dialog)
    done = at.provider.post(at.url("session_cancel", session.pk), headers=headers)
    assert done.status_code == 204
    for word in ("close-overlay", "sessions-changed", "say"):
        assert word in done["HX-Trigger"]


def test_in_the_panel_one_press_draws_the_panel_anew() -> None:
    at = desk()
    session = at.session(days=-1)
    headers: dict[str, Any] = {"HX-Request": "true", "HX-Target": "div#side-content"}
    done = at.provider.post(at.url("session_not_held", session.pk), headers=headers)
    assert done.status_code == 200
    assert "Did not take place" in page_of(done)
    assert "sessions-changed" in done["HX-Trigger"]


@pytest.mark.parametrize(
    "name",
    [
        "session_edit",
        "session_cancel",
        "session_not_held",
        "session_took_place",
        "session_close",
        "session_move",
    ],
)
def test_only_who_may_schedule_changes_a_session_and_only_their_own(name: str) -> None:
    at = desk()
    session = at.session(days=1)
    auditor = make_member(at.made.organization, "auditor", name="Ada Cole")

    assert browser_of(auditor).post(at.url(name, session.pk)).status_code == 403
    assert at.biller.post(at.url(name, session.pk)).status_code == 403
    assert at.colleague.post(at.url(name, session.pk)).status_code == 404
    assert at.biller.get(at.url("session_new")).status_code == 403
    unchanged = again(at, session.pk)
    assert (unchanged.chip, unchanged.starts_at) == ("scheduled", clock.now() + timedelta(days=1))
