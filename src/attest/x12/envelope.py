"""Writing X12 strictly: segments, and the envelopes ISA … IEA and GS … GE around them.

What cannot be written correctly is refused (`CannotWrite`) with every problem at once, each naming its field.
Reading is in `wire`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from attest.x12.charset import ID_CLASS
from attest.x12.codes import INTERCHANGE_ID_QUALIFIERS
from attest.x12.segment import Delimiters

#: The separators of everything we write.
DELIMITERS: Final = Delimiters()

_DATA = re.compile(rf"[{ID_CLASS}\\<>\[\]{{}}|`]*")
_PARTNER_ID = re.compile(rf"(?=[^ ])[{ID_CLASS}]{{2,15}}(?<! )")


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why something cannot be written.

    `code` is made for programs, `field` names the field in plain words, `sentence` says what is wrong and
    what to do, `claim` is the control number of the claim concerned ("" for the file as a whole).
    """

    code: str
    field: str
    sentence: str
    claim: str = ""


class CannotWrite(ValueError):
    """Nothing was written. `problems` holds every problem found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(f"{len(self.problems)} problem(s) keep the file from being written")

    def lines(self) -> list[str]:
        """One line for each problem, for a person. They may quote values: not for logs, unlike str(self)."""
        return [f"{p.claim + ', ' if p.claim else ''}{p.field}: {p.sentence}" for p in self.problems]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the outermost envelope says: from whom, to whom, when, test (`T`) or production (`P`).

    `created` is printed as it is, date and time to the minute, in whatever zone the caller chose. Control
    numbers come from the caller, who keeps them unique: `control_number` (ISA13) is 1 to 999,999,999.
    `application_sender` and `application_receiver` (GS02, GS03) default to the interchange ids.
    """

    sender_id: str
    receiver_id: str
    created: datetime
    control_number: int
    usage: Literal["T", "P"]
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    application_sender: str = ""
    application_receiver: str = ""
    acknowledgment_requested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionToWrite:
    """A transaction set without ST and SE: `kind` is ST01, `segments` were made by `segment`."""

    kind: str
    control_number: int
    segments: Sequence[str]
    guide: str = ""  # ST03; "" for the sets that have none, such as the 835


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupToWrite:
    """A functional group: `functional_id` is GS01 (HC, HP, FA, …), `version` GS08."""

    functional_id: str
    version: str
    control_number: int
    transactions: Sequence[TransactionToWrite]


def segment(tag: str, *elements: str | Sequence[str]) -> str:
    """Write one segment; an element given as a sequence becomes a composite.

    Empty elements and components at the end are left out. Raises CannotWrite for data that contains a
    separator or a character X12 does not have.
    """
    problems: list[Problem] = []
    texts = [tag]
    for position, element in enumerate(elements, 1):
        components = [element] if isinstance(element, str) else list(element)
        for component in components:
            if not _DATA.fullmatch(component):
                problems.append(
                    Problem(
                        "character",
                        f"{tag}{position:02}",
                        f"“{component}” contains a separator or a character that X12 does not have.",
                    )
                )
        texts.append(DELIMITERS.component.join(components).rstrip(DELIMITERS.component))
    if problems:
        raise CannotWrite(problems)
    return DELIMITERS.element.join(texts).rstrip(DELIMITERS.element) + DELIMITERS.segment


def envelope_problems(envelope: Envelope) -> list[Problem]:
    """Every reason why these envelopes cannot be written; [] when they can."""
    problems: list[Problem] = []
    for field, value in (
        ("sender id", envelope.sender_id),
        ("receiver id", envelope.receiver_id),
        ("application sender", envelope.application_sender or envelope.sender_id),
        ("application receiver", envelope.application_receiver or envelope.receiver_id),
    ):
        if not _PARTNER_ID.fullmatch(value):
            problems.append(
                Problem(
                    "partner-id",
                    field,
                    f"“{value}” must have 2 to 15 letters, digits or punctuation and no separator. "
                    "Take it from the clearinghouse's enrolment letter.",
                )
            )
    for field, value in (
        ("sender qualifier", envelope.sender_qualifier),
        ("receiver qualifier", envelope.receiver_qualifier),
    ):
        if value not in INTERCHANGE_ID_QUALIFIERS:
            problems.append(
                Problem("partner-qualifier", field, f"“{value}” is not an interchange id qualifier; use ZZ.")
            )
    problems += control_number_problems("interchange control number", envelope.control_number)
    if envelope.usage not in ("T", "P"):
        problems.append(Problem("usage", "usage", "Say T for a test file or P for production."))
    return problems


def control_number_problems(field: str, number: int, least: int = 1) -> list[Problem]:
    """A control number has at most nine digits and is not zero."""
    if least <= number <= 999_999_999:
        return []
    return [Problem("control-number", field, f"{number} must lie between {least} and 999999999.")]


def open_interchange(envelope: Envelope) -> str:
    """The ISA segment, exactly 106 characters. The envelope must be free of problems."""
    return (
        f"ISA*00*{'':10}*00*{'':10}*{envelope.sender_qualifier}*{envelope.sender_id:15}"
        f"*{envelope.receiver_qualifier}*{envelope.receiver_id:15}*{envelope.created:%y%m%d*%H%M}"
        f"*{DELIMITERS.repetition}*00501*{envelope.control_number:09}"
        f"*{int(envelope.acknowledgment_requested)}*{envelope.usage}*{DELIMITERS.component}~"
    )


def open_group(envelope: Envelope, functional_id: str, version: str, control_number: int) -> str:
    """The GS segment."""
    return (
        f"GS*{functional_id}*{envelope.application_sender or envelope.sender_id}"
        f"*{envelope.application_receiver or envelope.receiver_id}*{envelope.created:%Y%m%d*%H%M}"
        f"*{control_number}*X*{version}~"
    )


def close_group(transactions: int, control_number: int) -> str:
    """The GE segment."""
    return f"GE*{transactions}*{control_number}~"


def close_interchange(groups: int, envelope: Envelope) -> str:
    """The IEA segment."""
    return f"IEA*{groups}*{envelope.control_number:09}~"


def write(envelope: Envelope, groups: Sequence[GroupToWrite]) -> str:
    """Write a whole interchange around segments made by `segment`; counts and trailers are worked out here.

    Raises CannotWrite for bad ids and for control numbers that are out of range or used twice.
    """
    problems = envelope_problems(envelope)
    _check_unique(problems, "group control number", [g.control_number for g in groups])
    for group in groups:
        _check_unique(problems, "transaction control number", [t.control_number for t in group.transactions])
    if problems:
        raise CannotWrite(problems)
    out = [open_interchange(envelope)]
    for group in groups:
        out.append(open_group(envelope, group.functional_id, group.version, group.control_number))
        for transaction in group.transactions:
            number = f"{transaction.control_number:04}"
            out.append(segment("ST", transaction.kind, number, transaction.guide))
            out.extend(transaction.segments)
            out.append(f"SE*{len(transaction.segments) + 2}*{number}~")
        out.append(close_group(len(group.transactions), group.control_number))
    out.append(close_interchange(len(groups), envelope))
    return "".join(out)


def _check_unique(problems: list[Problem], field: str, numbers: list[int]) -> None:
    for number in numbers:
        problems += control_number_problems(field, number)
    if len(set(numbers)) != len(numbers):
        problems.append(Problem("control-number", field, "A number is used twice; each must be unique."))
