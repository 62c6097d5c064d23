"""A claim keeps every fact as it was when the session was confirmed, and can be written from them alone."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from attest.claims.actions import build
from attest.claims.actions.building import patient_control_number
from attest.claims.basis import ClaimedLine
from attest.claims.models import Claim
from attest.claims.snapshot import problems_of, record_of, to_x12
from attest.clients.models import Coverage
from attest.core.ids import new_id
from attest.core.models import save_fields
from attest.x12 import claim_837p as x12
from tests.claims.making import basis, held_claim
from tests.factories import Made, make_client, make_location, make_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def dependent(made: Made, relation: str = "child") -> Claim:
    client = make_client(made.organization, made.provider, payer=made.payer, legal_first_name="Zoë")
    with made.inside():
        Coverage.objects.filter(client=client).update(
            relation=relation,
            subscriber_first_name="Núria",
            subscriber_last_name="O’Brien",
            subscriber_birth_date=date(1970, 2, 1),
        )
    return held_claim(made, client=client)


def read_back(made: Made, claim: Claim) -> x12.Claim:
    """The record as it comes out of the database."""
    with made.inside():
        return to_x12(Claim.objects.get(pk=claim.pk).facts)


def test_the_facts_come_back_from_the_database_as_the_record_that_was_built(made: Made) -> None:
    with made.inside():
        given = basis(
            made,
            diagnoses=("F411", "F331"),
            lines=(
                ClaimedLine(code="99214", charge_cents=18050, pointers=(1, 2)),
                ClaimedLine(code="90833", charge_cents=9000, modifiers=("95",), units=2, pointers=(2,)),
            ),
        )
        claim = build(given)
        record = record_of(given, number=claim.number)
    assert read_back(made, claim) == record
    assert claim.total_cents == record.total_cents == 27050
    assert [line.control_number for line in record.lines] == [f"{claim.number}-1", f"{claim.number}-2"]


def test_what_changes_afterwards_in_chart_and_settings_does_not_change_the_claim(made: Made) -> None:
    claim = held_claim(made)
    before = read_back(made, claim)
    with made.inside():
        save_fields(made.client, legal_last_name="Renamed", line1="1 Elsewhere")
        save_fields(made.provider, taxonomy="103TC0700X")
        save_fields(made.payer, name="Another Plan")
        Coverage.objects.update(member_id="CHANGED")
    save_fields(made.organization, zip_code="999990000")
    assert read_back(made, claim) == before
    assert before.subscriber.last_name == "Rivera"


@pytest.mark.parametrize(("relation", "code"), [("spouse", "01"), ("child", "19"), ("other", "G8")])
def test_a_client_on_somebody_elses_plan_is_the_subscribers_dependent(
    made: Made, relation: str, code: str
) -> None:
    record = read_back(made, dependent(made, relation))
    assert record.patient is not None
    assert (record.patient.first_name, record.patient.relationship) == ("Zoë", code)
    assert record.subscriber.last_name == "O’Brien"
    assert record.subscriber.address is None


def test_a_client_with_a_plan_of_their_own_is_the_subscriber(made: Made) -> None:
    record = read_back(made, held_claim(made))
    assert record.patient is None
    assert record.subscriber.birth_date == made.client.birth_date
    assert record.subscriber.address is not None


def test_telehealth_names_no_place_an_office_goes_by_the_practices_name_a_school_by_its_own(
    made: Made,
) -> None:
    assert read_back(made, held_claim(made, location=None, place_of_service="10")).facility is None
    office = make_location(made.organization, name="Second office", line1="1 Park Row")
    school = make_location(made.organization, name="Lincoln School", place_of_service="03")
    names = []
    for location in (office, school):
        client = make_client(made.organization, made.provider, payer=made.payer)
        facility = read_back(made, held_claim(made, client=client, location=location)).facility
        assert facility is not None
        names.append(facility.name)
    assert names == [made.organization.name, "Lincoln School"]


def test_every_claim_that_is_built_can_be_written(made: Made) -> None:
    for claim in (held_claim(made), dependent(made)):
        assert x12.problems(read_back(made, claim)) == ()


def test_what_would_keep_a_claim_from_being_written_is_known_before_it_is_built(made: Made) -> None:
    short = make_location(made.organization, name="Second office", line1="1 Park Row", zip_code="12401")
    with made.inside():
        assert problems_of(basis(made)) == ()
        (problem,) = problems_of(basis(made, location=short))
    assert (problem.field, "nine digits" in problem.sentence) == ("service facility ZIP code", True)


def test_the_last_day_to_file_follows_the_payers_rule_in_force(made: Made) -> None:
    assert held_claim(made).file_by == date(2027, 2, 18)
    with made.inside():
        client = make_client(made.organization, made.provider, payer=made.payer)
    assert held_claim(made, client=client, rule=None).file_by is None


def test_building_takes_five_statements(made: Made) -> None:
    with made.inside():
        given = basis(made)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            build(given)
    assert len(captured) <= 5, [query["sql"][:90] for query in captured]


def test_a_session_has_one_unsent_claim_at_most(made: Made) -> None:
    with made.inside():
        given = basis(made)
        build(given)
    with pytest.raises(IntegrityError), made.inside():
        build(given)


def test_a_claim_over_nothing_cannot_be_built(made: Made) -> None:
    with pytest.raises(IntegrityError), made.inside():
        given = basis(made)
        build(replace(given, lines=(ClaimedLine(code="90837", charge_cents=0),)))


def test_facts_of_an_unknown_shape_are_refused(made: Made) -> None:
    with pytest.raises(ValueError, match="99"):
        to_x12({**held_claim(made).facts, "version": 99})


def test_equal_records_of_one_file_become_one_object(made: Made) -> None:
    first, second = held_claim(made), dependent(made)
    shared: dict[object, object] = {}
    a, b = to_x12(first.facts, shared), to_x12(second.facts, shared)
    assert a.billing is b.billing
    assert a.payer is b.payer
    assert a.subscriber is not b.subscriber


@given(st.lists(st.builds(new_id), min_size=2, max_size=50, unique=True))
def test_patient_control_numbers_differ_and_cannot_be_misread(ids: list) -> None:  # type: ignore[type-arg]
    numbers = [patient_control_number(claim_id) for claim_id in ids]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", number) for number in numbers)
