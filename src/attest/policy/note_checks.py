"""What a note still needs before it can be signed, as sentences with a place to go, never a score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One field of a note template. `key` is unique within the template and names its content."""

    key: str
    label: str
    required_for_signature: bool = False
    never_copied: bool = False
    """Must be written anew each time, such as risk: text equal to the last note is pointed out."""


@dataclass(frozen=True, slots=True)
class TemplateSection:
    key: str
    title: str
    fields: tuple[TemplateField, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """The definition of a note template, as versioned data.

    Raises ValueError when two fields share a key: their contents would overwrite each other.
    """

    sections: tuple[TemplateSection, ...]

    def __post_init__(self) -> None:
        keys = [field.key for field in self.fields]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"Two fields have the same key: {', '.join(twice)}.")

    @property
    def fields(self) -> tuple[TemplateField, ...]:
        return tuple(field for section in self.sections for field in section.fields)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "Template":
        """A template from its stored form:

        `{"sections": [{"key", "title", "fields": [{"key", "label", "required_for_signature"?,
        "never_copied"?}]}]}`; other entries are left alone. Raises ValueError when it has not this shape.
        """
        return cls(tuple(_section(entry) for entry in _list(data, "sections")))


def _section(entry: Mapping[str, object]) -> TemplateSection:
    return TemplateSection(
        _text(entry, "key"), _text(entry, "title"), tuple(_field(f) for f in _list(entry, "fields"))
    )


def _field(entry: Mapping[str, object]) -> TemplateField:
    return TemplateField(
        _text(entry, "key"),
        _text(entry, "label"),
        required_for_signature=bool(entry.get("required_for_signature")),
        never_copied=bool(entry.get("never_copied")),
    )


def _list(entry: Mapping[str, object], name: str) -> Sequence[Mapping[str, object]]:
    value = entry.get(name)
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise ValueError(f"A template needs a list of {name}.")
    return value


def _text(entry: Mapping[str, object], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"A part of the template has no {name}.")
    return value


def is_filled(value: object) -> bool:
    """Whether a field's content says anything: text with a letter or digit, a list with such text, a
    number, or a box ticked or unticked on purpose. Blanks, dashes and None say nothing."""
    if isinstance(value, str):
        return any(character.isalnum() for character in value)
    if isinstance(value, list | tuple):
        return any(is_filled(one) for one in value)
    return value is not None


def missing_required(template: Template, content: Mapping[str, object]) -> tuple[TemplateField, ...]:
    """Fields that must be filled before signing and are not, in the template's order."""
    return tuple(
        field
        for field in template.fields
        if field.required_for_signature and not is_filled(content.get(field.key))
    )


@dataclass(frozen=True, slots=True)
class Check:
    """One sentence about the note. `place` is the key of the field to go to; `blocks_signing` when it
    must be mended first (only a check that is not `ok` can)."""

    sentence: str
    ok: bool
    place: str
    kind: Literal["filled", "copied"]
    blocks_signing: bool = False


def checks(
    template: Template, content: Mapping[str, object], *, last_note: Mapping[str, object] | None = None
) -> tuple[Check, ...]:
    """Every required field with a tick or a place to go, then text that equals the last note's.

    `last_note` is the content of the client's last signed note in the same template. Equal text does not
    block: some things stay the same, but each note has to speak of its own session.
    """
    found = []
    for field in template.fields:
        if field.required_for_signature:
            filled = is_filled(content.get(field.key))
            sentence = f"{field.label} is filled in." if filled else f"{field.label} is still empty."
            found.append(Check(sentence, filled, field.key, "filled", blocks_signing=not filled))
    if last_note is None:
        return tuple(found)
    same = [field for field in template.fields if _same(content.get(field.key), last_note.get(field.key))]
    for field in same:
        sentence = f"{field.label} is word for word the same as in the last note."
        if field.never_copied:
            sentence = f"{field.label} is copied from the last note: write it anew for this session."
        found.append(Check(sentence, False, field.key, "copied"))
    if not same and template.fields and any(is_filled(content.get(f.key)) for f in template.fields):
        found.append(Check("Nothing repeats the last note.", True, template.fields[0].key, "copied"))
    return tuple(found)


def _same(one: object, other: object) -> bool:
    """Equal text, whatever the blanks and capitals; only text is compared, ticks and choices may repeat."""
    if not isinstance(one, str) or not isinstance(other, str) or not is_filled(one):
        return False
    return one.casefold().split() == other.casefold().split()
