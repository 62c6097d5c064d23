"""Dates and deadlines of a session: pure arithmetic on instants, a zone name and the policy record.

Hours are elapsed hours: every instant is converted to UTC before anything is added or subtracted
(two aware datetimes of one zone subtract as wall clocks in Python). Days are local calendar days.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from .record import Policy


def utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a datetime without a zone: it is no instant."""
    if instant.utcoffset() is None:
        raise ValueError("An instant needs a time zone.")
    return instant.astimezone(UTC)


def local(instant: datetime, zone: str) -> datetime:
    """The instant as the wall clock of `zone` (an IANA name) shows it. For showing, not for arithmetic."""
    return utc(instant).astimezone(ZoneInfo(zone))


def local_date(instant: datetime, zone: str) -> date:
    """The calendar date in `zone` at that instant."""
    return local(instant, zone).date()


def elapsed(start: datetime, stop: datetime) -> timedelta:
    """True time between two instants, whatever the clocks did in between; negative when stop is earlier."""
    return utc(stop) - utc(start)


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of a local calendar day, in UTC, also where midnight is skipped."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


class Standing(StrEnum):
    """How a deadline stands."""

    OK = "ok"
    DUE_SOON = "due_soon"
    LATE = "late"


def standing(due_at: datetime, now: datetime, *, window: timedelta, policy: Policy) -> Standing:
    """LATE once `now` is past `due_at` (the due instant itself is in time); DUE_SOON when at most the
    policy's share of `window`, the whole time there was, is left."""
    left = elapsed(now, due_at)
    if left < timedelta(0):
        return Standing.LATE
    return Standing.DUE_SOON if left * 100 <= window * policy.due_soon_percent else Standing.OK


# -- local times that do not exist, or exist twice ------------------------------------------------------


class LocalTimeKind(StrEnum):
    ONE = "one"
    NONEXISTENT = "nonexistent"
    """Skipped when clocks went forward: shifted forward by as much as they were."""
    AMBIGUOUS = "ambiguous"
    """Happens twice when clocks go back: the person must say which."""


@dataclass(frozen=True, slots=True)
class LocalTime:
    """What a typed local date and time can mean: one instant, or two to choose from, in UTC."""

    kind: LocalTimeKind
    candidates: tuple[datetime, ...]
    names: tuple[str, ...]
    """The zone's letters at each candidate, such as EDT and EST."""
    reason: str
    """A sentence when the time was shifted or must be asked; otherwise empty."""

    @property
    def must_be_asked(self) -> bool:
        return self.kind is LocalTimeKind.AMBIGUOUS

    @property
    def instant(self) -> datetime:
        """The one instant meant. Raises ValueError when there are two: ask, never guess."""
        if self.must_be_asked:
            raise ValueError(self.reason)
        return self.candidates[0]


def resolve_local(day: date, at: time, zone: str) -> LocalTime:
    """What a local date and wall time in `zone` mean, with daylight-saving changes said aloud.

    A time that does not exist is shifted forward (2:30 AM becomes 3:30 AM); one that exists twice gives
    both candidates, the earlier first.
    """
    tz = ZoneInfo(zone)
    first = datetime.combine(day, at.replace(tzinfo=None, fold=0), tz)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return LocalTime(LocalTimeKind.ONE, (first.astimezone(UTC),), (first.tzname() or "",), "")
    typed = _clock(at)
    if first.astimezone(UTC).astimezone(tz).replace(tzinfo=None) != first.replace(tzinfo=None):
        shifted = first.astimezone(UTC).astimezone(tz)
        reason = f"{typed} does not exist on {day:%m/%d/%Y}: clocks went forward."
        reason += f" It became {_clock(shifted.time())}."
        return LocalTime(
            LocalTimeKind.NONEXISTENT, (shifted.astimezone(UTC),), (shifted.tzname() or "",), reason
        )
    names = (first.tzname() or "", second.tzname() or "")
    reason = f"{typed} happens twice on {day:%m/%d/%Y}: clocks go back. Was it {names[0]} or {names[1]}?"
    return LocalTime(LocalTimeKind.AMBIGUOUS, (first.astimezone(UTC), second.astimezone(UTC)), names, reason)


def _clock(at: time) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


# -- confirming and modifying ---------------------------------------------------------------------------


def date_of_service(actual_start: datetime, zone: str) -> date:
    """The local date of the actual start in the session's zone, even when the session crosses midnight."""
    return local_date(actual_start, zone)


def has_started(scheduled_start: datetime, now: datetime) -> bool:
    """From its scheduled start on, a session can be confirmed and can no longer be moved."""
    return utc(now) >= utc(scheduled_start)


@dataclass(frozen=True, slots=True)
class ConfirmWindow:
    """When a session may be confirmed."""

    zone: str
    opens_at: datetime
    """The scheduled start, UTC."""
    counted_from: date
    """The earlier of the scheduled date and the date of service."""
    last_date: date
    """The last local date on which confirming is allowed, all day long."""
    closes_at: datetime
    """The first instant at which it is too late, UTC."""

    @property
    def last_instant(self) -> datetime:
        """The last second of the last day, UTC: what a person is shown."""
        return self.closes_at - timedelta(seconds=1)

    def may_confirm(self, now: datetime) -> bool:
        """Not over yet: the local date of `now` is at most the last date. Whether it began is `opens_at`."""
        return local_date(now, self.zone) <= self.last_date

    def standing(self, now: datetime, policy: Policy) -> Standing:
        if not self.may_confirm(now):
            return Standing.LATE
        return standing(self.closes_at, now, window=self.closes_at - self.opens_at, policy=policy)


