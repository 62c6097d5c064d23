"""The parts of a note template: definition, section, field, option; and what a reader sees of the answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from attest.core.templatetags.times import date_text

Value = str | list[str]
Values = dict[str, Value]

CIRCUMSTANCES = ("telehealth",)
"""What a section can be made for: it is shown when the session is so, or when something stands in it."""
SOURCES = ("plan", "last_note", "group")
"""Whence a field may be copied on purpose: the note of the plan in force, the client's last note, the note of another
member of the same group session."""
SUITED = (
    "individual", "intake", "family", "group", "crisis", "medication", "consultation", "em", "not_held", "client",
)  # fmt: skip
"""What a template can be made for: the kinds of sessions, an E/M code, a session that was not held, and the client
without a session."""
BETWEEN = ": "
"""Stands between the answer and the goal's words in one entry of a `goals` field."""


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
    NUMBER = "number"
    """A whole number, kept as its digits."""
    DATE = "date"
    """A date, kept as YYYY-MM-DD."""
    GOALS = "goals"
    """One of the options for each goal of the plan in force: a list of "option: the goal's words"."""
    ROWS = "rows"
    """Rows of several columns: a list of their texts, row after row."""

    @property
    def many(self) -> bool:
        """Whether its value is a list."""
        return self in (FieldKind.CHECKS, FieldKind.GOALS, FieldKind.ROWS)

    @property
    def has_options(self) -> bool:
        return self in (FieldKind.CHOICE, FieldKind.CHECKS, FieldKind.GOALS)


class Purpose(StrEnum):
    """What record a note of this template is."""

    PROGRESS = "progress"
    PLAN = "treatment_plan"
    """Signing it puts a treatment plan in force."""
    DISCHARGE = "discharge"
    """Signing it ends the treatment plan in force."""
    MISSED = "missed"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice or of checks."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of rows: text, or one of its options where it has any."""

    key: str
    label: str
    hint: str = ""
    rows: int = 1
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. Nothing is ever filled in ahead: an empty field is `""` or `[]`.

    `required` asks for it before signing; `required_when` (field key, option keys) does so only while that other
    field has one of those answers, `required_unless` only while that other field is empty. `risk` marks what
    documents danger to the client or others. `prefill` ("plan.duration") says what may be copied into it on purpose.
    """

    key: str
    label: str
    kind: FieldKind
    hint: str = ""
    required: bool = False
    required_when: tuple[str, tuple[str, ...]] | None = None
    required_unless: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: int = 3
    most: int = 0
    """The largest number, or the most rows."""
    unit: str = ""
    risk: bool = False
    prefill: str = ""

    @property
    def empty(self) -> Value:
        return [] if self.kind.many else ""

    @property
    def asked(self) -> bool:
        """Whether signing may ask for it at all."""
        return self.required or self.required_when is not None or bool(self.required_unless)

    @property
    def source(self) -> tuple[str, str]:
        """Whence it may be copied, and the key there; two empty words when from nowhere."""
        where, _, key = self.prefill.partition(".")
        return where, key

    def must_be_filled(self, values: Mapping[str, Value]) -> bool:
        """Whether the note cannot be signed without it, given the other answers."""
        if self.required_unless:
            return not values.get(self.required_unless)
        if self.required or self.required_when is None:
            return self.required
        other, answers = self.required_when
        return values.get(other) in answers

    def answer(self, values: Mapping[str, Value]) -> str:
        """What a reader sees: the text, or the labels of what was chosen, or nothing."""
        value = values.get(self.key, self.empty)
        if self.kind.many:
            return self._listed(value if isinstance(value, list) else listed(value))
        text = str(value)
        if self.kind is FieldKind.CHOICE:
            return next((option.label for option in self.options if option.key == text), "")
        if self.kind is FieldKind.DATE and text:
            return date_text(date.fromisoformat(text))
        return f"{text} {self.unit}" if text and self.unit else text

    def _listed(self, value: Sequence[str]) -> str:
        if self.kind is FieldKind.CHECKS:
            return "; ".join(option.label for option in self.options if option.key in value)
        if self.kind is FieldKind.GOALS:
            labels = {option.key: option.label for option in self.options}
            parted = [entry.partition(BETWEEN) for entry in value]
            return "\n".join(f"{goal}: {labels.get(state, state)}" for state, _, goal in parted)
        return "\n".join(self._row(number, row) for number, row in enumerate(self.table(value), start=1))

    def _row(self, number: int, row: Mapping[str, str]) -> str:
        said = []
        for column in self.columns:
            labels = {option.key: option.label for option in column.options}
            if text := row[column.key].strip():
                said.append(labels.get(text, text))
        first, rest = (said[0], said[1:]) if said else ("", [])
        filled = [column for column in self.columns if row[column.key].strip()]
        return "\n".join(
            [f"{number}. {first}", *(f"{c.label}: {text}" for c, text in zip(filled[1:], rest, strict=True))]
        )

    def table(self, value: Sequence[str]) -> list[dict[str, str]]:
        """The rows of a `rows` field, each as column key → text; rows without a word are left out."""
        width = len(self.columns)
        keys = [column.key for column in self.columns]
        padded = [*value, *[""] * (-len(value) % width)] if width else []
        cut = [padded[at : at + width] for at in range(0, len(padded), width)]
        words = {column.key for column in self.columns if not column.options}
        rows = [dict(zip(keys, row, strict=True)) for row in cut]
        return [row for row in rows if any(row[key].strip() for key in words)]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a note under one heading. `when` names the circumstance it is for; empty: every session."""

    key: str
    label: str
    hint: str
    fields: tuple[Field, ...]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole template. `suits` says what it is made for; a note that is not `billable` stands behind no claim."""

    key: str
    name: str
    about: str
    sections: tuple[Section, ...]
    purpose: Purpose = Purpose.PROGRESS
    suits: tuple[str, ...] = ()
    billable: bool = True
    order: int = 500
    _known: dict[str, Field] = field(default_factory=dict, compare=False, repr=False)

    @property
    def fields(self) -> Iterator[Field]:
        """Every field, in the order in which it is read."""
        return (field for section in self.sections for field in section.fields)

    def by_key(self) -> dict[str, Field]:
        if not self._known:
            self._known.update((item.key, item) for item in self.fields)
        return self._known

    @property
    def without_session(self) -> bool:
        """Whether a note of it may be about the client alone."""
        return "client" in self.suits

    @property
    def only_without_session(self) -> bool:
        """Whether a note of it never documents a session."""
        return self.suits == ("client",)

    @classmethod
    def parse(cls, data: object) -> "Definition":
        """A definition from JSON data. Raises BadDefinition naming the first place that is wrong."""
        from attest.notes.definition.parsing import definition

        return definition(data)


def listed(value: object) -> list[str]:
    """One answer or several as a list; blanks mean none. Raises ValueError for what is no text."""
    items = value if isinstance(value, (list, tuple)) else [value]
    if not all(isinstance(item, str) for item in items):
        raise ValueError("this is none of the choices.")
    return [str(item) for item in items if item]
