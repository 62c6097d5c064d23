"""Instants in words: local dates and times with zone letters, and deadlines both relative and absolute."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from attest.core import clock
from attest.core.templatetags.icons import icon
from attest.policy.deadlines import Standing, standing
from attest.policy.record import DEFAULT_POLICY

register = template.Library()

SIGNING_WINDOW = timedelta(hours=72)
"""The whole time assumed for a deadline whose beginning is not given."""
_WITHOUT_S = {"EST": "ET", "EDT": "ET", "CST": "CT", "CDT": "CT", "MST": "MT", "MDT": "MT"} | {
    "PST": "PT",
    "PDT": "PT",
    "AKST": "AKT",
    "AKDT": "AKT",
}

ZONE_NAMES = {
    "America/New_York": "Eastern Time",
    "America/Chicago": "Central Time",
    "America/Denver": "Mountain Time",
    "America/Phoenix": "Arizona Time",
    "America/Los_Angeles": "Pacific Time",
    "America/Anchorage": "Alaska Time",
    "Pacific/Honolulu": "Hawaii Time",
    "America/Puerto_Rico": "Atlantic Time",
    "Pacific/Guam": "Guam Time",
}


def in_zone(instant: datetime, zone: str) -> datetime:
    """The instant on the wall clock of `zone` (an IANA name). Raises ValueError for a datetime without a zone."""
    if instant.utcoffset() is None:
        raise ValueError("An instant needs a time zone.")
    return instant.astimezone(UTC).astimezone(ZoneInfo(zone))


def zone_letters(instant: datetime, zone: str) -> str:
    """ "ET" for New York all year; "EST"/"EDT" in the hour that happens twice; "MST" where clocks never change."""
    there = in_zone(instant, zone)
    name = there.tzname() or zone
    twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    january, july = (there.replace(month=month, day=1, fold=0).utcoffset() for month in (1, 7))
    return name if twice or january == july else _WITHOUT_S.get(name, name)


def date_text(day: date) -> str:
    """MM/DD/YYYY."""
    return f"{day:%m/%d/%Y}"


def time_text(there: datetime) -> str:
    """h:mm AM/PM."""
    return f"{there.hour % 12 or 12}:{there:%M} {'AM' if there.hour < 12 else 'PM'}"


def range_text(start: datetime, end: datetime) -> str:
    """ "9:00 – 9:53 AM", "11:30 AM – 12:15 PM": two times on the wall clock, the half of the day said once."""
    first, last = time_text(start), time_text(end)
    if first[-2:] == last[-2:] and start.date() == end.date():
        first = first[:-3]
    return f"{first} – {last}"


def span_text(span: timedelta) -> str:
    """A length of time in at most two units: "12 days", "1 day 10 h", "5 h 20 min", "9 h", "40 min".

    Under a minute it is "less than a minute"; the sign of `span` does not matter.
    """
    minutes = int(abs(span).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        said = f"{days} day{'' if days == 1 else 's'}"
        return f"{said} {hours} h" if hours and days < 7 else said
    if hours:
        return f"{hours} h {left} min" if left and hours < 6 else f"{hours} h"
    return f"{left} min" if left else "less than a minute"


def deadline_text(at: datetime, zone: str, now: datetime) -> tuple[str, str]:
    """How long until (or since) `at`, and when that is: ("in 1 day 10 h", "Wed 11/25, 4:50 PM ET").

    The year is named when it is not this year's in `zone`.
    """
    span = at.astimezone(UTC) - now.astimezone(UTC)
    relative = f"{span_text(span)} ago" if span < timedelta(0) else f"in {span_text(span)}"
    there = in_zone(at, zone)
    day = f"{there:%a} {there.month}/{there.day}"
    if there.year != in_zone(now, zone).year:
        day += f"/{there.year}"
    return relative, f"{day}, {time_text(there)} {zone_letters(at, zone)}"


@register.simple_tag(takes_context=True)
def deadline(context: dict[str, Any], at: datetime, zone: str, since: datetime | None = None) -> SafeString:
    """Relative and absolute together; amber when under a quarter of the time since `since` is left, red when past.

    Without `since` the whole time counts as 72 hours. `now` comes from the page's context, else the clock.
    """
    now = context.get("now") or clock.now()
    window = at.astimezone(UTC) - since.astimezone(UTC) if since else SIGNING_WINDOW
    stands = standing(at, now, window=window, policy=DEFAULT_POLICY)
    kind, symbol = {
        Standing.OK: ("", "clock"),
        Standing.DUE_SOON: (" is-soon", "clock-alert"),
        Standing.LATE: (" is-past", "circle-alert"),
    }[stands]
    relative, absolute = deadline_text(at, zone, now)
    return format_html(
        '<time class="deadline{}" datetime="{}">{}{} <span class="when">({})</span></time>',
        kind,
        at.astimezone(UTC).isoformat(timespec="seconds"),
        icon(symbol),
        relative,
        absolute,
    )


def _letters(context: dict[str, Any], at: datetime, zone: str) -> str:
    """ " PT" when the person looking lives by another clock than `zone` at that instant, else nothing."""
    viewer = context.get("zone")
    if viewer and in_zone(at, str(viewer)).utcoffset() == in_zone(at, zone).utcoffset():
        return ""
    return f" {zone_letters(at, zone)}"


def _time(at: datetime, shown: str) -> SafeString:
    return format_html(
        '<time datetime="{}">{}</time>', at.astimezone(UTC).isoformat(timespec="seconds"), shown
    )


@register.simple_tag(takes_context=True)
def local_time(context: dict[str, Any], at: datetime, zone: str) -> SafeString:
    """The time of day in `zone`: "9:00 AM", with zone letters when the viewer's clock differs."""
    return _time(at, time_text(in_zone(at, zone)) + _letters(context, at, zone))


@register.simple_tag
def local_date(at: datetime, zone: str) -> SafeString:
    """The calendar date in `zone`: "11/25/2026"."""
    return _time(at, date_text(in_zone(at, zone)))


@register.simple_tag
def local_day(at: datetime, zone: str) -> SafeString:
    """The calendar date in `zone`, spoken: "Wed, Nov 25, 2026"."""
    there = in_zone(at, zone)
    return _time(at, f"{there:%a, %b} {there.day}, {there.year}")


@register.simple_tag(takes_context=True)
def local_moment(context: dict[str, Any], at: datetime, zone: str) -> SafeString:
    """Date and time in `zone`: "11/25/2026, 4:50 PM"."""
    there = in_zone(at, zone)
    return _time(at, f"{date_text(there)}, {time_text(there)}{_letters(context, at, zone)}")


@register.simple_tag(takes_context=True)
def local_range(context: dict[str, Any], start: datetime, end: datetime, zone: str) -> SafeString:
    """From–to in `zone`: "9:00 – 9:53 AM", with zone letters when the viewer's clock differs.

    When the clocks change in between, both ends carry their own letters ("12:40 AM EDT – 1:35 AM EST").
    """
    first, last = in_zone(start, zone), in_zone(end, zone)
    if first.utcoffset() != last.utcoffset():
        shown = f"{time_text(first)} {first.tzname()} – {time_text(last)} {last.tzname()}"
        return _time(start, shown)
    return _time(start, range_text(first, last) + _letters(context, start, zone))


@register.filter
def zone_name(zone: str) -> str:
    """What people call the zone: "Eastern Time"; for one without a name of its own the city of the IANA name."""
    return ZONE_NAMES.get(zone, zone.rpartition("/")[2].replace("_", " "))
