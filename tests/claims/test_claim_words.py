"""A claim's segments, found in a file of many and put into words."""

import pytest

from attest.claims.explain import HIDDEN, Labels, explain
from attest.claims.extract import segments_of
from attest.claims.sending import draft
from attest.clients.models import Coverage
from attest.core.models import save_fields
from tests.claims.making import AFTERWARDS, held_claim
from tests.factories import Made, make_client, make_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def a_file_of_three(made: Made) -> tuple[str, list[str]]:
    """Two clients with their own plan, and between them a dependent; the text and the claims' numbers."""
    claims = []
    for name, relation in (("Ames", "self"), ("Bell", "child"), ("Cole", "self")):
        client = make_client(made.organization, made.provider, payer=made.payer, legal_last_name=name)
        if relation != "self":
            with made.inside():
                Coverage.objects.filter(client=client).update(
                    relation=relation, subscriber_last_name="Parent", subscriber_birth_date="1970-01-01"
                )
        claims.append(held_claim(made, client=client))
    text = draft(made.organization, claims, control_number=1, made_at=AFTERWARDS, usage="P").text
    return text, [claim.number for claim in claims]


def test_each_claim_is_found_with_its_own_people_and_nobody_elses(made: Made) -> None:
    text, numbers = a_file_of_three(made)
    for number, own in zip(numbers, ("AMES", "BELL", "COLE"), strict=True):
        found = segments_of(text, number)
        assert [s for s in found if s.startswith("CLM*")] == [f"CLM*{number}*150***11:B:1*Y*A*Y*Y"]
        people = {s.split("*")[3] for s in found if s.startswith(("NM1*IL*", "NM1*QC*"))}
        assert people == ({own} if own != "BELL" else {"PARENT", "BELL"})
        assert sum(s.startswith("NM1*85*") for s in found) == 1
        assert found[-1] == f"REF*6R*{number}-1"


def test_together_with_the_envelopes_they_are_the_whole_file(made: Made) -> None:
    text, numbers = a_file_of_three(made)
    everything = {segment for number in numbers for segment in segments_of(text, number)}
    left = {s.split("*")[0] for s in text.split("~") if s and s not in everything}
    assert left <= {"ISA", "GS", "ST", "BHT", "NM1", "PER", "SE", "GE", "IEA"}


def test_a_number_that_is_not_in_the_file_is_not_found(made: Made) -> None:
    text, numbers = a_file_of_three(made)
    with pytest.raises(LookupError):
        segments_of(text, numbers[0][:-1])


def test_a_dependents_claim_has_its_parts_in_order(made: Made) -> None:
    text, (_, number, _) = a_file_of_three(made)
    parts = explain(segments_of(text, number), Labels({"90837": "Therapy 60"}, {"F411": "Anxiety"}))
    assert [part.title for part in parts] == [
        "Who is paid",
        "Whose plan it is",
        "Who was treated",
        "The claim",
        "Service 1",
    ]
    words = [f"{row.label}: {row.words}" for part in parts for row in part.rows]
    assert "Relation: the subscriber's child" in words
    assert any(line.startswith("Plan: primary plan; the client is a dependent") for line in words)
    assert "Diagnosis: 1. F41.1 Anxiety" in words
    assert "Service: 90837 Therapy 60; $150.00; 1 unit; for diagnosis 1" in words


def test_no_segment_is_left_without_words(made: Made) -> None:
    text, numbers = a_file_of_three(made)
    for number in numbers:
        segments = segments_of(text, number)
        rows = [row for part in explain(segments, Labels()) for row in part.rows]
        assert [row.segment for row in rows] == segments
        assert all(row.words and row.label != row.segment.split("*")[0] for row in rows)


def test_a_social_security_number_shows_its_last_four_digits_only(made: Made) -> None:
    save_fields(made.organization, tax_id="123456789", tax_id_kind="SY")
    claim = held_claim(made)
    text = draft(made.organization, [claim], control_number=1, made_at=AFTERWARDS, usage="T").text
    rows = [row for part in explain(segments_of(text, claim.number), Labels()) for row in part.rows]
    assert f"REF*SY*{HIDDEN}6789" in [row.segment for row in rows]
    assert not any("12345" in row.segment + row.words for row in rows)


def test_an_unknown_segment_is_shown_as_it_stands() -> None:
    (part,) = explain(["K3*SOMETHING**MORE"], Labels())
    assert [(row.label, row.words) for row in part.rows] == [("K3", "SOMETHING, MORE")]
