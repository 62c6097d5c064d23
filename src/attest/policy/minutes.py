"""From actual times to minutes, and from minutes to the service code they suggest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from .catalogue import Service, ServiceKind, SessionKind
from .deadlines import utc
from .record import DEFAULT_POLICY, Policy

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` up to, not including, `stop`; aware datetimes, kept in UTC.

    Two intervals that touch do not overlap. A stop before the start is kept as typed, so that it can be
    reported; it counts as no time.
    """

    start: datetime
    stop: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", utc(self.start))
        object.__setattr__(self, "stop", utc(self.stop))

    @property
    def length(self) -> timedelta:
        return max(self.stop - self.start, timedelta(0))

    def overlaps(self, other: "Interval") -> bool:
        """Whether they share any time at all; an empty interval overlaps nothing."""
        return max(self.start, other.start) < min(self.stop, other.stop)


def minutes(
    intervals: Iterable[Interval], *, breaks: Iterable[Interval] = (), excluded: timedelta = timedelta(0)
) -> int:
    """Whole minutes spent: the floor of all time less breaks, so 52 min 59 s is 52.

    Several intervals on one date add up before flooring; time covered twice counts once. `breaks` take
    away only what lies inside, `excluded` is further time to leave out. Never negative.
    """
    worked = _union(intervals)
    paused = _union(breaks)
    total = sum((interval.length for interval in worked), timedelta(0))
    for one in worked:
        for pause in paused:
            if one.overlaps(pause):
                total -= min(one.stop, pause.stop) - max(one.start, pause.start)
    return max(total - excluded, timedelta(0)) // MINUTE


def _union(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for interval in sorted((i for i in intervals if i.length), key=lambda i: i.start):
        if merged and interval.start <= merged[-1].stop:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].stop, interval.stop))
        else:
            merged.append(interval)
    return merged


# -- does a service fit the minutes? --------------------------------------------------------------------


class FitVerdict(StrEnum):
    OK = "ok"
    TOO_FEW = "too_few"
    FEWER_THAN_USUAL = "fewer_than_usual"
    MORE_THAN_USUAL = "more_than_usual"


@dataclass(frozen=True, slots=True)
class Fit:
    verdict: FitVerdict
    sentence: str
    """Empty when it fits."""

    @property
    def blocks(self) -> bool:
        return self.verdict is FitVerdict.TOO_FEW


_FITS = Fit(FitVerdict.OK, "")


def fits(service: Service, spent: int, *, policy: Policy = DEFAULT_POLICY) -> Fit:
    """Whether `spent` whole minutes fit the service: too few block a timed one, more than usual warn.

    Untimed services (diagnostic evaluations) only ever warn. A row without an upper limit warns above
    the policy's usual minutes. Beside an E/M code pass the therapy minutes alone.
    """
    if service.minutes_from is not None and spent < service.minutes_from:
        if service.timed:
            needs = f"{service.code} needs at least {service.minutes_from} min"
            return Fit(FitVerdict.TOO_FEW, f"{needs}; this was {spent} min.")
        return Fit(
            FitVerdict.FEWER_THAN_USUAL,
            f"{spent} min is short for {service.code}: {service.range_words} is usual.",
        )
    if service.minutes_to is not None and spent > service.minutes_to:
        return Fit(
            FitVerdict.MORE_THAN_USUAL,
            f"{spent} min is more than usual for {service.code}: {service.range_words}.",
        )
    open_ended = service.minutes_to is None and service.minutes_from is not None
    if open_ended and service.minutes_each is None and spent > policy.usual_session_minutes:
        return Fit(
            FitVerdict.MORE_THAN_USUAL,
            f"{spent} min is an unusually long session: check the times, and say why in the note.",
        )
    return _FITS


