"""The makers of test records stand on their own."""

import pytest

from attest.calendar.models import Session
from tests.factories import browser_of, make_practice, make_session

pytestmark = pytest.mark.django_db


def test_a_made_practice_has_a_session_that_ended_yesterday() -> None:
    made = make_practice()
    session = make_session(made.client)
    with made.inside():
        assert Session.objects.get().pk == session.pk
        assert session.ends_at > session.starts_at
    other = make_practice()
    with other.inside():
        assert not Session.objects.exists()
    browser_of(made.admin)
