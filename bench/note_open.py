"""Opening the note editor for a client with five hundred signed notes: last note, plan and checks beside it.

The product's own web server, its embedded PostgreSQL, a real login; one request after the other.
"""

import time
from typing import Any

from bench._web import Person, percentile, web_server

NEEDS_DATABASE = True
NOTES = 500
WARM_UP, REQUESTS = 30, 150
AIM_MS = 60


def rows() -> list[dict[str, Any]]:
    """One row."""
    from django.urls import reverse

    from attest.cli.home import Home
    from bench._notes import written

    made, session = written(NOTES)
    path = reverse("notes:note", args=[made.slug, session.pk])
    with web_server(Home.from_environment()) as port:
        person = Person(port)
        person.sign_in(made.clinician.user)
        times = []
        for number in range(WARM_UP + REQUESTS):
            started = time.perf_counter()
            answer = person.get(path)
            if answer.status != 200 or b"note-form" not in answer.body:
                raise RuntimeError(f"the editor answered with {answer.status}")
            if number >= WARM_UP:
                times.append(time.perf_counter() - started)
    ms = percentile(times, 50)
    return [
        {
            "name": f"note_open, {NOTES} notes before it",
            "value": ms,
            "unit": "ms p50",
            "aim": AIM_MS,
            "met": ms <= AIM_MS,
            "peers": {"p99, ms": percentile(times, 99)},
        }
    ]