# -- suggesting a code ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddOn:
    code: str
    units: int = 1


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The code that the minutes and the kind of session suggest. `code` is None when there is none, or
    when only the provider can choose it (the level of an E/M code); `reason` says which and why."""

    code: str | None
    addons: tuple[AddOn, ...]
    reason: str


def suggest(
    session_kind: SessionKind,
    spent: int,
    catalogue: Iterable[Service],
    *,
    prescriber: bool = False,
    client_present: bool = True,
    therapy_minutes: int | None = None,
    contracted_codes: frozenset[str] | None = None,
    on: date | None = None,
) -> Suggestion:
    """The service that fits, from the catalogue's rows, with the reason in words.

    `spent` are the session's whole minutes; `therapy_minutes` those of therapy beside an E/M code.
    `contracted_codes` (None: not known) and `on` (the date of service) leave out rows that cannot be
    billed. An intake by a prescriber is the evaluation with medical services where there is one; a
    crisis session too short for a crisis code is suggested as individual therapy.
    """
    rows = [
        row
        for row in catalogue
        if (on is None or row.in_force_on(on))
        and (prescriber or not row.prescriber_only)
        and (contracted_codes is None or row.code in contracted_codes)
    ]
    if session_kind is SessionKind.CONSULTATION:
        return Suggestion(None, (), "A consultation is not billed.")
    if session_kind is SessionKind.MEDICATION:
        return _beside_em(rows, therapy_minutes or 0)
    tried = _kinds_sought(session_kind, prescriber, client_present)
    if not tried:
        return Suggestion(None, (), "This kind of session needs the client there for most of it.")
    for kind in tried:
        found = _by_minutes(rows, kind, spent)
        if found is not None:
            return _with_further_units(rows, found, spent)
    shortest = _shortest(rows, tried)
    if shortest is not None:
        words = f"{spent} min is too short for a code: {shortest.code} starts at {shortest.minutes_from} min."
        return Suggestion(None, (), words)
    return Suggestion(None, (), f"No code for {tried[0].words} is in the service catalogue and the contract.")


def _kinds_sought(
    session_kind: SessionKind, prescriber: bool, client_present: bool
) -> tuple[ServiceKind, ...]:
    match session_kind:
        case SessionKind.INTAKE if prescriber:
            return (ServiceKind.DIAGNOSTIC_EVALUATION_MEDICAL, ServiceKind.DIAGNOSTIC_EVALUATION)
        case SessionKind.INTAKE:
            return (ServiceKind.DIAGNOSTIC_EVALUATION,)
        case SessionKind.FAMILY if client_present:
            return (ServiceKind.FAMILY_WITH_CLIENT,)
        case SessionKind.FAMILY:
            return (ServiceKind.FAMILY_WITHOUT_CLIENT,)
        case SessionKind.GROUP:
            return (ServiceKind.GROUP,)
        case _ if not client_present:
            return ()
        case SessionKind.CRISIS:
            return (ServiceKind.CRISIS, ServiceKind.PSYCHOTHERAPY)
        case _:
            return (ServiceKind.PSYCHOTHERAPY,)


def _by_minutes(rows: Sequence[Service], kind: ServiceKind, spent: int) -> Service | None:
    """The row of that kind with the highest floor the minutes reach."""
    reached = [r for r in rows if r.kind is kind and (not r.timed or spent >= (r.minutes_from or 0))]
    return max(reached, key=lambda r: r.minutes_from or 0, default=None)


def _shortest(rows: Sequence[Service], kinds: Sequence[ServiceKind]) -> Service | None:
    """The row of those kinds that starts earliest: what a session was too short for."""
    return min((r for r in rows if r.kind in kinds), key=lambda r: r.minutes_from or 0, default=None)


def _with_further_units(rows: Sequence[Service], found: Service, spent: int) -> Suggestion:
    further = [
        (row, units)
        for row in rows
        if row.minutes_each is not None and found.kind in row.bases and (units := row.units_for(spent))
    ]
    addons = tuple(AddOn(row.code, units) for row, units in further)
    if not found.timed or not found.range_words:
        return Suggestion(found.code, addons, f"{found.code}: {found.label}, whatever the minutes")
    reason = f"{spent} min → {found.code}: {found.range_words}"
    for row, units in further:
        steps = f"one from {row.minutes_from} min, one for each {row.minutes_each} min more"
        reason += f", and {units} × {row.code}: {steps}"
    if not further and found.minutes_to is not None and spent > found.minutes_to:
        reason += ", the longest you can bill"
    return Suggestion(found.code, addons, reason)


def _beside_em(rows: Sequence[Service], therapy: int) -> Suggestion:
    """The level of an E/M code follows medical decision making, not minutes: the provider chooses it."""
    choose = "Choose the E/M code by medical decision making."
    if therapy == 0:
        return Suggestion(None, (), choose)
    found = _by_minutes(rows, ServiceKind.PSYCHOTHERAPY_WITH_EM, therapy)
    if found is not None:
        words = f"{therapy} min of therapy → {found.code}: {found.range_words}"
        return Suggestion(None, (AddOn(found.code),), f"{words}, added to the E/M code. {choose}")
    shortest = _shortest(rows, (ServiceKind.PSYCHOTHERAPY_WITH_EM,))
    if shortest is not None:
        words = f"{therapy} min of therapy is too short for a code of its own: {shortest.code} starts at"
        return Suggestion(None, (), f"{words} {shortest.minutes_from} min. {choose}")
    return Suggestion(None, (), choose)
