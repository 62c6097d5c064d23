"""Looking into a Word document: a ZIP archive of XML that may not bring programs, other files, or far addresses."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from attest.core.inspection.refusal import BROKEN, Refused

MOST_PARTS = 2_000
LARGEST_INSIDE = 200 * 1024 * 1024
MOST_SQUEEZED = 200
"""How many times larger a part may be inside than outside; honest documents stay far below."""
_PROGRAMS = (
    "vbaproject",
    "vbadata",
    "activex",
    ".exe",
    ".dll",
    ".js",
    ".vbs",
    ".bat",
    ".cmd",
    ".ps1",
    ".scr",
    ".com",
)
_HARMLESS_FAR = ("/hyperlink",)


def inspect_docx(content: bytes) -> None:
    """Raises Refused for an archive that is no Word document, is broken, or brings something along."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _shape(archive, content)
            for part in archive.infolist():
                _part(archive, part)
    except Refused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError,
            UnicodeError, ParseError, DefusedXmlException):  # fmt: skip
        raise Refused(BROKEN) from None


def _shape(archive: zipfile.ZipFile, content: bytes) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        raise Refused("This is an archive, not a Word document. Save what you need as PDF or DOCX.")
    if len(set(map(str.casefold, names))) != len(names) or len(names) > MOST_PARTS:
        raise Refused(BROKEN)
    if sum(part.file_size for part in parts) > LARGEST_INSIDE:
        raise Refused("This document is far larger inside than outside. Save it as PDF, and choose that.")
    if archive.comment or content[-22:-18] != b"PK\x05\x06" or min(part.header_offset for part in parts) != 0:
        raise Refused(BROKEN)


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    path, name = PurePosixPath(part.filename), part.filename.casefold()
    if path.is_absolute() or ".." in path.parts or "\\" in part.filename or part.flag_bits & 1:
        raise Refused(BROKEN)
    if any(word in name for word in _PROGRAMS):
        raise Refused("This document contains macros or programs. Save it as PDF, and choose that.")
    if "/embeddings/" in name or name.endswith(".bin"):
        raise Refused("This document carries other files inside. Save it as PDF, and choose that.")
    if part.file_size > MOST_SQUEEZED * max(part.compress_size, 1024):
        raise Refused("This document is far larger inside than outside. Save it as PDF, and choose that.")
    held = archive.read(part)
    if name.endswith((".xml", ".rels")):
        root = fromstring(held, forbid_dtd=True)
        if name == "[content_types].xml" and b"macroenabled" in held.lower():
            raise Refused("This document contains macros or programs. Save it as PDF, and choose that.")
        if name.endswith(".rels"):
            _relations(root)


def _relations(root: Any) -> None:
    """Links that a reader clicks may lead far; whatever would be fetched by itself may not."""
    for relation in root.iter():
        far = relation.get("TargetMode", "").casefold() == "external"
        if far and not relation.get("Type", "").casefold().endswith(_HARMLESS_FAR):
            raise Refused("This document fetches parts from elsewhere. Save it as PDF, and choose that.")
