"""The demo's guided path: confirm a session, then see its claim."""

import re
from datetime import timedelta

import pytest
from pytest_django import Settings

from attest.core import clock
from attest.core.work import sweep
from tests.factories import make_client
from tests.workspace.confirming import confirm
from tests.workspace.people import Desk, desk

pytestmark = pytest.mark.django_db
TITLE = "Confirm a session, then see its claim"


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.ATTEST_DEMO = True


def first_page(at: Desk) -> str:
    page: str = at.provider.get(at.url("calendar")).content.decode()
    return page


def test_outside_the_demo_there_is_no_path() -> None:
    at = desk()
    at.session(days=-1)
    assert TITLE not in first_page(at)


def test_the_path_takes_a_session_with_nothing_in_its_way(demo: None) -> None:
    at = desk()
    unready = make_client(at.made.organization, at.made.provider, payer=at.made.payer, ready=False)
    at.session(days=-1, client=unready)
    good = at.session(days=-2)
    page = first_page(at)
    assert TITLE in page
    assert at.url("session", good.pk) in page.split(TITLE)[1][:2000]


def test_the_steps_tick_themselves_off(demo: None) -> None:
    at = desk()
    session = at.session(days=-2, minutes=53)
    assert first_page(at).count("(done)") == 0
    at.provider.get(at.url("session", session.pk))
    assert first_page(at).count("(done)") == 1
    assert at.url("confirmation:confirm", session.pk) in first_page(at)
    confirm(at.made, session)
    page = first_page(at)
    assert page.count("(done)") == 2
    (claim,) = re.findall(r'href="([^"]+/claims/[^"]+)">See its claim', page)
    at.provider.get(claim)
    assert first_page(at).count("(done)") == 3
    with clock.at(clock.now() + timedelta(hours=49)):
        sweep()
        assert first_page(at).count("(done)") == 4
        assert "That was the whole way" in first_page(at)


def test_it_can_be_hidden_and_stays_hidden(demo: None) -> None:
    at = desk()
    at.session(days=-2)
    assert at.provider.get(at.url("guide_dismiss")).status_code == 405
    assert at.provider.post(at.url("guide_dismiss"))["Location"] == at.url("calendar")
    assert TITLE not in first_page(at)


def test_somebody_who_cannot_confirm_is_not_guided(demo: None) -> None:
    at = desk()
    at.session(days=-2)
    assert TITLE not in at.admin.get(at.url("calendar")).content.decode()
