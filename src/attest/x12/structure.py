"""Sorting the segments of an interchange into groups and transaction sets, and checking the envelopes."""

import re
from typing import Final

from attest.x12.finding import Finding, Severity
from attest.x12.segment import Delimiters, Group, Interchange, Segment, Transaction

_SEGMENT_ID: Final = re.compile(r"[A-Z][A-Z0-9]{1,2}")


class Report:
    """Collects findings; an oddity that recurs in one interchange is told once, where it first occurs."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._told: set[str] = set()

    def add(self, code: str, no: int, where: str, sentence: str, severity: Severity = Severity.ERROR) -> None:
        self.findings.append(Finding(code, sentence, no, where, severity))

    def once(self, code: str, no: int, where: str, sentence: str) -> None:
        if code not in self._told:
            self._told.add(code)
            self.add(code, no, where, sentence, Severity.WARNING)

    def next_interchange(self) -> None:
        self._told.clear()


def repeated(report: Report, headers: list[Segment], position: int, what: str, name: str) -> None:
    """Report control numbers used twice where each must be used once."""
    first: dict[str, int] = {}
    for header in headers:
        number = header.get(position).strip()
        if first.setdefault(number, header.no) != header.no:
            report.add(
                f"duplicate-{what}-number",
                header.no,
                name,
                f"{name} {number} was used before, in segment {first[number]}. "
                f"Give every {what} a number of its own.",
            )


class Structure:
    """Sorts the segments of an interchange into groups and transaction sets; checks counts and numbers."""

    def __init__(self, segments: list[Segment], delimiters: Delimiters, report: Report) -> None:
        self._all = segments
        self._delimiters = delimiters
        self._report = report
        self._groups: list[Group] = []
        self._acknowledgments: list[Segment] = []
        self._gs: Segment | None = None
        self._transactions: list[Transaction] = []
        self._open: list[Segment] = []  # segments of the transaction set being read
        self._iea: Segment | None = None

    def interchange(self) -> Interchange:
        report = self._report
        for segment in self._all[1:]:
            if self._iea is not None:
                report.once(
                    "after-interchange",
                    segment.no,
                    "file",
                    "There is text behind the IEA segment that belongs to no interchange. Remove it.",
                )
                continue
            self._take(segment)
        self._close_group(None)
        isa = self._all[0]
        if self._iea is None:
            report.add(
                "missing-iea",
                self._all[-1].no,
                "end of interchange",
                "The IEA segment is missing: the file may be cut off. Send it again complete.",
            )
        else:
            self._compare(self._iea, 2, isa, 13, "interchange", "IEA02", "ISA13")
            only_acknowledged = bool(self._acknowledgments) and not self._groups
            self._compare_count(
                self._iea,
                len(self._groups),
                "functional groups",
                "group-count",
                "IEA01",
                Severity.WARNING if only_acknowledged else Severity.ERROR,
            )
        repeated(report, [group.header for group in self._groups], 6, "group", "GS06")
        return Interchange(
            self._delimiters,
            isa,
            tuple(self._acknowledgments),
            tuple(self._groups),
            self._iea,
            tuple(self._all),
        )

    def _take(self, segment: Segment) -> None:
        tag = segment.tag
        if tag == "GS":
            self._close_group(None)
            self._gs = segment
        elif tag == "GE":
            self._close_group(segment)
        elif tag == "ST":
            self._close_transaction(None)
            self._open = [segment]
        elif tag == "SE":
            self._close_transaction(segment)
        elif tag == "IEA":
            self._close_group(None)
            self._iea = segment
        elif tag == "TA1" and not self._open:
            self._acknowledgments.append(segment)
        else:
            if not _SEGMENT_ID.fullmatch(tag):
                self._report.add(
                    "segment-id",
                    segment.no,
                    "segment id",
                    f"“{tag}” is not a segment id (two or three capitals or digits). Correct or remove it.",
                )
            if self._open:
                self._open.append(segment)
            else:
                self._report.once(
                    "stray-segment",
                    segment.no,
                    tag,
                    f"{tag} stands outside of any transaction set. Move it between ST and SE or remove it.",
                )

    def _close_transaction(self, se: Segment | None) -> None:
        if not self._open:
            if se is not None:
                self._report.add(
                    "stray-segment", se.no, "SE", "SE closes a transaction set that no ST opened. Remove it."
                )
            return
        st, segments = self._open[0], self._open
        self._open = []
        if se is None:
            self._report.add(
                "missing-se",
                segments[-1].no,
                f"transaction set {st.get(2)}",
                "The transaction set has no SE segment at its end. The file may be cut off; send it again.",
            )
        else:
            segments.append(se)
            self._compare(se, 2, st, 2, "transaction", "SE02", "ST02")
            self._compare_count(
                se, len(segments), "segments from ST to SE, both included", "segment-count", "SE01"
            )
        guide = st.get(3) or (self._gs.get(8) if self._gs else "")
        if self._gs is None:
            self._report.once("missing-gs", st.no, "ST", "A transaction set stands outside of any GS group.")
        self._transactions.append(Transaction(st, tuple(segments), se, guide))

    def _close_group(self, ge: Segment | None) -> None:
        self._close_transaction(None)
        gs = self._gs
        if gs is None and ge is None and not self._transactions:
            return
        if gs is None:
            if ge is not None and not self._transactions:
                self._report.add(
                    "stray-segment", ge.no, "GE", "GE closes a group that no GS opened. Remove it."
                )
                return
            gs = Segment(self._transactions[0].header.no, ("GS",))
        last = self._transactions[-1].segments[-1].no if self._transactions else gs.no
        if ge is None:
            self._report.add(
                "missing-ge",
                last,
                f"group {gs.get(6)}",
                "The functional group has no GE segment at its end. The file may be cut off; send it again.",
            )
        elif len(gs.elements) > 1:
            self._compare(ge, 2, gs, 6, "group", "GE02", "GS06")
            self._compare_count(ge, len(self._transactions), "transaction sets", "transaction-count", "GE01")
        repeated(self._report, [t.header for t in self._transactions], 2, "transaction", "ST02")
        self._groups.append(Group(gs, tuple(self._transactions), ge))
        self._gs, self._transactions = None, []

    def _compare(
        self, trailer: Segment, at: int, header: Segment, there: int, what: str, here_name: str, name: str
    ) -> None:
        ours, theirs = trailer.get(at).strip(), header.get(there).strip()
        if ours != theirs:
            self._report.add(
                f"{what}-number-mismatch",
                trailer.no,
                here_name,
                f"{here_name} is {ours or 'empty'} but {name} is {theirs or 'empty'}; they must be the same.",
            )

    def _compare_count(
        self,
        trailer: Segment,
        counted: int,
        things: str,
        code: str,
        name: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        said = trailer.get(1).strip()
        if not said.isdigit() or int(said) != counted:
            self._report.add(
                code,
                trailer.no,
                name,
                f"{name} says {said or 'nothing'} but there are {counted} {things}. Put {counted} there.",
                severity,
            )
