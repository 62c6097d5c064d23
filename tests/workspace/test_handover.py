"""A provider who leaves hands their clients over in one step: what moves, what stays, who is told, and the way back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client as Browser

from attest.calendar.models import Handover, Session
from attest.clients.models import Client
from attest.core import clock
from attest.core.models import AuditEvent
from attest.notes.actions import start_client_note, start_draft
from attest.notes.queries import current_templates, template_by_key
from attest.practice.models import Notice, Provider
from tests.factories import make_client, make_practice, make_provider
from tests.workspace.people import Desk, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def page(at: Desk) -> str:
    return at.url("hand_over", at.made.provider.pk)


def to_second(at: Desk, **more: Any) -> dict[str, Any]:
    """Everybody to the second provider."""
    return {"everybody": str(at.second.pk), **more}


def look(at: Desk, typed: dict[str, Any], browser: Browser | None = None) -> str:
    """The preview's fingerprint; its text must be there."""
    answer = (browser or at.admin).post(page(at), {**typed, "step": "look"})
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.context["preview"].seen)


def hand_over(at: Desk, **more: Any) -> Handover:
    typed = to_second(at, **more)
    answer = at.admin.post(page(at), {**typed, "step": "save", "seen": look(at, typed)})
    assert answer.status_code == 303, answer.content.decode()
    with at.made.inside():
        return Handover.objects.latest("made_at")


def holder(at: Desk, session: Session) -> UUID:
    with at.made.inside():
        return Session.objects.get(pk=session.pk).provider_id


def provider_of(at: Desk, client: Client) -> UUID | None:
    with at.made.inside():
        found: UUID | None = Client.objects.get(pk=client.pk).provider_id
        return found


def test_clients_and_sessions_to_come_move_and_what_was_held_stays(at: Desk) -> None:
    held, coming = at.session(days=-2), at.session(days=3)
    cancelled = at.session(days=4, chip="cancelled")
    begun = at.session(days=5)
    with at.made.inside():
        template = template_by_key(at.made.organization.pk, "dap")
        assert template is not None
        start_draft(session=begun, template=template, by_member=at.made.clinician)
    done = hand_over(at)
    assert provider_of(at, at.made.client) == at.second.pk
    assert holder(at, coming) == at.second.pk
    # Held, closed, or with a note begun by its author: theirs.
    assert {holder(at, one) for one in (held, cancelled, begun)} == {at.made.provider.pk}
    with at.made.inside():
        kinds = ["clients.handed_over", "client.handed_over", "session.handed_over"]
        events = AuditEvent.objects.filter(kind__in=kinds)
        assert {event.data["handover"] for event in events} == {str(done.pk)}
        assert events.filter(client_id=at.made.client.pk).count() == 2
        told = Notice.objects.filter(kind="clients.handed_over")
        assert at.made.clinician.pk in {notice.member_id for notice in told}
        assert not any(at.made.client.legal_last_name in notice.sentence for notice in told)
    done_page = at.admin.get(at.url("handed_over", at.made.provider.pk, done.pk)).content.decode()
    assert "1 held session to confirm" in done_page and "Take it all back" in done_page


def test_the_preview_says_what_clashes_and_what_will_be_in_the_way_before_anything_is_done(at: Desk) -> None:
    coming = at.session(days=3)
    at.session(days=3, client=at.second_client)
    third = make_provider(at.made.organization, licensed_in=["CT"], last_name="Quill")
    answer = at.admin.post(page(at), {**to_second(at), "step": "look"}).content.decode()
    assert "1 client and 1 session to come move at once" in answer
    assert "1 clash in the new calendar" in answer and at.second_client.legal_last_name in answer
    assert "Will be in the way" not in answer
    answer = at.admin.post(page(at), {"everybody": str(third.pk), "step": "look"}).content.decode()
    for sentence in ("no licence in NY", "no contract with Bluestem Health", "no fees for Bluestem Health"):
        assert sentence in answer
    assert holder(at, coming) == at.made.provider.pk


def test_each_client_may_go_to_somebody_else_or_stay(at: Desk) -> None:
    third = make_provider(at.made.organization, last_name="Quill")
    stays, goes = make_client(at.made.organization, at.made.provider), at.made.client
    hand_over(at, **{f"to_{goes.pk}": str(third.pk), f"to_{stays.pk}": "stays", "everybody": ""})
    assert (provider_of(at, goes), provider_of(at, stays)) == (third.pk, at.made.provider.pk)


