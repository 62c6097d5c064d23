"""What the note editor shows: sections and fields with what is in them, the checks, and the client's last note."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from attest.calendar.models import Session
from attest.core.access import Scope
from attest.notes.beside import Beside
from attest.notes.checking import TELEHEALTH, findings
from attest.notes.choosing import Offer, offers_for
from attest.notes.client_notes import header_without_session
from attest.notes.definition import Column, Definition, Field, FieldKind, Section, Value, Values, complete
from attest.notes.definition.kinds import BETWEEN
from attest.notes.header import Header, facts_of, header_digest, header_for, header_rows, statement
from attest.notes.models import Note, NoteTemplate, NoteVersion, PlanGoal, Snippet
from attest.notes.queries import digest_of, last_signed_notes, signature_due_of, snippets_of
from attest.policy.deadlines import SignatureDue
from attest.policy.note_checks import CheckKind, Finding, Severity, is_filled
from attest.practice.models import Provider

PREFIX = "note-"
"""Stands before the key of a field in every form, so that the editor can live beside other fields."""
LATE_REASON = "note_late_reason"


@dataclass(frozen=True, slots=True)
class ShownOption:
    """One answer as it is drawn."""

    key: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownGoal:
    """A goal of the plan with one answer for each state, of which one may be chosen."""

    text: str
    measure: str
    options: tuple[ShownOption, ...]


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of a row: the id of its control, its column, and what stands in it."""

    id: str
    column: Column
    value: str


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field as it is drawn. `elsewhere` is what another tab has saved in it, when that differs.

    `goals` are those of the plan in force, for a field of that kind. `offer` is a text that may be copied into it, and
    `offered` where it comes from.
    """

    field: Field
    value: Value
    goals: tuple[PlanGoal, ...] = ()
    offer: str = ""
    offered: str = ""
    error: str = ""
    copied: bool = False
    elsewhere: str = ""
    sleeps: bool = False
    """Empty, and asked for only under a condition that is not met: hidden until it is."""

    @property
    def name(self) -> str:
        """The form field's name and the id of its control."""
        return PREFIX + self.field.key

    @property
    def kind(self) -> str:
        return str(self.field.kind)

    @property
    def optional(self) -> bool:
        """Never asked for before signing."""
        return not self.field.asked

    @property
    def asked_unless(self) -> str:
        """The form field that answers for it, when that is filled; empty when none does."""
        return PREFIX + self.field.required_unless if self.field.required_unless else ""

    @property
    def asked_when(self) -> tuple[str, str]:
        """The form field that decides whether it is asked for, and the answers that do, with blanks between."""
        other, answers = self.field.required_when or ("", ())
        return (PREFIX + other, " ".join(answers)) if other else ("", "")

    @property
    def options(self) -> list[ShownOption]:
        chosen = self.value if isinstance(self.value, list) else [self.value]
        return [ShownOption(option.key, option.label, option.key in chosen) for option in self.field.options]

    @property
    def typed(self) -> str:
        """What stands in a field of one line, as a person writes it."""
        try:
            return self.field.answer({self.field.key: self.value}) if self.kind == "date" else str(self.value)
        except ValueError:
            return str(self.value)

    @property
    def goal_rows(self) -> list[ShownGoal]:
        """A row for each goal: those of the plan, then those answered before that are not in it any more."""
        chosen = [entry.partition(BETWEEN) for entry in self.value] if isinstance(self.value, list) else []
        answers = {goal: state for state, _, goal in chosen}
        known = {" ".join(goal.text.split()): goal.measure for goal in self.goals}
        return [
            ShownGoal(
                text,
                known.get(text, ""),
                tuple(
                    ShownOption(f"{option.key}{BETWEEN}{text}", option.label, answers.get(text) == option.key)
                    for option in self.field.options
                ),
            )
            for text in [*known, *(goal for goal in answers if goal not in known)]
        ]

    @property
    def cells(self) -> list[list[ShownCell]]:
        """The rows that are filled in, and an empty one after them; at least two."""
        rows = self.field.table(self.value if isinstance(self.value, list) else [])
        empty = dict.fromkeys((column.key for column in self.field.columns), "")
        rows += [empty] * max(2 - len(rows), 1)
        return [
            [
                ShownCell(f"{self.name}-{number}-{column.key}", column, row[column.key])
                for column in self.field.columns
            ]
            for number, row in enumerate(rows[: self.field.most], start=1)
        ]

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, for `aria-describedby`."""
        parts = (("hint", self.field.hint), ("error", self.error))
        return " ".join(f"{self.name}_{what}" for what, text in parts if text)


@dataclass(frozen=True, slots=True)
class ShownSection:
    """One section as it is drawn. `hidden`: it is for another circumstance, and nothing stands in it."""

    section: Section
    fields: tuple[ShownField, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class LastSection:
    """A section of the last note: its answers, and what of it can be copied into this template's empty fields."""

    label: str
    answers: tuple[tuple[str, str], ...]
    copies: tuple[tuple[str, str], ...]
    """(name of the form field, text)"""