def confirm_window(
    *, scheduled_start: datetime, actual_start: datetime | None, zone: str, policy: Policy
) -> ConfirmWindow:
    """Confirming is allowed while the local date is at most D + 30 days (the policy's number).

    D is the earlier of the scheduled date and the date of service, so neither moving the session nor
    typing another date gains time. `actual_start` is None while it is not known. After a modification,
    ask the window of the new times about `confirmed_at`.
    """
    counted_from = local_date(scheduled_start, zone)
    if actual_start is not None:
        counted_from = min(counted_from, date_of_service(actual_start, zone))
    last_date = counted_from + timedelta(days=policy.confirm_days)
    return ConfirmWindow(
        zone=zone,
        opens_at=utc(scheduled_start),
        counted_from=counted_from,
        last_date=last_date,
        closes_at=start_of_day(last_date + timedelta(days=1), zone),
    )


@dataclass(frozen=True, slots=True)
class EditWindow:
    """When the details of a confirmed session may be modified. A modification does not restart it."""

    closes_at: datetime

    def is_open(self, now: datetime) -> bool:
        """The closing instant itself still counts."""
        return utc(now) <= self.closes_at

    def has_passed(self, now: datetime) -> bool:
        """The exact opposite of `is_open`: what a claim's release asks."""
        return utc(now) > self.closes_at


def edit_window(confirmed_at: datetime, policy: Policy) -> EditWindow:
    """48 elapsed hours (the policy's number) from confirming."""
    return EditWindow(utc(confirmed_at) + timedelta(hours=policy.edit_hours))


# -- signing and billing --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignatureDue:
    """When a note must be signed. Frozen at signing: what is learnt later never makes it late."""

    due_at: datetime
    hours: int
    strict: bool

    def is_late(self, signed_at: datetime) -> bool:
        """Signed at the due instant is in time."""
        return utc(signed_at) > self.due_at

    def standing(self, now: datetime, policy: Policy) -> Standing:
        return standing(self.due_at, now, window=timedelta(hours=self.hours), policy=policy)


def signature_due(
    *, scheduled_stop: datetime, actual_stop: datetime | None, strict: bool, policy: Policy
) -> SignatureDue:
    """72 elapsed hours after the actual stop, 48 when `strict` (see `payer.signs_strictly`).

    Before the actual stop is known, the scheduled one stands in. Of several intervals, the last stop.
    """
    hours = policy.sign_hours_strict if strict else policy.sign_hours
    stop = scheduled_stop if actual_stop is None else actual_stop
    return SignatureDue(utc(stop) + timedelta(hours=hours), hours, strict)


def client_billed_at(confirmed_at: datetime, zone: str, policy: Policy) -> datetime:
    """The day after the local day of confirming, from 9 AM local (the policy's number), in UTC."""
    day = local_date(confirmed_at, zone) + timedelta(days=1)
    return resolve_local(day, time(policy.billing_hour), zone).candidates[-1]


# -- filing limit ---------------------------------------------------------------------------------------


class FilingUnit(StrEnum):
    DAYS = "days"
    CALENDAR_YEARS = "calendar_years"
    END_OF_FOLLOWING_YEAR = "end_of_following_year"


@dataclass(frozen=True, slots=True)
class FilingRule:
    """How long a payer takes claims, counted from the date of service to receipt.

    `amount` is the number of days or years; it has no meaning for END_OF_FOLLOWING_YEAR.
    """

    unit: FilingUnit
    amount: int = 1

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("A filing limit is at least 1.")

    @property
    def words(self) -> str:
        """The rule as a person reads it."""
        if self.unit is FilingUnit.END_OF_FOLLOWING_YEAR:
            return "until the end of the following year"
        noun = "day" if self.unit is FilingUnit.DAYS else "calendar year"
        return f"{self.amount} {noun}{'' if self.amount == 1 else 's'}"


def file_by(rule: FilingRule, service_date: date) -> date:
    """The last date on which the payer may receive the claim. A year from February 29 ends February 28."""
    if rule.unit is FilingUnit.DAYS:
        return service_date + timedelta(days=rule.amount)
    if rule.unit is FilingUnit.END_OF_FOLLOWING_YEAR:
        return date(service_date.year + 1, 12, 31)
    year = service_date.year + rule.amount
    if (service_date.month, service_date.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return service_date.replace(year=year)


def filing_days_left(last_day: date, now: datetime, zone: str) -> int:
    """Whole local days from today to the last day; 0 on the day itself, negative afterwards."""
    return (last_day - local_date(now, zone)).days


def filing_alert(service_date: date, last_day: date, now: datetime, zone: str, policy: Policy) -> int | None:
    """The highest alert, in percent of filing time used, that has been reached; None before the first."""
    whole = (last_day - service_date).days
    used = (local_date(now, zone) - service_date).days
    reached = [percent for percent in policy.filing_alert_percents if used * 100 >= whole * percent]
    return max(reached, default=None)
