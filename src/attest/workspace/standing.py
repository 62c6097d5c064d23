"""Where a session stands, in plain values, and what follows for its panel: one button to press, others, five steps.

Pure: the records are gathered by `queries.panel`, the addresses are made by `links`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from attest.policy.chips import ChipState


class NoteStanding(StrEnum):
    """How far the session's documentation is."""

    NONE = "none"
    BEGUN = "begun"
    """A draft with required sections still empty."""
    COMPLETE = "complete"
    """A draft in which nothing required is empty."""
    SIGNED = "signed"
    UPLOADED = "uploaded"
    """Confirmed with a file that was handed in."""
    ELSEWHERE = "elsewhere"
    """Declared at confirming as kept elsewhere."""

    @property
    def is_here(self) -> bool:
        """It can be read here: signed, or handed in."""
        return self in (NoteStanding.SIGNED, NoteStanding.UPLOADED)

    @property
    def is_draft(self) -> bool:
        return self in (NoteStanding.BEGUN, NoteStanding.COMPLETE)


class Go(StrEnum):
    """Where a button leads, or what it does at once."""

    CONFIRM = "confirm"
    NOTE = "note"
    EDIT = "edit"
    CANCEL = "cancel"
    NOT_HELD = "not_held"
    TOOK_PLACE = "took_place"
    CLOSE = "close"
    CLAIM = "claim"
    BOOK = "book"
    CLIENT = "client"
    CALENDAR = "calendar"

    @property
    def acts_at_once(self) -> bool:
        """Done by pressing, without a form in between."""
        return self in (Go.NOT_HELD, Go.TOOK_PLACE)


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    go: Go
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One of *Session · Confirmed · Note · Claim · Paid*; `go` None: there is nothing to open yet."""

    label: str
    state: str
    go: Go | None = None


ABSENT = frozenset(
    {ChipState.CANCELLED, ChipState.LATE_CANCEL, ChipState.NO_SHOW, ChipState.DID_NOT_TAKE_PLACE}
)
"""The session was not held."""
CLOSED = ABSENT | {ChipState.NOT_BILLABLE}
OPEN = frozenset({ChipState.SCHEDULED, ChipState.CONFIRM, ChipState.SIGNED, ChipState.EXPIRED})
"""Shown states of a session that is neither confirmed nor closed."""
_LEFT = frozenset({ChipState.CLAIM_SENT, ChipState.ACCEPTED, ChipState.PAID})
_CAME_BACK = frozenset({ChipState.DENIED, ChipState.REJECTED})


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the buttons depend on.

    `shown` is the chip as shown at this moment (of a consultation, the stored one), `started` whether its scheduled
    start has passed, `billed` False for a consultation, `note_owed` True when it was confirmed with a note still to
    come, `reopens` whether *did not take place* can still be taken back, `may` the permissions the member holds for
    this very session.
    """

    shown: ChipState
    started: bool
    note: NoteStanding = NoteStanding.NONE
    note_owed: bool = False
    billed: bool = True
    claim: bool = False
    reopens: bool = False
    may: frozenset[str] = field(default_factory=frozenset)

    @property
    def open(self) -> bool:
        """Neither confirmed nor closed."""
        return self.shown in OPEN

    @property
    def confirmed(self) -> bool:
        return self.shown not in OPEN and self.shown not in CLOSED

    @property
    def to_confirm(self) -> bool:
        """It can be confirmed now, whatever roadblocks stand."""
        return self.open and self.started and self.billed and self.shown is not ChipState.EXPIRED


def primary(s: Standing) -> Button:
    """The one thing to press."""
    if s.open and not s.started and "session.schedule" in s.may:
        return Button("Reschedule", Go.EDIT, "calendar")
    if s.to_confirm and "session.confirm" in s.may:
        if s.note is NoteStanding.BEGUN:
            return Button("Finish note", Go.CONFIRM, "file-pen")
        return Button("Confirm session", Go.CONFIRM, "check")
    if s.shown is ChipState.EXPIRED and s.billed and "session.close" in s.may:
        return Button("Close as not billable", Go.CLOSE, "ban")
    if s.shown in _CAME_BACK and s.claim and "claim.view" in s.may:
        return Button("Look at the claim", Go.CLAIM, "file-check")
    if writing := _writing(s):
        return writing
    if s.note.is_here and "note.read" in s.may:
        return Button("View note", Go.NOTE, "note")
    if s.claim and "claim.view" in s.may:
        return Button("View claim", Go.CLAIM, "file-check")
    if s.shown in ABSENT and "session.schedule" in s.may:
        return Button("Schedule again", Go.BOOK, "plus")
    if "client.view" in s.may:
        return Button("Open client", Go.CLIENT, "person")
    return Button("Open the calendar", Go.CALENDAR, "calendar")


