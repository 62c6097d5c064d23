"""The shape of a definition: JSON data is read into a `Definition`, or refused with the place that is wrong."""

from collections.abc import Mapping
from typing import Any

from attest.notes.definition.kinds import (
    CIRCUMSTANCES,
    SOURCES,
    SUITED,
    BadDefinition,
    Column,
    Definition,
    Field,
    FieldKind,
    Option,
    Purpose,
    Section,
)

_FIELD = {
    "hint", "required", "required_when", "required_unless", "options", "columns", "rows", "most", "unit", "risk",
    "prefill",
}  # fmt: skip
COPYABLE = (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.ROWS)
"""Kinds that may be copied on purpose. Ticks and choices are findings: they are made anew each time."""
MOST_ROWS, LARGEST = 12, 10_000


def definition(data: object) -> Definition:
    """A definition from JSON data. Raises BadDefinition naming the first place that is wrong."""
    whole = _object(
        data, "template", {"key", "name", "about", "sections"}, {"purpose", "for", "billable", "order"}
    )
    suits = tuple(_list(whole, "template", "for")) if "for" in whole else ()
    if not set(suits) <= set(SUITED):
        raise BadDefinition(f"template.for: any of {', '.join(SUITED)}")
    purpose = whole.get("purpose", Purpose.PROGRESS)
    if purpose not in set(Purpose):
        raise BadDefinition(f"template.purpose: {', '.join(Purpose)}")
    found = Definition(
        key=_word(whole, "template", "key"),
        name=_text(whole, "template", "name"),
        about=_text(whole, "template", "about"),
        sections=tuple(
            _section(item, f"sections[{at}]") for at, item in enumerate(_list(whole, "template", "sections"))
        ),
        purpose=Purpose(purpose),
        suits=suits,
        billable=_flag(whole, "template", "billable", otherwise=True),
        order=_number(whole, "template", "order", otherwise=500, most=999),
    )
    if len(found.name) > 60:
        raise BadDefinition("template.name: at most 60 characters")
    _unique([section.key for section in found.sections], "sections")
    _unique([field.key for field in found.fields], "fields")
    for field in found.fields:
        _refers_rightly(field, found)
    if not any(field.risk for field in found.fields):
        raise BadDefinition("template: a note needs a field that documents risk")
    return found


def _refers_rightly(field: Field, whole: Definition) -> None:
    """What a field says about other fields is about fields that are there."""
    if field.required_when:
        other, answers = field.required_when
        choice = whole.by_key().get(other)
        options = {option.key for option in choice.options} if choice else set()
        if choice is None or choice.kind is not FieldKind.CHOICE or not set(answers) <= options:
            raise BadDefinition(f"field {field.key}: required_when names no answer of a choice")
    if field.required_unless and field.required_unless not in whole.by_key():
        raise BadDefinition(f"field {field.key}: required_unless names no field")
    where, key = field.source
    if field.prefill and (
        where not in SOURCES or not key or field.kind not in COPYABLE or field.risk or field.key != key
    ):
        raise BadDefinition(
            f"field {field.key}: prefill is {' or '.join(SOURCES)}, a dot and the field's own key; only for text,"
            " number and rows, never for risk"
        )


def _section(data: object, place: str) -> Section:
    item = _object(data, place, {"key", "label", "fields"}, {"hint", "when"})
    if "when" in item and item["when"] not in CIRCUMSTANCES:
        raise BadDefinition(f"{place}.when: {', '.join(CIRCUMSTANCES)}")
    fields = tuple(
        _field(one, f"{place}.fields[{at}]") for at, one in enumerate(_list(item, place, "fields"))
    )
    if item.get("when") and any(field.asked for field in fields):
        raise BadDefinition(f"{place}: a section that is not always shown asks for nothing before signing")
    return Section(
        _word(item, place, "key"),
        _text(item, place, "label"),
        _hint(item, place),
        fields,
        item.get("when", ""),
    )


