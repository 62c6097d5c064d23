"""Checks of a claim: its diagnoses, total, frequency, amounts and numbers."""

from collections.abc import Callable, Container, Iterator
from datetime import date
from typing import Final

from attest.x12.finding import Finding, Severity
from attest.x12.guide.facts import ClaimFile, ClaimLoop, day, first, money
from attest.x12.segment import Segment

#: Valid ICD-10-CM codes: a container of codes, or a function saying whether one is valid on a date of service.
#: Codes are given in capitals, without their dot.
Diagnoses = Container[str] | Callable[[str, date], bool]

MOST_CLAIMS_A_SET: Final = 5000
LONGEST_SAFE_NUMBER: Final = 20

_DIAGNOSIS_QUALIFIERS: Final = ("ABK", "ABF", "BK", "BF")


def diagnosis_segments(claim: ClaimLoop, component: str) -> list[tuple[Segment, str, str]]:
    """(segment, qualifier, code) for each diagnosis of the claim, in the order pointers count them."""
    return [
        (segment, parts[0], parts[1])
        for segment in claim.segments
        if segment.tag == "HI"
        for position in range(1, len(segment.elements))
        if len(parts := segment.parts(position, component)) > 1 and parts[0] in _DIAGNOSIS_QUALIFIERS
    ]


def diagnoses(claim: ClaimLoop, component: str, valid: Diagnoses | None) -> Iterator[Finding]:
    """Diagnoses are ICD-10-CM codes without dots, each listed once and valid on the date of service."""
    seen: set[str] = set()
    dates = claim.service_dates()
    where = f"{claim.where}, diagnoses"
    for segment, qualifier, code in diagnosis_segments(claim, component):
        if qualifier in ("BK", "BF"):
            yield Finding(
                "diagnosis-qualifier",
                f"Qualifier {qualifier} stands for ICD-9-CM, which ended in 2015. Use A{qualifier} with an ICD-10-CM "
                "code.",
                segment.no,
                where,
            )
        if "." in code:
            yield Finding(
                "diagnosis-dot",
                f"Diagnosis {code} is written with a dot. Send it without: {code.replace('.', '')}.",
                segment.no,
                where,
            )
        plain = code.replace(".", "").upper()
        if plain in seen:
            yield Finding(
                "diagnosis-duplicate",
                f"Diagnosis {code} is listed twice. List each diagnosis once.",
                segment.no,
                where,
            )
            continue
        seen.add(plain)
        if qualifier.startswith("A") and valid is not None and dates and not _is_valid(plain, dates, valid):
            yield Finding(
                "diagnosis-unknown",
                f"Diagnosis {code} is not a valid, complete ICD-10-CM code on the date of service. Choose the most "
                "specific code in force on that day.",
                segment.no,
                where,
            )


def _is_valid(code: str, dates: list[tuple[date, date]], valid: Diagnoses) -> bool:
    if callable(valid):
        return all(valid(code, begins) for begins, _ in dates)
    return code in valid


def total(claim: ClaimLoop) -> Iterator[Finding]:
    """CLM02 is the sum of the lines' charges, and the patient has not paid more than that."""
    said = money(claim.header.get(2))
    charges = [money(line.service.get(2)) if line.service is not None else None for line in claim.lines]
    known = [charge for charge in charges if charge is not None]
    if said is None or len(known) != len(charges):
        return
    if said != sum(known):
        yield Finding(
            "claim-total",
            f"The claim's total is {said} but its lines add up to {sum(known)}. Make them agree.",
            claim.header.no,
            f"{claim.where}, CLM02",
        )
    amount = first(claim.segments, "AMT", "F5")
    paid = money(amount.get(2)) if amount is not None else None
    if amount is not None and paid is not None and not 0 <= paid <= said:
        yield Finding(
            "paid-amount",
            f"The patient is said to have paid {paid} of {said}. Give what was really paid for these services.",
            amount.no,
            f"{claim.where}, AMT F5",
        )


def frequency(claim: ClaimLoop, component: str) -> Iterator[Finding]:
    """1 is an original; 7 (replacement) and 8 (void) name the payer's number of the claim they concern."""
    parts = claim.header.parts(5, component)
    code = parts[2] if len(parts) > 2 else ""
    original = first(claim.segments, "REF", "F8")
    where = f"{claim.where}, CLM05-3"
    if code in ("7", "8") and original is None:
        what = "replacement" if code == "7" else "void"
        yield Finding(
            "original-number-missing",
            f"Frequency {code} ({what}) needs the payer's claim number of the claim it concerns (REF F8). Take it "
            "from the remittance or claim status.",
            claim.header.no,
            where,
        )
    elif code == "1" and original is not None:
        yield Finding(
            "original-number-unexpected",
            "An original claim names an earlier claim number (REF F8). Remove the number, or send a replacement "
            "(frequency 7).",
            original.no,
            where,
        )
    elif code not in ("1", "7", "8"):
        yield Finding(
            "frequency-code",
            f"“{code}” is not a claim frequency. Use 1 original, 7 replacement or 8 void.",
            claim.header.no,
            where,
        )
    level = claim.level.above("22")
    sbr = first(level.segments, "SBR") if level is not None else None
    if code in ("7", "8") and sbr is not None and sbr.get(9) == "MB":
        yield Finding(
            "medicare-correction",
            "Medicare Part B does not take replacement or void claims. Ask for a reopening, or send a new claim if "
            "the first one was returned unprocessed.",
            claim.header.no,
            where,
            Severity.WARNING,
        )


def onset(claim: ClaimLoop) -> Iterator[Finding]:
    """An illness does not begin after its treatment."""
    segment = first(claim.segments, "DTP", "431")
    began = day(segment.get(3)) if segment is not None else None
    if segment is None or began is None:
        return
    if any(began > begins for begins, _ in claim.service_dates()):
        yield Finding(
            "onset-after-service",
            "The onset date lies after the date of service. Correct or remove it.",
            segment.no,
            f"{claim.where}, DTP 431",
        )


def numbers(files: list[ClaimFile]) -> Iterator[Finding]:
    """Claim control numbers are unique in the file and short enough to come back whole."""
    seen: dict[str, int] = {}
    for file in files:
        count = 0
        for claim in file.claims():
            count += 1
            number, no = claim.header.get(1), claim.header.no
            if seen.setdefault(number, no) != no:
                yield Finding(
                    "duplicate-claim-number",
                    f"Claim number {number} was used before, in segment {seen[number]}; answers could not be told "
                    "apart. Give every claim a number of its own.",
                    no,
                    f"{claim.where}, CLM01",
                )
            if len(number) > LONGEST_SAFE_NUMBER:
                yield Finding(
                    "claim-number-length",
                    f"The claim number has {len(number)} characters; payers need return only "
                    f"{LONGEST_SAFE_NUMBER}. Use a shorter one.",
                    no,
                    f"{claim.where}, CLM01",
                    Severity.WARNING,
                )
        if count > MOST_CLAIMS_A_SET:
            yield Finding(
                "claims-per-set",
                f"The transaction set holds {count} claims; many payers take at most {MOST_CLAIMS_A_SET}. Split it.",
                file.transaction.header.no,
                "ST",
                Severity.WARNING,
            )
