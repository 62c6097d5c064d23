"""The confirm page as a form: sent as a browser sends it, it keeps what was typed and is never done twice."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from attest.calendar.models import Session
from attest.confirmation.drafts import draft_values
from attest.confirmation.models import Confirmation, Details
from attest.core import clock
from attest.core.models import AuditEvent
from attest.policy.deadlines import local
from tests.confirmation.hands import type_details, write
from tests.factories import Made, browser_of, make_practice, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


@pytest.fixture
def session(made: Made) -> Session:
    """Yesterday's 50 minutes, with everything there but the affirmation; the note will be owed."""
    session = make_session(made.client, minutes=50)
    with made.inside():
        type_details(session, affirmed="", note_choice="none", none_kind="owed")
    return session


@pytest.fixture
def browser(made: Made) -> Browser:
    return browser_of(made.clinician)


def address(made: Made, session: Session, name: str = "") -> str:
    return f"/o/{made.slug}/sessions/{session.pk}/confirm/{name}"


def form_on(page: Any) -> dict[str, Any]:
    """What a browser would send of the page: hidden fields, texts, and what is ticked or chosen."""
    html = page.content.decode()
    form: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, kind = attributes.get("name"), attributes.get("type", "text")
        if not name or " disabled" in tag or (kind in ("radio", "checkbox") and " checked" not in tag):
            continue
        form.setdefault(name, []).append(attributes.get("value", "" if kind == "text" else "on"))
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        form[name] = re.findall(r'value="([^"]*)" selected', options)
    return form


def test_a_stopped_press_keeps_what_was_sent_and_the_code_still_follows_the_minutes(
    made: Made, session: Session, browser: Browser
) -> None:
    form = form_on(browser.get(address(made, session)))
    assert (form["code"], form["followed"]) == (["90834"], ["90834"])
    stopped = browser.post(address(made, session), form | {"date_reason": "Kept."})
    assert stopped.status_code == 422
    assert "One thing is still missing. Nothing was signed yet." in stopped.content.decode()
    with made.inside():
        values, _ = draft_values(session)
    assert (values["date_reason"], values.get("code", "")) == ("Kept.", "")
    again = form_on(stopped) | {"stop_1": "2:53 PM"}
    assert form_on(browser.post(address(made, session), again))["code"] == ["90837"]


def test_a_code_that_was_chosen_is_kept_whatever_the_minutes(
    made: Made, session: Session, browser: Browser
) -> None:
    form = form_on(browser.get(address(made, session))) | {"code": "90832"}
    kept = form_on(browser.post(address(made, session), form)) | {"stop_1": "2:53 PM"}
    assert form_on(browser.post(address(made, session), kept))["code"] == ["90832"]


def test_the_same_form_sent_again_after_it_was_stopped_is_judged_again(
    made: Made, session: Session, browser: Browser
) -> None:
    form = form_on(browser.get(address(made, session))) | {"date_reason": "Kept."}
    assert [browser.post(address(made, session), form).status_code for _ in range(3)] == [422, 422, 422]


def test_a_box_that_was_unticked_without_a_script_is_unticked(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        type_details(session, affirmed="on")
    form = form_on(browser.get(address(made, session)))
    del form["affirmed"]
    assert browser.post(address(made, session), form).status_code == 422
    assert "affirmed" not in form_on(browser.get(address(made, session)))


def test_the_press_is_answered_with_another_address_and_a_second_one_does_nothing(
    made: Made, session: Session, browser: Browser
) -> None:
    with made.inside():
        type_details(session, affirmed="on")
    form = form_on(browser.get(address(made, session)))
    panel = f"/o/{made.slug}/sessions/{session.pk}/"
    for _ in range(2):
        answer = browser.post(address(made, session), form)
        assert (answer.status_code, answer.headers["Location"]) == (303, panel)
    assert browser.get(address(made, session)).headers["Location"] == panel
    assert browser.post(address(made, session, "save/"), {"revision": "1", "date": "x"}).status_code == 409
    with made.inside():
        assert Confirmation.objects.count() == 1


def test_what_another_tab_saved_is_shown_and_not_overwritten(
    made: Made, session: Session, browser: Browser
) -> None:
    form = form_on(browser.get(address(made, session)))
    with made.inside():
        type_details(session, affirmed="on", excluded_minutes="5")
    answer = browser.post(address(made, session), form | {"excluded_minutes": "15"})
    assert answer.status_code == 409
    assert "These details were changed in another tab." in answer.content.decode()
    assert form_on(answer)["excluded_minutes"] == ["5"]
    assert browser.post(address(made, session, "save/"), {"revision": "1", "date": "x"}).json()["message"]


def test_without_a_script_a_drafted_note_is_not_signed_unseen(made: Made, browser: Browser) -> None:
    session = make_session(made.client)
    with made.inside():
        write(made, session)
        type_details(session)
    page = browser.get(address(made, session))
    assert form_on(page)["seen_note"] == [""]
    answer = browser.post(address(made, session), form_on(page))
    assert (answer.status_code, Confirmation.objects.count()) == (409, 0)
    vouched = re.findall(r'data-vouches="(\w+)"', page.content.decode())
    form = form_on(answer) | {"seen_note": vouched}
    assert browser.post(address(made, session), form).status_code == 303


def test_on_the_night_clocks_go_back_the_hour_that_was_chosen_is_confirmed(made: Made) -> None:
    start = clock.now().replace(year=2026, month=11, day=1, hour=4, minute=50, second=0, microsecond=0)
    session = make_session(made.client, starts_at=start, minutes=50)
    with made.inside(), clock.at(start + timedelta(days=1)):
        type_details(
            session, start_1="1:10 AM", stop_1="1:55 AM", note_choice="none", none_kind="owed", affirmed="on"
        )
        browser = browser_of(made.clinician)
        asked = browser.get(address(made, session))
        assert "1:10 AM happens twice on 11/01/2026" in asked.content.decode()
        assert browser.post(address(made, session), form_on(asked)).status_code == 422
        chosen = form_on(browser.get(address(made, session))) | {
            "start_which_1": "EDT",
            "stop_which_1": "EST",
        }
        shown = form_on(browser.post(address(made, session), chosen))
        assert browser.post(address(made, session), shown).status_code == 303
        details = Details.objects.get()
    assert details.minutes == 105
    first, last = (local(clock.now().fromisoformat(text), session.zone) for text in details.intervals[0])
    assert (f"{first:%H:%M %Z}", f"{last:%H:%M %Z}") == ("01:10 EDT", "01:55 EST")


def test_typing_leaves_no_trail_of_chart_reads(made: Made, session: Session, browser: Browser) -> None:
    browser.get(address(made, session))
    with made.inside():
        before = AuditEvent.objects.count()
    for revision in range(1, 4):
        answer = browser.post(
            address(made, session, "save/"), {"revision": str(revision), "excluded_minutes": "5"}
        )
        assert answer.status_code == 200
        assert browser.get(address(made, session, "preview/"), HTTP_HX_REQUEST="true").status_code == 200
    with made.inside():
        assert AuditEvent.objects.count() == before


def test_the_page_takes_a_constant_number_of_questions(
    made: Made, session: Session, browser: Browser, django_assert_max_num_queries: Any
) -> None:
    browser.get(address(made, session))
    with django_assert_max_num_queries(45):
        browser.get(address(made, session))
    with django_assert_max_num_queries(32):
        browser.get(address(made, session, "preview/"), HTTP_HX_REQUEST="true")