def test_nothing_is_done_that_was_not_on_the_screen(at: Desk) -> None:
    coming = at.session(days=3)
    typed = to_second(at)
    seen = look(at, typed)
    with at.made.inside():
        Session.objects.filter(pk=coming.pk).update(chip="cancelled")
    answer = at.admin.post(page(at), {**typed, "step": "save", "seen": seen})
    assert answer.status_code == 409
    assert "Nothing has been handed over yet" in answer.content.decode()
    assert provider_of(at, at.made.client) == at.made.provider.pk
    with at.made.inside():
        assert not Handover.objects.exists()


@pytest.mark.parametrize(
    "typed", [{}, {"everybody": "nobody"}, {"everybody": "stays"}], ids=["none", "unknown", "stays"]
)
def test_somebody_must_take_them_on(at: Desk, typed: dict[str, str]) -> None:
    answer = at.admin.post(page(at), {**typed, "step": "save"})
    assert answer.status_code == 422
    assert provider_of(at, at.made.client) == at.made.provider.pk


def test_a_provider_of_another_practice_takes_nobody_on(at: Desk) -> None:
    other = make_practice()
    assert at.admin.post(page(at), {"everybody": str(other.provider.pk), "step": "look"}).status_code == 422
    browser = other.browser("admin")
    assert browser.get(page(at)).status_code == 404
    assert browser.get(page(at).replace(at.made.slug, other.slug)).status_code == 404


def test_only_an_admin_hands_over(at: Desk) -> None:
    for browser in (at.provider, at.biller, at.made.browser("auditor"), at.made.browser("support")):
        assert browser.get(page(at)).status_code == 403
        assert browser.post(page(at), {**to_second(at), "step": "save"}).status_code == 403


def test_it_is_taken_back_while_nothing_has_come_of_it(at: Desk) -> None:
    coming = at.session(days=3, zone="America/Chicago")
    done = hand_over(at)
    assert holder(at, coming) == at.second.pk
    address = at.url("handover_undo", at.made.provider.pk, done.pk)
    assert at.admin.post(address).status_code == 303
    assert (provider_of(at, at.made.client), holder(at, coming)) == (at.made.provider.pk,) * 2
    with at.made.inside():
        assert Session.objects.get(pk=coming.pk).zone == "America/Chicago"
        assert AuditEvent.objects.filter(kind="client.handed_back", client_id=at.made.client.pk).count() == 1
    # Twice changes nothing.
    at.admin.post(address)
    with at.made.inside():
        assert AuditEvent.objects.filter(kind="client.handed_back").count() == 1


@pytest.mark.parametrize("since", ["begun", "gone on", "retired"])
def test_it_is_not_taken_back_once_something_has_come_of_it(at: Desk, since: str) -> None:
    coming = at.session(days=3)
    done = hand_over(at)
    with at.made.inside():
        if since == "gone on":
            third = make_provider(at.made.organization, last_name="Quill")
            Client.objects.filter(pk=at.made.client.pk).update(provider_id=third.pk)
        if since == "retired":
            Provider.objects.filter(pk=at.made.provider.pk).update(active=False)
    moment = coming.starts_at + timedelta(hours=1) if since == "begun" else clock.now()
    with clock.at(moment):
        at.admin.post(at.url("handover_undo", at.made.provider.pk, done.pk))
    assert holder(at, coming) == at.second.pk
    with at.made.inside():
        assert Handover.objects.get().undone_at is None


def test_a_note_without_a_session_is_still_signed_by_whoever_began_it(at: Desk) -> None:
    with at.made.inside():
        template = next(t for t in current_templates(at.made.organization.pk) if t.parsed.without_session)
        draft = start_client_note(client=at.made.client, template=template, by_member=at.made.clinician)
    hand_over(at)
    page = at.url("notes:client_note", at.made.client.pk, draft.pk)
    assert at.provider.get(page).status_code == 200
    assert at.provider.get(at.url("client", at.made.client.pk)).status_code == 404
    # Somebody else's draft is nobody's to read, the new provider's neither.
    assert at.colleague.get(page).status_code == 404


def test_a_former_clients_chart_goes_along(at: Desk) -> None:
    former = make_client(at.made.organization, at.made.provider, active=False)
    hand_over(at)
    assert provider_of(at, former) == at.second.pk
