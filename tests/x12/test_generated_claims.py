"""Every claim that can be made from valid records passes the checks and reads back to the same facts."""

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
import pyx12.params
import pyx12.x12n_document
from hypothesis import HealthCheck, Phase, given, settings
from x12sdk.io import X12ModelReader

from attest.x12 import syntax, validate
from attest.x12.charset import transliterate
from attest.x12.claim_837p import Address, Claim, problems, write
from tests.x12.examples import NOW, interchange, text_of
from tests.x12.strategies import ADD_ONS, ICD, claims

VALID = frozenset(code.replace(".", "") for code in ICD)


def sent(text: str) -> str:
    return transliterate(text).text


def read_with_x12sdk(text: str) -> list[Any]:
    with X12ModelReader(text) as reader:
        models: Iterable[Any] = reader.models()
        return [claim for model in models for claim in model.claims()]


def money(cents: int) -> Decimal:
    return Decimal(cents) / 100


def same_address(loop: Any, address: Address) -> None:
    n3, n4 = loop.n3_segment, loop.n4_segment
    assert (n3.address_information_1, n3.address_information_2 or "") == (
        sent(address.line1),
        sent(address.line2),
    )
    assert (n4.city_name, n4.state_province_code, n4.postal_code) == (
        sent(address.city),
        address.state,
        address.postal_code.replace("-", ""),
    )


def name_of(loop: Any) -> tuple[str, str, str, str]:
    nm1 = loop.nm1_segment
    return (
        nm1.name_last_or_organization_name,
        nm1.name_first or "",
        nm1.name_middle or "",
        nm1.name_suffix or "",
    )


def references(segments: list[Any]) -> dict[str, str]:
    return {ref.reference_identification_qualifier: ref.reference_identification for ref in segments or []}


def same_facts(read: Any, claim: Claim) -> None:
    """What x12sdk reads is what the claim says, apart from the transliteration of names."""
    clm = read.claim.clm_segment
    assert read.patient_control_number == claim.control_number
    assert read.charge == money(claim.total_cents)
    location = clm.health_care_service_location_information
    assert location == f"{claim.place_of_service}:B:{claim.frequency}"
    same_parties(read, claim)
    same_patient(read, claim)
    refs = references(read.claim.ref_segment)
    assert refs.get("G1", "") == claim.authorization
    assert refs.get("F8", "") == claim.payer_claim_control_number
    assert refs.get("EA", "") == claim.medical_record_number
    codes = [
        code
        for hi in read.claim.hi_segment
        for name, code in hi.model_dump().items()
        if "code_" in name and code
    ]
    assert [code[1] for code in codes] == [code.replace(".", "") for code in claim.diagnoses]
    assert [code[0] for code in codes] == ["ABK"] + ["ABF"] * (len(claim.diagnoses) - 1)
    paid = read.claim.amt_segment
    assert (paid.monetary_amount if paid else Decimal(0)) == money(claim.amount_paid_cents)
    onsets = [d.date_time_period for d in read.claim.dtp_segment or [] if d.date_time_qualifier == "431"]
    assert onsets == ([claim.onset] if claim.onset else [])
    note = read.claim.nte_segment
    assert (note.description if note else "") == sent(claim.note)
    same_lines(read, claim)


def same_parties(read: Any, claim: Claim) -> None:
    billing = claim.billing
    assert read.billing_provider_npi == billing.npi
    assert name_of(read.billing_provider)[:2] == (sent(billing.name), sent(billing.first_name))
    assert references(read.billing_provider.ref_segment) == {
        billing.tax_id_kind: billing.tax_id.replace("-", "")
    }
    same_address(read.billing_provider, billing.address)
    assert read.payer_name == sent(claim.payer.name)
    assert read.payer.nm1_segment.identification_code == claim.payer.id
    rendering = read.claim.loop_2310b
    if claim.rendering is None or claim.rendering.npi == billing.npi:
        assert rendering is None
    else:
        assert rendering.nm1_segment.identification_code == claim.rendering.npi
        assert rendering.prv_segment.reference_identification == claim.rendering.taxonomy
        assert name_of(rendering) == (
            sent(claim.rendering.last_name),
            sent(claim.rendering.first_name),
            sent(claim.rendering.middle_name),
            sent(claim.rendering.suffix),
        )
    facility = read.claim.loop_2310c
    if claim.facility is None or claim.facility.address == billing.address:
        assert facility is None
    else:
        assert (facility.nm1_segment.identification_code or "") == claim.facility.npi
        same_address(facility, claim.facility.address)


