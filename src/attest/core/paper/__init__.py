"""Papers: accessible PDFs (PDF/UA-1, US Letter) from data. What is on them is never read as markup.

A paper has parts, each beginning on a new page with its own head, which is repeated on all of its pages; under them
stands the practice, and page x of y of the whole. `pdf` makes the file; the blocks below are all there is to put on it.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse
from django.utils.http import content_disposition_header

Block = dict[str, Any]
Rows = Iterable[tuple[str, str]]
_TEMPLATE = Path(__file__).with_name("paper.typ")
_UNDRAWN = re.compile(r"the text `\"(.+)\"` could not be displayed", re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_CONTROLS = (
    *(code for code in range(0x20) if chr(code) not in "\n\t"), *range(0x7F, 0xA0), *range(0xD800, 0xE000),
    *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A),
)  # fmt: skip
_NEVER_DRAWN = {code: f"[U+{code:04X}]" for code in _CONTROLS} | {ord("\t"): "    "}
"""Control characters, halves of a character, and marks that would turn the text around; a tab becomes blanks."""
NOT_KNOWN = "—"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a paper. `head` are up to three rows (left, right) that every page of it carries."""

    title: str
    head: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed. `foot` stands at the bottom of every page; at least one part."""

    title: str
    foot: str
    parts: tuple[Part, ...]


def heading(text: str, level: int = 2) -> Block:
    """A heading; the part's title is level 1."""
    return {"kind": "heading", "text": text, "level": level}


def text(words: str, *, quiet: bool = False) -> Block:
    """A paragraph; line ends stay. `quiet` prints it in grey."""
    return {"kind": "text", "text": words, "quiet": quiet}


def mark(words: str) -> Block:
    """A boxed word, such as *Signed late*."""
    return {"kind": "mark", "text": words}


def facts(rows: Rows) -> Block:
    """Label and value side by side."""
    return {"kind": "facts", "rows": _rows(rows)}


def answers(rows: Rows) -> Block:
    """Label above what was written."""
    return {"kind": "answers", "rows": _rows(rows)}


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    """A table with a heading row that is repeated on every page. Raises ValueError for a row of another length."""
    listed = [[str(cell) or NOT_KNOWN for cell in row] for row in rows]
    if any(len(row) != len(columns) for row in listed):
        raise ValueError("Every row needs as many cells as there are columns.")
    return {"kind": "table", "columns": list(columns), "rows": listed}


def code(words: str) -> Block:
    """Text in which every character counts, such as a file's lines."""
    return {"kind": "code", "text": words}


def pdf(paper: Paper) -> bytes:
    """The paper as a PDF file. Raises ValueError without parts.

    A character that the built-in fonts cannot draw, such as an emoji, is printed as its name in brackets: an accessible
    file may hold no unreadable mark, and nothing is left out in silence.
    """
    if not paper.parts:
        raise ValueError("A paper needs at least one part.")
    data, names = asdict(paper), dict(_NEVER_DRAWN)
    while True:
        inputs = {"data": json.dumps(_with_names(data, names))}
        try:
            made = typst.compile(str(_TEMPLATE), sys_inputs=inputs, format="pdf", pdf_standards="ua-1")
        except typst.TypstError as problem:
            unknown = _unknown_in(str(problem))
            if not unknown:
                raise
            names |= {ord(character): _name_of(character) for character in unknown}
        else:
            assert isinstance(made, bytes)
            return made


def _with_names(value: Any, names: Mapping[int, str]) -> Any:
    """The same data with names in place of the characters that cannot be drawn."""
    if isinstance(value, str):
        return value.translate(names)
    if isinstance(value, Mapping):
        return {key: _with_names(inner, names) for key, inner in value.items()}
    return [_with_names(inner, names) for inner in value] if isinstance(value, (list, tuple)) else value


def _unknown_in(problem: str) -> set[str]:
    """The characters that the message says cannot be drawn. Plain letters always can."""
    found = _UNDRAWN.search(problem)
    if found is None:
        return set()
    said = _ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), found.group(1))
    return {character for character in said if not character.isascii()}


def _name_of(character: str) -> str:
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"


def paper_response(paper: Paper, *, name: str) -> HttpResponse:
    """The paper as a file to keep. `name` holds no client's name: file names end up in many places."""
    response = HttpResponse(pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def _rows(rows: Rows) -> list[list[str]]:
    return [[label, words or NOT_KNOWN] for label, words in rows]
