"""The time machine moves the demo's clock, and what is due by then happens in front of the viewer."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from attest.calendar.models import Session
from attest.core import clock
from attest.core.access import Role
from attest.demo import machine
from attest.demo.logins import logins
from attest.demo.people import clients
from attest.ledger.models import ChargeDue
from attest.policy.deadlines import local
from tests.confirmation.hands import press, type_details, write
from tests.factories import Made, browser_of, make_practice, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(settings: Any) -> Made:
    settings.ATTEST_DEMO = True
    clock.forget()
    return make_practice()


@pytest.fixture
def confirmed(made: Made) -> Session:
    session = make_session(made.client)
    with made.inside():
        write(made, session)
        type_details(session)
        press(made, session)
    return session


def test_tomorrow_at_nine_the_clients_share_falls_due_and_no_claim_leaves_yet(
    made: Made, confirmed: Session
) -> None:
    happened = machine.jump("tomorrow", confirmed.zone)
    there = local(clock.now(), confirmed.zone)
    assert (there.hour, there.minute) == (9, 0)
    assert happened == ["1 client's share fell due"]
    with made.inside():
        charge = ChargeDue.objects.get()
        confirmed.refresh_from_db()
    assert charge.state == "open" and confirmed.chip == "confirmed"


def test_after_two_days_the_claim_is_ready_too(made: Made, confirmed: Session) -> None:
    happened = machine.jump("48h", confirmed.zone)
    assert set(happened) == {"1 claim became ready to leave", "1 client's share fell due"}
    with made.inside():
        confirmed.refresh_from_db()
    assert confirmed.chip == "claim_ready"


def test_the_clock_stays_moved_and_only_moves_forward(made: Made) -> None:
    before = clock.now()
    machine.jump("30d", made.organization.zone)
    clock.forget()
    assert clock.now() - before >= timedelta(days=30)
    with pytest.raises(ValueError, match="forward"):
        clock.move_to(before)


def test_outside_the_demo_no_clock_can_be_moved(made: Made, settings: Any) -> None:
    settings.ATTEST_DEMO = False
    with pytest.raises(ValueError, match="demo"):
        clock.move_to(clock.real_now() + timedelta(days=1))


def test_the_buttons_work_from_any_page_and_come_back_to_it(made: Made, confirmed: Session) -> None:
    browser = browser_of(made.clinician)
    here = f"/o/{made.slug}/to-do/"
    answer = browser.post(f"/o/{made.slug}/demo/clock/", {"to": "tomorrow", "back": here}, follow=True)
    assert answer.redirect_chain == [(here, 302)]
    assert "It is now" in answer.content.decode() and "share fell due" in answer.content.decode()


def test_a_button_that_is_not_there_moves_nothing_and_leads_to_no_other_site(made: Made) -> None:
    browser, before = browser_of(made.clinician), clock.now()
    answer = browser.post(f"/o/{made.slug}/demo/clock/", {"to": "1999", "back": "https://elsewhere.example/"})
    assert answer["Location"] == f"/o/{made.slug}/calendar/"
    clock.forget()
    assert clock.now() - before < timedelta(minutes=5)


def test_a_stranger_moves_no_clock(made: Made) -> None:
    answer = Browser().post(f"/o/{made.slug}/demo/clock/", {"to": "30d"})
    assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]


def test_there_is_a_login_for_each_role_that_has_pages() -> None:
    roles = {login["role"] for login in logins()}
    assert roles == {"Provider", "Practice admin", "Biller", "Auditor", "Support"}
    assert len(roles) == len(Role) - 1  # clients have no pages in this version


def test_the_cast_is_forty_different_people() -> None:
    people = clients()
    assert len({(p.first, p.last) for p in people}) == len(people) == 40
    assert len({(p.provider, p.slot) for p in people}) == 40
