"""Confirming a session over HTTP, note signed with it: the whole request, as the therapist's browser sends it.

The product's own web server (2 processes of 4 threads), its embedded PostgreSQL with fsync, real logins, the real
confirm form. Every session has a complete DAP draft and typed details; confirming signs the note and makes the
claim and the client's charge in one transaction. Each therapist has some nine hundred confirmed sessions before.
The measuring program shares the machine with the server.

Beside it stands what the machine can do at most: durable transactions of one row each, over as many connections.
"""

import http.client
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from bench._web import FORM, HOST, Person, ask, percentile, processor_seconds, web_server

NEEDS_DATABASE = True
PRACTICES = 10
CLIENTS = 24
DAYS, SESSIONS_A_DAY = 29, 8
WARM_UP, ALONE, SECONDS_AT_RANDOM, A_SECOND, TOGETHER = 160, 200, 20, 40, 1000
AIM_ALONE_MS, AIM_RANDOM_MS, AIM_A_SECOND = 20, 25, 150
COMMIT_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Press:
    """One press of the button, ready to be sent."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Measured:
    """How long each of several presses took, in seconds, all of them together, and the servers' processor time."""

    each: list[float]
    total: float
    processor: float

    @property
    def processor_ms(self) -> float:
        """What one press cost web server and PostgreSQL in processor time, in milliseconds: how loaded the machine
        is shows in it less than in the time that passed."""
        return round(self.processor / len(self.each) * 1000, 1)

    @property
    def a_second(self) -> float:
        return round(len(self.each) / self.total, 1)

    def ms(self, percent: float) -> float:
        """A percentile in milliseconds."""
        return percentile(self.each, percent)


def rows() -> list[dict[str, Any]]:
    """Three rows: one client alone, arrivals at random, eight clients at once."""
    from attest.cli.home import Home
    from bench._confirming import add_history, confirmed, practices

    commits = {clients: _commits_a_second(clients) for clients in (1, 8)}
    made = practices(PRACTICES, clients=CLIENTS, days=DAYS, a_day=SESSIONS_A_DAY)
    add_history(made)
    with web_server(Home.from_environment()) as port:
        presses = [press for practice in made for press in _presses(practice, port)]
        random.Random(11).shuffle(presses)
        _together(port, _take(presses, WARM_UP), 8)
        alone = _together(port, _take(presses, ALONE), 1)
        at_random = _at_random(port, _take(presses, SECONDS_AT_RANDOM * A_SECOND))
        together = _together(port, _take(presses, TOGETHER), 8)
    sent = WARM_UP + ALONE + SECONDS_AT_RANDOM * A_SECOND + TOGETHER
    if (found := confirmed(made)) != sent:
        raise RuntimeError(f"{sent} sessions were to be confirmed, {found} are")
    return [
        {
            "name": "confirm_http, 1 client",
            "value": alone.ms(50),
            "unit": "ms p50",
            "aim": AIM_ALONE_MS,
            "met": alone.ms(50) <= AIM_ALONE_MS,
            "peers": {
                "p99, ms": alone.ms(99),
                "confirmed a second": alone.a_second,
                "processor time of web server and PostgreSQL, ms": alone.processor_ms,
                "durable single-row commits a second, 1 connection": commits[1],
            },
        },
        {
            "name": f"confirm_http, {A_SECOND} a second at random",
            "value": at_random.ms(50),
            "unit": "ms p50",
            "aim": AIM_RANDOM_MS,
            "met": at_random.ms(50) <= AIM_RANDOM_MS,
            "peers": {"p99, ms": at_random.ms(99), "confirmed a second": at_random.a_second},
        },
        {
            "name": "confirm_http, 8 clients",
            "value": together.a_second,
            "unit": "confirmed/s",
            "aim": AIM_A_SECOND,
            "met": together.a_second >= AIM_A_SECOND,
            "peers": {
                "p50, ms": together.ms(50),
                "p99, ms": together.ms(99),
                "processor time of web server and PostgreSQL, ms": together.processor_ms,
                "durable single-row commits a second, 8 connections": commits[8],
            },
        },
    ]


def _presses(practice: Any, port: int) -> list[Press]:
    """What the therapist's browser would send for each session, after a login of their own."""
    person = Person(port)
    person.sign_in(practice.made.clinician.user)
    headers = person.headers | {"Content-Type": FORM}
    fields = {"csrfmiddlewaretoken": person.token}
    return [
        Press(path, headers, urlencode({**values, **fields, "key": str(uuid4())}, doseq=True))
        for path, values in practice.forms()
    ]


def _take(presses: list[Press], count: int) -> list[Press]:
    taken, presses[:] = presses[:count], presses[count:]
    if len(taken) < count:
        raise RuntimeError("too few sessions were prepared")
    return taken


def _press(connection: http.client.HTTPConnection, press: Press) -> None:
    answer, _ = ask(connection, "POST", press.path, press.headers, press.body)
    if answer.status not in (302, 303) or not answer.location.startswith("/o/"):
        raise RuntimeError(f"a session was not confirmed: status {answer.status} {answer.location}")


def _together(port: int, presses: list[Press], clients: int) -> Measured:
    """So many clients at once, each sending the next one as soon as the last is answered."""

    def client(own: list[Press]) -> list[float]:
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        took = []
        for press in own:
            started = time.perf_counter()
            _press(connection, press)
            took.append(time.perf_counter() - started)
        connection.close()
        return took

    started, worked = time.perf_counter(), processor_seconds()
    with ThreadPoolExecutor(clients) as pool:
        found = list(pool.map(client, [presses[n::clients] for n in range(clients)]))
    return _measured([one for took in found for one in took], started, worked)


def _at_random(port: int, presses: list[Press]) -> Measured:
    """Presses that arrive at random, whatever is under way: times count from the moment of arrival."""
    rng = random.Random(7)

    def arrive(press: Press, due: float) -> float:
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        _press(connection, press)
        took = time.perf_counter() - due
        connection.close()
        return took

    started = due = time.perf_counter()
    worked = processor_seconds()
    with ThreadPoolExecutor(64) as pool:
        under_way = []
        for press in presses:
            due += rng.expovariate(A_SECOND)
            time.sleep(max(0.0, due - time.perf_counter()))
            under_way.append(pool.submit(arrive, press, due))
        took = [one.result() for one in under_way]
    return _measured(took, started, worked)


def _measured(took: list[float], started: float, worked: float) -> Measured:
    return Measured(took, time.perf_counter() - started, processor_seconds() - worked)


def _commits_a_second(connections: int) -> float:
    """Durable transactions of one row each: what the machine's disk and PostgreSQL can do at most."""
    import os

    import psycopg

    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_commit (id bigserial, word text)")
    until = time.perf_counter() + COMMIT_SECONDS

    def commit() -> int:
        with psycopg.connect(url, autocommit=True) as own:
            done = 0
            while time.perf_counter() < until:
                own.execute("INSERT INTO bench_commit (word) VALUES ('x')")
                done += 1
        return done

    return round(sum(_at_once(commit, connections)) / COMMIT_SECONDS, 0)


def _at_once(work: Callable[[], int], times: int) -> list[int]:
    with ThreadPoolExecutor(times) as pool:
        return [one.result() for one in [pool.submit(work) for _ in range(times)]]
