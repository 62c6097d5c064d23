"""Reading X12 interchanges: separators, segments, envelopes.

Files in the wild are seldom as the standard wants them. The reader reads what is meant, reports what is odd
as findings, and refuses (`NotX12`) only what cannot be read with certainty. Nothing in here knows what a
claim is. Writing is in `envelope`.
"""

import re
from typing import Final, NamedTuple

from attest.x12.finding import Severity
from attest.x12.segment import Delimiters, Document, Group, Interchange, Segment, Transaction, base_guide
from attest.x12.structure import Report, Structure, repeated

__all__ = [
    "Delimiters",
    "Document",
    "Group",
    "Interchange",
    "NotX12",
    "Segment",
    "Transaction",
    "base_guide",
    "decode",
    "read",
]

_ISA_LENGTHS: Final = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_ISA_LENGTH: Final = 106  # three letters, sixteen separators and elements of fixed length, one terminator
_BYTE_ORDER_MARKS: Final = (
    "\ufeff",
    "\u00ef\u00bb\u00bf",
)  # the mark itself, and as a wrong decoder shows it
_FILLING: Final = " \t\r\n\f\v\x00\x1a"  # what may stand between segments without meaning anything


class NotX12(ValueError):
    """The text cannot be read as X12 with certainty; the message is for the person who has the file."""


