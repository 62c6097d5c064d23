"""The service catalogue: single rows, and a whole table imported from CSV."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from attest.core import audit
from attest.core.models import save_fields
from attest.policy.catalogue import ServiceKind
from attest.practice.models import ServiceCode
from attest.practice.refusal import Refused, problems_of, saving

SERVICE_TAKEN = {
    "service_code_once": ("code", "This code is in the catalogue already."),
    "service_code_minutes": ("minutes_to", "The upper number of minutes is below the lower one."),
}
NEEDED = ("code", "label", "kind")
COLUMNS = (*NEEDED, "minutes_from", "minutes_to", "addon_to", "prescriber_only", "timed", "minutes_each")
COLUMNS_ALL = (*COLUMNS, "units_a_day")
_YES, _NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0", ""}
MOST_LINES = 2000

UNTIMED_KINDS = frozenset(
    {
        ServiceKind.DIAGNOSTIC_EVALUATION,
        ServiceKind.DIAGNOSTIC_EVALUATION_MEDICAL,
        ServiceKind.EM,
        ServiceKind.GROUP,
        ServiceKind.MULTI_FAMILY_GROUP,
        ServiceKind.INTERACTIVE_COMPLEXITY,
        ServiceKind.OTHER,
    }
)
"""Kinds whose code does not depend on minutes: theirs only warn, unless a row says otherwise."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with one line of an imported file; `line` counts from 1, the header included."""

    line: int
    sentence: str


