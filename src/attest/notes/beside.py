"""What a draft can take from beside it: the goals of the plan in force, and texts that may be copied on purpose."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from attest.calendar.models import Session
from attest.notes.definition import Field, FieldKind
from attest.notes.models import Note, NoteVersion, PlanGoal
from attest.notes.plans import goals_in_force, plan_in_force
from attest.notes.queries import notes_of_the_group
from attest.policy.note_checks import is_filled

WHENCE = {
    "plan": "the plan in force",
    "last_note": "the last note",
    "group": "another member’s note of this group",
}
"""The sources of `Field.prefill`, in words."""


class Beside:
    """Reads each source once, and only when a field of the template names it. `day` is the note's own."""

    def __init__(self, note: Note, session: Session | None, day: date, last: Sequence[NoteVersion]) -> None:
        self._note, self._session, self._day, self._last = note, session, day, last

    @cached_property
    def goals(self) -> tuple[PlanGoal, ...]:
        """The goals worked on of the plan in force on the note's day."""
        return tuple(goals_in_force(self._note.organization_id, self._note.client_id, self._day))

    def offer(self, field: Field) -> tuple[str, str]:
        """A text that may be copied into the field and whence it comes; two empty words when there is none."""
        where, key = field.source
        if not where or field.kind is FieldKind.ROWS:
            return "", ""
        for version in self._versions(where):
            known = version.template.parsed.by_key().get(key)
            text = version.content.get(key)
            if known is not None and known.kind is field.kind and is_filled(text) and isinstance(text, str):
                return text, WHENCE[where]
        return "", ""

    def _versions(self, where: str) -> Sequence[NoteVersion]:
        return self._last if where == "last_note" else self._plan if where == "plan" else self._group

    @cached_property
    def _plan(self) -> list[NoteVersion]:
        plan = plan_in_force(self._note.organization_id, self._note.client_id, self._day)
        return [plan.version] if plan else []

    @cached_property
    def _group(self) -> list[NoteVersion]:
        return notes_of_the_group(self._session) if self._session else []
