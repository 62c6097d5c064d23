"""Saving what was typed into a note, as the page does it a moment after the last key.

The product's own web server, its embedded PostgreSQL (durable, as in real use), a real login; one after the other.
"""

import json
import time
from typing import Any
from urllib.parse import urlencode

from bench._web import Person, percentile, web_server

NEEDS_DATABASE = True
WARM_UP, REQUESTS = 50, 300
AIM_MS = 15


def rows() -> list[dict[str, Any]]:
    """One row."""
    from django.urls import reverse

    from attest.cli.home import Home
    from bench._notes import written

    made, session = written(5)
    page, save = (reverse(f"notes:{name}", args=[made.slug, session.pk]) for name in ("note", "save"))
    with web_server(Home.from_environment()) as port:
        person = Person(port)
        person.sign_in(made.clinician.user)
        person.get(page)
        revision, times = 1, []
        for number in range(WARM_UP + REQUESTS):
            typed = {"note-focus": f"What came up, written on to word {number}.", "revision": str(revision)}
            body = urlencode(typed | {"csrfmiddlewaretoken": person.token})
            started = time.perf_counter()
            answer = person.post(save, body)
            if answer.status != 200:
                raise RuntimeError(f"saving answered with {answer.status}: {answer.body[:200]!r}")
            if number >= WARM_UP:
                times.append(time.perf_counter() - started)
            revision = json.loads(answer.body)["revision"]
    ms = percentile(times, 50)
    return [
        {
            "name": "note_autosave",
            "value": ms,
            "unit": "ms p50",
            "aim": AIM_MS,
            "met": ms <= AIM_MS,
            "peers": {"p99, ms": percentile(times, 99)},
        }
    ]
