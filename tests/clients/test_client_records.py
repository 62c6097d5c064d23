"""Clients: what is kept and refused, who finds whom, and the diagnoses of their charts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from attest.clients import actions
from attest.clients.folding import fold
from attest.clients.models import (
    ChartDiagnosis,
)
from attest.clients.queries import (
    client_for,
    search,
    visible_clients,
)
from attest.core import clock
from attest.core.access import Scope
from attest.core.models import AuditEvent
from tests.clients.hands import new
from tests.factories import (
    Made,
    make_client,
    make_practice,
    make_provider,
    today,
)

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"


def test_everything_wrong_with_a_new_client_is_said_at_once(made: Made) -> None:
    with made.inside(), pytest.raises(actions.Refused) as refusal:
        new(made, legal_first_name="", birth_date=None, zip_code="1", phone="555", email="nobody", sex="X")
    assert set(refusal.value.sentences) == {
        "legal_first_name",
        "birth_date",
        "zip_code",
        "phone",
        "email",
        "sex",
    }
    assert refusal.value.sentences["birth_date"] == "Birth date is needed."


@pytest.mark.parametrize(
    ("born", "words"), [(date(1899, 12, 31), "before 1900"), (date(2099, 1, 1), "future")]
)
def test_birth_dates_that_cannot_be_are_refused(made: Made, born: date, words: str) -> None:
    with made.inside(), pytest.raises(actions.Refused, match=words):
        new(made, birth_date=born)


def test_a_child_born_today_where_the_practice_is_can_be_entered(made: Made) -> None:
    # Half past eight in the evening in New York is already tomorrow in UTC.
    with clock.at(datetime(2026, 9, 17, 0, 30, tzinfo=UTC)), made.inside():
        assert new(made, birth_date=date(2026, 9, 16))
        with pytest.raises(actions.Refused, match="future"):
            new(made, birth_date=date(2026, 9, 17))


def test_a_new_name_is_found_at_once_and_the_old_one_no_longer(made: Made) -> None:
    with made.inside():
        client = new(made)
        actions.update_client(client=client, legal_last_name="Ørsted", preferred_name="Nano", by=made.by)
        found = visible_clients(made.admin, Scope.ALL)
        assert [c.pk for c in search(found, "orsted nano")] == [client.pk]
        assert not search(found, "nunez")


def test_what_was_done_to_a_client_is_in_the_audit_trail_without_a_name(made: Made) -> None:
    with made.inside():
        client = new(made)
        actions.update_client(client=client, city="Kingston", by=made.by)
        events = AuditEvent.objects.filter(client_id=client.pk).order_by("at")
        assert [event.kind for event in events] == ["client.created", "client.updated"]
        assert "Kingston" not in str([event.data for event in events])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("riv", ["Rivera Alex", "Rivers Bo"]),
        ("alex", ["Alexander Zoe", "Rivera Alex"]),
        ("ALEX RIV", ["Rivera Alex"]),
        ("rivera, alex", ["Rivera Alex"]),
        ("o'bri", ["O’Brien Sam"]),
        ("obrien", ["O’Brien Sam"]),
        ("garcia l", ["García-López Inés"]),
        ("lopez", ["García-López Inés"]),
        ("iver", []),
        ("%", ["Alexander Zoe", "García-López Inés", "O’Brien Sam", "Rivera Alex", "Rivers Bo"]),
        ("_iv", []),
    ],
)
def test_clients_are_found_by_how_their_names_begin(made: Made, typed: str, found: list[str]) -> None:
    for last, first in [("Rivers", "Bo"), ("Alexander", "Zoe"), ("O’Brien", "Sam"), ("García-López", "Inés")]:
        make_client(
            made.organization, made.provider, legal_last_name=last, legal_first_name=first, ready=False
        )
    with made.inside():
        rows = search(visible_clients(made.admin, Scope.ALL), typed)
        assert [f"{c.legal_last_name} {c.legal_first_name}" for c in rows] == found


@given(names=st.tuples(*[st.text(st.characters(codec="latin-1"), max_size=12)] * 3), cut=st.integers(1, 12))
def test_the_beginning_of_any_folded_word_is_the_beginning_of_a_word(
    names: tuple[str, str, str], cut: int
) -> None:
    folded = fold(" ".join(names))
    for word in folded.split():
        begin = word[:cut]
        assert folded.startswith(begin) or f" {begin}" in folded


def test_a_provider_sees_their_own_clients_and_an_admin_all_and_nobody_those_of_another_practice(
    made: Made,
) -> None:
    colleague = make_provider(made.organization)
    theirs = make_client(made.organization, colleague, ready=False)
    foreign = make_practice().client
    with made.inside():
        assert set(visible_clients(made.clinician, Scope.OWN)) == {made.client}
        assert set(visible_clients(made.admin, Scope.ALL)) == {made.client, theirs}
        assert not visible_clients(made.admin, Scope.OWN) and not visible_clients(made.admin, Scope.NONE)
        for hidden in (theirs, foreign):
            with pytest.raises(Http404):
                client_for(made.clinician, Scope.OWN, hidden.pk)


def test_a_diagnosis_is_kept_without_its_dot_with_the_tables_label_and_once_at_a_time(made: Made) -> None:
    with made.inside():
        row = actions.add_diagnosis(client=made.client, code="f41.1", by=made.by)
        assert (row.code, row.dotted, row.label) == ("F411", "F41.1", "Generalized anxiety disorder")
        with pytest.raises(actions.Refused, match="in the chart already"):
            actions.add_diagnosis(client=made.client, code="F411", by=made.by)
        actions.resolve_diagnosis(diagnosis=row, resolved=today(), by=made.by)
        again = actions.add_diagnosis(client=made.client, code="F411", by=made.by)
        assert ChartDiagnosis.objects.count() == 2 and again.resolved is None


@pytest.mark.parametrize(
    ("code", "words"),
    [("F43.2", "is a heading"), ("F41.7", "is not in the table"), ("banana", "not in the table")],
)
def test_headings_and_unknown_codes_are_refused(made: Made, code: str, words: str) -> None:
    with made.inside(), pytest.raises(actions.Refused, match=words):
        actions.add_diagnosis(client=made.client, code=code, by=made.by)


def test_a_diagnosis_begins_and_ends_in_order_and_not_in_the_future(made: Made) -> None:
    with made.inside():
        with pytest.raises(actions.Refused, match="future"):
            actions.add_diagnosis(
                client=made.client, code="F41.1", onset=today() + timedelta(days=1), by=made.by
            )
        row = actions.add_diagnosis(client=made.client, code="F41.1", onset=today(), by=made.by)
        for day, words in [
            (today() - timedelta(days=1), "before its onset"),
            (today() + timedelta(days=2), "future"),
        ]:
            with pytest.raises(actions.Refused, match=words):
                actions.resolve_diagnosis(diagnosis=row, resolved=day, by=made.by)
