"""Whoever opens a page of a chart leaves an event, whatever page it is; so does whoever is refused or fails."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from attest.core import audit, clock
from attest.core.access import RIGHTS, MemberRequest, Role, access
from attest.core.audit.words import Group, kinds_of
from attest.core.ids import new_id
from attest.core.models import AuditEvent
from tests.access.addresses import all_addresses
from tests.access.practices import make_house
from tests.factories import Made, browser_of, make_practice, make_session

pytestmark = pytest.mark.django_db
CHART = {name for name, right in RIGHTS.items() if right.chart}


def test_opening_any_page_of_a_chart_leaves_an_event_of_its_right_and_a_refusal_none() -> None:
    house = make_house("Aldermoor")
    made, opened = house.made, set()
    members = {role: house.members[role] for role in (Role.PROVIDER, Role.AUDITOR, Role.ADMIN)}
    browsers = {role: browser_of(member) for role, member in members.items()}
    for entry in all_addresses():
        right = entry.access
        if right not in CHART or not entry.records:
            continue
        for role, browser in browsers.items():
            with made.inside():
                before = AuditEvent.objects.filter(kind=right).count()
            status = browser.get(entry.at(made.slug, house.ids(entry, members[role]))).status_code
            with made.inside():
                events = AuditEvent.objects.filter(kind=right)
                left = events.count() - before  # a page that shows an earlier note leaves one for that too
                assert left >= 1 if status < 400 else left == 0, (entry.name, role, status)
                if status < 400:
                    opened.add(right)
                if status == 200:
                    newest = events.order_by("-at", "-id")[0]
                    assert newest.client_id == made.client.pk, entry.name
    assert opened >= {
        "session.view",
        "note.read",
        "client.view",
        "claim.view",
        "session.confirm",
        "note.write",
    }


def refusals(made: Made) -> list[tuple[str, dict[str, object]]]:
    with made.inside():
        found = AuditEvent.objects.filter(kind__in=kinds_of(Group.REFUSED)).order_by("at", "id")
        return [(event.kind, event.data) for event in found]


def test_a_session_that_may_not_be_confirmed_yet_leaves_a_refused_attempt_and_nothing_else() -> None:
    made = make_practice()
    session = make_session(made.client, starts_at=clock.now() + timedelta(days=1))
    answer = made.browser("provider").post(
        f"/o/{made.slug}/sessions/{session.pk}/confirm/", {"action": "confirm"}
    )
    assert answer.status_code in (409, 422)
    ((kind, data),) = refusals(made)
    assert (kind, data["right"], data["status"]) == ("action.refused", "session.confirm", answer.status_code)


def test_being_refused_asking_for_nothing_and_a_form_that_says_why_not_are_told_apart() -> None:
    made = make_practice()
    browser = made.browser("provider")
    at = f"/o/{made.slug}"
    assert browser.post(f"{at}/settings/payers/new/", {"name": "x"}).status_code == 403
    assert browser.get(f"{at}/sessions/{new_id()}/").status_code == 404
    assert browser.post(f"{at}/clients/{made.client.pk}/edit/", {}).status_code == 422
    assert [(kind, data["right"]) for kind, data in refusals(made)] == [
        ("access.refused", "payer.edit"),
        ("access.not_found", "session.view"),
        ("action.refused", "client.edit"),
    ]


def test_a_fault_of_the_product_is_recorded_outside_the_transaction_that_it_undoes() -> None:
    made = make_practice()
    member = made.clinician

    @access("client.edit")
    def breaks(request: MemberRequest) -> HttpResponse:
        audit.record("client.updated", subject_type="client", subject_id=made.client.pk, by=member.user_id)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_settledstamp (organization_id, stamp) VALUES (NULL, NULL)")
        return HttpResponse()

    request = RequestFactory().post("/")
    request.user = member.user
    request.session = made.browser("provider").session
    with pytest.raises(DatabaseError):
        breaks(request, practice=made.slug)
    assert refusals(made) == [("action.failed", {"right": "client.edit", "fault": "ProgrammingError"})]
    with made.inside():
        assert not AuditEvent.objects.filter(kind="client.updated").exists()
