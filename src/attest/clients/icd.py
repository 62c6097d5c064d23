"""Diagnosis codes: which release counts on a date, searching it, and judging codes against it.

Codes are public and stand outside the wall. Each release is a full table for its dates of service; when none is
loaded for a date, the newest one stands in, which warns and never blocks.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from attest.clients.folding import fold
from attest.clients.models import IcdRelease
from attest.core.ready import ready
from attest.policy.coding import Diagnosis

_CODE = re.compile(r"[A-Z]\d[0-9A-Z]{0,5}|[A-Z]")
_LAST = "~"  # sorts after every letter and digit, so code >= 'F41' and code < 'F41~' is the prefix F41

ABBREVIATIONS = {
    "adhd": "attention deficit hyperactivity",
    "asd": "autistic",
    "bpd": "borderline personality",
    "gad": "generalized anxiety",
    "mdd": "major depressive disorder",
    "ocd": "obsessive compulsive",
    "odd": "oppositional defiant",
    "ptsd": "post traumatic stress",
    "sad": "social phobia",
    "si": "suicidal ideations",
}
"""What therapists type for what the table spells out."""


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code of the table. One that is not billable is a heading: more specific ones stand below it."""

    code: str
    label: str
    billable: bool

    @property
    def dotted(self) -> str:
        """The code as people write it."""
        return dotted(self.code)


def plain(code: str) -> str:
    """The code as claims carry it: upper case, no dot."""
    return code.replace(".", "").strip().upper()


def dotted(code: str) -> str:
    """The code as people write it: F41.1."""
    bare = plain(code)
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


# -- releases -------------------------------------------------------------------------------------------


def release_on(day: date) -> IcdRelease | None:
    """The release in force on `day`; when it is not loaded, the newest one; None when there is none at all."""
    newest_first = sorted(_releases(), key=lambda release: release.effective_from, reverse=True)
    in_force = (r for r in newest_first if r.effective_from <= day <= r.effective_to)
    return next(in_force, next(iter(newest_first), None))


@ready
def _releases() -> QuerySet[IcdRelease]:
    return IcdRelease.objects.all()  # a handful


def latest_start(day: date) -> date:
    """When the release in force on `day` began: releases begin on October 1 and April 1."""
    starts = (date(day.year, 10, 1), date(day.year, 4, 1), date(day.year - 1, 10, 1))
    return next(start for start in starts if start <= day)


def missing_release(day: date) -> date | None:
    """The beginning of the release that should be in force on `day` and is not loaded; None when all is well."""
    release = release_on(day)
    if release is not None and release.effective_from <= day <= release.effective_to:
        return None
    return latest_start(day)


# -- searching ------------------------------------------------------------------------------------------

_WANTED = "SELECT code, label, billable FROM clients_icdcode WHERE release_id = %s"
_OURS = " AND ((code >= 'F' AND code < 'G') OR (code >= 'R' AND code < 'S') OR (code >= 'Z' AND code < '[') )"
_OTHERS = " AND NOT ((code >= 'F' AND code < 'G') OR (code >= 'R' AND code < 'S') OR code >= 'Z')"
_MANY = 500


def search_diagnoses(text: str, *, on: date, limit: int = 20) -> list[FoundCode]:
    """Codes by the beginning of the code (dot or not) and by words (all of them, in any order), as of `on`.

    Chapters F, R and Z come first, in that order. A code prefix gives its codes in order; words give billable codes
    before headings, the shortest label first. Usual abbreviations (GAD, PTSD …) are understood.
    """
    release = release_on(on)
    if release is None or not text.strip():
        return []
    prefixes, words = _understood(text)
    found = _search(release.pk, prefixes, words, limit)
    if not found and prefixes:  # "b12 deficiency" reads like a code and is none
        found = _search(release.pk, [], fold(text).split(), limit)
    return found


def _understood(text: str) -> tuple[list[str], list[str]]:
    """Code prefixes and folded words in what was typed."""
    prefixes, words = [], []
    for token in text[:100].split():
        code = plain(token.strip(",;:"))
        if _CODE.fullmatch(code):
            prefixes.append(code)
        else:
            for word in fold(token).split():
                words += ABBREVIATIONS.get(word, word).split()
    return prefixes, words


def _search(release_id: int, prefixes: Sequence[str], words: Sequence[str], limit: int) -> list[FoundCode]:
    condition = ""
    parameters: list[int | str] = [release_id]
    for prefix in prefixes:
        condition += " AND code >= %s AND code < %s"
        parameters += [prefix, prefix + _LAST]
    for word in words:
        condition += " AND folded LIKE %s"
        parameters.append(f"%{word}%")
    if not condition:
        return []
    order = "code" if prefixes else "billable DESC, length(label), code"
    # Only fixed words of this file are put together here; what was typed travels as parameters.
    ours = f"{_WANTED}{condition}{_OURS} ORDER BY left(code, 1), {order} LIMIT %s"
    some = f"{_WANTED}{condition}{_OTHERS} LIMIT {_MANY}"
    others = f"SELECT code, label, billable FROM ({some}) AS found ORDER BY {order} LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(ours, [*parameters, limit])
        found = [FoundCode(*row) for row in cursor.fetchall()]
        if len(found) < limit:
            cursor.execute(others, [*parameters, limit - len(found)])
            found += [FoundCode(*row) for row in cursor.fetchall()]
    return found


# -- judging --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodesOn:
    """Codes as the table for a date knows them, for `policy.coding.check_diagnoses`.

    `in_force` is False when the release for the date is not loaded and the newest one stands in (or none is there).
    """

    release: IcdRelease | None
    in_force: bool
    diagnoses: tuple[Diagnosis, ...]
    labels: dict[str, str] = field(repr=False)
    """Code without its dot → label; unknown codes are left out."""


def codes_valid_on(codes: Iterable[str], on: date) -> CodesOn:
    """What the table for the date of service says about each code, in the order given; one or two queries.

    With no table at all every code counts as known: nothing is blocked for want of a table.
    """
    asked = [plain(code) for code in codes]
    release = release_on(on)
    if release is None:
        return CodesOn(None, False, tuple(Diagnosis(dotted(code)) for code in asked), {})
    with connection.cursor() as cursor:
        cursor.execute(f"{_WANTED} AND code = ANY(%s)", [release.pk, asked])
        rows = {code: FoundCode(code, label, billable) for code, label, billable in cursor.fetchall()}
    diagnoses = tuple(
        Diagnosis(dotted(code), is_category=code in rows and not rows[code].billable, known=code in rows)
        for code in asked
    )
    in_force = release.effective_from <= on <= release.effective_to
    return CodesOn(release, in_force, diagnoses, {code: row.label for code, row in rows.items()})


def diagnoses_on(codes: Iterable[str], on: date) -> tuple[tuple[Diagnosis, ...], bool]:
    """The codes as the table for that date knows them, and whether the release of that date is loaded."""
    known = codes_valid_on(codes, on)
    return known.diagnoses, known.in_force


def labels_of(codes: Iterable[str], on: date) -> dict[str, str]:
    """The label of each code, under the code as it was given; unknown codes are left out."""
    asked = list(codes)
    labels = codes_valid_on(asked, on).labels if asked else {}
    return {code: labels[plain(code)] for code in asked if plain(code) in labels}
