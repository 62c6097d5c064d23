"""The fields of a note template, and which of them must be filled before it can be signed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

Value = str | list[str]
"""A field's content: text or the key of a choice, or the keys of several."""


class NoteField(Protocol):
    """A field of a note template, as far as these checks look at it. Every template definition whose
    fields have these names can be checked."""

    @property
    def key(self) -> str:
        """Unique within the template; names the field's content, and means the same in every template."""

    @property
    def label(self) -> str: ...

    @property
    def risk(self) -> bool:
        """Whether it documents danger to the client or others: written anew for each session."""

    def must_be_filled(self, values: Mapping[str, Value]) -> bool:
        """Whether the note cannot be signed without it, given the other answers."""


F = TypeVar("F", bound=NoteField)


@dataclass(frozen=True, slots=True)
class PlainField:
    """The simplest field: required or not, whatever the other answers."""

    key: str
    label: str
    required_for_signature: bool = False
    risk: bool = False

    def must_be_filled(self, values: Mapping[str, Value]) -> bool:
        return self.required_for_signature


def is_filled(value: Value | None) -> bool:
    """Whether a field's content says anything: text with a letter or digit, or a choice that was made.
    Blanks, dashes and dots alone say nothing."""
    if isinstance(value, str):
        return any(character.isalnum() for character in value)
    return any(is_filled(one) for one in value or ())


def missing_required(
    fields: Iterable[F], values: Mapping[str, Value], demanded: Iterable[tuple[str, ...]] = ()
) -> tuple[F, ...]:
    """Fields that must be filled before signing and are not, in the order given.

    `demanded` are keys of fields of which a payer wants one to be filled (`criteria.places_demanded`): the first one
    that the template has stands for them.
    """
    listed = tuple(fields)
    there = {field.key for field in listed}
    wanted = set()
    for keys in demanded:
        known = [key for key in keys if key in there]
        if known and not any(is_filled(values.get(key)) for key in known):
            wanted.add(known[0])
    return tuple(
        f
        for f in listed
        if f.key in wanted or (f.must_be_filled(values) and not is_filled(values.get(f.key)))
    )
