"""Checks of service lines: codes, modifiers, units, pointers, dates and numbers."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from attest.x12.finding import Finding, Severity
from attest.x12.guide.claims import diagnosis_segments
from attest.x12.guide.facts import ClaimLoop, Line, first, money, service_dates

_PROCEDURE: Final = re.compile(r"[A-Z0-9]{5}")


def of_claim(claim: ClaimLoop, component: str, today: date) -> Iterator[Finding]:
    """Every check of every line, and those that compare the lines of a claim."""
    diagnoses = len(diagnosis_segments(claim, component))
    numbers: dict[str, str] = {}
    services: dict[tuple[str, str], str] = {}
    for line in claim.lines:
        no = line.header.get(1)
        where = f"{claim.where}, line {no}"
        yield from _service(line, component, where)
        yield from _pointers(line, component, diagnoses, where)
        yield from _dates(line, today, where)
        control = first(line.segments, "REF", "6R")
        if control is not None and numbers.setdefault(control.get(2), no) != no:
            yield Finding(
                "duplicate-line-number",
                f"Line number {control.get(2)} is also that of line {numbers[control.get(2)]}. Give each line its "
                "own, or payments cannot be matched.",
                control.no,
                f"{where}, REF 6R",
            )
        service, period = line.service, first(line.segments, "DTP", "472")
        if service is not None and period is not None:
            key = (service.get(1), period.get(3))
            if services.setdefault(key, no) != no:
                yield Finding(
                    "duplicate-line",
                    f"The line repeats line {services[key]}: same code, modifiers and date. Payers deny the second "
                    "as a duplicate; use units, or a modifier if it was a separate session.",
                    service.no,
                    where,
                    Severity.WARNING,
                )


def _service(line: Line, component: str, where: str) -> Iterator[Finding]:
    service = line.service
    if service is None:
        return
    parts = service.parts(1, component)
    if len(parts) > 1 and parts[0] == "HC" and not _PROCEDURE.fullmatch(parts[1]):
        yield Finding(
            "procedure-shape",
            f"“{parts[1]}” is not a procedure code: it needs five capitals or digits.",
            service.no,
            f"{where}, SV101",
        )
    modifiers = [modifier for modifier in parts[2:6] if modifier]
    if len(set(modifiers)) != len(modifiers):
        yield Finding(
            "modifier-duplicate", "A modifier is given twice. Give each once.", service.no, f"{where}, SV101"
        )
    charge, units = money(service.get(2)), money(service.get(4))
    if charge is not None and charge <= 0:
        yield Finding(
            "line-charge", f"The charge is {charge}. Charge more than nothing.", service.no, f"{where}, SV102"
        )
    if units is not None and units <= 0:
        yield Finding(
            "line-units", f"{units} units were given. Give at least 1.", service.no, f"{where}, SV104"
        )


def _pointers(line: Line, component: str, diagnoses: int, where: str) -> Iterator[Finding]:
    service = line.service
    if service is None:
        return
    pointers = service.parts(7, component)
    for pointer in pointers:
        if pointer.isascii() and pointer.isdigit() and not 1 <= int(pointer) <= diagnoses:
            yield Finding(
                "pointer-missing-diagnosis",
                f"The line points to diagnosis {pointer}, but the claim has {diagnoses}. Point to one it has, or add "
                "the diagnosis.",
                service.no,
                f"{where}, SV107",
            )
    if len(set(pointers)) != len(pointers):
        yield Finding(
            "pointer-duplicate",
            "The line points to the same diagnosis twice. Point to each once.",
            service.no,
            f"{where}, SV107",
        )


def _dates(line: Line, today: date, where: str) -> Iterator[Finding]:
    period, dates = first(line.segments, "DTP", "472"), service_dates(line)
    if period is None or dates is None:
        return
    begins, ends = dates
    if begins > ends:
        yield Finding(
            "service-date-order",
            "The service ends before it begins. Correct the dates.",
            period.no,
            f"{where}, DTP 472",
        )
    if max(begins, ends) > today:
        yield Finding(
            "service-date-future",
            "The date of service lies in the future. A session is billed after it took place; correct the date or "
            "wait.",
            period.no,
            f"{where}, DTP 472",
        )
