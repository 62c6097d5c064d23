"""The audit trail's page: what happened in plain words, narrowed, paged, linked, and exported."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from attest.core import audit, clock
from attest.core.audit.sealing import seal
from attest.core.ids import new_id
from attest.core.models import AuditEvent
from attest.workspace.queries.trail import A_PAGE, Wanted, cursor_of, page_of
from tests.factories import Made, make_client, make_practice, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(settings: Any, tmp_path: Any) -> Made:
    settings.ATTEST_HOME = tmp_path
    return make_practice()


def url(made: Made, more: str = "") -> str:
    return f"/o/{made.slug}/audit/{more}"


def shown(answer: Any) -> list[str]:
    """The sentences on the page."""
    return [f"{row.who} {row.did}" for row, _, _ in answer.context["rows"]]


def test_an_opened_session_is_told_in_words_with_a_link_and_by_whom(made: Made) -> None:
    session = make_session(made.client)
    made.browser("provider").get(f"/o/{made.slug}/sessions/{session.pk}/")
    answer = made.browser("admin").get(url(made))
    row, link, _ = answer.context["rows"][0]
    assert row.did.startswith("opened the session of ") and row.did.endswith(
        f" with {made.client.legal_first_name} {made.client.legal_last_name}"
    )
    assert row.who == made.clinician.user.name
    assert row.why == "as a provider"
    assert link == f"/o/{made.slug}/sessions/{session.pk}/"
    assert row.number is None and "Not yet" in answer.content.decode()


def test_only_admins_and_auditors_see_it(made: Made) -> None:
    for role, status in (("admin", 200), ("auditor", 200), ("provider", 403), ("biller", 403)):
        browser = made.browser(role)
        assert browser.get(url(made)).status_code == status, role
        assert browser.get(url(made, "export/")).status_code == status, role


def test_the_page_says_how_far_the_trail_is_sealed_and_when_it_was_checked(made: Made) -> None:
    from attest.core.audit.verifying import Verification

    assert "Nothing is sealed yet" in made.browser("admin").get(url(made)).content.decode()
    seal(made.organization.pk)
    check = Verification(made.organization.pk)
    assert list(check.differences()) == []
    check.record()
    page = made.browser("admin").get(url(made)).content.decode()
    assert "Sealed up to event" in page and "all of it is as it was sealed" in page
    with made.inside():
        audit.record(
            "audit.verified", subject_type="audit", subject_id=None, by=None, sealed=3, differences=2
        )
    assert "2 differences from what was sealed" in made.browser("admin").get(url(made)).content.decode()


def test_it_is_narrowed_by_person_kind_client_and_days(made: Made) -> None:
    other = make_client(made.organization, made.provider, legal_last_name="Other")
    with made.inside():
        AuditEvent.objects.all()
        for kind, client, by, days in (
            ("client.view", made.client.pk, made.by, 0),
            ("client.updated", made.client.pk, made.by, 3),
            ("client.view", other.pk, made.admin.user_id, 0),
            ("access.refused", None, made.admin.user_id, 0),
            ("claim.ready", None, None, 0),
        ):
            with clock.at(clock.now() - timedelta(days=days)):
                audit.record(kind, subject_type="client", subject_id=client, client_id=client, by=by)

        def kinds(**chosen: Any) -> list[str]:
            events = Wanted(**chosen).of(made.organization.pk, made.organization.zone)
            since = clock.now() - timedelta(days=4)
            found = events.filter(at__gte=since).exclude(kind__in=SETTING_UP)
            return sorted(found.values_list("kind", flat=True))

        from attest.core.audit.words import Group

        today = clock.now().astimezone().date()
        assert kinds(user_id=made.by) == ["client.updated", "client.view"]
        assert kinds(client_id=other.pk) == ["client.view"]
        assert kinds(groups=(Group.REFUSED,)) == ["access.refused"]
        assert kinds(nobody=True) == ["claim.ready"]
        assert kinds(user_id=made.by, until=today - timedelta(days=2)) == ["client.updated"]
        assert kinds(client_id=made.client.pk, since=today - timedelta(days=1)) == ["client.view"]


SETTING_UP = ["organization.created", "note_template.installed", "form.published", "form.acknowledged"]


def test_a_filter_that_cannot_be_read_filters_nothing_and_says_why(made: Made) -> None:
    browser = made.browser("admin")
    answer = browser.get(url(made, "?since=2026-11-05&until=2026-11-01&person=nobody&client=x&before=%00"))
    assert answer.status_code == 200
    assert "The last day is before the first one." in answer.content.decode()


def test_pages_follow_each_other_without_gap_or_repetition_whatever_is_added_meanwhile(made: Made) -> None:
    practice = made.organization.pk
    with made.inside():
        for _ in range(A_PAGE * 2 + 5):
            with clock.at(clock.now().replace(microsecond=0)):  # many events of one moment
                audit.record("claim.view", subject_type="claim", subject_id=None, by=made.by)
        every = AuditEvent.objects.order_by("-at", "-id")
        total = list(every.values_list("pk", flat=True))
        seen, cursor = [], ""
        while True:
            page = page_of(AuditEvent.objects.all(), practice, before=cursor)
            seen += [row.event.pk for row in page.rows]
            audit.record("claim.view", subject_type="claim", subject_id=None, by=made.by)
            if not page.older:
                break
            cursor = page.older
        assert seen == total
        last = page_of(AuditEvent.objects.all(), practice, before=cursor)
        back = page_of(AuditEvent.objects.all(), practice, after=cursor_of(last.rows[0].event))
        assert [row.event.pk for row in back.rows] == total[total.index(last.rows[0].event.pk) - A_PAGE :][
            :A_PAGE
        ]


def test_a_client_is_found_by_name_without_the_name_in_an_address(made: Made) -> None:
    browser = made.browser("admin")
    answer = browser.post(url(made), {"q": made.client.legal_last_name[:3]})
    ((client, link),) = answer.context["found"]
    assert client == made.client and link == f"?client={made.client.pk}"
    narrowed = browser.get(url(made, link))
    assert narrowed.context["chosen_client"] == made.client
    with made.inside():
        assert AuditEvent.objects.filter(kind="audit.view", client_id=made.client.pk).count() == 1


def test_the_export_holds_what_the_filter_shows_with_proofs_that_can_be_checked(made: Made) -> None:
    session = make_session(made.client)
    made.browser("provider").get(f"/o/{made.slug}/sessions/{session.pk}/")
    seal(made.organization.pk)
    browser = made.browser("auditor")
    answer = browser.get(url(made, "export/?kind=reads"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    row = next(row for row in rows if row["Kind"] == "session.view")
    assert {row["Kind"] for row in rows} <= {"session.view", "audit.view"}
    assert hashlib.sha256(row["Hashed text"].encode()).hexdigest() == row["Digest"]
    assert json.loads(row["Hashed text"])["number"] == int(row["Place"])
    with made.inside():
        assert AuditEvent.objects.filter(kind="audit.exported").count() == 1


def test_a_name_that_looks_like_a_formula_is_none_in_the_export(made: Made) -> None:
    from attest.workspace.queries.trail_export import _csv_lines

    assert _csv_lines([("=1+1", "-2", "fine")]) == "'=1+1,'-2,fine\r\n"


def test_a_page_among_twenty_thousand_events_reads_an_index_and_sorts_nothing(made: Made) -> None:
    practice = made.organization.pk
    with made.inside(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_auditevent (id, organization_id, at, kind, subject_type, data, user_id, client_id)"
            " SELECT gen_random_uuid(), %s, now() - n * interval '1 minute',"
            "  CASE WHEN n %% 1000 = 0 THEN 'access.refused' ELSE 'session.view' END, 'session', '{}',"
            "  CASE WHEN n %% 7 = 0 THEN %s::uuid ELSE gen_random_uuid() END, %s"
            " FROM generate_series(1, 20000) AS n",
            [practice, made.by, new_id()],
        )
        for other_way in (
            "seqscan",
            "bitmapscan",
            "sort",
            "incremental_sort",
        ):  # nobody has counted the rows yet
            cursor.execute(f"SET LOCAL enable_{other_way} = off")
        middle = AuditEvent.objects.order_by("-at")[10_000]
        moment = cursor_of(middle)
        for wanted in (Wanted(), Wanted(user_id=made.by), Wanted(client_id=middle.client_id)):
            events = wanted.of(practice, made.organization.zone).filter(at__lte=middle.at)
            plan = events.order_by("-at", "-id")[: A_PAGE + 1].explain()
            assert "Sort" not in plan and "Seq Scan" not in plan, plan
        assert len(page_of(Wanted().of(practice, "UTC"), practice, before=moment).rows) == A_PAGE