@dataclass(frozen=True, slots=True)
class LastNote:
    """The client's last signed note beside the editor."""

    version: NoteVersion
    session: Session
    sections: tuple[LastSection, ...]


@dataclass(frozen=True, slots=True)
class Editor:
    """Everything `notes/_editor.html` and `notes/_side.html` need about one draft, of a session or about the client."""

    session: Session | None
    note: Note
    author: Provider
    definition: Definition
    values: Values
    sections: tuple[ShownSection, ...]
    header: Header
    due: SignatureDue | None
    now: datetime
    last: LastNote | None
    offers: list[Offer]
    late_reason: str
    late_reason_error: str = ""
    conflict: str = ""
    checks: tuple[Finding, ...] = field(default=())
    snippets: tuple[Snippet, ...] = ()
    """The author's own words, by name."""

    @property
    def late(self) -> bool:
        return self.due is not None and self.due.is_late(self.now)

    @property
    def zone(self) -> str:
        """In it the note's times are told."""
        return self.session.zone if self.session else self.author.zone

    @property
    def early(self) -> bool:
        """The session has not begun yet."""
        return self.session is not None and self.now < self.session.starts_at

    @property
    def seen_digest(self) -> str:
        """Fingerprint of the content in these fields (see `queries.digest_of`)."""
        return digest_of(self.note, self.values)

    @property
    def seen_header(self) -> str:
        return header_digest(self.header)

    @property
    def header_rows(self) -> list[tuple[str, str]]:
        return header_rows(self.header)

    @property
    def statement(self) -> str:
        """Word for word what is attested."""
        return statement(self.header, self.now)

    @property
    def likely_templates(self) -> list[NoteTemplate]:
        """The others that are made for such a session: one press away."""
        return [offer.template for offer in self._others if offer.suits]

    @property
    def other_templates(self) -> list[NoteTemplate]:
        """All the rest."""
        return [offer.template for offer in self._others if not offer.suits]

    @property
    def _others(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.template.key != self.note.template.key]

    @property
    def error_rows(self) -> list[dict[str, str]]:
        """Every sentence beside a field, once more for the summary on top."""
        rows = [
            {"href": item.name, "label": item.field.label, "text": item.error}
            for part in self.sections
            for item in part.fields
            if item.error
        ]
        if self.late_reason_error:
            rows.append({"href": LATE_REASON, "label": "Why it is late", "text": self.late_reason_error})
        return rows

    @property
    def open_checks(self) -> int:
        """How many sentences of weight still have a place to go."""
        return sum(not check.ok and check.severity > Severity.INFORMS for check in self.checks)

    @property
    def check_groups(self) -> list[tuple[str, list[Finding]]]:
        """What is still open, by how much it weighs, under a heading each; groups without any are left out."""
        headings = {
            Severity.REQUIRED: "Before you can sign",
            Severity.WARNS: "What reviewers take money back for",
            Severity.INFORMS: "Good to have",
        }
        groups = [
            (heading, [check for check in self.checks if not check.ok and check.severity is severity])
            for severity, heading in headings.items()
        ]
        return [(heading, found) for heading, found in groups if found]

    @property
    def checks_in_place(self) -> list[Finding]:
        """What stands already, each with the place that satisfies it."""
        return [check for check in self.checks if check.ok]


