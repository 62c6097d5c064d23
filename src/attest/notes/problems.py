"""Why something cannot be done to a note: each with a plain sentence for the person."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attest.notes.definition import Field
    from attest.notes.models import Note


class NoteRefused(Exception):
    """The base of them all. `str()` is the sentence."""


class NotYours(NoteRefused):
    """Notes are written, signed and added to by their author alone, the provider of the session."""

    def __init__(self) -> None:
        super().__init__("Only the session's own provider writes and signs its note. Nothing was changed.")


class StaleDraft(NoteRefused):
    """The draft was saved elsewhere since; `note` carries the newer state. Nothing was overwritten."""

    def __init__(self, note: "Note") -> None:
        super().__init__(
            "This note was changed in another tab or window. Nothing was overwritten: "
            "copy what you need from here, then load the page again."
        )
        self.note = note


class Changed(NoteRefused):
    """What was to be signed is not what is there now. Nothing was signed; `note` carries the newer state."""

    def __init__(self, note: "Note | None", what: str = "The note") -> None:
        super().__init__(
            f"{what} changed since it was on your screen, so nothing was signed. This is how it is now."
        )
        self.note = note


class NotADraft(NoteRefused):
    """The note is signed or discarded: it can be read, and a signed one added to."""

    def __init__(self, note: "Note") -> None:
        super().__init__(
            "This note is signed and locked. Add to it with an addendum."
            if note.state == "signed"
            else "This draft was discarded. It is kept in the history, and can no longer be changed."
        )
        self.note = note


class NothingToSign(NoteRefused):
    """The session has no draft."""

    def __init__(self) -> None:
        super().__init__("There is no draft to sign. Start the note first.")


class NotSigned(NoteRefused):
    """Only a signed note is added to."""

    def __init__(self) -> None:
        super().__init__("This note is not signed yet. Write in the draft itself.")


class TemplateRefused(NoteRefused):
    """A note template cannot be made or changed this way; the sentence says why. Nothing was changed."""


class NotForClients(NoteRefused):
    """The template is made for sessions."""

    def __init__(self) -> None:
        super().__init__("This template is for sessions. Open the session to write its note.")


class Incomplete(NoteRefused):
    """Required fields are empty; `missing` names every one of them, in order."""

    def __init__(self, missing: "Sequence[Field]") -> None:
        labels = ", ".join(field.label for field in missing)
        super().__init__(f"Still empty and needed before signing: {labels}.")
        self.missing = tuple(missing)


class LateReasonNeeded(NoteRefused):
    """The signature is past due: a reason is required, and stays with the note."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__("This note is late. Say in a few words why; the reason stays with the note.")
        self.due_at = due_at


class WordsNeeded(NoteRefused):
    """Something an addendum cannot be without is empty or too long; `field` is its name in the form."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class UploadedAlready(NoteRefused):
    """A file was handed in as the session's note."""

    def __init__(self) -> None:
        super().__init__("A file is there already as this session's note. Remove it first, with a reason.")


class NotNow(NoteRefused):
    """A file cannot be handed in or taken back as things stand. The message says why."""
