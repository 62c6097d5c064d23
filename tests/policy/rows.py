"""Rows of data and a session with nothing in its way, for the tests of the rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from attest.policy.catalogue import Line, Service, ServiceKind, SessionKind
from attest.policy.coding import Diagnosis
from attest.policy.deadlines import FilingRule, FilingUnit, resolve_local
from attest.policy.payer import LineOfBusiness, PayerRule
from attest.policy.place import Modality, Setting
from attest.policy.readiness import (
    ActualTimes,
    ClientFacts,
    CoverageFacts,
    Details,
    Facts,
    Licence,
    NoteChoice,
    NoteFacts,
    OrganizationFacts,
    Period,
    ProviderFacts,
    SessionFacts,
    SessionStatus,
    Verification,
)

K = ServiceKind
NEW_YORK = "America/New_York"
PHOENIX = "America/Phoenix"
HONOLULU = "Pacific/Honolulu"
LOS_ANGELES = "America/Los_Angeles"


def at(text: str, zone: str = NEW_YORK) -> datetime:
    """The UTC instant of a local "2026-11-27 16:50" (seconds allowed) that exists exactly once."""
    wall = datetime.fromisoformat(text)
    return resolve_local(wall.date(), wall.time(), zone).instant


CATALOGUE = (
    Service("90791", "Diagnostic evaluation", K.DIAGNOSTIC_EVALUATION, 16, 90, timed=False),
    Service(
        "90792",
        "Evaluation with medical services",
        K.DIAGNOSTIC_EVALUATION_MEDICAL,
        16,
        90,
        timed=False,
        prescriber_only=True,
    ),
    Service("90832", "Therapy, 30 min", K.PSYCHOTHERAPY, 16, 37),
    Service("90834", "Therapy, 45 min", K.PSYCHOTHERAPY, 38, 52),
    Service("90837", "Therapy, 60 min", K.PSYCHOTHERAPY, 53),
    Service("90833", "Therapy with E/M, 30 min", K.PSYCHOTHERAPY_WITH_EM, 16, 37, prescriber_only=True),
    Service("90836", "Therapy with E/M, 45 min", K.PSYCHOTHERAPY_WITH_EM, 38, 52, prescriber_only=True),
    Service("90838", "Therapy with E/M, 60 min", K.PSYCHOTHERAPY_WITH_EM, 53, prescriber_only=True),
    Service("99213", "E/M, low", K.EM, prescriber_only=True),
    Service("99214", "E/M, moderate", K.EM, prescriber_only=True),
    Service("90839", "Crisis, first 60 min", K.CRISIS, 30, 74),
    Service("90840", "Crisis, further 30 min", K.CRISIS_ADDITIONAL, 75, minutes_each=30, units_a_day=None),
    Service("90846", "Family without client", K.FAMILY_WITHOUT_CLIENT, 26),
    Service("90847", "Family with client", K.FAMILY_WITH_CLIENT, 26),
    Service("90849", "Multi-family group", K.MULTI_FAMILY_GROUP),
    Service("90853", "Group therapy", K.GROUP, timed=False),
    Service("90785", "Interactive complexity", K.INTERACTIVE_COMPLEXITY),
    Service("96127", "Brief measure", K.OTHER, units_a_day=None),
)

BY_CODE = {service.code: service for service in CATALOGUE}

YEAR_ROUND = PayerRule(date(2020, 1, 1), filing_rule=FilingRule(FilingUnit.DAYS, 90))

ANXIETY = Diagnosis("F41.1", valid_from=date(2015, 10, 1))
START = at("2026-11-24 14:00")
STOP = at("2026-11-24 14:50")
NOW = at("2026-11-24 15:30")


def line(code: str, units: int = 1, pointers: tuple[int, ...] = ()) -> Line:
    return Line(BY_CODE[code], units, pointers)


def details(*codes: str, start: datetime = START, stop: datetime = STOP) -> Details:
    """Typed details with nothing missing: one interval, affirmed, the codes given (else 90834)."""
    return Details(
        times=(ActualTimes(start, stop),),
        affirmed=True,
        lines=tuple(line(code) for code in codes or ("90834",)),
        diagnoses=(ANXIETY,),
    )


def in_minutes(spent: int, *codes: str) -> Details:
    """The same with so many minutes."""
    return details(*codes, stop=START + timedelta(minutes=spent))


READY = Facts(
    session=SessionFacts(
        status=SessionStatus.SCHEDULED,
        kind=SessionKind.INDIVIDUAL,
        scheduled_start=START,
        scheduled_stop=STOP,
        zone=NEW_YORK,
        setting=Setting(Modality.VIDEO, client_at_home=True, client_state="NY"),
    ),
    client=ClientFacts(has_payment_method=True),
    provider=ProviderFacts(licences=(Licence("NY"),)),
    organization=OrganizationFacts(),
    coverage=CoverageFacts(
        payer_name="Harbor Health",
        line_of_business=LineOfBusiness.COMMERCIAL,
        verification=Verification.ACTIVE,
        verified_on=date(2026, 11, 20),
        contracts=(Period(),),
        rules=(YEAR_ROUND,),
        priced_codes=frozenset(BY_CODE),
    ),
    note=NoteFacts(choice=NoteChoice.TEMPLATE, draft=True, signing=True),
    details=details(),
    lines_of_business=frozenset({LineOfBusiness.COMMERCIAL}),
    self_pay_codes=frozenset(BY_CODE),
)
"""A past session in New York about to be signed and confirmed, with no roadblock at all."""


def ready(**parts: object) -> Facts:
    """READY with some of its parts replaced: `ready(client=...)`, or `ready(coverage__verified_on=...)`."""
    facts = READY
    for path, value in parts.items():
        part, _, name = path.partition("__")
        if name:
            value = replace(getattr(facts, part), **{name: value})
        facts = replace(facts, **{part: value})  # type: ignore[arg-type]
    return facts


def utc_instant(text: str) -> datetime:
    """A UTC instant from "2026-11-27 16:50"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
