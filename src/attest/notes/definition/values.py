"""Values of a template's fields: what was typed is made to fit, or refused in sentences."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from attest.notes.definition.kinds import (
    BETWEEN,
    BadValues,
    Definition,
    Field,
    FieldKind,
    Value,
    Values,
    listed,
)

LONGEST_TEXT = 20_000
"""Characters one text field holds: about ten printed pages."""
LONGEST_CELL = 2_000
"""Characters one cell of a row, or one goal, holds."""
MOST_GOALS = 20
FIRST_YEAR, LAST_YEAR = 1900, 2100


def clean(definition: Definition, typed: Mapping[str, object]) -> Values:
    """What was typed, checked against the template: only its fields, only its options, plain text.

    Fields that were not typed are left out; order and line ends are made one. Raises BadValues for unknown fields
    or options, text that is too long, characters that are not text, and what is no number or date.
    """
    known = definition.by_key()
    values: Values = {}
    refused: dict[str, str] = {}
    for key, value in typed.items():
        field = known.get(key)
        if field is None:
            refused[key] = "This template has no such field."
            continue
        try:
            values[key] = _fitted(field, value)
        except ValueError as problem:
            refused[key] = f"{field.label}: {problem}"
    if refused:
        raise BadValues(refused)
    return values


def complete(definition: Definition, values: Mapping[str, Value]) -> Values:
    """Every field of the template in its order, the missing ones empty: the form in which content is kept."""
    return {field.key: values.get(field.key, field.empty) for field in definition.fields}


def carried_over(source: Mapping[str, Value], target: Definition) -> tuple[Values, bool]:
    """What of `source` fits the fields of `target`, and whether anything filled in had to be left behind."""
    known = target.by_key()
    taken: Values = {}
    left = False
    for key, value in source.items():
        filled = bool(value.strip() if isinstance(value, str) else value)
        try:
            taken |= clean(target, {key: value}) if key in known else {}
            left |= filled and key not in known
        except BadValues:
            left = True
    return complete(target, taken), left


def plain_text(value: str, longest: int = LONGEST_TEXT) -> str:
    """Typed text with line ends made one, otherwise as typed.

    Raises ValueError, with a sentence's second half, when it is too long or holds what is not text.
    """
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > longest:
        raise ValueError(f"this is longer than {longest:,} characters.")
    if any(_not_text(character) for character in text):
        raise ValueError("this contains a character that cannot be kept. Delete what does not belong.")
    return text


def _not_text(character: str) -> bool:
    """Control characters other than tab and line feed, and halves of a character."""
    code = ord(character)
    return (code < 32 and character not in "\t\n") or code == 127 or 0xD800 <= code <= 0xDFFF


def _fitted(field: Field, value: object) -> Value:
    if field.kind.many:
        return _LISTS[field.kind](field, value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = value[-1] if value else ""
    if not isinstance(value, str):
        raise ValueError("this is not text.")
    return _TEXTS[field.kind](field, value)


def _choice(field: Field, value: str) -> str:
    if value and value not in {option.key for option in field.options}:
        raise ValueError("this is none of the choices.")
    return value


def _number(field: Field, value: str) -> str:
    digits = value.strip()
    if not digits:
        return ""
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 6 or int(digits) > field.most:
        raise ValueError(f"write a whole number up to {field.most}.")
    return str(int(digits))


def _date(field: Field, value: str) -> str:
    text = value.strip()
    if not text:
        return ""
    day = _day(text)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("write a date like 11/24/2026.")
    return day.isoformat()


def _day(text: str) -> date | None:
    for shape in ("%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day, not an instant
        except ValueError:
            continue
    return None


def _checks(field: Field, value: object) -> list[str]:
    chosen = listed(value)
    if not set(chosen) <= {option.key for option in field.options}:
        raise ValueError("this is none of the choices.")
    return [option.key for option in field.options if option.key in chosen]


def _goals(field: Field, value: object) -> list[str]:
    """One entry a goal, as sent; a goal with two answers is asked about again."""
    states = {option.key for option in field.options}
    found: list[str] = []
    for entry in listed(value):
        state, between, goal = plain_text(entry, LONGEST_CELL).partition(BETWEEN)
        if state not in states or not between or not goal.strip():
            raise ValueError("this is none of the choices.")
        if any(known.partition(BETWEEN)[2] == goal for known in found):
            raise ValueError("choose one answer for each goal.")
        found.append(f"{state}{BETWEEN}{goal}")
    if len(found) > MOST_GOALS:
        raise ValueError(f"at most {MOST_GOALS} goals.")
    return found


def _rows(field: Field, value: object) -> list[str]:
    """The texts of all rows, one after the other; rows without a word are left out."""
    items = value if isinstance(value, (list, tuple)) else [value] if value else []
    if not all(isinstance(item, str) for item in items):
        raise ValueError("this is not text.")
    texts = [plain_text(str(item), LONGEST_CELL) for item in items]
    rows = field.table(texts)
    if len(rows) > field.most:
        raise ValueError(f"at most {field.most} rows.")
    for column in field.columns:
        options = {option.key for option in column.options}
        if options and not {row[column.key] for row in rows} <= options | {""}:
            raise ValueError(f"{column.label}: this is none of the choices.")
    return [text for row in rows for text in row.values()]


_TEXTS: dict[FieldKind, Callable[[Field, str], str]] = {
    FieldKind.TEXT: lambda field, value: plain_text(value),
    FieldKind.CHOICE: _choice,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
}
_LISTS: dict[FieldKind, Callable[[Field, object], list[str]]] = {
    FieldKind.CHECKS: _checks,
    FieldKind.GOALS: _goals,
    FieldKind.ROWS: _rows,
}
