"""Whether a file that somebody hands in may be kept: decided by what is in it, never by its name.

PDF, DOCX, PNG, JPEG and WebP up to 25 MB. A file that is broken, locked, larger inside than outside, or that brings
programs, other files or addresses to be fetched is refused with a sentence. Where ClamAV is configured, it is asked
too. What passes is kept byte for byte.
"""

from collections.abc import Callable
from dataclasses import dataclass

from attest.core.inspection import clamav
from attest.core.inspection.docx import inspect_docx
from attest.core.inspection.pdf import inspect_pdf
from attest.core.inspection.pictures import inspect_jpeg, inspect_png, inspect_webp
from attest.core.inspection.refusal import Refused

__all__ = ["KINDS", "LARGEST", "Inspected", "Kind", "Refused", "inspect", "inspection_words"]

LARGEST = 25 * 1024 * 1024
"""Bytes a file may have."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken, how it is recognised, and what looks into it (raises Refused)."""

    word: str
    media_type: str
    extension: str
    begins: Callable[[bytes], bool]
    look_into: Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept. `scanned` says whether a virus scanner has seen it."""

    kind: Kind
    scanned: bool


KINDS = (
    Kind("PDF", "application/pdf", "pdf", lambda start: start.startswith(b"%PDF-"), inspect_pdf),
    Kind(
        "Word document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
        lambda start: start.startswith(b"PK\x03\x04"),
        inspect_docx,
    ),
    Kind("picture", "image/png", "png", lambda start: start.startswith(b"\x89PNG\r\n\x1a\n"), inspect_png),
    Kind("picture", "image/jpeg", "jpg", lambda start: start.startswith(b"\xff\xd8\xff"), inspect_jpeg),
    Kind(
        "picture",
        "image/webp",
        "webp",
        lambda start: start[:4] == b"RIFF" and start[8:12] == b"WEBP",
        inspect_webp,
    ),
)


def inspection_words(kinds: tuple[Kind, ...] = KINDS) -> str:
    """What is taken, for the hint beside a file field."""
    taken = ", ".join(dict.fromkeys(kind.extension.upper() for kind in kinds))
    return f"{taken}, up to {LARGEST // 1024**2} MB."


def inspect(content: bytes, *, kinds: tuple[Kind, ...] = KINDS) -> Inspected:
    """What the file is. Raises Refused with a sentence that says why it is not taken and what to do instead."""
    if not content:
        raise Refused("This file is empty. Choose another one.")
    if len(content) > LARGEST:
        raise Refused(f"This file is larger than {LARGEST // 1024**2} MB. Make it smaller, or split it.")
    kind = next((kind for kind in kinds if kind.begins(content[:16])), None)
    if kind is None:
        raise Refused(_not_taken(content, kinds))
    kind.look_into(content)
    return Inspected(kind, scanned=clamav.scan(content))


def _not_taken(content: bytes, kinds: tuple[Kind, ...]) -> str:
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif"):
        return "This is a HEIC picture, which few programs can read. Save it as JPEG, or send it as a PDF."
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "This is an old Word file (.doc) or another program's file. Save it as PDF or DOCX."
    return f"This is none of the kinds of file that are taken here: {inspection_words(kinds)}"
