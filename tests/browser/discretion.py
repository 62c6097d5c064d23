"""After the browser tests: no log and no address holds a client's name, what is written of them, or an e-mail address.

Searched are the web server's log, the database server's log, every address that was asked for (with where it was
asked from) and every address that stood in a window.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import BrowserContext, Page

SHORTEST = 4
"""Shorter words than that stand everywhere."""
OF_CLIENTS = """
    SELECT legal_first_name, legal_last_name, preferred_name, line1, email, phone,
           to_char(birth_date, 'YYYY-MM-DD'), to_char(birth_date, 'MM/DD/YYYY'), to_char(birth_date, 'YYYYMMDD')
    FROM clients_client
"""
OTHERS = """
    SELECT email FROM core_user
    UNION ALL SELECT member_id FROM clients_coverage
    UNION ALL SELECT label FROM clients_chartdiagnosis
    UNION ALL SELECT code FROM clients_chartdiagnosis
    UNION ALL SELECT left(code, 3) || '.' || substr(code, 4) FROM clients_chartdiagnosis
"""
NOTES = "SELECT content::text FROM notes_note UNION ALL SELECT content::text FROM notes_noteversion"


@dataclass
class Watch:
    """Gathers what must not be told while the tests run, and looks for it at their end."""

    log: Path
    asked: Path
    """Where the web server of the tests writes each address it was asked for; the product's writes none."""
    database: Path = field(
        default_factory=lambda: Path(os.environ["ATTEST_TEST_HOME"]) / "postgres/server.log"
    )
    words: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    @property
    def options(self) -> list[str]:
        """What the web server is started with, so that it writes addresses down."""
        return ["--access-logfile", str(self.asked), "--access-logformat", "%(m)s %(U)s?%(q)s from %(f)s"]

    def follow(self, context: BrowserContext) -> None:
        """Note every address that a window of this context asks for or shows."""
        context.on("request", lambda request: self.seen.add(request.url))
        context.on("page", self._follow_page)

    def _follow_page(self, page: Page) -> None:
        page.on("framenavigated", lambda frame: self.seen.add(frame.url))

    def learn(self) -> None:
        """Add what the practices' people are called and what is written of them, before the test's rows go."""
        from django.db import connections, transaction

        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("SET LOCAL attest.upkeep = 'on'")
            for query in (OF_CLIENTS, OTHERS):
                cursor.execute(query)
                self.words |= {str(value) for row in cursor.fetchall() for value in row if value}
            cursor.execute(NOTES)
            self.words |= {text for (content,) in cursor.fetchall() for text in _texts(json.loads(content))}

    def check(self) -> None:
        """Fail with the first findings, if there are any."""
        assert self.asked.stat().st_size, "the web server wrote no addresses down"
        found = [
            f"{where}: {line}"
            for where, text in self._texts()
            for line in sorted({line for line in text.splitlines() if self._told(line)})
        ]
        if found:
            pytest.fail("Somebody's data stands in a log or an address:\n" + "\n".join(found[:20]))

    def _texts(self) -> Iterator[tuple[str, str]]:
        for path in (self.log, self.database, self.asked):
            yield path.name, path.read_text(errors="replace")
        yield "a window's address", "\n".join(sorted(self.seen))

    def _told(self, line: str) -> bool:
        return bool(self._pattern.search(unquote_plus(line)))

    @property
    def _pattern(self) -> "re.Pattern[str]":
        if not hasattr(self, "_made"):
            words = sorted({word for word in self.words if len(word) >= SHORTEST}, key=len, reverse=True)
            self._made = re.compile(
                "(?<![a-z0-9])(?:" + "|".join(map(re.escape, words or ["\0"])) + ")(?![a-z0-9])",
                re.IGNORECASE,
            )
        return self._made


def _texts(value: Any) -> Iterator[str]:
    """The sentences of a note's content: what was typed, not what was ticked."""
    if isinstance(value, str) and " " in value:
        yield value[:40]
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
