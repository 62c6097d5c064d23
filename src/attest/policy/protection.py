"""Whether a session is protected: its note was written in one of the product's templates and signed.

Lateness is shown beside it and does not remove it. What a payer takes back in an audit of a protected session is the
practice's expense and never lowers the provider's earnings (the product's own rule, confirmed by the practice).
"""

from dataclasses import dataclass
from enum import StrEnum


class ProtectionState(StrEnum):
    """The four standings of a session that was held."""

    PROTECTED = "protected"
    LATE = "protected_late"
    NO_TEMPLATE = "no_template"
    MISSING = "missing"

    @property
    def word(self) -> str:
        """As lists say it."""
        return _WORDS[self]

    @property
    def protects(self) -> bool:
        return self in (ProtectionState.PROTECTED, ProtectionState.LATE)


_WORDS = {
    ProtectionState.PROTECTED: "Protected",
    ProtectionState.LATE: "Protected, signed late",
    ProtectionState.NO_TEMPLATE: "No template note",
    ProtectionState.MISSING: "Note missing",
}


@dataclass(frozen=True, slots=True)
class NotePath:
    """How a session is documented now.

    `signed`: a template's note is signed, `late` whether after its due time. `draft`: one is begun. `uploaded`: a file
    was handed in; `elsewhere`: it was declared as kept elsewhere. `overdue`: the due time has passed. `confirmed`: the
    session was confirmed.
    """

    signed: bool = False
    late: bool = False
    draft: bool = False
    uploaded: bool = False
    elsewhere: bool = False
    overdue: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Protection:
    """A session's standing, why, and what would change it ('' when nothing would, or nothing need)."""

    state: ProtectionState
    reason: str
    change: str = ""


def protection(path: NotePath) -> Protection:
    """The standing of a session that was held."""
    if path.signed:
        return _signed(path)
    if path.draft:
        return Protection(ProtectionState.MISSING, "The note is begun and not signed.", _sign_it(path))
    if path.uploaded:
        return Protection(
            ProtectionState.NO_TEMPLATE,
            "The note was uploaded: it counts for the claim, not as protection.",
            "" if path.confirmed else "Remove the file and write the note in a template here.",
        )
    if path.elsewhere:
        return Protection(
            ProtectionState.NO_TEMPLATE,
            "The note is kept elsewhere: it counts for the claim, not as protection.",
            "Write and sign the note in a template here.",
        )
    return Protection(ProtectionState.MISSING, "There is no note yet.", _write_it(path))


def _signed(path: NotePath) -> Protection:
    if path.late:
        reason = "Written in a template here and signed, after its due time."
        return Protection(ProtectionState.LATE, reason)
    return Protection(ProtectionState.PROTECTED, "Written in a template here and signed in time.")


def _sign_it(path: NotePath) -> str:
    return "Sign it: it will be labelled as signed late." if path.overdue else "Sign it before it is late."


def _write_it(path: NotePath) -> str:
    if path.overdue:
        return "Write it in a template here and sign it: it will be labelled as signed late."
    return "Write it in a template here and sign it before it is late."
