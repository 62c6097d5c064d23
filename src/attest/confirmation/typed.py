"""What is typed into the confirm form: the raw values as they are kept, and what they mean.

The values are saved as typed, even half-way; `read` turns them into facts and names every value it cannot read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from attest.calendar.models import MODALITIES, Session
from attest.policy.catalogue import SessionKind
from attest.policy.coding import ComplexityFactor
from attest.policy.deadlines import local, resolve_local
from attest.policy.place import Modality
from attest.policy.readiness import NoteChoice
from attest.policy.readiness.facts import ActualTimes, Details
from attest.practice.organization import US_STATES

MOST_INTERVALS = 4
_YEARS = range(2000, 2101)
Values = Mapping[str, Any]

FIELDS = (
    "date", "stop_next_day", "affirmed", "date_reason", "excluded_minutes",
    "modality", "location", "client_state", "client_at_home", "client_present",
    "code", "therapy_minutes", "note_choice", "none_kind", "elsewhere_author", "elsewhere_signed_on",
    *(f"{name}_{n}" for n in range(1, MOST_INTERVALS + 1) for name in ("start", "stop", "start_which", "stop_which")),
)  # fmt: skip
LISTS = ("addon", "factor", "diagnosis")
"""Fields that may be given several times, in order."""
TICKS = ("stop_next_day", "affirmed")
"""Boxes: a whole form sent without one says that it is not ticked."""
LONGEST_TEXT = {"elsewhere_author": 100}


@dataclass(frozen=True, slots=True)
class Typed:
    """The form's values, read. `problems` maps a field to the sentence beside it."""

    day: date
    times: tuple[ActualTimes, ...]
    times_from: str
    affirmed: bool
    date_reason: str
    excluded_minutes: int
    modality: Modality
    location_id: UUID | None
    client_state: str
    client_at_home: bool
    client_present: bool
    code: str
    addons: tuple[str, ...]
    factors: tuple[ComplexityFactor, ...]
    therapy_minutes: int | None
    diagnoses: tuple[str, ...]
    note_choice: NoteChoice | None
    elsewhere_author: str
    elsewhere_signed_on: date | None
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def spent(self) -> int | None:
        """Whole minutes of the typed times less what is left out; None while they are missing or run backwards."""
        return Details(times=self.times, excluded=timedelta(minutes=self.excluded_minutes)).spent

    def declares_note(self, today: date) -> bool:
        """A note kept elsewhere has its author and a possible date of signing."""
        signed_on = self.elsewhere_signed_on
        return bool(self.elsewhere_author and signed_on) and not self.not_signed_then(today)

    def not_signed_then(self, today: date) -> str:
        """Why a note kept elsewhere cannot have been signed on the date typed; '' when it can."""
        signed_on = self.elsewhere_signed_on
        if signed_on is not None and signed_on < self.day:
            return "That is before the session."
        return "That day has not come yet." if signed_on is not None and signed_on > today else ""

    def sentences(self, today: date) -> dict[str, str]:
        """Field → the sentence beside it, for everything that cannot be taken as typed."""
        impossible = self.not_signed_then(today)
        return self.problems | ({"elsewhere_signed_on": impossible} if impossible else {})


def clean(data: Any) -> dict[str, Any]:
    """The form's own fields out of a posted QueryDict (or a mapping with lists), as they are kept in the draft."""
    values: dict[str, Any] = {}
    for name in FIELDS:
        text = data.get(name)
        if text is not None:
            values[name] = _storable(text)[: LONGEST_TEXT.get(name, 300)]
    for name in LISTS:
        found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        values[name] = [short for text in found if (short := _storable(text)[:40])][:24]
    return values


def whole(data: Any) -> dict[str, Any]:
    """The same of a whole form, where a box that is not sent is not ticked."""
    return dict.fromkeys(TICKS, "") | clean(data)


def _storable(text: Any) -> str:
    """Without blanks around it, and without the one character the database cannot keep."""
    return str(text).replace("\0", "").strip()


def prefilled(session: Session) -> dict[str, Any]:
    """What the form shows before anything is typed: the scheduled times and the place as booked."""
    start, stop = local(session.starts_at, session.zone), local(session.ends_at, session.zone)
    return {
        "date": f"{start:%m/%d/%Y}",
        "start_1": f"{start:%-I:%M %p}",
        "stop_1": f"{stop:%-I:%M %p}",
        "start_which_1": _which(start, session.zone),
        "stop_which_1": _which(stop, session.zone),
        "stop_next_day": "on" if stop.date() > start.date() else "",
        "affirmed": "",
        "modality": session.modality,
        "location": str(session.location_id or ""),
        "client_state": session.client_state,
        "client_at_home": "yes" if session.client_at_home else "no",
        "client_present": "yes",
        "addon": [],
        "factor": [],
        "diagnosis": [],
    }


@dataclass(frozen=True, slots=True)
class TimeQuestion:
    """A typed wall time that happened twice: which of the two is meant?"""

    name: str
    sentence: str
    names: tuple[str, ...]
    chosen: str

    @property
    def asks(self) -> bool:
        """False where clocks went forward: nothing to choose, the shift is only said."""
        return len(self.names) > 1


def time_questions(session: Session, values: Values) -> tuple[TimeQuestion, ...]:
    """What a change of clocks asks or says about the typed times; mostly nothing."""
    problems: dict[str, str] = {}
    day = _date(values, "date", problems) or local(session.starts_at, session.zone).date()
    asked = []
    for n in parts_of(session):
        start, stop = (_time(values.get(f"{end}_{n}", ""), "", problems) for end in ("start", "stop"))
        for end, at, on in (("start", start, day), ("stop", stop, _stop_day(values, n, day, start, stop))):
            resolved = resolve_local(on, at, session.zone) if at else None
            if resolved and resolved.reason:
                name = f"{end}_which_{n}"
                asked.append(TimeQuestion(name, resolved.reason, resolved.names, values.get(name, "")))
    return tuple(asked)


