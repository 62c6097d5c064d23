"""Turning one claim into the segments of loops 2300 and 2400."""

import re
from typing import Final

from attest.x12.claim_837p import fields
from attest.x12.claim_837p.parts import Parts
from attest.x12.claim_837p.records import Claim, ServiceLine
from attest.x12.codes import FREQUENCIES, PLACES_OF_SERVICE
from attest.x12.envelope import Problem

MOST_LINES: Final = 50
MOST_DIAGNOSES: Final = 12
MOST_POINTERS: Final = 4
MOST_MODIFIERS: Final = 4
MOST_CENTS: Final = 99_999_999_99

_DIAGNOSIS: Final = re.compile(r"[A-Z][0-9][A-Z0-9](?:\.?[A-Z0-9]{1,4})?")
_PROCEDURE: Final = re.compile(r"[A-Z0-9]{5}")
_MODIFIER: Final = re.compile(r"[A-Z0-9]{2}")

_ServiceKey = tuple[str, tuple[str, ...], int, int, str, tuple[int, ...], int]


class Claims:
    """Writes claims, remembering codes, amounts and services that recur within one file."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._diagnoses: dict[tuple[str, ...], str | None] = {}
        self._services: dict[_ServiceKey, str | None] = {}
        self._handling: dict[tuple[str, ...], str | None] = {}
        self._money: dict[int, str] = {}

    def write(self, claim: Claim) -> str | None:
        """Loops 2300 and 2400; None after adding every problem of the claim to the parts' problems."""
        parts = self._parts
        problems = parts.problems
        before = len(problems)
        number = claim.control_number
        control = fields.CONTROL_NUMBER.clean(number, problems, number)
        handling = self._handling_of(claim)
        diagnoses = self._diagnoses_of(claim)
        self._check(claim)
        details = ""
        if claim.onset is not None:
            details = f"DTP*431*D8*{parts.day(claim.onset)}~"
        if claim.amount_paid_cents:
            details += f"AMT*F5*{self.money(claim.amount_paid_cents)}~"
        for value, field, qualifier in (
            (claim.authorization, fields.AUTHORIZATION, "G1"),
            (claim.payer_claim_control_number, fields.PAYER_CLAIM_CONTROL_NUMBER, "F8"),
            (claim.medical_record_number, fields.MEDICAL_RECORD_NUMBER, "EA"),
        ):
            if value and (sent := field.clean(value, problems, number)):
                details += f"REF*{qualifier}*{sent}~"
        if claim.note and (sent := fields.NOTE.clean((claim.note,), problems, number)[0]):
            details += f"NTE*ADD*{sent}~"
        providers = self._providers(claim)
        lines = self._lines(claim)
        if len(problems) > before or handling is None or diagnoses is None:
            return None
        total = self.money(claim.total_cents)
        return f"CLM*{control}*{total}***{handling}{details}{diagnoses}{providers}{lines}"

    def money(self, cents: int) -> str:
        """Dollars as X12 wants them: no blanks, no superfluous zeros: 15000 → 150, 15050 → 150.5."""
        text = self._money.get(cents)
        if text is None:
            dollars, rest = divmod(cents, 100)
            text = f"{dollars}.{rest:02}".rstrip("0").rstrip(".") if rest else str(dollars)
            self._money[cents] = text
        return text

    def _handling_of(self, claim: Claim) -> str | None:
        """CLM05 to CLM09."""
        key = (
            claim.place_of_service,
            claim.frequency,
            claim.accepts_assignment,
            claim.benefits_assigned,
            claim.release_of_information,
        )
        if key in self._handling:
            return self._handling[key]
        before = len(self._parts.problems)
        place, frequency, accepts, benefits, release = key
        for field, value, allowed, advice in (
            (
                "place of service",
                place,
                PLACES_OF_SERVICE,
                "Use a code of the CMS set, such as 10, 02 or 11.",
            ),
            ("claim frequency", frequency, FREQUENCIES, "Use 1 original, 7 replacement or 8 void."),
            ("accepts assignment", accepts, {"A", "B", "C"}, "Use A, B or C."),
            ("benefits assigned", benefits, {"Y", "N", "W"}, "Use Y, N or W."),
            ("release of information", release, {"Y", "I"}, "Use Y or I."),
        ):
            if value not in allowed:
                self._parts.problem(
                    "invalid", field, f"“{value}” is not valid. {advice}", claim.control_number
                )
        if len(self._parts.problems) > before:
            return None
        text = f"{place}:B:{frequency}*Y*{accepts}*{benefits}*{release}~"
        self._handling[key] = text
        return text

    def _diagnoses_of(self, claim: Claim) -> str | None:
        """The HI segment."""
        key = claim.diagnoses
        if key in self._diagnoses:
            return self._diagnoses[key]
        add, number = self._parts.problem, claim.control_number
        before = len(self._parts.problems)
        if not 1 <= len(key) <= MOST_DIAGNOSES:
            add(
                "diagnosis-count",
                "diagnoses",
                f"There are {len(key)} diagnoses; a claim has 1 to {MOST_DIAGNOSES}.",
                number,
            )
        codes = [code.strip().upper() for code in key]
        for code in codes:
            if not _DIAGNOSIS.fullmatch(code):
                add("invalid", "diagnoses", f"“{code}” does not look like an ICD-10-CM code.", number)
        codes = [code.replace(".", "") for code in codes]
        if len(set(codes)) != len(codes):
            add("duplicate", "diagnoses", "A diagnosis is listed twice. List each once.", number)
        if len(self._parts.problems) > before:
            return None
        text = f"HI*ABK:{codes[0]}" + "".join(f"*ABF:{code}" for code in codes[1:]) + "~"
        self._diagnoses[key] = text
        return text

    def _check(self, claim: Claim) -> None:
        """What depends on several fields at once."""
        add, number, lines = self._parts.problem, claim.control_number, claim.lines
        if claim.frequency != "1":
            if not claim.payer_claim_control_number.strip():
                add(
                    "missing",
                    "payer claim control number",
                    f"A {FREQUENCIES.get(claim.frequency, 'corrected')} claim must name the payer's own number "
                    "of the claim it concerns; the remittance has it.",
                    number,
                )
        elif claim.payer_claim_control_number:
            add(
                "contradiction",
                "payer claim control number",
                "An original claim has no earlier number. Leave it empty or send a replacement.",
                number,
            )
        if not 1 <= len(lines) <= MOST_LINES:
            add(
                "line-count", "lines", f"There are {len(lines)} lines; a claim has 1 to {MOST_LINES}.", number
            )
            return
        first = min(line.date for line in lines) if len(lines) > 1 else lines[0].date
        who, born = (
            ("patient", claim.patient.birth_date)
            if claim.patient is not None
            else ("subscriber", claim.subscriber.birth_date)
        )
        if born is not None and born > first:
            add("contradiction", f"{who} birth date", "It lies after the date of service.", number)
        if claim.onset is not None and claim.onset > first:
            add("contradiction", "onset", "It lies after the date of service.", number)
        if not 0 <= claim.amount_paid_cents <= claim.total_cents:
            add(
                "contradiction",
                "amount paid",
                "What the patient has paid must lie between nothing and the total of the claim.",
                number,
            )
        if len(lines) > 1 and len({line.control_number for line in lines}) != len(lines):
            add("duplicate", "line control number", "Two lines have the same number.", number)

    def _providers(self, claim: Claim) -> str:
        """Loops 2310B and 2310C, where they differ from the billing provider."""
        text = ""
        rendering, facility, number = claim.rendering, claim.facility, claim.control_number
        if rendering is not None and rendering.npi != claim.billing.npi:
            text = self._parts.rendering(rendering, number) or ""
        if facility is not None and facility.address != claim.billing.address:
            text += self._parts.facility(facility, number) or ""
        return text

    def _lines(self, claim: Claim) -> str:
        """Loop 2400 for every line."""
        parts, diagnoses, text = self._parts, len(claim.diagnoses), ""
        for position, line in enumerate(claim.lines, 1):
            place = line.place_of_service if line.place_of_service != claim.place_of_service else ""
            key = (
                line.procedure,
                line.modifiers,
                line.charge_cents,
                line.units,
                place,
                line.diagnosis_pointers,
                diagnoses,
            )
            service = self._services.get(key)
            if service is None:
                service = self._services[key] = self._service(line, place, diagnoses, claim.control_number)
            control = fields.LINE_CONTROL_NUMBER.clean(
                line.control_number, parts.problems, claim.control_number
            )
            g1 = self._authorization_of(line, claim) if line.authorization else ""
            text += f"LX*{position}~{service}DTP*472*D8*{parts.day(line.date)}~{g1}REF*6R*{control}~"
        return text

    def _authorization_of(self, line: ServiceLine, claim: Claim) -> str:
        problems = self._parts.problems
        sent = fields.LINE_AUTHORIZATION.clean(line.authorization, problems, claim.control_number)
        return f"REF*G1*{sent}~" if sent else ""

    def _service(self, line: ServiceLine, place: str, diagnoses: int, number: str) -> str | None:
        """The SV1 segment."""
        before = len(self._parts.problems)
        for field, sentence in _service_problems(line, diagnoses):
            self._parts.problems.append(Problem("invalid", field, sentence, number))
        if len(self._parts.problems) > before:
            return None
        code = ":".join(("HC", line.procedure, *line.modifiers))
        pointers = ":".join(map(str, line.diagnosis_pointers))
        return f"SV1*{code}*{self.money(line.charge_cents)}*UN*{line.units}*{place}**{pointers}~"


