"""What is owed: grouped by what to do, the oldest first, and counted on every page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attest.calendar.actions import cancel_session
from attest.calendar.models import Session
from attest.core import clock
from attest.core.access import Scope
from attest.notes.actions import start_draft
from attest.notes.queries import template_by_key
from attest.workspace.queries import todo as reads
from attest.workspace.queries.todo import Todo, count, todo
from tests.factories import browser_of, make_client, make_member
from tests.workspace.confirming import confirm
from tests.workspace.people import Desk, desk

pytestmark = pytest.mark.django_db


def found(at: Desk, scope: Scope = Scope.OWN) -> Todo:
    """What the clinician (or, with Scope.ALL, the admin) owes."""
    with at.made.inside():
        return todo(at.made.clinician if scope is Scope.OWN else at.made.admin, scope, clock.now())


def counted(at: Desk) -> int:
    with at.made.inside():
        return count(at.made.clinician, clock.now())


def draft(at: Desk, session: Session) -> None:
    with at.made.inside():
        template = template_by_key(at.made.organization.pk, "dap")
        assert template is not None
        start_draft(session=session, template=template, by_member=at.made.clinician)


def listed(at: Desk, scope: Scope = Scope.OWN) -> dict[str, list[Any]]:
    return {group.key: [task.session.pk for task in group.tasks] for group in found(at, scope).groups}


def test_sessions_are_grouped_by_what_to_do_the_oldest_first() -> None:
    at = desk()
    later, earlier = at.session(days=-1), at.session(days=-6)
    begun = at.session(days=-2)
    owed = at.session(days=-3, minutes=53)
    expired = at.session(days=-40)
    at.session(days=1)
    at.session(days=-4, kind="consultation")
    draft(at, begun)
    confirm(at.made, owed)
    assert listed(at) == {
        "confirm": [earlier.pk, later.pk],
        "sign": [begun.pk],
        "owed": [owed.pk],
        "close": [expired.pk],
    }
    assert counted(at) == found(at).count == 5


def test_a_draft_on_a_session_that_is_over_still_waits_to_be_signed() -> None:
    at = desk()
    session = at.session(days=1)
    draft(at, session)
    with at.made.inside():
        cancel_session(session_id=session.pk, reason="", by=at.made.by)
    assert listed(at) == {"sign": [session.pk]}
    assert counted(at) == 1


def test_each_task_says_until_when() -> None:
    at = desk()
    at.session(days=-1, minutes=60)
    (group,) = found(at).groups
    (task,) = group.tasks
    assert task.due_at.isoformat() == "2026-12-24T04:59:59+00:00"
    assert task.note_due_at is not None
    assert task.note_due_at.isoformat() == "2026-11-26T19:10:00+00:00"


def test_a_provider_owes_their_own_and_an_admin_sees_all() -> None:
    at = desk()
    mine, theirs = at.session(days=-1), at.session(days=-2, client=at.second_client)
    assert listed(at) == {"confirm": [mine.pk]}
    assert listed(at, Scope.ALL) == {"confirm": [theirs.pk, mine.pk]}
    assert counted(at) == 1


def test_clients_who_must_act_are_named_with_what_is_missing_before_and_after_their_session() -> None:
    at = desk()
    held = make_client(at.made.organization, at.made.provider, payer=at.made.payer, ready=False)
    coming = make_client(at.made.organization, at.made.provider, payer=at.made.payer, ready=False)
    far = make_client(at.made.organization, at.made.provider, payer=at.made.payer, ready=False)
    at.session(days=-1, client=held)
    at.session(days=-2, client=held)
    at.session(days=6, client=coming)
    at.session(days=8, client=far)
    at.session(days=2)
    waiting = found(at).waiting
    assert [row.client.pk for row in waiting] == [held.pk, coming.pk]
    assert len(waiting[0].sessions) == 2
    assert set(waiting[0].blocks) == {"no_payment_method", "forms_missing"}
    assert waiting[1].since is None
    assert waiting[1].due_at == waiting[1].first.starts_at


def test_the_rail_counts_with_one_statement_and_leaves_out_what_waits_for_clients() -> None:
    at = desk()
    at.session(days=-1)
    at.session(days=-2)
    with at.made.inside(), CaptureQueriesContext(connection) as captured:
        assert count(at.made.clinician, clock.now()) == 2
    assert len(captured) == 1
    page = at.provider.get(at.url("calendar")).content.decode()
    assert re.search(r'<span class="count">2<span class="sr-only"> waiting</span></span>', page)


def test_fifty_sessions_take_as_many_queries_as_five() -> None:
    at = desk()

    def fill(number: int) -> None:
        for n in range(number):
            at.session(days=-2 - n / 8, minutes=50)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert at.provider.get(at.url("todo")).status_code == 200
        return len(captured)

    fill(5)
    queries()  # the browser signs in
    few = queries()
    fill(45)
    assert queries() == few


def test_the_page_shows_each_group_with_time_left_and_one_thing_to_begin_with() -> None:
    at = desk()
    oldest = at.session(days=-20)
    at.session(days=-1)
    page = at.provider.get(at.url("todo")).content.decode()
    assert ">Confirm</h2>" in page
    assert page.index(at.url("session", oldest.pk)) < page.index("Start with the first")
    assert "in 10 days" in page
    assert "Fri 12/4, 11:59 PM ET" in page


def test_with_nothing_owed_the_page_says_so() -> None:
    at = desk()
    at.session(days=1)
    assert "Nothing is owed" in at.provider.get(at.url("todo")).content.decode()
    assert counted(at) == 0


def test_the_page_is_for_those_who_act() -> None:
    at = desk()
    assert at.biller.get(at.url("todo")).status_code == 403
    support = browser_of(make_member(at.made.organization, "support", name="Sol Pike"))
    assert support.get(at.url("todo")).status_code == 403
    assert "To do" not in at.biller.get(at.url("calendar")).content.decode()


def test_more_than_can_be_shown_is_said_and_counted() -> None:
    at = desk()
    at.session(days=-1)

    with at.made.inside():
        Session.objects.bulk_create(
            Session(
                organization_id=at.made.organization.pk,
                client=at.made.client,
                provider=at.made.provider,
                location=at.made.location,
                zone="America/New_York",
                starts_at=clock.now() - timedelta(days=20, minutes=n),
                ends_at=clock.now() - timedelta(days=20, minutes=n - 5),
            )
            for n in range(reads.MOST)
        )
    assert found(at).more == 1
    assert found(at).count == counted(at) == reads.MOST + 1
