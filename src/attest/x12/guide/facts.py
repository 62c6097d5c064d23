"""The loops of a professional claim file, gathered from its segments for the checks to look at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from attest.x12.segment import Delimiters, Segment, Transaction


@dataclass(slots=True)
class Party:
    """An NM1 segment and what belongs to it (N3, N4, REF, PRV, DMG, PER)."""

    name: Segment
    details: list[Segment] = field(default_factory=list)

    @property
    def role(self) -> str:
        """NM101: 85 billing, 82 rendering, 77 facility, IL subscriber, QC patient, PR payer, …"""
        return self.name.get(1)

    @property
    def npi(self) -> str:
        """NM109 where NM108 says it is an NPI, otherwise ""."""
        return self.name.get(9) if self.name.get(8) == "XX" else ""

    def first(self, tag: str) -> Segment | None:
        """The first detail with this segment id."""
        return first(self.details, tag)


@dataclass(slots=True)
class Line:
    """One service line, loop 2400. `segments` are its own, without those of its parties."""

    header: Segment
    segments: list[Segment] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)

    @property
    def service(self) -> Segment | None:
        """SV1."""
        return first(self.segments, "SV1")


@dataclass(slots=True)
class ClaimLoop:
    """One claim, loop 2300. `other_payers` are the SBR segments of loop 2320."""

    header: Segment
    level: "Level"
    segments: list[Segment] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    other_payers: list[Segment] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def where(self) -> str:
        """How a finding names this claim."""
        return f"claim {self.header.get(1) or '(no number)'}"

    def party(self, role: str) -> Party | None:
        """The first provider or place of the claim with this role."""
        return next((party for party in self.parties if party.role == role), None)

    def service_dates(self) -> list[tuple[date, date]]:
        """First and last date of service of every line that has readable ones."""
        return [dates for line in self.lines if (dates := service_dates(line)) is not None]


@dataclass(slots=True)
class Level:
    """One HL: billing provider (20), subscriber (22) or patient (23)."""

    header: Segment
    parent: "Level | None"
    segments: list[Segment] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    children: list["Level"] = field(default_factory=list)
    claims: list[ClaimLoop] = field(default_factory=list)

    @property
    def code(self) -> str:
        """HL03."""
        return self.header.get(3)

    def party(self, role: str) -> Party | None:
        """The first party of the level with this role."""
        return next((party for party in self.parties if party.role == role), None)

    def above(self, code: str) -> "Level | None":
        """This level or the nearest one above it with that code."""
        level: Level | None = self
        while level is not None and level.code != code:
            level = level.parent
        return level


@dataclass(slots=True)
class ClaimFile:
    """One 837P transaction set."""

    transaction: Transaction
    delimiters: Delimiters
    parties: list[Party] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)

    def claims(self) -> Iterator[ClaimLoop]:
        """Every claim, in file order."""
        for level in self.levels:
            yield from level.claims

    def all_parties(self) -> Iterator[tuple[Party, str]]:
        """Every NM1 of the file with words for its place."""
        for party in self.parties:
            yield party, "header"
        for level in self.levels:
            for party in level.parties:
                yield party, LEVEL_NAMES.get(level.code, "level")
            for claim in level.claims:
                for party in claim.parties:
                    yield party, claim.where
                for line in claim.lines:
                    for party in line.parties:
                        yield party, f"{claim.where}, line {line.header.get(1)}"


LEVEL_NAMES = {"20": "billing provider", "22": "subscriber", "23": "patient"}


def first(segments: list[Segment], tag: str, qualifier: str = "") -> Segment | None:
    """The first segment with this id (and this first element, when given)."""
    for segment in segments:
        if segment.tag == tag and (not qualifier or segment.get(1) == qualifier):
            return segment
    return None


def money(text: str) -> Decimal | None:
    """An amount, or None when it is not a number."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def day(text: str) -> date | None:
    """CCYYMMDD as a date, or None when it is none."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def service_dates(line: Line) -> tuple[date, date] | None:
    """First and last date of service (DTP 472), in the order they are written; None when unreadable."""
    period = first(line.segments, "DTP", "472")
    if period is None:
        return None
    start, _, end = period.get(3).partition("-")
    begins, ends = day(start), day(end or start)
    return None if begins is None or ends is None else (begins, ends)


def gather(transaction: Transaction, delimiters: Delimiters) -> ClaimFile:
    """Sort the segments of an 837P into its loops.

    Follows HL, NM1, CLM and LX alone, so that a file with errors of syntax can still be checked; segments in
    places where they mean nothing are left aside (the syntax check reports them).
    """
    file = ClaimFile(transaction, delimiters)
    by_number: dict[str, Level] = {}
    level: Level | None = None
    claim: ClaimLoop | None = None
    line: Line | None = None
    party: Party | None = None
    other_payer = False
    for segment in transaction.segments:
        tag = segment.tag
        if tag == "HL":
            parent = by_number.get(segment.get(2))
            level, claim, line, party = Level(segment, parent), None, None, None
            by_number[segment.get(1)] = level
            file.levels.append(level)
            if parent is not None:
                parent.children.append(level)
        elif tag == "CLM" and level is not None:
            claim, line, party, other_payer = ClaimLoop(segment, level), None, None, False
            level.claims.append(claim)
        elif tag == "LX" and claim is not None:
            line, party = Line(segment), None
            claim.lines.append(line)
        elif tag == "SBR" and claim is not None:
            other_payer, party = True, None
            claim.other_payers.append(segment)
        elif tag == "NM1":
            party = Party(segment)
            if line is not None:
                line.parties.append(party)
            elif claim is not None and not other_payer:
                claim.parties.append(party)
            elif claim is None:
                (file if level is None else level).parties.append(party)
        elif party is not None and tag in ("N3", "N4", "REF", "PRV", "DMG", "PER"):
            party.details.append(segment)
        elif line is not None:
            if party is None:
                line.segments.append(segment)
        elif claim is not None:
            if not other_payer:
                claim.segments.append(segment)
        elif level is not None:
            level.segments.append(segment)
    return file