def _service_problems(line: ServiceLine, diagnoses: int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not _PROCEDURE.fullmatch(line.procedure):
        found.append(("procedure", f"“{line.procedure}” is not a procedure code of five characters."))
    if len(line.modifiers) > MOST_MODIFIERS or len(set(line.modifiers)) != len(line.modifiers):
        found.append(("modifiers", f"Use at most {MOST_MODIFIERS} modifiers, each once."))
    found += [
        ("modifiers", f"“{modifier}” is not a modifier of two characters.")
        for modifier in line.modifiers
        if not _MODIFIER.fullmatch(modifier)
    ]
    if not 1 <= line.charge_cents <= MOST_CENTS:
        found.append(("charge", "It must be more than nothing and less than 100 million dollars."))
    if not 1 <= line.units <= 9999:
        found.append(("units", "They must lie between 1 and 9999."))
    if line.place_of_service and line.place_of_service not in PLACES_OF_SERVICE:
        found.append(("place of service of a line", f"“{line.place_of_service}” is not a CMS code."))
    pointers = line.diagnosis_pointers
    if not 1 <= len(pointers) <= MOST_POINTERS or len(set(pointers)) != len(pointers):
        found.append(("diagnosis pointers", f"A line points at 1 to {MOST_POINTERS} different diagnoses."))
    found += [
        ("diagnosis pointers", f"There is no diagnosis number {pointer} on this claim.")
        for pointer in pointers
        if not 1 <= pointer <= diagnoses
    ]
    return found
