"""What a note template is made of, read from data: sections, fields, options; and values that fit them.

A definition is a JSON object: `key`, `name`, `about` and `sections`; a section has `key`, `label`, `hint` and
`fields`; a field has `key`, `label`, `kind` and perhaps `hint`, `required`, `required_when`, `options`, `rows`, `risk`.
Field keys are unique in a template, and a key means the same in every template, so that text can move between them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

LONGEST_TEXT = 20_000
"""Characters one text field holds: about ten printed pages."""

Value = str | list[str]
Values = dict[str, Value]


class BadDefinition(ValueError):
    """A template's data does not have the shape of a template. The message names the place."""


class BadValues(ValueError):
    """What was typed does not fit the template. `sentences` maps field keys to a sentence for the person."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences = dict(sentences)


class FieldKind(StrEnum):
    """How a field is filled."""

    TEXT = "text"
    CHOICE = "choice"
    """One of the options."""
    CHECKS = "checks"
    """Any number of the options."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice or of checks."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. Nothing is ever filled in ahead: an empty field is `""` or `[]`.

    `required` asks for it before signing; `required_when` (field key, option keys) does so only while that other
    field has one of those answers. `risk` marks what documents danger to the client or others.
    """

    key: str
    label: str
    kind: FieldKind
    hint: str = ""
    required: bool = False
    required_when: tuple[str, tuple[str, ...]] | None = None
    options: tuple[Option, ...] = ()
    rows: int = 3
    risk: bool = False

    @property
    def empty(self) -> Value:
        return [] if self.kind is FieldKind.CHECKS else ""

    def must_be_filled(self, values: Mapping[str, Value]) -> bool:
        """Whether the note cannot be signed without it, given the other answers."""
        if self.required or self.required_when is None:
            return self.required
        other, answers = self.required_when
        return values.get(other) in answers

    def answer(self, values: Mapping[str, Value]) -> str:
        """What a reader sees: the text, or the labels of what was chosen, or nothing."""
        value = values.get(self.key, self.empty)
        if self.kind is FieldKind.TEXT:
            return str(value)
        return "; ".join(option.label for option in self.options if option.key in _listed(value))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a note under one heading."""

    key: str
    label: str
    hint: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole template."""

    key: str
    name: str
    about: str
    sections: tuple[Section, ...]

    @property
    def fields(self) -> Iterator[Field]:
        """Every field, in the order in which it is read."""
        return (field for section in self.sections for field in section.fields)

    def by_key(self) -> dict[str, Field]:
        return {field.key: field for field in self.fields}

    @classmethod
    def parse(cls, data: object) -> "Definition":
        """A definition from JSON data. Raises BadDefinition naming the first place that is wrong."""
        whole = _object(data, "template", {"key", "name", "about", "sections"})
        definition = cls(
            key=_word(whole, "template", "key"),
            name=_text(whole, "template", "name"),
            about=_text(whole, "template", "about"),
            sections=tuple(
                _section(item, f"sections[{at}]")
                for at, item in enumerate(_list(whole, "template", "sections"))
            ),
        )
        _unique([section.key for section in definition.sections], "sections")
        _unique([field.key for field in definition.fields], "fields")
        known = definition.by_key()
        for field in definition.fields:
            if field.required_when:
                other, answers = field.required_when
                choice = known.get(other)
                options = {option.key for option in choice.options} if choice else set()
                if choice is None or choice.kind is not FieldKind.CHOICE or not set(answers) <= options:
                    raise BadDefinition(f"field {field.key}: required_when names no answer of a choice")
        if not any(field.risk for field in definition.fields):
            raise BadDefinition("template: a note needs a field that documents risk")
        return definition


def shipped() -> list[dict[str, Any]]:
    """The definitions that come with the product, as JSON data, by file name."""
    folder = resources.files("attest.notes") / "definitions"
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".json")), key=lambda e: e.name
    )
    return [json.loads(entry.read_text(encoding="utf-8")) for entry in files]


def clean(definition: Definition, typed: Mapping[str, object]) -> Values:
    """What was typed, checked against the template: only its fields, only its options, plain text.

    Fields that were not typed are left out; order and line ends are made one. Raises BadValues for unknown fields
    or options, text that is too long, or characters that are not text.
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
            values[key] = _checks(field, value) if field.kind is FieldKind.CHECKS else _one(field, value)
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


def _one(field: Field, value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = value[-1] if value else ""
    if not isinstance(value, str):
        raise ValueError("this is not text.")
    if field.kind is FieldKind.CHOICE:
        if value and value not in {option.key for option in field.options}:
            raise ValueError("this is none of the choices.")
        return value
    return plain_text(value)


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


def _checks(field: Field, value: object) -> list[str]:
    chosen = _listed(value)
    if not set(chosen) <= {option.key for option in field.options}:
        raise ValueError("this is none of the choices.")
    return [option.key for option in field.options if option.key in chosen]


def _listed(value: object) -> list[str]:
    """One answer or several as a list; blanks mean none."""
    items = value if isinstance(value, (list, tuple)) else [value]
    if not all(isinstance(item, str) for item in items):
        raise ValueError("this is none of the choices.")
    return [str(item) for item in items if item]


# -- the shape of a definition ---------------------------------------------------------------------------


def _section(data: object, place: str) -> Section:
    item = _object(data, place, {"key", "label", "fields"}, {"hint"})
    fields = [_field(one, f"{place}.fields[{at}]") for at, one in enumerate(_list(item, place, "fields"))]
    return Section(_word(item, place, "key"), _text(item, place, "label"), _hint(item, place), tuple(fields))


def _field(data: object, place: str) -> Field:
    item = _object(
        data,
        place,
        {"key", "label", "kind"},
        {"hint", "required", "required_when", "options", "rows", "risk"},
    )
    if item["kind"] not in set(FieldKind):
        raise BadDefinition(f"{place}.kind: text, choice or checks")
    kind = FieldKind(item["kind"])
    if (kind is FieldKind.TEXT) == ("options" in item):
        raise BadDefinition(f"{place}: choice and checks have options, text has none")
    options = (
        [_option(one, f"{place}.options") for one in _list(item, place, "options")]
        if "options" in item
        else []
    )
    _unique([option.key for option in options], f"{place}.options")
    rows = item.get("rows", 3)
    if not isinstance(rows, int) or isinstance(rows, bool) or not 1 <= rows <= 30:
        raise BadDefinition(f"{place}.rows: a whole number from 1 to 30")
    return Field(
        key=_word(item, place, "key"),
        label=_text(item, place, "label"),
        kind=kind,
        hint=_hint(item, place),
        required=_flag(item, place, "required"),
        required_when=_condition(item, place),
        options=tuple(options),
        rows=rows,
        risk=_flag(item, place, "risk"),
    )


def _option(data: object, place: str) -> Option:
    item = _object(data, place, {"key", "label"})
    return Option(_word(item, place, "key"), _text(item, place, "label"))


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


def _flag(item: Mapping[str, Any], place: str, name: str) -> bool:
    if not isinstance(item.get(name, False), bool):
        raise BadDefinition(f"{place}.{name}: true or false")
    return bool(item.get(name, False))


def _unique(keys: list[str], place: str) -> None:
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise BadDefinition(f"{place}: {', '.join(sorted(twice))} more than once")
