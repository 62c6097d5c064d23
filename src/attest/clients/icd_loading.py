"""Load the ICD-10-CM table of the `simple-icd-10-cm` package, in a process of its own: it takes 200 MB for a moment.

A release is named by the package's data file (`icd10c-tabular-April-1-2026.xml`). Releases begin on October 1 and
April 1 and are for dates of service until the day before the next one.
"""

import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

from django.db import connection, connections, transaction

from attest.clients.folding import fold
from attest.clients.models import IcdCode, IcdRelease

PACKAGE = "simple_icd_10_cm"
_FILE = re.compile(r"tabular-(?P<month>[A-Z][a-z]+)-(?P<day>\d{1,2})-(?P<year>\d{4})\.xml$")


@dataclass(frozen=True, slots=True)
class PackagedRelease:
    """The release that the installed package holds."""

    name: str
    effective_from: date
    effective_to: date


def next_release_after(day: date) -> date:
    """The first October 1 or April 1 after `day`."""
    starts = (date(day.year, 4, 1), date(day.year, 10, 1), date(day.year + 1, 4, 1))
    return next(start for start in starts if start > day)


def packaged_release() -> PackagedRelease:
    """Which release the installed package holds, told from its data file without importing it.

    Raises LookupError when the package is not there or names its file in another way.
    """
    spec = find_spec(PACKAGE)
    for place in spec.submodule_search_locations or [] if spec else []:
        for path in sorted(Path(place, "data").glob("*.xml")):
            if found := _FILE.search(path.name):
                month = list(month_name).index(found["month"])
                start = date(int(found["year"]), month, int(found["day"]))
                end = next_release_after(start) - timedelta(days=1)
                return PackagedRelease(f"{start:%B} {start.year}", start, end)
    raise LookupError(f"The package {PACKAGE} holds no table of diagnosis codes that is known here.")


def packaged_codes() -> Iterator[tuple[str, str, str, bool]]:
    """Every category and code of the package: (code without its dot, label, folded text, billable)."""
    import simple_icd_10_cm as table

    seen: set[str] = set()
    for code in table.get_all_codes(with_dots=False):
        if code in seen or not table.is_category_or_subcategory(code):
            continue  # chapters and blocks are headings, and a block of one category repeats its code
        seen.add(code)
        label = " ".join(table.get_description(code).split())
        yield code, label, f"{code.lower()} {fold(label)}", table.is_leaf(code)


def load_icd() -> tuple[IcdRelease, int]:
    """Load the package's release unless it is there already; returns it and how many codes were loaded (0: it was).

    All or nothing. Older releases stay: sessions of their time are checked against them.
    """
    packaged = packaged_release()
    known = IcdRelease.objects.filter(name=packaged.name).first()
    if known is not None:
        return known, 0
    with transaction.atomic():
        release = IcdRelease.objects.create(
            name=packaged.name, effective_from=packaged.effective_from, effective_to=packaged.effective_to
        )
        count = 0
        table = IcdCode._meta.db_table
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} (release_id, code, label, folded, billable) FROM STDIN") as copy,
        ):
            for row in packaged_codes():
                copy.write_row((release.pk, *row))
                count += 1
    return release, count


def settle_index() -> None:
    """Let the database look over the new rows at once instead of within a minute: searching is slow until then.

    Only the owner of the tables may; elsewhere, and inside a transaction, this does nothing.
    """
    if "owner" not in connections or connection.in_atomic_block:
        return
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {IcdCode._meta.db_table}")
