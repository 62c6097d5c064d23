"""What stands above a note, snapshotted when it is signed, and the words of the attestation below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from attest.calendar.models import KINDS, MODALITIES, Session
from attest.clients.models import Client
from attest.core.once import fingerprint
from attest.core.templatetags.times import date_text, in_zone, time_text, zone_letters
from attest.policy.chips import CHIPS, ChipState
from attest.policy.deadlines import date_of_service
from attest.policy.minutes import Interval, minutes
from attest.practice.models import Location, Provider

NOT_HELD = frozenset(
    {ChipState.CANCELLED, ChipState.LATE_CANCEL, ChipState.NO_SHOW, ChipState.DID_NOT_TAKE_PLACE}
)
"""Stored chips of sessions that did not take place: a note about one says so."""

Header = dict[str, Any]
"""The snapshot as it is kept: JSON of texts, whole numbers, booleans, lists and objects."""


class TimesFrom(StrEnum):
    """Where the start and stop in a header come from."""

    SCHEDULE = "schedule"
    """The calendar's times; nobody has said that they are the actual ones."""
    AFFIRMED = "affirmed"
    """The calendar's times, affirmed as the actual ones."""
    TYPED = "typed"
    """Typed as the actual ones."""
    NONE = "none"
    """The note is about no session: it has a date and no times."""


_TIMES_WORDS = {
    TimesFrom.SCHEDULE: "as scheduled",
    TimesFrom.AFFIRMED: "actual times, the same as scheduled",
    TimesFrom.TYPED: "actual times",
}


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """What is known of how the session went, beside the records of client, provider and booking.

    `intervals` are UTC instants, at least one. `minutes` None: the floor of their sum. `place` is in plain words
    (see `place_words`). `diagnoses` and `services` are (code as people write it, label), empty while not chosen.
    """

    intervals: tuple[Interval, ...]
    modality: str
    place: str
    times_from: TimesFrom = TimesFrom.SCHEDULE
    minutes: int | None = None
    diagnoses: tuple[tuple[str, str], ...] = ()
    services: tuple[tuple[str, str], ...] = ()


FactsSource = Callable[[Session], HeaderFacts | None]
_sources: list[FactsSource] = []


def facts_come_from(source: FactsSource) -> None:
    """A room above hands in what it knows: the times typed so far, or those confirmed. None: it knows nothing."""
    _sources.append(source)


def facts_of(session: Session) -> HeaderFacts:
    """The best facts there are: typed or confirmed ones from the rooms above, before that the booking."""
    for source in _sources:
        if (known := source(session)) is not None:
            return known
    return scheduled_facts(session)


def scheduled_facts(session: Session) -> HeaderFacts:
    """The booking's own times and place, said to be as scheduled."""
    return HeaderFacts(
        intervals=(Interval(session.starts_at, session.ends_at),),
        modality=session.modality,
        place=place_words(
            session.modality,
            location=session.location,
            client_at_home=session.client_at_home,
            client_state=session.client_state,
        ),
    )


def place_words(modality: str, *, location: Location | None, client_at_home: bool, client_state: str) -> str:
    """Where it took place: "Main office, Kingston, NY" in person; "Client at home in NY" by video or phone."""
    if modality == "in_person":
        return f"{location.name}, {location.city}, {location.state}" if location else "Place not stated"
    return f"Client {'at home' if client_at_home else 'not at home'}" + (
        f" in {client_state}" if client_state else ""
    )


def header_for(session: Session, facts: HeaderFacts) -> Header:
    """The snapshot: client, date of service, times, place, provider, diagnoses and services as they are now.

    Reads `session.client` and `session.provider`: select them with the session.
    """
    if not facts.intervals:
        raise ValueError("A header needs the session's times.")
    client, provider = session.client, session.provider
    spans = sorted(facts.intervals, key=lambda interval: interval.start)
    return {
        "client": {"name": client.legal_name, "birth_date": client.birth_date.isoformat()},
        "date_of_service": date_of_service(spans[0].start, session.zone).isoformat(),
        "zone": session.zone,
        "times": {
            "from": str(facts.times_from),
            "intervals": [[_instant(span.start), _instant(span.stop)] for span in spans],
            "minutes": minutes(spans) if facts.minutes is None else facts.minutes,
        },
        "kind": session.kind,
        "not_held": session.chip if session.chip in NOT_HELD else "",
        "modality": facts.modality,
        "place": facts.place,
        "provider": {"name": provider.full_name, "credentials": provider.credentials, "npi": provider.npi},
        "diagnoses": [{"code": code, "label": label} for code, label in facts.diagnoses],
        "services": [{"code": code, "label": label} for code, label in facts.services],
    }