def _writing(s: Standing) -> Button | None:
    """The note alone, where it is what remains to be done."""
    if "note.write" not in s.may:
        return None
    if s.note is NoteStanding.BEGUN:
        return Button("Finish note", Go.NOTE, "file-pen")
    if s.note is NoteStanding.COMPLETE:
        return Button("Sign note", Go.NOTE, "sign")
    wanted = s.note_owed or (s.open and s.started and not s.billed)
    return Button("Write note", Go.NOTE, "note") if wanted and s.note is NoteStanding.NONE else None


def others(s: Standing) -> tuple[Button, ...]:
    """What else can be done with it, in the order of likelihood. Never what `primary` says already."""
    found: list[Button] = []
    if s.to_confirm:
        if "session.schedule" in s.may:
            found.append(Button("Did not take place", Go.NOT_HELD, "calendar-off"))
            found.append(Button("Edit booking", Go.EDIT, "edit"))
    elif s.open and not s.started and "session.schedule" in s.may:
        found.append(Button("Cancel session", Go.CANCEL, "calendar-x"))
    elif s.open and s.started and not s.billed and "session.schedule" in s.may:
        found.append(Button("Did not take place", Go.NOT_HELD, "calendar-off"))
    if s.shown is ChipState.DID_NOT_TAKE_PLACE and s.reopens and "session.schedule" in s.may:
        found.append(Button("It took place after all", Go.TOOK_PLACE, "undo"))
    found += _note_alone(s)
    if s.claim and "claim.view" in s.may:
        found.append(Button("View claim", Go.CLAIM, "file-check"))
    pressed = primary(s)
    return tuple(button for button in found if button.go is not pressed.go)


def _note_alone(s: Standing) -> list[Button]:
    if s.note.is_here:
        return [Button("View note", Go.NOTE, "note")] if "note.read" in s.may else []
    if "note.write" not in s.may or not s.started or s.note is NoteStanding.ELSEWHERE:
        return []
    if s.note is NoteStanding.COMPLETE:
        return [Button("Sign the note alone", Go.NOTE, "sign")]
    return [
        Button(
            "Finish the note alone" if s.note is NoteStanding.BEGUN else "Write the note alone",
            Go.NOTE,
            "note",
        )
    ]


def steps(s: Standing) -> tuple[Step, ...]:
    """The line *Session · Confirmed · Note · Claim · Paid*, each with where it stands and what it opens."""
    return (_session(s), _confirmed(s), _note(s), _claim(s), _paid(s))


def _session(s: Standing) -> Step:
    if s.shown in ABSENT:
        return Step("Session", "stopped")
    return Step("Session", "done" if s.started else "now")


def _confirmed(s: Standing) -> Step:
    if s.confirmed:
        return Step("Confirmed", "done")
    if s.shown in CLOSED or s.shown is ChipState.EXPIRED or not s.billed:
        return Step("Confirmed", "stopped" if s.billed else "todo")
    go = Go.CONFIRM if s.to_confirm and "session.confirm" in s.may else None
    return Step("Confirmed", "now" if s.started else "todo", go)


def _note(s: Standing) -> Step:
    opens = {"note.read", "note.write"} & s.may
    if s.note.is_here:
        return Step("Note", "done", Go.NOTE if opens else None)
    if s.note is NoteStanding.ELSEWHERE:
        return Step("Note", "done")
    writes = "note.write" in s.may and s.started
    now = s.note_owed or (s.note.is_draft and not s.to_confirm)
    return Step("Note", "now" if now else "todo", Go.NOTE if writes else None)


def _claim(s: Standing) -> Step:
    go = Go.CLAIM if s.claim and "claim.view" in s.may else None
    if s.shown in _CAME_BACK:
        return Step("Claim", "stopped", go)
    if s.shown in _LEFT:
        return Step("Claim", "done", go)
    return Step("Claim", "now" if s.claim else "todo", go)


def _paid(s: Standing) -> Step:
    return Step("Paid", "done" if s.shown is ChipState.PAID else "todo")