def decode(data: bytes) -> str:
    """Turn a file's bytes into text without ever failing; odd characters are left for the checks to report.

    UTF-8 first (a byte order mark stays visible as U+FEFF), otherwise Latin-1, which knows every byte.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


class _Header(NamedTuple):
    delimiters: Delimiters
    elements: tuple[str, ...]
    end: int  # index behind the terminator
    length: int


def _isa_at(text: str, start: int) -> _Header | None:
    """Read an ISA by its sixteen element separators, whatever its length; None when there is none."""
    element = text[start + 3 : start + 4]
    if text[start : start + 3] != "ISA" or not element or element.isalnum() or element.isspace():
        return None
    pieces = text[start : start + 4 * _ISA_LENGTH].split(element, 16)
    if len(pieces) != 17 or len(pieces[16]) < 2:
        return None
    component, segment = pieces[16][0], pieces[16][1]
    plausible = (
        re.fullmatch(r"\d{5}", pieces[12])
        and all(len(pieces[n]) <= 2 for n in (1, 3, 5, 7))
        and not any(c.isalnum() or c == " " for c in component + segment)
        and len({element, component, segment}) == 3
    )
    if not plausible:
        return None
    end = start + sum(map(len, pieces[:16])) + 16 + 2
    repetition = pieces[11]
    separates = pieces[12] >= "00402" and len(repetition) == 1 and not repetition.isalnum()
    if not separates or repetition in (element, component, segment, " "):
        repetition = ""
    return _Header(
        Delimiters(element, component, repetition, segment), (*pieces[:16], component), end, end - start
    )


def _header_oddities(header: _Header, no: int, report: Report) -> None:
    elements, delimiters = header.elements, header.delimiters
    wrong = [f"ISA{n:02}" for n, size in enumerate(_ISA_LENGTHS, 1) if len(elements[n]) != size]
    if wrong:
        report.add(
            "isa-length",
            no,
            "interchange header",
            f"The ISA segment has {header.length} characters instead of {_ISA_LENGTH} (not "
            f"padded to full length: {', '.join(wrong)}). It was read by its separators; pad it, "
            "many readers count characters.",
            Severity.WARNING,
        )
    if elements[12] >= "00402" and elements[11] in (
        delimiters.element,
        delimiters.component,
        delimiters.segment,
    ):
        report.add(
            "repetition-separator",
            no,
            "interchange header, ISA11",
            f"ISA11 “{elements[11]}” is already another separator of this file; it was read as if there were "
            "no repetition separator. Choose a character of its own, such as ^.",
            Severity.WARNING,
        )


def _next_isa(text: str, position: int, terminator: str) -> int:
    """Index of the next interchange behind `position`, or the end of the text."""
    ahead = re.compile(rf"(?:{re.escape(terminator)}|[\r\n])[{_FILLING}]*(?=ISA[^A-Za-z0-9\s])")
    for match in ahead.finditer(text, max(position - 1, 0)):
        if _isa_at(text, match.end()):
            return match.end()
    return len(text)


def _actual_component(text: str, delimiters: Delimiters) -> str:
    """The character that really separates components in service lines, if all lines agree on one."""
    element, segment = re.escape(delimiters.element), re.escape(delimiters.segment)
    used: list[str] = re.findall(
        rf"(?:{segment})\s*(?:SVC|SV1){element}(?:HC|ER|IV|WK|HP|ZZ)([^A-Za-z0-9\s{element}{segment}])", text
    )
    seen = set(used)
    if len(seen) == 1 and delimiters.component not in seen and delimiters.repetition not in seen:
        return seen.pop()
    return delimiters.component


def _segments(body: str, delimiters: Delimiters, first_no: int, report: Report) -> list[Segment]:
    """Cut the text behind an ISA into segments, forgiving blanks, line ends and a missing last terminator."""
    pieces = body.split(delimiters.segment)
    last = len(pieces) - 1
    segments: list[Segment] = []
    for index, piece in enumerate(pieces):
        no = first_no + len(segments)
        raw = piece.lstrip(_FILLING).rstrip("\r\n\x00\x1a")
        if not raw.strip():
            if index < last and len(pieces) > 2:
                report.once("empty-segment", no, "file", "There is an empty segment here. Remove it.")
            continue
        if piece[0] in " \t" or piece.lstrip("\r\n")[0] in " \t":
            report.once(
                "blank-before-segment", no, "file", "Segments start with blanks. Remove the indentation."
            )
        if "\n" in raw or "\r" in raw:
            raw = raw.replace("\r", "").replace("\n", "")
            report.once(
                "line-break",
                no,
                "file",
                "A line break stands inside a segment; it was left out. Send the file without line breaks.",
            )
        if index == last:
            report.once(
                "no-final-terminator",
                no,
                "file",
                "The last segment has no terminator. The file may be cut off.",
            )
        segments.append(Segment(no, tuple(raw.split(delimiters.element))))
    return segments


def read(text: str) -> Document:
    """Read a file of one or more interchanges.

    Tolerates a byte order mark, blanks and line ends between segments, any separators, an ISA of the wrong
    length, missing trailers and wrong counts, all of which become findings. Raises NotX12 for a text that
    does not begin with an ISA whose sixteen elements and separators can be told apart.
    """
    report = Report()
    for mark in _BYTE_ORDER_MARKS:
        if text.startswith(mark):
            text = text[len(mark) :]
            report.add(
                "byte-order-mark",
                0,
                "file",
                "The file starts with a byte order mark, which many readers refuse. "
                "Save it as plain ASCII without one.",
                Severity.WARNING,
            )
    start = len(text) - len(text.lstrip(_FILLING))
    if text[start : start + 3] != "ISA":
        raise NotX12(
            "The file does not begin with an ISA segment, so its separators are unknown. "
            "Export it again as a complete X12 interchange."
        )
    interchanges: list[Interchange] = []
    no = 1
    while start < len(text):
        header = _isa_at(text, start)
        if header is None:
            raise NotX12(
                "The ISA segment at the beginning of the file is damaged: its sixteen elements, followed by "
                "a component separator and a segment terminator, cannot be told apart. Export the file again."
            )
        report.next_interchange()
        end = _next_isa(text, header.end, header.delimiters.segment)
        _header_oddities(header, no, report)
        body = text[header.end : end]
        delimiters = header.delimiters
        component = _actual_component(header.delimiters.segment + body, delimiters)
        if component != delimiters.component:
            report.add(
                "component-separator",
                no,
                "interchange header, ISA16",
                f"ISA16 names “{delimiters.component}” as component separator but the service lines use "
                f"“{component}”. They were read with “{component}”; make ISA16 say so.",
            )
            delimiters = delimiters._replace(component=component)
        isa = Segment(no, header.elements)
        segments = [isa, *_segments(body, delimiters, no + 1, report)]
        interchanges.append(Structure(segments, delimiters, report).interchange())
        no += len(segments)
        start = end
    repeated(report, [i.header for i in interchanges], 13, "interchange", "ISA13")
    findings = sorted(report.findings, key=lambda f: f.segment_no)
    return Document(tuple(interchanges), tuple(findings))