def header_of_client(
    client: Client, author: Provider, *, day: date, diagnoses: Sequence[tuple[str, str]]
) -> Header:
    """The snapshot above a note about the client without a session: its date, and no times, place or service."""
    return {
        "client": {"name": client.legal_name, "birth_date": client.birth_date.isoformat()},
        "date_of_service": day.isoformat(),
        "zone": author.zone,
        "times": {"from": str(TimesFrom.NONE), "intervals": [], "minutes": 0},
        "kind": "",
        "not_held": "",
        "modality": "",
        "place": "",
        "provider": {"name": author.full_name, "credentials": author.credentials, "npi": author.npi},
        "diagnoses": [{"code": code, "label": label} for code, label in diagnoses],
        "services": [],
    }


def header_digest(header: Header) -> str:
    """Fingerprint of a header: what the form carries to say which one was on the screen."""
    return fingerprint(header)


def header_rows(header: Header) -> list[tuple[str, str]]:
    """The header as a person reads it: label and text, in order. Rows that are not known are left out."""
    times, about_session = header["times"], header["times"]["from"] != TimesFrom.NONE
    spent = ""
    if about_session:
        spent = f"{spans_text(header)} · {times['minutes']} min ({_TIMES_WORDS[TimesFrom(times['from'])]})"
    rows = [
        (
            "Client",
            f"{header['client']['name']}, born {date_text(date.fromisoformat(header['client']['birth_date']))}",
        ),
        (
            "Date of service" if about_session else "Date",
            date_text(date.fromisoformat(header["date_of_service"])),
        ),
        ("Time", spent),
        (
            "Session",
            f"{dict(KINDS).get(header['kind'], header['kind'])} · {dict(MODALITIES)[header['modality']]}"
            if about_session
            else "",
        ),
        ("Place", header["place"]),
        ("Diagnosis", "; ".join(f"{item['code']} {item['label']}" for item in header["diagnoses"])),
        ("Service", "; ".join(f"{item['code']} {item['label']}" for item in header["services"])),
        ("Provider", f"{signature_name(header)} · NPI {header['provider']['npi']}"),
    ]
    if header["not_held"]:
        rows.insert(2, ("Standing", CHIPS[ChipState(header["not_held"])].word))
    return [(label, text) for label, text in rows if text]


def spans_text(header: Header) -> str:
    """ "2:00 PM – 2:53 PM ET"; several intervals one after the other. Letters tell the two hours of a change apart."""
    zone = header["zone"]
    said = []
    for start, stop in (
        [datetime.fromisoformat(end) for end in span] for span in header["times"]["intervals"]
    ):
        first, last = zone_letters(start, zone), zone_letters(stop, zone)
        apart = in_zone(start, zone).utcoffset() != in_zone(stop, zone).utcoffset()
        begin = time_text(in_zone(start, zone)) + (f" {first}" if apart else "")
        said.append(f"{begin} – {time_text(in_zone(stop, zone))} {last}")
    return "; ".join(said)


def signature_name(header: Header) -> str:
    """The author as they sign: name and credentials."""
    return f"{header['provider']['name']}, {header['provider']['credentials']}"


def statement(header: Header, now: datetime) -> str:
    """What the author attests, word for word, as it stands on the screen before signing."""
    client, day = header["client"]["name"], date_text(date.fromisoformat(header["date_of_service"]))
    spans = header["times"]["intervals"]
    if not spans:
        first = f"This note of {day} about {client} is my own record."
    elif not header["not_held"] and datetime.fromisoformat(spans[0][0]) <= now:
        first = f"I provided this session to {client} on {day}, and this note is my own record of it."
    else:
        first = f"This note is my own record about the session with {client} planned for {day}."
    return (
        f"{first} I have read all of it; it is accurate and complete to the best of my knowledge. "
        "I understand that signing locks it: from then on it can be added to, never changed, "
        "and that payers may rely on it."
    )


def signature_line(provider: Provider, now: datetime, zone: str) -> str:
    """Who signs and when: name, credentials, NPI, local date and time with the zone's letters."""
    there = in_zone(now, zone)
    when = f"{date_text(there.date())} at {time_text(there)} {zone_letters(now, zone)}"
    return f"Signed electronically by {provider.signature_name}, NPI {provider.npi}, on {when}."


def attestation_text(provider: Provider, header: Header, now: datetime, zone: str) -> str:
    """The whole attestation that is kept and covered by the signature: the statement, then the signature line."""
    return f"{statement(header, now)}\n{signature_line(provider, now, zone)}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