def same_patient(read: Any, claim: Claim) -> None:
    subscriber, patient = claim.subscriber, claim.patient
    assert read.member_id == subscriber.member_id
    assert name_of(read.subscriber) == (
        sent(subscriber.last_name),
        sent(subscriber.first_name),
        sent(subscriber.middle_name),
        sent(subscriber.suffix),
    )
    assert read.is_dependent == (patient is not None)
    assert read.relationship == (patient.relationship if patient else "18")
    person = patient or subscriber
    assert read.patient_name == (sent(person.last_name), sent(person.first_name))
    assert read.patient.dmg_segment.date_time_period == person.birth_date
    assert read.patient.dmg_segment.gender_code == person.sex
    assert person.address is not None
    same_address(read.patient, person.address)


def same_lines(read: Any, claim: Claim) -> None:
    assert len(read.service_lines) == len(claim.lines)
    for got, line in zip(read.service_lines, claim.lines, strict=True):
        sv1 = got.sv1_segment
        assert sv1.product_service_id_qualifier == ":".join(("HC", line.procedure, *line.modifiers))
        assert sv1.line_item_charge_amount == money(line.charge_cents)
        assert sv1.service_unit_count == line.units
        assert (sv1.place_of_service_code or claim.place_of_service) == (
            line.place_of_service or claim.place_of_service
        )
        assert sv1.composite_diagnosis_code_pointer == ":".join(map(str, line.diagnosis_pointers))
        assert [d.date_time_period for d in got.dtp_segment] == [line.date]
        refs = references(got.ref_segment)
        assert refs["6R"] == line.control_number
        assert refs.get("G1", "") == line.authorization


def accepted_by_pyx12_alone(text: str) -> bool:
    return bool(
        pyx12.x12n_document.x12n_document(
            pyx12.params.params(), io.StringIO(text), fd_997=None, fd_html=None, fd_xmldoc=None
        )
    )


@cache
def corpus() -> tuple[Claim, ...]:
    """300 claims generated without chance, numbered so that they can share a file."""
    drawn: list[Claim] = []

    @settings(
        max_examples=300,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(claims())
    def draw(claim: Claim) -> None:
        drawn.append(replace(claim, control_number=f"C{len(drawn)}"))

    draw()
    return tuple(drawn)


@settings(max_examples=60, deadline=None)
@given(claims())
def test_a_claim_of_valid_records_passes_every_check_and_reads_back_to_the_same_facts(claim: Claim) -> None:
    assert problems(claim) == ()
    text = text_of(claim)
    assert validate.validate(text, diagnoses=VALID, now=NOW) == []
    (read,) = read_with_x12sdk(text)
    same_facts(read, claim)


def test_the_whole_corpus_passes_in_one_file_and_every_claim_is_in_it() -> None:
    text = write(interchange(corpus()))
    assert validate.validate(text, diagnoses=VALID, now=NOW) == []
    assert accepted_by_pyx12_alone(text)
    read = {claim.patient_control_number: claim for claim in read_with_x12sdk(text)}
    assert len(read) == len(corpus()) >= 250
    for claim in corpus():
        same_facts(read[claim.control_number], claim)


def has_foreign_letters(claim: Claim) -> bool:
    person = claim.patient or claim.subscriber
    return not (person.last_name + person.first_name).replace("’", "'").isascii()


KINDS: dict[str, Callable[[Claim], bool]] = {
    "dependents": lambda claim: claim.patient is not None,
    "two or more diagnoses": lambda claim: len(claim.diagnoses) > 1,
    "add-on lines": lambda claim: any(line.procedure in ADD_ONS for line in claim.lines),
    "non-ASCII names": has_foreign_letters,
    "apostrophe names": lambda claim: any(
        mark in (claim.patient or claim.subscriber).last_name for mark in "'’"
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_corpus_holds_at_least_five_percent_of_each_kind_that_goes_wrong_elsewhere(
    kind: str, record_property: Callable[[str, object], None]
) -> None:
    share = sum(map(KINDS[kind], corpus())) / len(corpus())
    record_property(f"share of {kind}", f"{share:.0%}")
    assert share >= 0.05


def test_every_claim_of_a_batch_of_500_is_in_the_one_interchange() -> None:
    batch = [replace(corpus()[n % len(corpus())], control_number=f"B{n}", onset=None) for n in range(500)]
    text = write(interchange(batch))
    assert text.count("~CLM*") == 500
    assert text.count("ISA*") == text.count("~GS*") == text.count("~ST*") == 1
    assert {claim.patient_control_number for claim in read_with_x12sdk(text)} == {
        claim.control_number for claim in batch
    }
    assert syntax.check(text) == []


def test_a_client_of_unspecified_sex_is_sent_as_u() -> None:
    claim = next(claim for claim in corpus() if claim.patient is None)
    changed = replace(claim, subscriber=replace(claim.subscriber, sex="U", birth_date=date(1990, 1, 1)))
    text = text_of(changed)
    assert "~DMG*D8*19900101*U~" in text
    assert syntax.check(text) == []
