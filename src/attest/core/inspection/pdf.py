"""Looking into a PDF: every object is read, compressed ones too, and nothing in it may act by itself."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from attest.core.inspection.refusal import BROKEN, Refused

MOST_PAGES = 2_000
MOST_OBJECTS = 200_000
DEEPEST = 40

_ACTS = frozenset(
    {"/JavaScript", "/JS", "/Launch", "/AA", "/SubmitForm", "/ImportData", "/RichMedia", "/XFA", "/Rendition", "/Movie",
     "/Sound", "/GoToE", "/GoToR"}
)  # fmt: skip
_CARRIES = frozenset({"/EmbeddedFiles", "/EmbeddedFile", "/FileAttachment", "/Filespec", "/EF"})
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_RAW = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFile|EmbeddedFiles|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z0-9])"
)
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)


def inspect_pdf(content: bytes) -> None:
    """Raises Refused for a PDF that is broken, locked, or brings programs or other files along."""
    if b"%%EOF" not in content[-2048:]:
        raise Refused(BROKEN)
    if _RAW.search(_ESCAPE.sub(lambda found: bytes([int(found.group(1), 16)]), _STREAM.sub(b"", content))):
        raise Refused(_sentence("/JS"))
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refused("This PDF is locked with a password. Save it without one, and choose it again.")
        if not 1 <= len(reader.pages) <= MOST_PAGES:
            raise Refused(f"This PDF has no pages, or more than {MOST_PAGES:,}.")
        for name in _names(reader):
            if name in _ACTS or name in _CARRIES:
                raise Refused(_sentence(name))
    except Refused:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError,
            AssertionError, NotImplementedError, OSError, MemoryError):  # fmt: skip
        raise Refused(BROKEN) from None


def _sentence(name: str) -> str:
    if name in _CARRIES:
        return "This PDF carries other files inside. Print it to a new PDF, and choose that one."
    return "This PDF contains a program or an action of its own. Print it to a new PDF, and choose that one."


def _names(reader: PdfReader) -> Iterator[str]:
    """Every key, and every name that is a value, of every object of the file."""
    numbers = {number for entries in reader.xref.values() for number in entries} | set(reader.xref_objStm)
    if len(numbers) > MOST_OBJECTS:
        raise Refused(f"This PDF has more than {MOST_OBJECTS:,} parts. Print it to a new PDF.")
    for number in sorted(numbers):
        yield from _in(reader.get_object(IndirectObject(number, 0, reader)), 0)
    yield from _in(reader.trailer, 0)


def _in(value: Any, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        raise Refused(BROKEN)
    if isinstance(value, DictionaryObject):
        for key, inner in dict.items(value):  # as it stands there: what it points to is read by itself
            yield str(key)
            yield from _in(inner, depth + 1)
    elif isinstance(value, ArrayObject):
        for inner in list.__iter__(value):
            yield from _in(inner, depth + 1)
    elif isinstance(value, str) and value.startswith("/"):
        yield str(value)
