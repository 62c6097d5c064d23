"""The protection of each session is shown with its reason in panel, list and report."""

from datetime import timedelta
from typing import Any

import pytest

from attest.core import clock
from attest.core.access import Scope
from attest.notes.actions import upload_note
from attest.policy.protection import ProtectionState as S
from attest.workspace.queries.protection import protections, report
from tests.confirmation.hands import press, type_details, write
from tests.core.inspection.hostile import honest
from tests.workspace.people import Desk, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def documented(at: Desk, how: str, days: float) -> Any:
    """A session documented in one of the ways."""
    session = at.session(days=days, kind="consultation" if how == "consultation" else "individual")
    with at.made.inside():
        match how:
            case "signed" | "late":
                write(at.made, session, late_reason="I was ill.")
                type_details(session)
                press(at.made, session)
            case "draft":
                write(at.made, session)
            case "elsewhere":
                day = f"{session.starts_at:%m/%d/%Y}"
                where = {"elsewhere_author": "M. Holt", "elsewhere_signed_on": day}
                type_details(session, note_choice="none", none_kind="elsewhere", **where)
                press(at.made, session)
            case "uploaded":
                upload_note(
                    session_id=session.pk, content=honest()["png"], author="M. Holt",
                    signed_on=session.starts_at.date(), by_member=at.made.clinician,
                )  # fmt: skip
            case "not held":
                type(session).objects.filter(pk=session.pk).update(chip="no_show")
        session.refresh_from_db()
    return session


@pytest.mark.parametrize(
    ("how", "days", "state"),
    [
        ("signed", -1, S.PROTECTED),
        ("late", -8, S.LATE),
        ("draft", -1, S.MISSING),
        ("nothing", -1, S.MISSING),
        ("elsewhere", -1, S.NO_TEMPLATE),
        ("uploaded", -1, S.NO_TEMPLATE),
        ("not held", -1, None),
        ("consultation", -1, None),
        ("nothing", 1, None),
    ],
)
def test_each_way_of_documenting_has_its_standing(at: Desk, how: str, days: float, state: S | None) -> None:
    session = documented(at, how, days)
    with at.made.inside():
        found = protections([session], clock.now()).get(session.pk)
    assert (found.state if found else None) is state


def test_panel_and_list_say_it_with_its_reason(at: Desk) -> None:
    session = documented(at, "late", -8)
    panel = at.provider.get(at.url("session", session.pk)).content.decode()
    assert "Protected, signed late." in panel
    assert "after its due time" in panel
    sessions = at.provider.get(at.url("client_tab", at.made.client.pk, "sessions")).content.decode()
    assert "Protected, signed late" in sessions


def test_the_report_counts_and_filters_and_keeps_to_what_the_member_may_see(at: Desk) -> None:
    documented(at, "signed", -1)
    missing = documented(at, "nothing", -2)
    at.session(days=-3, client=at.second_client, provider=at.second)
    page = at.provider.get(at.url("protection")).content.decode()
    assert "Note missing" in page
    today = clock.now().date()
    times: dict[str, Any] = {
        "since": today - timedelta(days=9),
        "until": today,
        "zone": "America/New_York",
        "now": clock.now(),
    }
    with at.made.inside():
        own = report(at.made.clinician, Scope.OWN, states=[S.MISSING], **times)
        everybody = report(at.made.admin, Scope.ALL, **times)
    assert [session.pk for session, _ in own.rows] == [missing.pk]
    assert own.counts == {S.PROTECTED: 1, S.MISSING: 1}
    assert everybody.total == 3
    assert at.biller.get(at.url("protection")).status_code == 403


def test_a_date_that_cannot_be_read_is_said_and_the_usual_time_shown(at: Desk) -> None:
    page = at.provider.get(at.url("protection") + "?since=yesterday").content.decode()
    assert "could not be read" in page


def test_a_list_takes_a_constant_number_of_queries(at: Desk, django_assert_max_num_queries: Any) -> None:
    sessions = [at.session(days=-day) for day in range(1, 8)]
    with at.made.inside(), django_assert_max_num_queries(8):
        assert len(protections(sessions, clock.now())) == 7
