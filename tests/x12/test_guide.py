"""One thing broken in a valid file, and the check finds exactly that."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from attest.x12 import guide, syntax
from attest.x12.finding import Finding, Severity
from tests.x12.examples import (
    BILLING,
    CHILD_CLAIM,
    CODES,
    NOW,
    OWN_CLAIM,
    SOLO,
    changed,
    text_of,
)

FILE = text_of(OWN_CLAIM, CHILD_CLAIM)
REPLACEMENT = text_of(
    replace(OWN_CLAIM, frequency="7", payer_claim_control_number="PCN987", claim_filing_indicator="CI")
)


def found(text: str) -> list[Finding]:
    return guide.check(text, diagnoses=CODES, now=NOW)


def codes(text: str) -> list[str]:
    return [finding.code for finding in found(text)]


def test_nothing_is_found_in_a_valid_file() -> None:
    assert found(FILE) == []
    assert found(REPLACEMENT) == []
    assert found(text_of(replace(OWN_CLAIM, billing=SOLO, rendering=None))) == []


#: (what is broken, the file, what to replace, by what, code, segment id the finding points at)
ERRORS = [
    ("billing NPI", FILE, "XX*1234567893", "XX*1234567890", "npi-check-digit", "NM1"),
    ("NPI too short", FILE, "XX*1245319599", "XX*124531959", "npi-check-digit", "NM1"),
    ("no billing NPI", FILE, "COUNSELING*****XX*1234567893", "COUNSELING", "billing-npi-missing", "NM1"),
    ("five-digit billing ZIP", FILE, "N4*ALBANY*NY*122071234", "N4*ALBANY*NY*12207", "billing-zip", "N4"),
    ("five-digit facility ZIP", FILE, "TROY*NY*121801111", "TROY*NY*12180", "facility-zip", "N4"),
    ("PO box", FILE, "N3*14 HARBOR LN*SUITE 2", "N3*PO BOX 14", "billing-po-box", "N3"),
    ("tax number with a hyphen", FILE, "REF*EI*123456789", "REF*EI*12-3456789", "tax-id", "REF"),
    ("billing taxonomy", FILE, "BI*PXC*261QM0801X", "BI*PXC*261QM0801", "taxonomy", "PRV"),
    (
        "rendering taxonomy",
        text_of(OWN_CLAIM),
        "PE*PXC*1041C0700X",
        "PE*PXC*1041c0700X",
        "taxonomy",
        "PRV",
    ),
    (
        "rendering is billing",
        text_of(OWN_CLAIM),
        "INES****XX*1679576722",
        "INES****XX*1234567893",
        "rendering-equals-billing",
        "NM1",
    ),
    (
        "supervising is rendering",
        text_of(OWN_CLAIM),
        "~LX*1",
        "~NM1*DQ*1*REYES*INES****XX*1679576722~LX*1",
        "supervising-equals-rendering",
        "NM1",
    ),
    ("SBR02 18 with a patient level", FILE, "SBR*P***DOCK", "SBR*P*18**DOCK", "relationship", "SBR"),
    ("SBR02 empty without a patient level", FILE, "SBR*P*18*", "SBR*P**", "relationship", "SBR"),
    ("HL04 denies a level below", FILE, "HL*3*1*22*1", "HL*3*1*22*0", "hierarchy-children", "HL"),
    ("HL04 promises a level below", FILE, "HL*2*1*22*0", "HL*2*1*22*1", "hierarchy-children", "HL"),
    ("no kind of plan", FILE, "SBR*P*18*G-77******CI", "SBR*P*18*G-77", "plan-kind-missing", "SBR"),
    ("no birth date", FILE, "~DMG*D8*19840229*F", "", "subscriber-incomplete", "NM1"),
    ("birth in the future", FILE, "DMG*D8*20120506", "DMG*D8*20261125", "birth-date", "DMG"),
    ("birth after the session", FILE, "DMG*D8*20120506", "DMG*D8*20261111", "birth-date", "DMG"),
    ("dotted diagnosis", FILE, "ABF:F331", "ABF:F33.1", "diagnosis-dot", "HI"),
    ("duplicate diagnosis", FILE, "ABF:F331", "ABF:F411", "diagnosis-duplicate", "HI"),
    ("unknown diagnosis", FILE, "ABF:F331", "ABF:F999", "diagnosis-unknown", "HI"),
    ("incomplete diagnosis", FILE, "ABK:F4323", "ABK:F432", "diagnosis-unknown", "HI"),
    ("qualifier BK", FILE, "ABK:F4323", "BK:F4323", "diagnosis-qualifier", "HI"),
    ("total", FILE, "CLM*A-1*175.5", "CLM*A-1*175.6", "claim-total", "CLM"),
    ("paid more than charged", FILE, "AMT*F5*25", "AMT*F5*175.51", "paid-amount", "AMT"),
    ("frequency 7 without F8", REPLACEMENT, "~REF*F8*PCN987", "", "original-number-missing", "CLM"),
    ("frequency 1 with F8", REPLACEMENT, "10:B:7", "10:B:1", "original-number-unexpected", "REF"),
    ("frequency 6", FILE, "10:B:1", "10:B:6", "frequency-code", "CLM"),
    (
        "onset after the session",
        FILE,
        "DTP*431*D8*20260901",
        "DTP*431*D8*20261111",
        "onset-after-service",
        "DTP",
    ),
    ("claim number twice", FILE, "CLM*A-2*", "CLM*A-1*", "duplicate-claim-number", "CLM"),
    ("procedure", FILE, "HC:90785", "HC:9078", "procedure-shape", "SV1"),
    ("modifier twice", FILE, "HC:90837:95", "HC:90837:95:95", "modifier-duplicate", "SV1"),
    ("no units", FILE, "25.5*UN*1", "25.5*UN*0", "line-units", "SV1"),
    (
        "pointer to a missing diagnosis",
        FILE,
        "25.5*UN*1***1",
        "25.5*UN*1***3",
        "pointer-missing-diagnosis",
        "SV1",
    ),
    ("pointer twice", FILE, "***1:2", "***1:1", "pointer-duplicate", "SV1"),
    (
        "session in the future",
        text_of(CHILD_CLAIM),
        "472*D8*20261110",
        "472*D8*20261125",
        "service-date-future",
        "DTP",
    ),
    (
        "session ends before it begins",
        text_of(CHILD_CLAIM),
        "472*D8*20261110",
        "472*RD8*20261110-20261109",
        "service-date-order",
        "DTP",
    ),
    ("line number twice", FILE, "REF*6R*S1-2", "REF*6R*S1-1", "duplicate-line-number", "REF"),
    ("letter with an accent", FILE, "IL*1*NUNEZ", "IL*1*NUÑEZ", "character", "NM1"),
    ("guides differ", FILE, "ST*837*0001*005010X222A1", "ST*837*0001*005010X222", "guide-mismatch", "ST"),
    ("count of segments", FILE, "GE*1*7", "GE*3*7", "transaction-count", "GE"),
]

WARNINGS = [
    ("nobody held the session", text_of(OWN_CLAIM), "~NM1*82*1*REYES*INES****XX*1679576722~PRV*PE*PXC*1041C0700X", "",
     "rendering-missing", "CLM"),
    ("second plan without the first", text_of(OWN_CLAIM), "SBR*P*18", "SBR*S*18", "secondary-without-primary", "CLM"),
    ("replacement to Medicare", REPLACEMENT, "G-77******CI", "G-77******MB", "medicare-correction", "CLM"),
    ("long claim number", FILE, "CLM*A-1*", "CLM*A-1-WITH-21-CHARACTER*", "claim-number-length", "CLM"),
    ("line twice", FILE, "HC:90785*", "HC:90837:95*", "duplicate-line", "SV1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "old", "new", "code", "tag"), [row[1:] for row in ERRORS], ids=[row[0] for row in ERRORS]
)
def test_a_broken_file_gives_exactly_this_error(text: str, old: str, new: str, code: str, tag: str) -> None:
    broken = changed(text, old, new)
    (finding,) = found(broken)
    assert finding.code == code
    assert finding.severity is Severity.ERROR
    assert broken.split("~")[finding.segment_no - 1].split("*")[0] == tag
    assert finding.sentence.endswith(".")
    assert finding.where


@pytest.mark.parametrize(
    ("text", "old", "new", "code", "tag"), [row[1:] for row in WARNINGS], ids=[row[0] for row in WARNINGS]
)
def test_a_doubtful_file_gives_exactly_this_warning(
    text: str, old: str, new: str, code: str, tag: str
) -> None:
    doubtful = changed(text, old, new)
    (finding,) = found(doubtful)
    assert (finding.code, finding.severity) == (code, Severity.WARNING)
    assert doubtful.split("~")[finding.segment_no - 1].split("*")[0] == tag


PASSED_BY_SYNTAX = (
    "npi-check-digit",
    "billing-zip",
    "pointer-missing-diagnosis",
    "diagnosis-duplicate",
    "diagnosis-dot",
    "diagnosis-unknown",
    "diagnosis-qualifier",
    "claim-total",
    "relationship",
    "rendering-equals-billing",
    "original-number-missing",
    "service-date-future",
)


@pytest.mark.parametrize("code", PASSED_BY_SYNTAX)
def test_the_syntax_check_alone_would_have_passed_it(code: str) -> None:
    _, text, old, new, *_ = next(row for row in ERRORS if row[4] == code)
    assert syntax.check(changed(text, old, new)) == []


def test_a_charge_of_nothing_is_an_error() -> None:
    text = changed(FILE, "CLM*A-2*150*", "CLM*A-2*0*")
    text = changed(text, "HC:90837*150*", "HC:90837*0*")
    assert codes(text) == ["line-charge"]


def test_levels_out_of_place_and_without_claims_are_found() -> None:
    assert codes(changed(FILE, "HL*4*3*23*0", "HL*4*1*23*0")) == [
        "hierarchy-children",
        "no-claim",
        "relationship",
        "hierarchy-parent",
    ]
    barren = changed(
        FILE, "~HL*3*1*22*1~SBR", "~HL*3*1*22*0~SBR*P*18*******CI~NM1*IL*1*X****MI*12~HL*4*1*22*1~SBR"
    )
    assert codes(barren.replace("HL*4*3*23", "HL*5*4*23")) == ["no-claim"]


def test_more_than_5000_claims_in_one_set_are_too_many_for_some_payers() -> None:
    start, end = FILE[: FILE.index("CLM*A-1")], FILE[FILE.index("SE*55") :]
    claims = "".join(f"CLM*N{n}*1***10:B:1*Y*A*Y*Y~" for n in range(5001))
    warnings = [f for f in found(start + claims + end) if f.code == "claims-per-set"]
    assert [(f.segment_no, f.severity) for f in warnings] == [(3, Severity.WARNING)]


def test_a_finding_tells_place_and_remedy_in_one_line() -> None:
    (finding,) = found(changed(FILE, "***1:2", "***1:4"))
    assert str(finding) == (
        "error: segment 28, claim A-1, line 1, SV107: The line points to diagnosis 4, but the claim has 2. Point to "
        "one it has, or add the diagnosis. [pointer-missing-diagnosis]"
    )


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 10, 0, 0, tzinfo=UTC), []),
        (datetime(2026, 11, 9, 23, 59, tzinfo=UTC), ["service-date-future"]),
        (datetime(2026, 11, 9, 20, 0, tzinfo=timezone(-timedelta(hours=5))), ["service-date-future"]),
        (datetime(2026, 11, 10, 0, 1, tzinfo=timezone(timedelta(hours=10))), []),
    ],
)
def test_the_future_begins_after_the_local_date_of_now(now: datetime, expected: list[str]) -> None:
    text = text_of(CHILD_CLAIM)
    assert [f.code for f in guide.check(text, diagnoses=CODES, now=now)] == expected


def test_now_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        guide.check(FILE, diagnoses=CODES, now=datetime(2026, 11, 24))


def test_codes_may_be_a_set_a_function_of_the_date_or_left_out() -> None:
    asked: list[tuple[str, date]] = []

    def valid(code: str, day: date) -> bool:
        asked.append((code, day))
        return code != "F331"

    assert [f.code for f in guide.check(FILE, diagnoses=valid, now=NOW)] == ["diagnosis-unknown"]
    assert set(asked) == {(code, date(2026, 11, 10)) for code in ("F411", "F331", "F4323")}
    assert [f.code for f in guide.check(FILE, diagnoses=frozenset(), now=NOW)] == ["diagnosis-unknown"] * 3
    assert guide.check(FILE, diagnoses=None, now=NOW) == []


def test_numbers_repeated_across_envelopes_are_found() -> None:
    assert codes(FILE + FILE) == [
        "duplicate-interchange-number",
        "duplicate-claim-number",
        "duplicate-claim-number",
    ]


def test_other_kinds_of_files_get_only_the_checks_of_their_envelopes() -> None:
    other = FILE.replace("005010X222A1", "005010X223A2").replace("XX*1234567893", "XX*1234567890")
    assert codes(other) == []


def test_a_text_that_is_not_x12_is_a_finding() -> None:
    assert codes("Dear payer,") == ["not-x12"]


def test_a_billing_provider_needs_no_rendering_provider_when_it_is_a_person() -> None:
    assert codes(text_of(replace(OWN_CLAIM, billing=replace(SOLO, npi=BILLING.npi), rendering=None))) == []
