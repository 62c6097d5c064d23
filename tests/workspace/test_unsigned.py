"""Unsigned notes by age, and the treatment plans to review, on the list of what is owed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.core import clock
from attest.core.access import Scope
from attest.notes.actions import start_client_note
from attest.notes.queries import template_by_key
from attest.workspace.queries.todo import count, todo
from attest.workspace.queries.unsigned import TALLEST, Unsigned, ages
from tests.notes.test_plans import written
from tests.workspace.people import desk

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours_left", "place"),
    [
        (72, 0),
        (18.1, 0),
        (18, 1),
        (0, 1),
        (-0.1, 2),
        (-72, 2),
        (-72.1, 3),
        (-168, 3),
        (-168.1, 4),
        (-2000, 4),
    ],
)
def test_a_note_has_one_age_by_the_time_it_has_left_or_is_late(hours_left: float, place: int) -> None:
    due = NOW + timedelta(hours=hours_left)
    found = ages([Unsigned(due, due - timedelta(hours=72))], NOW)
    assert [age.count for age in found] == [int(at == place) for at in range(5)]


@given(st.lists(st.integers(-500, 72), min_size=1, max_size=30))
def test_no_note_is_lost_and_the_tallest_bar_is_the_commonest_age(left: list[int]) -> None:
    notes = [Unsigned(due := NOW + timedelta(hours=h), due - timedelta(hours=72)) for h in left]
    found = ages(notes, NOW)
    assert sum(age.count for age in found) == len(notes)
    assert max(found, key=lambda age: age.count).height == TALLEST
    assert all(0 <= age.top <= TALLEST for age in found)


def test_without_unsigned_notes_there_is_no_chart() -> None:
    assert ages([], NOW) == []


@pytest.mark.django_db
def test_the_list_shows_unsigned_notes_by_age_as_bars_and_as_a_table() -> None:
    at = desk()
    at.session(days=-1)
    at.session(days=-8)
    at.session(days=-15)
    page = at.provider.get(at.url("todo")).content.decode()
    assert "In time: 1; Due soon: 0; Late, to 3 days: 0; Late, to a week: 1; Late, over a week: 1" in page
    assert "Show as a table" in page


@pytest.mark.django_db
def test_a_note_begun_without_a_session_is_on_its_authors_list_and_counted() -> None:
    at = desk()
    with at.made.inside():
        template = template_by_key(at.made.organization.pk, "contact")
        assert template is not None
        start_client_note(client=at.made.client, template=template, by_member=at.made.clinician)
        found = todo(at.made.clinician, Scope.OWN, clock.now())
        assert [note.template.key for note in found.drafts] == ["contact"]
        assert count(at.made.clinician, clock.now()) == found.count == 1
        assert not todo(at.made.admin, Scope.ALL, clock.now(), at.second.pk).drafts
    assert "Begun without a session" in at.provider.get(at.url("todo")).content.decode()


@pytest.mark.django_db
def test_a_plan_is_on_the_list_and_counted_from_two_weeks_before_its_review() -> None:
    at = desk()
    with at.made.inside():
        plan = written(at.made).treatment_plans.get()
    before = clock.now()
    for days_to_review, listed in ((20, 0), (13, 1), (-3, 1)):
        moment = before + timedelta(days=(plan.review_on - before.date()).days - days_to_review)
        with clock.at(moment), at.made.inside():
            found = todo(at.made.clinician, Scope.OWN, moment)
            assert len(found.plans) == listed
            assert count(at.made.clinician, moment) == found.count
            assert not todo(at.made.clinician, Scope.OWN, moment, at.second.pk).plans