def parts_of(session: Session) -> range:
    """The numbers of the parts its times may have: a crisis session may be interrupted, any other is one piece."""
    return range(1, MOST_INTERVALS + 1 if session.kind == SessionKind.CRISIS else 2)


def read(session: Session, values: Values) -> Typed:
    """Read the values against the session's zone. Nothing typed stands for the schedule only where prefilled."""
    problems: dict[str, str] = {}
    schedule = prefilled(session)
    day = _date(values, "date", problems) or local(session.starts_at, session.zone).date()
    times = tuple(
        interval
        for n in parts_of(session)
        if (interval := _interval(values, n, day, session.zone, problems)) is not None
    )
    untouched = all(values.get(name) == schedule[name] for name in ("date", "start_1", "stop_1"))
    return Typed(
        day=day,
        times=times or (ActualTimes(None, None),),
        times_from="schedule" if untouched else "typed",
        affirmed=values.get("affirmed") == "on",
        date_reason=values.get("date_reason", ""),
        excluded_minutes=_number(values, "excluded_minutes", problems) or 0,
        modality=_modality(values.get("modality"), session),
        location_id=_uuid(values.get("location")),
        client_state=values.get("client_state", "") if values.get("client_state") in US_STATES else "",
        client_at_home=values.get("client_at_home", "yes") == "yes",
        client_present=values.get("client_present", "yes") == "yes",
        code=values.get("code", ""),
        addons=tuple(dict.fromkeys(values.get("addon", []))),
        factors=tuple(ComplexityFactor(f) for f in values.get("factor", []) if f in list(ComplexityFactor)),
        therapy_minutes=_number(values, "therapy_minutes", problems),
        diagnoses=tuple(dict.fromkeys(code.replace(".", "").upper() for code in values.get("diagnosis", []))),
        note_choice=_note_choice(values),
        elsewhere_author=values.get("elsewhere_author", ""),
        elsewhere_signed_on=_date(values, "elsewhere_signed_on", problems),
        problems=problems,
    )


def _interval(values: Values, n: int, day: date, zone: str, problems: dict[str, str]) -> ActualTimes | None:
    start_text, stop_text = values.get(f"start_{n}", ""), values.get(f"stop_{n}", "")
    if n > 1 and not start_text and not stop_text:
        return None
    start_time = _time(start_text, f"start_{n}", problems)
    stop_time = _time(stop_text, f"stop_{n}", problems)
    stop_day = _stop_day(values, n, day, start_time, stop_time)
    start, start_asks = _instant(day, start_time, zone, values.get(f"start_which_{n}", ""))
    stop, stop_asks = _instant(stop_day, stop_time, zone, values.get(f"stop_which_{n}", ""))
    return ActualTimes(start, stop, ambiguous=start_asks or stop_asks)


def _stop_day(values: Values, n: int, day: date, start: time | None, stop: time | None) -> date:
    """The date of a stop: the next one where the box says so; of several parts, of those that end past midnight."""
    if values.get("stop_next_day") != "on":
        return day
    several = any(values.get(f"start_{part}") for part in range(2, MOST_INTERVALS + 1))
    if several and start and stop and stop > start:
        return day
    return day + timedelta(days=1)


def _instant(day: date, at: time | None, zone: str, which: str) -> tuple[datetime | None, bool]:
    """The instant meant, and whether it must be asked: the time happened twice and `which` does not say."""
    if at is None:
        return None, False
    resolved = resolve_local(day, at, zone)
    if not resolved.must_be_asked:
        return resolved.instant, False
    if which in resolved.names:
        return resolved.candidates[resolved.names.index(which)], False
    return resolved.candidates[0], True


def _which(at: datetime, zone: str) -> str:
    """The zone's letters when the wall time alone would not say which instant is meant, else empty."""
    asked = resolve_local(at.date(), at.time(), zone).must_be_asked
    return (at.tzname() or "") if asked else ""


def _time(text: str, name: str, problems: dict[str, str]) -> time | None:
    if not text:
        return None
    for form in ("%I:%M %p", "%I:%M%p", "%H:%M"):
        try:
            return datetime.strptime(text.upper(), form).time()  # noqa: DTZ007 - a wall time, not an instant
        except ValueError:
            continue
    problems[name] = "Type a time such as 2:05 PM."
    return None


def _date(values: Values, name: str, problems: dict[str, str]) -> date | None:
    text = values.get(name, "")
    if not text:
        return None
    for form in ("%m/%d/%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar date
        except ValueError:
            continue
        if day.year in _YEARS:
            return day
    problems[name] = "Type a date such as 11/24/2026."
    return None


def _number(values: Values, name: str, problems: dict[str, str]) -> int | None:
    text = values.get(name, "")
    if not text:
        return None
    if text.isascii() and text.isdecimal() and int(text) <= 1440:
        return int(text)
    problems[name] = "Type whole minutes, such as 10."
    return None


def _modality(text: str | None, session: Session) -> Modality:
    return Modality(text if text in dict(MODALITIES) else session.modality)


def _note_choice(values: Values) -> NoteChoice | None:
    """*No note here* asks in a second step whether it is kept elsewhere or still owed."""
    chosen = values.get("note_choice")
    if chosen == "none":
        chosen = values.get("none_kind")
    return NoteChoice(chosen) if chosen in list(NoteChoice) else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