def editor_for(
    session: Session | None,
    note: Note,
    *,
    member: Any,
    scope: Scope,
    now: datetime,
    typed: Mapping[str, Value] | None = None,
    errors: Mapping[str, str] | None = None,
    late_reason: str | None = None,
    conflict: str = "",
) -> Editor:
    """The editor of a draft. `typed` is what stands in the form when it is shown again, instead of what is saved.

    `errors` maps field keys to sentences; `conflict` is the sentence on top when another tab has saved since: each
    field that differs then also shows what was saved there. `session` has client, provider and location selected; None
    for a note about the client alone.
    """
    definition = note.template.parsed
    values = complete(definition, note.content | dict(typed or {}))
    facts = facts_of(session) if session else None
    header = header_for(session, facts) if session and facts else header_without_session(note)
    earlier = last_signed_notes(session, member, scope) if session else []
    found = findings(session, note, values, header, earlier)
    beside = Beside(note, session, date.fromisoformat(header["date_of_service"]), earlier[:1])
    copied = {check.place for check in found if check.kind is CheckKind.REPEATS}
    wrong = errors or {}

    def shown(item: Field) -> ShownField:
        other = conflict and values[item.key] != note.content.get(item.key, item.empty)
        offer, offered = ("", "") if is_filled(values[item.key]) else beside.offer(item)
        return ShownField(
            item,
            values[item.key],
            goals=beside.goals if item.kind is FieldKind.GOALS else (),
            offer=offer,
            offered=offered,
            error=wrong.get(item.key, ""),
            copied=item.key in copied,
            elsewhere=(item.answer(note.content) or "(empty)") if other else "",
            sleeps=(item.required_when is not None or bool(item.required_unless))
            and not item.must_be_filled(values)
            and not is_filled(values[item.key]),
        )

    def part(section: Section) -> ShownSection:
        fields = tuple(shown(item) for item in section.fields)
        apart = section.when == "telehealth" and header["modality"] not in TELEHEALTH
        return ShownSection(section, fields, apart and not any(is_filled(item.value) for item in fields))

    return Editor(
        session=session,
        note=note,
        definition=definition,
        values=values,
        sections=tuple(part(section) for section in definition.sections),
        author=session.provider if session else note.author,
        header=header,
        due=signature_due_of(session, facts) if session else None,
        now=now,
        last=_last(earlier[0], definition) if earlier else None,
        offers=offers_for(session) if session else [],
        late_reason=note.late_reason if late_reason is None else late_reason,
        late_reason_error=wrong.get("late_reason", ""),
        conflict=conflict,
        checks=found,
        snippets=tuple(snippets_of(note.organization_id, note.author_id)),
    )


def _last(version: NoteVersion, target: Definition) -> LastNote:
    known = target.by_key()
    sections = []
    for section in version.template.parsed.sections:
        answers = tuple(
            (item.label, text) for item in section.fields if (text := item.answer(version.content).strip())
        )
        copies = tuple(
            (PREFIX + item.key, str(version.content[item.key]))
            for item in section.fields
            if item.kind is FieldKind.TEXT
            and item.key in known
            and not item.risk
            and is_filled(version.content.get(item.key))
        )
        sections.append(LastSection(section.label, answers, copies))
    return LastNote(version, version.note.session, tuple(sections))


def typed_values(definition: Definition, posted: Any) -> dict[str, object]:
    """The note's fields out of a posted QueryDict: those that were sent, by key. Of some kinds lists."""
    typed: dict[str, object] = {}
    for item in definition.fields:
        sent = posted.getlist(PREFIX + item.key)
        if sent:
            typed[item.key] = sent if item.kind.many else sent[-1]
    return typed
