"""A therapist's week over HTTP, in a database with ten thousand sessions and in one with a million.

The week holds thirty sessions to come, each of another client, so that each is judged: plan, forms, payment, licence,
contract. It is the same in both databases; what grows is everything around it, the therapist's own past included.
The product's own web server, its embedded PostgreSQL, a real login; one request after the other.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bench._web import Person, percentile, web_server

NEEDS_DATABASE = True
FEW, MANY = 10_000, 1_000_000
PRACTICES, PROVIDERS, CLIENTS = 200, 5, 30
WARM_UP, REQUESTS = 60, 200
AIM_MS, AIM_RATIO = 30, 1.25


def rows() -> list[dict[str, Any]]:
    """One row for each database, and how the two compare."""
    from attest.cli.home import Home
    from bench._calendar import fill, measured_practice, other_practices, statements

    monday = _next_monday()
    made = measured_practice(clients=CLIENTS, providers=PROVIDERS, monday=monday, sessions=CLIENTS)
    other_practices(PRACTICES - 1, providers=PROVIDERS, clients=CLIENTS)
    week = {"start": monday.isoformat(), "end": (monday + timedelta(days=7)).isoformat()}
    page = f"/o/{made.slug}/calendar/"
    events = f"{page}events/?{urlencode(week)}"
    found, filled = [], 0
    with web_server(Home.from_environment()) as port:
        person = Person(port)
        person.sign_in(made.clinician.user)
        for wanted in (FEW, MANY):
            each = wanted // (PRACTICES * PROVIDERS)
            total = fill(made, monday=monday, clients=CLIENTS, first=filled, last=each - 1)
            filled = each
            if len(json.loads(person.get(events).body)) != CLIENTS:
                raise RuntimeError("this is not the week that was prepared")
            peers = {
                "p99, ms": 0.0,
                "the page around it, p50 ms": percentile(_times(person, f"{page}?date={monday.date()}"), 50),
                "sessions": total,
                "statements": statements(made, events),
            }
            times = _times(person, events)
            found.append(_row(wanted, percentile(times, 50), peers | {"p99, ms": percentile(times, 99)}))
    few, many = (row["value"] for row in found)
    ratio = round(many / few, 2)
    flat = {"name": "calendar_week, 100 times the sessions", "value": ratio, "unit": "times as long"}
    return [*found, flat | {"aim": AIM_RATIO, "met": ratio <= AIM_RATIO}]


def _row(sessions: int, ms: float, peers: dict[str, float]) -> dict[str, Any]:
    name = f"calendar_week, {sessions:,} sessions"
    return {"name": name, "value": ms, "unit": "ms p50", "aim": AIM_MS, "met": ms <= AIM_MS, "peers": peers}


def _next_monday() -> datetime:
    """The beginning of the coming week where the practice is, as UTC."""
    now = datetime.now(ZoneInfo("America/New_York"))
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    return monday.astimezone(UTC)


def _times(person: Person, path: str) -> list[float]:
    """Seconds that each request took, after some that are not counted."""
    times = []
    for number in range(WARM_UP + REQUESTS):
        started = time.perf_counter()
        status = person.get(path).status
        if status != 200:
            raise RuntimeError(f"the calendar answered with {status}")
        if number >= WARM_UP:
            times.append(time.perf_counter() - started)
    return times