def _field(data: object, place: str) -> Field:
    item = _object(data, place, {"key", "label", "kind"}, _FIELD)
    if item["kind"] not in set(FieldKind):
        raise BadDefinition(f"{place}.kind: {', '.join(FieldKind)}")
    kind = FieldKind(item["kind"])
    if kind.has_options is not ("options" in item):
        raise BadDefinition(f"{place}: choice, checks and goals have options, {kind} has none")
    if (kind is FieldKind.ROWS) is not ("columns" in item):
        raise BadDefinition(f"{place}: rows have columns, nothing else has")
    limited = kind in (FieldKind.NUMBER, FieldKind.ROWS)
    if limited is not ("most" in item):
        raise BadDefinition(f"{place}: a number and rows say what is the most, nothing else does")
    if sum(name in item for name in ("required", "required_when", "required_unless")) > 1:
        raise BadDefinition(f"{place}: one of required, required_when and required_unless")
    return Field(
        key=_word(item, place, "key"),
        label=_text(item, place, "label"),
        kind=kind,
        hint=_hint(item, place),
        required=_flag(item, place, "required"),
        required_when=_condition(item, place),
        required_unless=_word(item, place, "required_unless") if "required_unless" in item else "",
        options=_options(item, place),
        columns=_columns(item, place),
        rows=_number(item, place, "rows", otherwise=3, most=30),
        most=_number(item, place, "most", otherwise=0, most=MOST_ROWS if kind is FieldKind.ROWS else LARGEST),
        unit=_text(item, place, "unit") if "unit" in item else "",
        risk=_flag(item, place, "risk"),
        prefill=_text(item, place, "prefill") if "prefill" in item else "",
    )


def _options(item: Mapping[str, Any], place: str) -> tuple[Option, ...]:
    if "options" not in item:
        return ()
    options = tuple(_option(one, f"{place}.options") for one in _list(item, place, "options"))
    _unique([option.key for option in options], f"{place}.options")
    return options


def _option(data: object, place: str) -> Option:
    item = _object(data, place, {"key", "label"})
    return Option(_word(item, place, "key"), _text(item, place, "label"))


def _columns(item: Mapping[str, Any], place: str) -> tuple[Column, ...]:
    if "columns" not in item:
        return ()
    place = f"{place}.columns"
    columns = []
    for one in _list(item, place.removesuffix(".columns"), "columns"):
        data = _object(one, place, {"key", "label"}, {"hint", "rows", "options"})
        columns.append(
            Column(
                key=_word(data, place, "key"),
                label=_text(data, place, "label"),
                hint=_hint(data, place),
                rows=_number(data, place, "rows", otherwise=1, most=30),
                options=_options(data, place),
            )
        )
    _unique([column.key for column in columns], place)
    if columns[0].options:
        raise BadDefinition(f"{place}: the first column is text")
    return tuple(columns)


def _condition(item: Mapping[str, Any], place: str) -> tuple[str, tuple[str, ...]] | None:
    if "required_when" not in item:
        return None
    rule = _object(item["required_when"], f"{place}.required_when", {"field", "is"})
    answers = _list(rule, f"{place}.required_when", "is")
    return _word(rule, f"{place}.required_when", "field"), tuple(str(answer) for answer in answers)


def _object(data: object, place: str, needed: set[str], allowed: set[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(data, dict) or not needed <= set(data) <= needed | (allowed or set()):
        words = ", ".join(sorted(needed)) + (f"; perhaps {', '.join(sorted(allowed))}" if allowed else "")
        raise BadDefinition(f"{place}: an object with {words}")
    return data


def _list(item: Mapping[str, Any], place: str, name: str) -> list[Any]:
    if not isinstance(item[name], list) or not item[name]:
        raise BadDefinition(f"{place}.{name}: a list that is not empty")
    found: list[Any] = item[name]
    return found


def _word(item: Mapping[str, Any], place: str, name: str) -> str:
    word = _text(item, place, name)
    if not word.isascii() or not word.replace("_", "a").isalnum() or word != word.lower() or len(word) > 40:
        raise BadDefinition(f"{place}.{name}: lower-case letters, digits and _, at most 40")
    return word


def _text(item: Mapping[str, Any], place: str, name: str) -> str:
    if not isinstance(item[name], str) or not item[name].strip():
        raise BadDefinition(f"{place}.{name}: words")
    return str(item[name])


def _hint(item: Mapping[str, Any], place: str) -> str:
    return _text(item, place, "hint") if "hint" in item else ""


def _flag(item: Mapping[str, Any], place: str, name: str, *, otherwise: bool = False) -> bool:
    if not isinstance(item.get(name, False), bool):
        raise BadDefinition(f"{place}.{name}: true or false")
    return bool(item.get(name, otherwise))


def _number(item: Mapping[str, Any], place: str, name: str, *, otherwise: int, most: int) -> int:
    number = item.get(name, otherwise)
    if name in item and (not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most):
        raise BadDefinition(f"{place}.{name}: a whole number from 1 to {most}")
    return int(number)


def _unique(keys: list[str], place: str) -> None:
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise BadDefinition(f"{place}: {', '.join(sorted(twice))} more than once")
