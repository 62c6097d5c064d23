"""Roadblocks of what was done and why: services against minutes, fees, and diagnoses."""

from collections.abc import Iterator

from ..catalogue import Line, ServiceKind
from ..coding import FindingKind, check_diagnoses, check_pointers, check_services
from ..minutes import FitVerdict, fits
from ..picker import presence_problem
from ..record import Policy
from .explained import roadblock
from .facts import Details, Facts
from .roadblock import Roadblock
from .roadblock import RoadblockCode as C

_FOUND = {
    FindingKind.NOT_TOGETHER: C.CODES_NOT_TOGETHER,
    FindingKind.ONLY_IF_SEPARATE: C.CODES_IF_SEPARATE,
    FindingKind.LISTED_TWICE: C.CODE_TWICE,
    FindingKind.TOO_MANY_UNITS: C.TOO_MANY_UNITS,
    FindingKind.ADDON_ALONE: C.ADDON_ALONE,
    FindingKind.FACTOR_MISSING: C.FACTOR_MISSING,
    FindingKind.NO_DIAGNOSIS: C.NO_DIAGNOSIS,
    FindingKind.TOO_MANY_DIAGNOSES: C.TOO_MANY_DIAGNOSES,
    FindingKind.DIAGNOSIS_TWICE: C.DIAGNOSIS_TWICE,
    FindingKind.DIAGNOSIS_UNKNOWN: C.DIAGNOSIS_UNKNOWN,
    FindingKind.DIAGNOSIS_CATEGORY: C.DIAGNOSIS_CATEGORY,
    FindingKind.DIAGNOSIS_NOT_VALID: C.DIAGNOSIS_NOT_VALID,
    FindingKind.Z_CODE_FIRST: C.Z_CODE_FIRST,
    FindingKind.RELEASE_NOT_LOADED: C.CODE_RELEASE_NOT_LOADED,
    FindingKind.UNSPECIFIED: C.DIAGNOSIS_UNSPECIFIED,
    FindingKind.TOO_MANY_POINTERS: C.POINTERS,
    FindingKind.POINTER_TO_NOTHING: C.POINTERS,
}

_EVALUATIONS = frozenset({ServiceKind.DIAGNOSTIC_EVALUATION, ServiceKind.DIAGNOSTIC_EVALUATION_MEDICAL})


def services(facts: Facts, details: Details, policy: Policy) -> Iterator[Roadblock]:
    """A code, in force and for this provider, that the minutes cover, beside codes it goes with."""
    if not details.lines:
        yield roadblock(C.NO_CODE, "Choose a service code.")
    for line in details.lines:
        yield from _permitted(line, facts, details)
    yield from _minutes(details, policy)
    same_day = details.same_day_services if facts.bills_insurance else ()
    for found in check_services(
        details.lines, same_day=same_day, complexity_factors=details.complexity_factors
    ):
        yield roadblock(_FOUND[found.kind], found.sentence, only_warns=not found.blocks)
    last = details.last_evaluation_on
    if last is not None and any(line.service.kind in _EVALUATIONS for line in details.lines):
        passed = (facts.date_of_service - last).days
        if 0 <= passed < policy.evaluation_again_days:
            words = f"The client's last diagnostic evaluation was {passed} days before, on {last:%m/%d/%Y}."
            yield roadblock(C.EVALUATION_AGAIN, words)


def _permitted(line: Line, facts: Facts, details: Details) -> Iterator[Roadblock]:
    service, day = line.service, facts.date_of_service
    if not service.in_force_on(day):
        yield roadblock(C.CODE_NOT_IN_FORCE, f"{service.code} was not in force on {day:%m/%d/%Y}.")
    if service.prescriber_only and not facts.provider.prescriber:
        yield roadblock(C.CODE_FOR_PRESCRIBERS, f"{service.code} is for prescribers.")
    if sentence := presence_problem(service, details.client_present):
        yield roadblock(C.CODE_AND_PRESENCE, sentence)
    priced, whom = facts.self_pay_codes, "for self-pay"
    if facts.bills_insurance:
        priced = None if facts.coverage is None else facts.coverage.priced_codes
        whom = "" if facts.coverage is None else f"with {facts.coverage.payer_name}"
    if priced is not None and service.code not in priced:
        yield roadblock(C.NO_FEE, f"{service.code} has no fee {whom} on {day:%m/%d/%Y}.")


def _minutes(details: Details, policy: Policy) -> Iterator[Roadblock]:
    """Each line against the minutes that count for it: therapy minutes beside an E/M code are its own,
    the rest is the E/M code's, and time beyond the first crisis code belongs to its further units."""
    spent, therapy = details.spent, details.therapy_minutes
    beside_em = next((line for line in details.lines if line.service.counts_therapy_minutes), None)
    if beside_em is not None and therapy is None:
        words = f"Enter the minutes of therapy: {beside_em.service.code} counts them alone."
        yield roadblock(C.THERAPY_MINUTES_MISSING, words)
    if beside_em is not None and therapy is not None and spent is not None and therapy >= spent:
        words = f"{therapy} min of therapy leave no time for the E/M service in {spent} min."
        yield roadblock(C.THERAPY_MINUTES_TOO_MANY, words)
    for line in details.lines:
        service = line.service
        counted = spent
        if beside_em is not None and service.counts_therapy_minutes:
            counted = therapy
        elif beside_em is not None and service.kind is ServiceKind.EM and spent is not None:
            counted = max(spent - (therapy or 0), 0)
        if counted is None:
            continue
        fit = fits(service, counted, policy=policy)
        continued = any(
            other.service.minutes_each is not None and service.kind in other.service.bases
            for other in details.lines
        )
        if fit.blocks:
            yield roadblock(C.TOO_FEW_MINUTES, fit.sentence)
        elif fit.verdict is not FitVerdict.OK and not (
            continued and fit.verdict is FitVerdict.MORE_THAN_USUAL
        ):
            yield roadblock(C.MINUTES_UNUSUAL, fit.sentence)
        elif service.minutes_each is not None:
            yield from _units(line, counted)


def _units(line: Line, spent: int) -> Iterator[Roadblock]:
    covered = line.service.units_for(spent)
    if line.units > covered:
        words = f"{spent} min cover {covered} × {line.service.code}; this is {line.units}."
        yield roadblock(C.TOO_MANY_UNITS, words)
    elif line.units < covered:
        words = f"{spent} min cover {covered} × {line.service.code}; only {line.units} will be billed."
        yield roadblock(C.FEWER_UNITS, words)


def diagnosis(facts: Facts, details: Details) -> Iterator[Roadblock]:
    """At least one diagnosis that can be billed on the date of service."""
    found = check_diagnoses(
        details.diagnoses,
        on=facts.date_of_service,
        release_loaded=details.code_release_loaded,
        insurance=facts.bills_insurance,
    )
    for finding in (*found, *check_pointers(details.lines, len(details.diagnoses))):
        yield roadblock(_FOUND[finding.kind], finding.sentence, only_warns=not finding.blocks)
