"""The shape of an X12 file: separators, segments, and the envelopes around transaction sets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from attest.x12.finding import Finding

_GUIDE: Final = re.compile(r"(\d{6}X\d{3})(?:[AE]\d)?")


class Delimiters(NamedTuple):
    """The separators of one interchange. `repetition` is "" where the version or the sender has none."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"


class Segment(NamedTuple):
    """One segment: its position in the file counted from 1, and its elements with the segment id in front."""

    no: int
    elements: tuple[str, ...]

    @property
    def tag(self) -> str:
        """The segment id, such as `CLM`; "" when the sender left it out."""
        return self.elements[0]

    def get(self, position: int) -> str:
        """Element `position` counted from 1 as in the guides (`CLM02` is 2); "" when it is not there."""
        return self.elements[position] if position < len(self.elements) else ""

    def parts(self, position: int, separator: str) -> list[str]:
        """The components or repetitions of an element; [] when empty, undivided if `separator` is ""."""
        value = self.get(position)
        if not value:
            return []
        return value.split(separator) if separator else [value]


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction set, from ST to SE. `trailer` is None when SE is missing."""

    header: Segment
    segments: tuple[Segment, ...]
    trailer: Segment | None
    guide: str

    @property
    def kind(self) -> str:
        """ST01, such as `837`."""
        return self.header.get(1)

    @property
    def control_number(self) -> str:
        """ST02."""
        return self.header.get(2)


@dataclass(frozen=True, slots=True)
class Group:
    """One functional group, from GS to GE."""

    header: Segment
    transactions: tuple[Transaction, ...]
    trailer: Segment | None


@dataclass(frozen=True, slots=True)
class Interchange:
    """One interchange, from ISA to IEA, with every segment in file order (ISA and IEA included)."""

    delimiters: Delimiters
    header: Segment
    acknowledgments: tuple[Segment, ...]  # TA1
    groups: tuple[Group, ...]
    trailer: Segment | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file: its interchanges, and everything odd about its envelopes."""

    interchanges: tuple[Interchange, ...]
    findings: tuple[Finding, ...]

    def transactions(self) -> Iterator[tuple[Interchange, Group, Transaction]]:
        """Every transaction set with the envelopes around it, in file order."""
        for interchange in self.interchanges:
            for group in interchange.groups:
                for transaction in group.transactions:
                    yield interchange, group, transaction


def base_guide(version: str) -> str:
    """`005010X222A1` → `005010X222`: guides are matched without their addenda. "" when none is named."""
    match = _GUIDE.fullmatch(version.strip())
    return match[1] if match else ""
