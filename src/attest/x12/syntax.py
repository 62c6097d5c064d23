"""Checking a file against the published guides with pyx12, as findings in plain words.

pyx12 is used as a library, one interchange at a time, and is given the text as `wire` understood it: without a
byte order mark, with an ISA of the right length, one terminator and no blanks between segments. What was odd
about the text itself is reported from `wire`. Nothing pyx12 does with a strange file can stop the check: where
it gives up, that is a finding of its own.
"""

import io
import logging
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pyx12.errors
import pyx12.map_if
import pyx12.map_index
import pyx12.map_walker
import pyx12.params
import pyx12.segment
import pyx12.x12file
from pyx12.map_if._segment import apply_segment_errors

from attest.x12 import wire
from attest.x12.finding import Finding, Severity
from attest.x12.segment import Interchange, Segment, base_guide
from attest.x12.wording import element_sentence, segment_sentence

# pyx12 logs every error it finds together with the value at fault, which may be a client's name.
logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)

_CONTROL_MAPS: Final = {"00401": "x12.control.00401.xml", "00501": "x12.control.00501.xml"}

#: What pyx12 says about envelopes, in the codes of `wire`, which says the same in plainer words.
_SAME_AS_WIRE: Final = {
    ("isa", "001"): "interchange-number-mismatch",
    ("isa", "021"): "group-count",
    ("isa", "023"): "missing-iea",
    ("isa", "024"): "missing-ge",
    ("isa", "025"): "duplicate-interchange-number",
    ("gs", "3"): "missing-ge",
    ("gs", "4"): "group-number-mismatch",
    ("gs", "5"): "transaction-count",
    ("gs", "6"): "duplicate-group-number",
    ("st", "2"): "missing-se",
    ("st", "3"): "transaction-number-mismatch",
    ("st", "4"): "segment-count",
    ("st", "23"): "duplicate-transaction-number",
}

_WIRE_CODES: Final = frozenset(_SAME_AS_WIRE.values())


@cache
def _index() -> Any:
    return pyx12.map_index.map_index()


@cache
def _map(name: str) -> Any:
    """One of pyx12's maps; reading one takes a noticeable part of a second, so each is read once."""
    return pyx12.map_if.load_map_file(name, pyx12.params.params())


@cache
def _maps_by_guide() -> dict[tuple[str, str, str], str]:
    """Map files by interchange version, functional id and guide without its addendum."""
    found: dict[tuple[str, str, str], str] = {}
    for entry in _index().maps:
        version, guide, kind, name = entry["icvn"], entry["vriic"], entry["fic"], entry["map_file"]
        if version and guide and kind and name:
            found.setdefault((version, kind, base_guide(guide) or guide), name)
    return found


@dataclass
class _Place:
    """Where in the file the check is."""

    segment: Segment
    claim: str = ""

    def words(self, detail: str = "") -> str:
        claim = f"claim {self.claim}, " if self.claim else ""
        return f"{claim}{detail or self.segment.tag or 'segment'}"


class _Collector:
    """Takes the errors pyx12 reports, in the shape of its error handler, and keeps them as findings."""

    def __init__(self, place: _Place) -> None:
        self.findings: list[Finding] = []
        self.place = place
        self._element: Any = None

    def add_seg(self, node: Any, seg: Any, count: int, line: int, ls_id: str | None) -> None:
        """pyx12 moves to a segment of the map; the place in the file is known already."""

    def add_ele(self, node: Any) -> None:
        """pyx12 moves to an element of the map."""
        self._element = node

    def ele_error(self, code: str, text: str, value: str | None, refdes: str | None = None) -> None:
        """An element is wrong."""
        name = getattr(self._element, "name", None) or "element"
        self._add(f"element-{code}", element_sentence(code, name, value), refdes or "")

    def seg_error(self, code: str, text: str, value: str | None = None, line: int | None = None) -> None:
        """A segment or loop is wrong, missing or out of place."""
        self._add(f"segment-{code}", segment_sentence(code, text), "")

    def envelope_error(self, kind: str, code: str, text: str) -> None:
        """A count or control number is wrong."""
        self._add(_SAME_AS_WIRE.get((kind, code), f"{kind}-{code}"), f"{text}. Correct the envelope.", "")

    def _add(self, code: str, sentence: str, detail: str) -> None:
        self.findings.append(Finding(code, sentence, self.place.segment.no, self.place.words(detail)))


def check(text: str) -> list[Finding]:
    """Check a file's syntax: envelopes, segments, elements, lengths and code lists.

    Never raises: a text that is not X12 at all, or a kind of file pyx12 has no map for, is a finding. Segment
    numbers are those of `wire.read`. Checks that need knowledge beyond the guide's tables are in `guide`.
    """
    try:
        document = wire.read(text)
    except wire.NotX12 as refusal:
        return [Finding("not-x12", str(refusal), 0, "file")]
    return check_document(document)


def check_document(document: wire.Document) -> list[Finding]:
    """The same for a file already read; the oddities `wire` found are included."""
    findings = list(document.findings)
    known = {finding.code for finding in findings} & _WIRE_CODES
    for interchange in document.interchanges:
        for finding in _check_interchange(interchange):
            # pyx12 reports envelope errors it meets at the end of the file there, wire where they belong
            if finding.code not in known:
                findings.append(finding)
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.segment_no)


