"""A local date, a start and a length, read as instants, with daylight-saving changes asked about and never guessed."""

from datetime import UTC, datetime, time, timedelta
from datetime import date as Day
from typing import Any

from django import forms

from attest.core.templatetags.times import in_zone, time_text, zone_letters
from attest.policy.deadlines import LocalTimeKind, resolve_local

DATES = ["%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"]
TIMES = ["%I:%M %p", "%I:%M%p", "%I %p", "%H:%M"]
LONGEST = 8 * 60
USUAL_MINUTES = 50


class WhenForm(forms.Form):
    """Date, start and length of a session in `self.zone`; after validation `starts_at` and `ends_at` are UTC instants.

    A local time that does not exist or exists twice is refused with the instants it can mean; the field `meant` then
    appears and carries the one that was chosen. The length is elapsed time, whatever the clocks do meanwhile.
    """

    date = forms.DateField(
        label="Date",
        input_formats=DATES,
        widget=forms.DateInput(format="%m/%d/%Y", attrs={"data-date": "", "autocomplete": "off"}),
        error_messages={"required": "Say on which date.", "invalid": "A date looks like 11/24/2026."},
    )
    start = forms.TimeField(
        label="Start",
        input_formats=TIMES,
        widget=forms.TimeInput(format="%I:%M %p", attrs={"data-time": "", "autocomplete": "off"}),
        error_messages={"required": "Say when it starts.", "invalid": "A time looks like 9:30 AM."},
    )
    minutes = forms.IntegerField(
        label="Length in minutes",
        min_value=5,
        max_value=LONGEST,
        initial=USUAL_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": 1}),
        error_messages={
            "required": "Say how long it takes.",
            "invalid": "A whole number of minutes, for example 50.",
            "min_value": "A session takes at least 5 minutes.",
            "max_value": "A session takes at most 8 hours.",
        },
    )
    meant = forms.ChoiceField(
        label="Which one?", choices=[], required=False, widget=forms.RadioSelect, error_messages={}
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.starts_at: datetime | None = None
        self.ends_at: datetime | None = None

    @property
    def asks_which(self) -> bool:
        """The start was one that clocks skip or show twice: the field `meant` is to be shown."""
        return bool(self._meant().choices)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        day, start, minutes = values.get("date"), values.get("start"), values.get("minutes")
        if day is None or start is None:
            return values
        found = resolve_local(day, start, self.zone)
        instant: datetime | None = found.candidates[0]
        if found.kind is not LocalTimeKind.ONE:
            self._meant().choices = [
                (_key(candidate), f"{time_text(in_zone(candidate, self.zone))} {name}")
                for candidate, name in zip(found.candidates, found.names, strict=True)
            ]
            chosen = self.data.get(self.add_prefix("meant"), "")
            self.errors.pop("meant", None)
            instant = next((c for c in found.candidates if _key(c) == chosen), None)
            if instant is None:
                skipped = found.kind is LocalTimeKind.NONEXISTENT
                self.add_error("meant", self._ask(day, start, skipped))
        else:
            self.errors.pop("meant", None)
        if instant is not None and minutes is not None:
            self.starts_at = instant.astimezone(UTC)
            self.ends_at = self.starts_at + timedelta(minutes=minutes)
        return values

    def _ask(self, day: Day, start: time, skipped: bool) -> str:
        typed = time_text(datetime.combine(day, start, UTC))
        if skipped:
            return f"{typed} does not exist on that day: clocks go forward. Take the time below, or type another."
        return f"{typed} happens twice on that day: clocks go back. Say which one."

    def _meant(self) -> forms.ChoiceField:
        found = self.fields["meant"]
        assert isinstance(found, forms.ChoiceField)
        return found


def when_of(starts_at: datetime, ends_at: datetime, zone: str) -> dict[str, Any]:
    """What the form shows for these instants; `meant` answers at once for a start that exists twice."""
    there = in_zone(starts_at, zone)
    shown: dict[str, Any] = {
        "date": there.date(),
        "start": there.time().replace(tzinfo=None, fold=0),
        "minutes": round((ends_at - starts_at).total_seconds() / 60),
        "meant": _key(starts_at),
    }
    return shown


def said(starts_at: datetime, zone: str) -> str:
    """A start in a sentence: "Wed 11/25, 9:00 AM ET"."""
    there = in_zone(starts_at, zone)
    return f"{there:%a} {there.month}/{there.day}, {time_text(there)} {zone_letters(starts_at, zone)}"


def _key(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="minutes")
