"""The form in which a practice changes its own template: the whole template travels in it, so it needs no script."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from attest.notes.actions.own_templates import OWN, must_stay
from attest.notes.definition import Definition, Field, FieldKind, plain_text

LONGEST = {"label": 120, "hint": 300, "about": 300, "name": 60}
NEW = {
    "text": {"kind": "text", "label": "New field"},
    "choice": {"kind": "choice", "label": "New choice"},
    "checks": {"kind": "checks", "label": "New ticks"},
}
"""What *Add* puts at the end of a section, by the word of its button."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the template as it is drawn in the form."""

    data: Mapping[str, Any]
    stays: bool
    """It can be neither removed nor made optional."""
    may_be_required: bool

    @property
    def key(self) -> str:
        return str(self.data["key"])

    @property
    def own(self) -> bool:
        return self.key.startswith(OWN)

    @property
    def required(self) -> bool:
        return bool(self.data.get("required"))

    @property
    def kind_words(self) -> str:
        """What the field is, for the eye."""
        return {
            "text": "Text", "choice": "One of", "checks": "Any of", "number": "Number", "date": "Date",
            "goals": "Goals of the plan", "rows": "Rows",
        }[self.data["kind"]]  # fmt: skip

    @property
    def lines(self) -> str:
        """The labels of the options, one a line."""
        return "\n".join(option["label"] for option in self.data.get("options", []))


@dataclass(frozen=True, slots=True)
class FormSection:
    """One section of the template as it is drawn in the form."""

    data: Mapping[str, Any]
    fields: tuple[FormField, ...]


def sections_of(data: Mapping[str, Any], original: Definition) -> list[FormSection]:
    """The template as the form shows it. `original` is its first version: what that asks for stays."""
    known = original.by_key()

    def drawn(item: Mapping[str, Any], apart: bool) -> FormField:
        before: Field | None = known.get(item["key"])
        stays = before is not None and must_stay(before)
        free = not apart and (before is None or not before.asked)
        kinds = (FieldKind.TEXT, FieldKind.CHOICE, FieldKind.CHECKS, FieldKind.NUMBER, FieldKind.DATE)
        return FormField(item, stays, free and item["kind"] in kinds)

    return [
        FormSection(section, tuple(drawn(item, bool(section.get("when"))) for item in section["fields"]))
        for section in data["sections"]
    ]


def typed_template(posted: Any, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The template as it stands in the sent form: `stored` with the order, words and own fields that were typed.

    What the form cannot change is taken from `stored`, whatever was sent. Raises ValueError with a sentence.
    """
    data = deepcopy(dict(stored))
    data["name"] = _line(posted, "name", "name") or data["name"]
    data["about"] = _line(posted, "about", "about") or data["about"]
    known_sections = {section["key"]: section for section in data["sections"]}
    known_fields = {item["key"]: item for section in data["sections"] for item in section["fields"]}
    sections: list[dict[str, Any]] = []
    for place in posted.getlist("place"):
        what, _, key = place.partition(":")
        if what == "s" and key in known_sections:
            sections.append(_section(posted, known_sections[key]))
        elif what == "f" and sections and (item := _field(posted, key, known_fields)) is not None:
            sections[-1]["fields"].append(item)
    data["sections"] = [section for section in sections if section["fields"]]
    return data


def _section(posted: Any, stored: Mapping[str, Any]) -> dict[str, Any]:
    key = stored["key"]
    section = {**stored, "label": _line(posted, f"label-s-{key}", "label") or stored["label"], "fields": []}
    section.pop("hint", None)
    if hint := _line(posted, f"hint-s-{key}", "hint"):
        section["hint"] = hint
    return section


def _field(posted: Any, key: str, known: Mapping[str, Any]) -> dict[str, Any] | None:
    item: dict[str, Any]
    if key in known:
        item = dict(known[key])
    elif key.startswith(OWN) and key.removeprefix(OWN).isdecimal() and len(key) < 20:
        kind = posted.get(f"kind-f-{key}", "text")
        item = {"key": key, **NEW.get(kind, NEW["text"])}
    else:
        return None
    item["label"] = _line(posted, f"label-f-{key}", "label") or item["label"]
    item.pop("hint", None)
    if hint := _line(posted, f"hint-f-{key}", "hint"):
        item["hint"] = hint
    if "required_when" not in item and "required_unless" not in item:
        item.pop("required", None)
        if posted.get(f"required-f-{key}") == "on":
            item["required"] = True
    if key.startswith(OWN) and item["kind"] in ("choice", "checks"):
        item["options"] = list(_options(_text(posted, f"options-f-{key}", 2000), item.get("options", [])))
    return item


def _options(text: str, before: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """One option a line; a line that was there keeps its key."""
    keys = {option["label"]: option["key"] for option in before}
    labels = list(dict.fromkeys(" ".join(line.split()) for line in text.split("\n") if line.strip()))
    taken = {keys[label] for label in labels if label in keys}
    number = 0
    for label in labels:
        key = keys.get(label, "")
        while not key or (label not in keys and key in taken):
            number += 1
            key = f"o{number}"
        taken.add(key)
        yield {"key": key, "label": label}


def pressed(data: dict[str, Any], press: str) -> dict[str, Any]:
    """The template after one of the form's small buttons: "up:f:focus", "down:s:plan", "remove:f:x", "text:s:plan"."""
    act, _, place = press.partition(":")
    what, _, key = place.partition(":")
    data = deepcopy(data)
    if act in NEW and what == "s":
        for section in data["sections"]:
            if section["key"] == key:
                section["fields"].append(_new(data, act))
        return data
    rows = data["sections"] if what == "s" else _fields_around(data, key)
    at = next((at for at, row in enumerate(rows) if row["key"] == key), None)
    if at is None:
        return data
    if act == "remove" and what == "f" and len(rows) > 1:
        rows.pop(at)
    elif act == "up" and at > 0:
        rows.insert(at - 1, rows.pop(at))
    elif act == "down":
        rows.insert(at + 1, rows.pop(at))
    return data


def _fields_around(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    for section in data["sections"]:
        if any(item["key"] == key for item in section["fields"]):
            fields: list[dict[str, Any]] = section["fields"]
            return fields
    return []


def _new(data: dict[str, Any], kind: str) -> dict[str, Any]:
    keys = {item["key"] for section in data["sections"] for item in section["fields"]}
    number = next(n for n in range(1, 1000) if f"{OWN}{n}" not in keys)
    extra: dict[str, Any] = {} if kind == "text" else {"options": []}
    return {"key": f"{OWN}{number}", **NEW[kind], **extra}


def _line(posted: Any, name: str, what: str) -> str:
    return " ".join(_text(posted, name, LONGEST[what]).split())


def _text(posted: Any, name: str, longest: int) -> str:
    typed = posted.get(name, "")
    try:
        return plain_text(typed, longest)
    except ValueError as problem:
        raise ValueError(f"“{typed[:40]}”: {problem}") from None