def _as_text(interchange: Interchange) -> str:
    """The interchange as pyx12 wants it: padded ISA, every segment ended by the terminator alone."""
    element, component, repetition, terminator = interchange.delimiters
    isa = interchange.header.elements
    sizes = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
    padded = [value.ljust(size)[:size] for value, size in zip(isa, sizes, strict=True)]
    padded[11], padded[16] = repetition or padded[11].replace(" ", "U"), component
    bodies = [element.join(segment.elements) for segment in interchange.segments[1:]]
    return terminator.join([element.join(padded), *bodies, ""])


def _check_interchange(interchange: Interchange) -> list[Finding]:
    isa = interchange.header
    place = _Place(isa)
    collector = _Collector(place)
    version = isa.get(12)
    if version not in _CONTROL_MAPS:
        return [
            Finding(
                "unknown-version",
                f"ISA12 says version {version}; only 00401 and 00501 can be checked. Payers expect 00501.",
                isa.no,
                "ISA12",
            )
        ]
    try:
        _Walk(interchange, version, collector, place).run()
    except Exception as failure:  # whatever pyx12 does with a strange file, the check goes on
        collector.findings.append(
            Finding(
                "syntax-check-stopped",
                f"The syntax check could not get past this segment ({type(failure).__name__}). Correct what is "
                "reported above it, then check again.",
                place.segment.no,
                place.words(),
            )
        )
    return collector.findings


class _Walk:
    """Takes pyx12 through one interchange, segment by segment."""

    def __init__(self, interchange: Interchange, version: str, collector: _Collector, place: _Place) -> None:
        self._interchange = interchange
        self._version = version
        self._collector = collector
        self._place = place
        self._source: Any = pyx12.x12file.X12Reader(io.StringIO(_as_text(interchange)))
        self._walker: Any = pyx12.map_walker.walk_tree()
        self._control: Any = _map(_CONTROL_MAPS[version])
        self._map: Any = self._control  # the map of the group
        self._node: Any = None
        self._skipping = False  # inside a group for which there is no map

    def run(self) -> None:
        for data, segment in zip(self._source, self._interchange.segments, strict=False):
            self._place.segment = segment
            if segment.tag == "CLM":
                self._place.claim = segment.get(1)
            elif segment.tag in ("HL", "SE"):
                self._place.claim = ""
            self._step(data, segment)
        self._source.cleanup()
        self._envelope_errors()

    def _step(self, data: Any, segment: Segment) -> None:
        node = self._enter(data, segment)
        self._envelope_errors()
        if node is not None:
            apply_segment_errors(node, data, self._collector)

    def _enter(self, data: Any, segment: Segment) -> Any:
        """Move to the map's node for this segment; return it unless there is nothing to check it against."""
        tag, walker = segment.tag, self._walker
        if tag == "ISA":
            walker.forceWalkCounterToLoopStart("/ISA_LOOP", "/ISA_LOOP/ISA")
            self._node = self._control.getnodebypath("/ISA_LOOP/ISA")
            return self._node
        if tag == "GS":
            walker.forceWalkCounterToLoopStart("/ISA_LOOP/GS_LOOP", "/ISA_LOOP/GS_LOOP/GS")
            known = self._choose_map(segment)
            self._node = self._map.getnodebypath("/ISA_LOOP/GS_LOOP/GS")
            return self._node if known else None
        if tag == "TA1":
            return self._control.getnodebypath("/ISA_LOOP/TA1")
        if tag == "IEA":
            return self._control.getnodebypath("/ISA_LOOP/IEA")
        if tag == "GE" and self._skipping:
            return self._control.getnodebypath("/ISA_LOOP/GS_LOOP/GE")
        if self._skipping:
            return None
        source = self._source
        node, _, _, errors = self._walker.walk_errors(
            self._node, data, source.get_seg_count(), source.get_cur_line(), source.get_ls_id()
        )
        pyx12.map_walker.apply_walk_errors(self._collector, errors)
        if node is not None:
            self._node = node
        return node

    def _choose_map(self, gs: Segment) -> bool:
        """Choose the map for a group; True when GS names exactly a guide that pyx12 knows."""
        kind, guide = gs.get(1), gs.get(8)
        exact = _index().get_filename(self._version, guide, kind)
        name = exact or _maps_by_guide().get((self._version, kind, base_guide(guide)))
        self._skipping = name is None
        if name is None:
            self._map = self._control
            code, sentence = "no-map", f"{kind} {guide} cannot be checked in detail; only the envelopes were."
        else:
            self._map = _map(name)
            self._source.check_837_lx = self._map.id == "837"
            code, sentence = (
                "guide-version",
                f"GS08 names {guide}, not the version of the guide in common use.",
            )
        if not exact:
            self._collector.findings.append(Finding(code, sentence, gs.no, "GS08", Severity.WARNING))
        return bool(exact)

    def _envelope_errors(self) -> None:
        for kind, code, text, value, _ in self._source.pop_errors():
            if kind == "seg" and not text.startswith("Segment identifier"):  # wire has said that
                self._collector.seg_error(code, text, value)
            elif kind != "seg":
                self._collector.envelope_error(kind, code, text)
