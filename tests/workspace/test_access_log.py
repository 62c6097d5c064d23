"""A client can be given the list of who read their record, when and why; that it was given is recorded."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from attest.clients.actions import open_in_emergency
from attest.core import audit, clock
from attest.core.models import AuditEvent
from tests.factories import (
    Made,
    browser_of,
    make_client,
    make_member,
    make_practice,
    make_provider,
    make_session,
)

pytestmark = pytest.mark.django_db
REASON = "They are in the emergency room and ask for their medication."


@pytest.fixture
def made() -> Made:
    return make_practice()


def tab(made: Made) -> str:
    return f"/o/{made.slug}/clients/{made.client.pk}/chart/log/"


def handed_out(made: Made) -> str:
    return f"/o/{made.slug}/clients/{made.client.pk}/access-log/"


def test_the_tab_tells_who_opened_what_and_why(made: Made) -> None:
    session = make_session(made.client)
    made.browser("auditor").get(f"/o/{made.slug}/sessions/{session.pk}/note/")
    made.browser("biller").get(f"/o/{made.slug}/clients/{made.client.pk}/chart/coverage/")
    rows = made.browser("provider").get(tab(made)).context["rows"]
    told = [(row.did.split(" of ")[0], row.why) for row in rows]
    name = f"{made.client.legal_first_name} {made.client.legal_last_name}"
    assert (f"opened {name}’s record (coverage)", "for billing") in told
    assert any(why == "as an auditor" and did in ("read the note", "opened the session") for did, why in told)


def test_nobody_sees_it_but_the_clients_own_provider_the_admins_and_the_auditors(made: Made) -> None:
    colleague = browser_of(
        make_member(made.organization, "provider", provider=make_provider(made.organization))
    )
    for role, status in (("provider", 200), ("admin", 200), ("auditor", 200), ("biller", 404)):
        browser = made.browser(role)
        assert browser.get(tab(made)).status_code == status, role
        assert browser.post(handed_out(made), {"as": "print"}).status_code == (
            status if status == 200 else 403
        )
    assert colleague.get(tab(made)).status_code == 404
    assert colleague.post(handed_out(made), {"as": "file"}).status_code == 404


def test_a_colleague_who_was_let_in_reads_the_chart_and_not_its_log(made: Made) -> None:
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    with made.inside():
        open_in_emergency(client=made.client, reason=REASON, by_member=colleague)
    browser = browser_of(colleague)
    overview = browser.get(f"/o/{made.slug}/clients/{made.client.pk}/")
    assert overview.status_code == 200 and "Access log" not in overview.content.decode()
    assert browser.get(tab(made)).status_code == 404
    page = made.browser("provider").get(tab(made)).content.decode()
    assert "In an emergency" in page and REASON in page


def test_the_list_names_readings_and_leaves_out_what_was_typed_as_a_reason(made: Made) -> None:
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    with made.inside():
        open_in_emergency(client=made.client, reason=REASON, by_member=colleague)
    browser_of(colleague).get(f"/o/{made.slug}/clients/{made.client.pk}/")
    answer = made.browser("admin").post(handed_out(made), {"as": "print"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert colleague.user.name in page and "In an emergency" in page
    assert REASON not in page
    with made.inside():
        event = AuditEvent.objects.get(kind="client.log_given")
    assert (event.client_id, event.user_id) == (made.client.pk, made.admin.user_id)
    assert event.data == {"since": "", "until": "", "form": "print", "roles": ["admin"]}


def test_the_file_holds_the_days_that_were_chosen_and_no_other_client(made: Made) -> None:
    other = make_client(made.organization, made.provider, legal_last_name="Other")
    with made.inside():
        for client, days in ((made.client, 0), (made.client, 9), (other, 0)):
            with clock.at(clock.now() - timedelta(days=days)):
                audit.record(
                    "client.view",
                    subject_type="client",
                    subject_id=client.pk,
                    client_id=client.pk,
                    by=made.by,
                )
    since = (clock.now() - timedelta(days=3)).date().isoformat()
    answer = made.browser("provider").post(handed_out(made), {"as": "file", "since": since})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Who"] for row in rows if row["What"].startswith("opened")] == [made.clinician.user.name]
    assert "Other" not in text


def test_days_in_the_wrong_order_are_told_beside_the_field(made: Made) -> None:
    days: dict[str, Any] = {"since": "2026-11-05", "until": "2026-11-01", "as": "print"}
    answer = made.browser("admin").post(handed_out(made), days)
    assert answer.status_code == 422
    assert "The last day is before the first one." in answer.content.decode()
    with made.inside():
        assert not AuditEvent.objects.filter(kind="client.log_given").exists()
        assert AuditEvent.objects.filter(kind="action.refused", client_id=made.client.pk).count() == 1
