"""What a note still needs before it can be signed, as sentences with a place to go, never a score."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

Value = str | list[str]
"""A field's content: text or the key of a choice, or the keys of several."""


class NoteField(Protocol):
    """A field of a note template, as far as these checks look at it. Every template definition whose
    fields have these names can be checked."""

    @property
    def key(self) -> str:
        """Unique within the template; names the field's content."""

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


def missing_required(fields: Iterable[F], values: Mapping[str, Value]) -> tuple[F, ...]:
    """Fields that must be filled before signing and are not, in the order given."""
    return tuple(f for f in fields if f.must_be_filled(values) and not is_filled(values.get(f.key)))


class CheckKind(StrEnum):
    FILLED = "filled"
    REPEATS = "repeats"


@dataclass(frozen=True, slots=True)
class Check:
    """One sentence about the note, with a tick (`ok`) or a place to go.

    `place` is the key of the field; empty when the sentence is about the whole note. `blocks_signing`
    only when it is not `ok` and must be mended before signing.
    """

    kind: CheckKind
    sentence: str
    ok: bool
    place: str
    blocks_signing: bool = False


def checks(
    fields: Sequence[NoteField],
    values: Mapping[str, Value],
    *,
    last_note: Mapping[str, Value] | None = None,
) -> tuple[Check, ...]:
    """Every field that must be filled with a tick or a place to go, then text that repeats the last note.

    `last_note` holds the client's last signed note. Repeated text does not block, some things stay the
    same; but each note has to speak of its own session.
    """
    found = []
    for field in fields:
        if field.must_be_filled(values):
            filled = is_filled(values.get(field.key))
            sentence = f"{field.label} is filled in." if filled else f"{field.label} is still empty."
            found.append(Check(CheckKind.FILLED, sentence, filled, field.key, blocks_signing=not filled))
    if last_note is None or not any(is_filled(values.get(field.key)) for field in fields):
        return tuple(found)
    repeated = [field for field in fields if _repeats(values.get(field.key), last_note.get(field.key))]
    for field in repeated:
        sentence = f"{field.label} is word for word the same as in the last note."
        if field.risk:
            sentence = f"{field.label} repeats the last note: write it anew for this session."
        found.append(Check(CheckKind.REPEATS, sentence, False, field.key))
    if not repeated:
        found.append(Check(CheckKind.REPEATS, "Nothing repeats the last note word for word.", True, ""))
    return tuple(found)


WORDS_OF_ITS_OWN = 4
"""Shorter text, and the keys of choices, may repeat without being copied."""


def _repeats(one: Value | None, other: Value | None) -> bool:
    """Equal text, whatever the blanks and capitals. Only text of a few words or more counts."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    words = one.casefold().split()
    return len(words) >= WORDS_OF_ITS_OWN and words == other.casefold().split()