class ImportRefused(Exception):
    """The file was not imported. `problems` name every line that is wrong; nothing was saved."""

    def __init__(self, problems: list[LineProblem]) -> None:
        super().__init__(" ".join(f"Line {p.line}: {p.sentence}" for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows of the catalogue are new, and how many were changed."""

    added: int
    changed: int


def add_service(*, organization_id: UUID, by: UUID, **values: Any) -> ServiceCode:
    """A new row of the catalogue. The label is the practice's own: code sets keep their descriptors to themselves."""
    service = ServiceCode(organization_id=organization_id, **values)
    _check(service)
    with saving(service, **SERVICE_TAKEN):
        service.save(force_insert=True)
    audit.record("service.added", subject_type="service", subject_id=service.pk, by=by, code=service.code)
    return service


def update_service(*, service: ServiceCode, by: UUID, **values: Any) -> ServiceCode:
    """Mend a row, or retire it with `active=False`: it can no longer be chosen, past sessions keep it."""
    for column, value in values.items():
        setattr(service, column, value)
    _check(service)
    with saving(service, **SERVICE_TAKEN):
        save_fields(service, **values)
    audit.record("service.updated", subject_type="service", subject_id=service.pk, by=by, code=service.code)
    return service


def _check(service: ServiceCode) -> None:
    if problems := problems_of(service) | _kind_problems(service.kind, service.addon_to):
        raise Refused(problems)


def _kind_problems(kind: str, addon_to: list[str]) -> dict[str, str]:
    kinds = {k.value for k in ServiceKind}
    found = {}
    if kind not in kinds:
        found["kind"] = f"“{kind}” is not a kind of service. The kinds are: {', '.join(sorted(kinds))}."
    if unknown := sorted(set(addon_to) - kinds):
        found["addon_to"] = f"“{unknown[0]}” is not a kind of service, so nothing can be added to it."
    return found


def import_services(*, organization_id: UUID, text: str, by: UUID) -> Imported:
    """Take a table of services from CSV: every row new or changed by its code, or none when one is wrong.

    Columns: code, label, kind, minutes_from, minutes_to, addon_to (kinds separated by spaces; empty: the usual ones),
    prescriber_only (yes or no); and, where wanted, timed, minutes_each and units_a_day. Rows that are not in the file
    stay as they are. Raises ImportRefused with a sentence for each line that is wrong.
    """
    rows, problems = _read(text)
    known = {s.code: s for s in ServiceCode.objects.filter(organization_id=organization_id)}
    services: list[ServiceCode] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        values, sentences = _values(row)
        code = str(values.get("code", ""))
        service = known.get(code) or ServiceCode(organization_id=organization_id)
        for column, value in values.items():
            setattr(service, column, value)
        if not sentences:
            sentences = list(problems_of(service).values())
            sentences += _kind_problems(service.kind, service.addon_to).values()
        if code and code in seen:
            sentences.append(f"{code} is on line {seen[code]} already.")
        seen.setdefault(code, line)
        problems += [LineProblem(line, sentence) for sentence in sentences]
        services.append(service)
    if problems:
        raise ImportRefused(sorted(problems, key=attrgetter("line")))
    added = 0
    for service in services:
        added += service._state.adding
        with saving(**SERVICE_TAKEN):
            service.save()
    changed = len(services) - added
    audit.record(
        "service.imported", subject_type="service", subject_id=None, by=by, added=added, changed=changed
    )
    return Imported(added, changed)


def _read(text: str) -> tuple[list[tuple[int, dict[str, str]]], list[LineProblem]]:
    """The data lines with their numbers, and the lines that do not fit the header.

    Raises ImportRefused when the table as a whole cannot be read.
    """
    text = text.lstrip("\ufeff")
    if "\0" in text:
        raise ImportRefused([LineProblem(1, "This is not a text file. Save the table as CSV and try again.")])
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    header: list[str] | None = None
    problems: list[LineProblem] = []
    try:
        for cells in reader:
            line = reader.line_num
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if header is None:
                header = [cell.lower() for cell in cells]
                if sentences := _header_problems(header):
                    raise ImportRefused([LineProblem(line, sentence) for sentence in sentences])
            elif len(cells) != len(header):
                words = f"This line has {len(cells)} columns, the header has {len(header)}."
                problems.append(LineProblem(line, words))
            else:
                rows.append((line, dict(zip(header, cells, strict=True))))
            if len(rows) > MOST_LINES:
                words = f"The file has more than {MOST_LINES} lines. Import it in parts."
                raise ImportRefused([LineProblem(line, words)])
    except csv.Error:
        problems.append(LineProblem(reader.line_num, "The quotation marks of this line do not match."))
    if not rows and not problems:
        raise ImportRefused([LineProblem(1, "The file holds no services: a header line and one line each.")])
    return rows, problems


def _header_problems(header: list[str]) -> list[str]:
    found = [f"The column “{name}” is missing." for name in NEEDED if name not in header]
    found += [
        f"The column “{name}” is not known. The columns are: {', '.join(COLUMNS_ALL)}."
        for name in header
        if name not in COLUMNS_ALL
    ]
    found += [
        f"The column “{name}” is there twice." for name in sorted(set(header)) if header.count(name) > 1
    ]
    return found


def _values(row: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """One line as columns of a service, and what is wrong with it."""
    problems: list[str] = []
    values: dict[str, Any] = {
        "code": row["code"].upper(),
        "label": row["label"],
        "kind": row["kind"].lower(),
        "addon_to": row.get("addon_to", "").lower().replace(";", " ").split(),
        "active": True,
    }
    for name in ("minutes_from", "minutes_to", "minutes_each", "units_a_day"):
        typed = row.get(name, "")
        if typed and not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= 1440):
            problems.append(f"“{typed}” in {name} is not a whole number from 1 to 1440.")
        values[name] = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else None
    if values["minutes_from"] and values["minutes_to"] and values["minutes_to"] < values["minutes_from"]:
        problems.append(
            f"minutes_to ({values['minutes_to']}) is below minutes_from ({values['minutes_from']})."
        )
    if "units_a_day" not in row:
        values["units_a_day"] = None if values["minutes_each"] else 1
    for name in ("prescriber_only", "timed"):
        typed = row.get(name, "").lower()
        if typed not in _YES | _NO:
            problems.append(f"“{typed}” in {name} is neither yes nor no.")
        values[name] = typed in _YES
    if not row.get("timed", ""):
        values["timed"] = values["kind"] not in UNTIMED_KINDS
    return values, problems
