"""What a reader of a signed note sees: header, content, signature, and everything added later."""

from collections.abc import Mapping
from dataclasses import dataclass

from attest.notes.definition import Definition, Section, Value
from attest.notes.header import header_rows
from attest.notes.models import Addendum, Note, NoteVersion, Signature
from attest.notes.queries import addenda_of, signatures_of, version_of
from attest.policy.note_checks import is_filled

KINDS = {"addendum": "Addendum", "correction": "Correction", "late_entry": "Late entry"}


@dataclass(frozen=True, slots=True)
class ReadSection:
    """One section: label, and its answers as (label, text). Empty fields are left out, and sections without any."""

    label: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReadAddendum:
    """Something added later, with its signature."""

    addendum: Addendum
    signature: Signature | None

    @property
    def label(self) -> str:
        return KINDS[self.addendum.kind]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything `notes/_read.html` needs."""

    note: Note
    version: NoteVersion
    template_name: str
    header_rows: list[tuple[str, str]]
    sections: tuple[ReadSection, ...]
    attestation: list[str]
    signature: Signature | None
    addenda: tuple[ReadAddendum, ...]

    @property
    def zone(self) -> str:
        """The session's zone: in it the times of this note are told."""
        return str(self.version.header["zone"])


def answers_of(part: Definition | Section, values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """Label and text of everything filled in, in order."""
    return tuple(
        (field.label, field.answer(values)) for field in part.fields if is_filled(values.get(field.key))
    )


def reading_of(note: Note) -> Reading | None:
    """A signed note for its reader; None while it is not signed."""
    version = version_of(note)
    if version is None:
        return None
    definition = version.template.parsed
    signatures = signatures_of(note)
    return Reading(
        note=note,
        version=version,
        template_name=definition.name,
        header_rows=header_rows(version.header),
        sections=tuple(
            ReadSection(section.label, answers)
            for section in definition.sections
            if (answers := answers_of(section, version.content))
        ),
        attestation=version.attestation.split("\n"),
        signature=signatures.get(version.pk),
        addenda=tuple(ReadAddendum(row, signatures.get(row.pk)) for row in addenda_of(note)),
    )
