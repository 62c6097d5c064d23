"""Writing claims: what stands where, what is left out, and what is refused in which words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from attest.x12 import syntax, wire
from attest.x12.claim_837p import (
    CannotWrite,
    Claim,
    RenderingProvider,
    changes,
    problems,
    write,
)
from tests.x12.examples import (
    BILLING,
    CHILD_CLAIM,
    ENVELOPE,
    FACILITY,
    MEMBER,
    OWN_CLAIM,
    PARENT,
    RENDERING,
    SOLO,
    STREET,
    THERAPY,
    interchange,
    segments,
    text_of,
)


def after(text: str, start: str, count: int) -> list[str]:
    """The segment that starts so, and the ones behind it."""
    found = segments(text)
    at = next(n for n, segment in enumerate(found) if segment.startswith(start))
    return found[at : at + count]


def problem_fields(claim: Claim) -> list[str]:
    return [problem.field for problem in problems(claim)]


def test_a_claim_of_a_subscriber_stands_under_the_subscriber() -> None:
    assert segments(text_of(OWN_CLAIM))[7:34] == [
        "HL*1**20*1",
        "PRV*BI*PXC*261QM0801X",
        "NM1*85*2*HARBOR LANE COUNSELING*****XX*1234567893",
        "N3*14 HARBOR LN*SUITE 2",
        "N4*ALBANY*NY*122071234",
        "REF*EI*123456789",
        "HL*2*1*22*0",
        "SBR*P*18*G-77******CI",
        "NM1*IL*1*NUNEZ*ZOE****MI*W123456789",
        "N3*9 CEDAR ST",
        "N4*TROY*NY*12180",
        "DMG*D8*19840229*F",
        "NM1*PR*2*INVENTED HEALTH PLAN*****PI*INV01",
        "CLM*A-1*175.5***10:B:1*Y*A*Y*Y",
        "DTP*431*D8*20260901",
        "AMT*F5*25",
        "HI*ABK:F411*ABF:F331",
        "NM1*82*1*REYES*INES****XX*1679576722",
        "PRV*PE*PXC*1041C0700X",
        "LX*1",
        "SV1*HC:90837:95*150*UN*1***1:2",
        "DTP*472*D8*20261110",
        "REF*6R*S1-1",
        "LX*2",
        "SV1*HC:90785*25.5*UN*1***1",
        "DTP*472*D8*20261110",
        "REF*6R*S1-2",
    ]


def test_a_claim_of_a_dependent_stands_under_the_dependent_and_sbr02_stays_empty() -> None:
    assert after(text_of(CHILD_CLAIM), "HL*2", 11) == [
        "HL*2*1*22*1",
        "SBR*P***DOCK WORKERS*****BL",
        "NM1*IL*1*O'BRIEN*PAT****MI*W555000111",
        "NM1*PR*2*INVENTED HEALTH PLAN*****PI*INV01",
        "HL*3*2*23*0",
        "PAT*19",
        "NM1*QC*1*O'BRIEN*SAM",
        "N3*9 CEDAR ST",
        "N4*TROY*NY*12180",
        "DMG*D8*20120506*M",
        "CLM*A-2*150***11:B:1*Y*A*Y*Y",
    ]


def test_the_file_opens_with_submitter_and_receiver_and_closes_with_true_counts() -> None:
    written = segments(text_of(OWN_CLAIM))
    assert written[1:7] == [
        "GS*HC*HARBORLANE*CLEARING*20261112*0905*7*X*005010X222A1",
        "ST*837*0001*005010X222A1",
        "BHT*0019*00*BATCH-1*20261112*0905*CH",
        "NM1*41*2*HARBOR LANE COUNSELING*****46*HL001",
        "PER*IC*NOOR HADDAD*TE*5185550100*EM*billing@harborlane.example",
        "NM1*40*2*INVENTED CLEARINGHOUSE*****46*CLEAR1",
    ]
    assert written[-3:] == [f"SE*{len(written) - 4}*0001", "GE*1*7", "IEA*1*000000042"]


@pytest.mark.parametrize(("usage", "ending"), [("T", "*0*T*:"), ("P", "*0*P*:")])
def test_isa15_says_test_or_production(usage: Any, ending: str) -> None:
    envelope = replace(ENVELOPE, usage=usage)
    assert segments(write(interchange([OWN_CLAIM], envelope=envelope)))[0].endswith(ending)


def test_a_person_in_private_practice_bills_as_a_person_with_a_social_security_number() -> None:
    text = text_of(replace(OWN_CLAIM, billing=SOLO, rendering=None))
    assert f"~NM1*85*1*OKONKWO*ADA****XX*{SOLO.npi}~" in text
    assert "~REF*SY*219099999~" in text


def test_a_rendering_provider_who_is_the_billing_provider_is_left_out() -> None:
    same = RenderingProvider(last_name="Okonkwo", first_name="Ada", npi=SOLO.npi, taxonomy=SOLO.taxonomy)
    assert "~NM1*82*" not in text_of(replace(OWN_CLAIM, billing=SOLO, rendering=same))
    assert "~NM1*82*" in text_of(replace(OWN_CLAIM, billing=SOLO))


def test_a_service_facility_is_named_only_where_it_is_not_the_billing_address() -> None:
    assert "~NM1*77*2*HARBOR LANE WEST*****XX*1245319599~N3*3 DOCK RD~" in text_of(CHILD_CLAIM)
    assert "~NM1*77*" not in text_of(replace(CHILD_CLAIM, facility=replace(FACILITY, address=STREET)))
    assert "~NM1*77*2*HARBOR LANE WEST~N3*" in text_of(
        replace(CHILD_CLAIM, facility=replace(FACILITY, npi=""))
    )


def test_claims_of_one_subscriber_share_a_level_even_when_the_records_are_copies() -> None:
    copy = replace(OWN_CLAIM, control_number="A-9", subscriber=replace(MEMBER), billing=replace(BILLING))
    text = text_of(OWN_CLAIM, CHILD_CLAIM, copy)
    assert text.count("~HL*") == 4
    assert text.index("CLM*A-1*") < text.index("CLM*A-9*") < text.index("CLM*A-2*")
    assert syntax.check(text) == []


def test_a_subscriber_who_is_patient_and_has_a_dependent_stands_twice() -> None:
    parent = replace(
        PARENT, birth_date=date(1980, 1, 1), sex="M", address=CHILD_CLAIM.subscriber.address or STREET
    )
    own = replace(OWN_CLAIM, subscriber=parent, claim_filing_indicator="BL")
    child = replace(CHILD_CLAIM, subscriber=parent)
    levels = [segment for segment in segments(text_of(child, own)) if segment.startswith(("HL", "SBR"))]
    assert levels == [
        "HL*1**20*1",
        "HL*2*1*22*1",
        "SBR*P***DOCK WORKERS*****BL",
        "HL*3*2*23*0",
        "HL*4*1*22*0",
        "SBR*P*18**DOCK WORKERS*****BL",
    ]


def test_a_patient_has_at_most_100_claims_in_one_place_and_a_set_at_most_5000() -> None:
    many = [replace(OWN_CLAIM, control_number=f"N{n}") for n in range(250)]
    text = write(interchange(many))
    assert [s for s in segments(text) if s.startswith("HL*")] == [
        "HL*1**20*1",
        "HL*2*1*22*0",
        "HL*3*1*22*0",
        "HL*4*1*22*0",
    ]
    assert syntax.check(text) == []
    huge = [replace(OWN_CLAIM, control_number=f"N{n}") for n in range(5001)]
    document = wire.read(write(interchange(huge, transaction_control_number=12)))
    sets = [transaction for _, _, transaction in document.transactions()]
    assert [transaction.control_number for transaction in sets] == ["0012", "0013"]
    assert [sum(s.tag == "CLM" for s in transaction.segments) for transaction in sets] == [5000, 1]
    assert document.findings == ()


@pytest.mark.parametrize(
    ("cents", "sent"),
    [(15000, "150"), (15050, "150.5"), (15005, "150.05"), (1, "0.01"), (99, "0.99"), (100, "1")],
)
def test_amounts_are_written_without_superfluous_zeros(cents: int, sent: str) -> None:
    claim = replace(OWN_CLAIM, lines=(replace(THERAPY, charge_cents=cents),), amount_paid_cents=0)
    assert f"~CLM*A-1*{sent}***" in text_of(claim)


@pytest.mark.parametrize(("frequency", "what"), [("7", "replacement"), ("8", "void")])
def test_a_replacement_and_a_void_carry_the_payers_number_and_the_reason(frequency: Any, what: str) -> None:
    """Worked example: CLM*S123R1*150***10:B:7*Y*A*Y*Y~ REF*F8*PCN987~ NTE*ADD*CORRECTED PROCEDURE CODE~."""
    claim = replace(
        OWN_CLAIM,
        control_number="S123R1",
        frequency=frequency,
        lines=(THERAPY,),
        payer_claim_control_number="PCN987",
        note="Corrected procedure code",
        onset=None,
        amount_paid_cents=0,
    )
    assert after(text_of(claim), "CLM*", 3) == [
        f"CLM*S123R1*150***10:B:{frequency}*Y*A*Y*Y",
        "REF*F8*PCN987",
        "NTE*ADD*CORRECTED PROCEDURE CODE",
    ]
    (problem,) = problems(replace(claim, payer_claim_control_number=""))
    assert problem.field == "payer claim control number"
    assert what in problem.sentence


def test_an_original_claim_names_no_earlier_one() -> None:
    assert problem_fields(replace(OWN_CLAIM, payer_claim_control_number="PCN987")) == [
        "payer claim control number"
    ]


def test_dots_of_diagnoses_are_dropped_and_the_first_is_the_principal_one() -> None:
    claim = replace(OWN_CLAIM, diagnoses=("f43.23", "Z630", "F41.1"))
    assert "~HI*ABK:F4323*ABF:Z630*ABF:F411~" in text_of(claim)


def test_authorizations_of_the_claim_and_of_a_line_have_their_own_place() -> None:
    line = replace(THERAPY, authorization="L-AUTH", place_of_service="02")
    text = text_of(replace(OWN_CLAIM, lines=(line,), authorization="C-AUTH", medical_record_number="MRN 1"))
    assert "~REF*G1*C-AUTH~REF*EA*MRN 1~HI*" in text
    assert after(text, "SV1*", 4) == [
        "SV1*HC:90837:95*150*UN*1*02**1:2",
        "DTP*472*D8*20261110",
        "REF*G1*L-AUTH",
        "REF*6R*S1-1",
    ]


def test_the_place_of_a_line_is_sent_only_where_it_differs_from_the_claims() -> None:
    line = replace(THERAPY, place_of_service=OWN_CLAIM.place_of_service)
    assert "*UN*1***1:2~" in text_of(replace(OWN_CLAIM, lines=(line,)))


def test_every_problem_of_every_claim_is_reported_at_once_and_nothing_is_written() -> None:
    bad = replace(
        OWN_CLAIM,
        control_number="X" * 21,
        billing=replace(BILLING, npi="1234567890", address=replace(STREET, postal_code="12207")),
        diagnoses=("F41.1", "F411"),
        lines=(replace(THERAPY, procedure="9083", charge_cents=0, diagnosis_pointers=(3,)),),
        amount_paid_cents=0,
    )
    with pytest.raises(CannotWrite) as refusal:
        write(interchange([bad, replace(CHILD_CLAIM, place_of_service="00")]))
    assert [(problem.claim[:3], problem.field) for problem in refusal.value.problems] == [
        ("XXX", "billing provider ZIP code"),
        ("XXX", "billing provider NPI"),
        ("XXX", "claim control number"),
        ("XXX", "diagnoses"),
        ("XXX", "procedure"),
        ("XXX", "charge"),
        ("XXX", "diagnosis pointers"),
        ("A-2", "place of service"),
    ]
    assert all(problem.sentence.endswith(".") for problem in refusal.value.problems)


BAD: dict[str, tuple[Claim, list[str]]] = {
    "subscriber as patient without address, birth date and sex": (
        replace(OWN_CLAIM, subscriber=PARENT),
        ["subscriber address", "subscriber birth date", "subscriber sex"],
    ),
    "PO box of the billing provider": (
        replace(OWN_CLAIM, billing=replace(BILLING, address=replace(STREET, line1="P.O. Box 12"))),
        ["billing provider address"],
    ),
    "impossible Social Security number": (
        replace(OWN_CLAIM, billing=replace(SOLO, tax_id="000-12-3456")),
        ["billing provider tax id"],
    ),
    "short tax number": (
        replace(OWN_CLAIM, billing=replace(BILLING, tax_id="12345")),
        ["billing provider tax id"],
    ),
    "taxonomy": (
        replace(OWN_CLAIM, billing=replace(BILLING, taxonomy="LCSW")),
        ["billing provider taxonomy"],
    ),
    "rendering NPI": (
        replace(OWN_CLAIM, rendering=replace(RENDERING, npi="1679576721")),
        ["rendering provider NPI"],
    ),
    "facility ZIP code": (
        replace(
            OWN_CLAIM, facility=replace(FACILITY, address=replace(STREET, line1="Other", postal_code="12207"))
        ),
        ["service facility ZIP code"],
    ),
    "kind of plan": (replace(OWN_CLAIM, claim_filing_indicator="XX"), ["claim filing indicator"]),
    "separator in a member id": (
        replace(OWN_CLAIM, subscriber=replace(MEMBER, member_id="W1*2")),
        ["subscriber member id"],
    ),
    "name in another script": (
        replace(OWN_CLAIM, subscriber=replace(MEMBER, last_name="Иванов")),
        ["subscriber last name"],
    ),
    "long first name": (
        replace(OWN_CLAIM, subscriber=replace(MEMBER, first_name="x" * 36)),
        ["subscriber first name"],
    ),
    "state": (
        replace(OWN_CLAIM, subscriber=replace(MEMBER, address=replace(STREET, state="New York"))),
        ["subscriber state"],
    ),
    "unknown relationship": (
        replace(CHILD_CLAIM, patient=replace(CHILD_CLAIM.patient, relationship="18")),  # type: ignore[type-var]
        ["patient relationship"],
    ),
    "no diagnosis": (
        replace(OWN_CLAIM, diagnoses=(), lines=(replace(THERAPY, diagnosis_pointers=(1,)),)),
        ["diagnoses", "diagnosis pointers"],
    ),
    "thirteen diagnoses": (
        replace(OWN_CLAIM, diagnoses=tuple(f"F{n}" for n in range(200, 213))),
        ["diagnoses"],
    ),
    "no line": (replace(OWN_CLAIM, lines=(), amount_paid_cents=0), ["lines"]),
    "five modifiers": (
        replace(OWN_CLAIM, lines=(replace(THERAPY, modifiers=("95", "HO", "59", "25", "GT")),)),
        ["modifiers"],
    ),
    "no unit": (replace(OWN_CLAIM, lines=(replace(THERAPY, units=0),)), ["units"]),
    "two lines with one number": (replace(OWN_CLAIM, lines=(THERAPY, THERAPY)), ["line control number"]),
    "birth after the session": (
        replace(OWN_CLAIM, subscriber=replace(MEMBER, birth_date=date(2026, 11, 11))),
        ["subscriber birth date"],
    ),
    "onset after the session": (replace(OWN_CLAIM, onset=date(2026, 11, 11)), ["onset"]),
    "paid more than charged": (replace(OWN_CLAIM, amount_paid_cents=17551), ["amount paid"]),
    "frequency": (replace(OWN_CLAIM, frequency="6"), ["claim frequency", "payer claim control number"]),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("what", BAD)
def test_a_claim_that_cannot_be_sent_is_refused_naming_the_field(what: str) -> None:
    claim, expected = BAD[what]
    assert problem_fields(claim) == expected
    with pytest.raises(CannotWrite):
        text_of(claim)


def test_numbers_of_claims_and_files_are_checked() -> None:
    with pytest.raises(CannotWrite) as refusal:
        write(
            interchange(
                [OWN_CLAIM, OWN_CLAIM],
                group_control_number=0,
                transaction_control_number=10**9,
                reference="",
            )
        )
    assert [problem.field for problem in refusal.value.problems] == [
        "group control number",
        "transaction control number",
        "batch reference",
        "claim control number",
    ]
    with pytest.raises(CannotWrite) as refusal:
        write(interchange([]))
    assert [problem.field for problem in refusal.value.problems] == ["claims"]


def test_a_preview_shows_which_names_are_sent_differently() -> None:
    shown = {change.field: (change.kept, change.sent) for change in changes(OWN_CLAIM)}
    assert shown == {
        "rendering provider first name": ("Inés", "INES"),
        "subscriber last name": ("Núñez", "NUNEZ"),
        "subscriber first name": ("Zoë", "ZOE"),
    }
    assert [change.field for change in changes(replace(CHILD_CLAIM, note="Año"))] == [
        "rendering provider first name",
        "claim note",
    ]
