"""Unsigned notes by age: how many are in time, due soon, and late by how much."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SOON = 0.25
"""Share of its time below which a note is due soon, as everywhere."""
TALLEST = 96
"""Height of the tallest bar of the chart, in its own units."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """One note that nobody has signed: when it is due, and since when its time runs."""

    due_at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class Age:
    """How many notes are so old. `height` and `top` place the bar of the chart."""

    label: str
    tone: str
    count: int
    height: int

    @property
    def top(self) -> int:
        return TALLEST - self.height


_AGES = (
    ("In time", "planned"),
    ("Due soon", "owed"),
    ("Late, to 3 days", "lost"),
    ("Late, to a week", "lost"),
    ("Late, over a week", "lost"),
)


def ages(notes: Iterable[Unsigned], now: datetime) -> list[Age]:
    """The five ages in their order, each with its count; none when there is no unsigned note."""
    counts = [0] * len(_AGES)
    for note in notes:
        counts[_place(note, now)] += 1
    most = max(counts)
    if not most:
        return []
    return [
        Age(label, tone, count, round(TALLEST * count / most))
        for (label, tone), count in zip(_AGES, counts, strict=True)
    ]


def _place(note: Unsigned, now: datetime) -> int:
    if now <= note.due_at:
        return 1 if note.due_at - now <= (note.due_at - note.since) * SOON else 0
    late = now - note.due_at
    return 2 if late <= timedelta(days=3) else 3 if late <= timedelta(days=7) else 4
