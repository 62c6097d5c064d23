"""Honest files of every kind that is taken, and some two hundred that must not be."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from attest.core.paper import Paper, Part, pdf, text

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
DOCUMENT = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>Session of Monday.</w:t></w:r></w:p></w:body></w:document>"
)
RELATION = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
    ' Target="{target}" TargetMode="{mode}"/></Relationships>'
)


def honest_pdf() -> bytes:
    return pdf(Paper("Note", "Practice", (Part("Note", (("a", "b"),), (text("Written by hand."),)),)))


def docx(*more: tuple[str, str | bytes], squeeze: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", squeeze) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", DOCUMENT)
        for name, held in more:
            archive.writestr(name, held)
    return made.getvalue()


def relation(kind: str, mode: str = "External", target: str = "https://elsewhere.example/x") -> bytes:
    return docx(("word/_rels/document.xml.rels", RELATION.format(kind=kind, target=target, mode=mode)))


def picture(form: str, size: tuple[int, int] = (60, 40)) -> bytes:
    made = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(made, form)
    return made.getvalue()


def honest() -> dict[str, bytes]:
    """What must be taken, by name."""
    return {
        "pdf": honest_pdf(),
        "pdf of another program": _pdf_with(),
        "docx": docx(),
        "docx with a link": relation("hyperlink"),
        "docx with a picture": docx(("word/media/image1.png", picture("PNG"))),
        "png": picture("PNG"),
        "jpeg": picture("JPEG"),
        "webp": picture("WEBP"),
        "jpeg with a phone's own data behind": picture("JPEG") + b"\0" * 40 + b"MotionPhoto_Data",
    }


def hostile() -> Iterator[tuple[str, bytes]]:
    """(name, content) of every file that must be refused."""
    yield "empty", b""
    yield "too large", honest_pdf() + b"\n" * (25 * 1024 * 1024)
    yield from _of_other_kinds()
    yield from _cut_short()
    yield from _acting_pdfs()
    yield from _bad_archives()
    yield from _bad_pictures()


def _of_other_kinds() -> Iterator[tuple[str, bytes]]:
    starts = {
        "program for Windows": b"MZ\x90\x00",
        "program for Linux": b"\x7fELF\x02\x01", "script": b"#!/bin/sh\nrm -rf /\n",
        "page": b"<!doctype html><script>alert(1)</script>", "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "gif": b"GIF89a", "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "rtf": b"{\\rtf1\\ansi}", "gzip": b"\x1f\x8b\x08",
        "7z": b"7z\xbc\xaf\x27\x1c", "rar": b"Rar!\x1a\x07", "heic": b"\0\0\0\x18ftypheic",
        "mp4": b"\0\0\0\x18ftypmp42",
        "tiff": b"II*\x00", "bmp": b"BM", "postscript": b"%!PS-Adobe-3.0", "xml": b"<?xml version='1.0'?><x/>",
        "text": b"Just words.", "jar of text": b"PK\x03\x04", "late pdf": b"\n\n%PDF-1.7",
        "php": b"<?php phpinfo(); ?>",
        "class": b"\xca\xfe\xba\xbe", "lnk": b"L\x00\x00\x00", "csv": b"a,b\n=cmd|' /C calc'!A0\n",
    }  # fmt: skip
    for name, start in starts.items():
        yield name, start + b"\0" * 64


def _cut_short() -> Iterator[tuple[str, bytes]]:
    for kind in ("pdf", "docx", "png", "jpeg", "webp"):
        whole = honest()[kind]
        for tenth in range(1, 20):
            yield f"{kind} cut at {tenth * 5}%", whole[: len(whole) * tenth // 20]
    whole = docx(squeeze=zipfile.ZIP_STORED)
    for at in range(40, 400, 40):
        changed = bytearray(whole)
        changed[at] ^= 0xFF
        yield f"docx changed at {at}", bytes(changed)


def _pdf_with(*entries: tuple[str, object], packed: bool = False) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    for name, value in entries:
        page[NameObject(name)] = value
    made = io.BytesIO()
    if packed:
        writer.compress_identical_objects()
    writer.write(made)
    return made.getvalue()


def _acting_pdfs() -> Iterator[tuple[str, bytes]]:
    for name in ("JavaScript", "Launch", "SubmitForm", "ImportData", "RichMedia", "Rendition", "Movie", "Sound",
                 "GoToE", "GoToR"):  # fmt: skip
        action = DictionaryObject({NameObject("/S"): NameObject(f"/{name}")})
        yield f"pdf with {name} at opening", _pdf_with(("/OpenAction", action))
        yield f"pdf with {name} in a list", _pdf_with(("/Annots", ArrayObject([ArrayObject([action])])))
        escaped = _pdf_with(("/OpenAction", action)).replace(
            f"/{name}".encode(), f"/#{ord(name[0]):02x}{name[1:]}".encode()
        )
        yield f"pdf with {name} spelt otherwise", _measured_anew(escaped)
    for name in ("/AA", "/JS", "/XFA", "/EF", "/EmbeddedFiles"):
        yield f"pdf with {name}", _pdf_with((name, TextStringObject("x")))
        yield f"pdf with {name} in an object stream", _in_object_stream(name)
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("inner.exe", b"MZ")
    made = io.BytesIO()
    writer.write(made)
    yield "pdf with a file inside", made.getvalue()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    yield "locked pdf", made.getvalue()
    yield (
        "pdf without pages",
        _measured_anew(_pdf_with().replace(b"/Count 1", b"/Count 0").replace(b"/Kids [", b"/Kids [] % [")),
    )
    yield "pdf in name only", b"%PDF-1.7\n%%EOF"
    yield "pdf without its end", honest_pdf().replace(b"%%EOF", b"%%E0F")


def _measured_anew(content: bytes) -> bytes:
    """The same with its cross-reference table dropped: readers rebuild it."""
    return (
        content[: content.rfind(b"xref\n") if b"xref\n" in content else None]
        + b"trailer\n<< /Root 3 0 R >>\n%%EOF\n"
    )


def _in_object_stream(name: str) -> bytes:
    """A PDF 1.5 whose acting object lies compressed, where no search over bytes finds it."""
    inner = f"<< {name} (x) >>".encode()
    packed = zlib.compress(b"5 0 " + inner)
    parts = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Extra 5 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n",
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n",
    ]
    body, offsets = b"%PDF-1.5\n", [0]
    for part in parts:
        offsets.append(len(body))
        body += part
    table = struct.pack(">BHB", 0, 0, 255)
    table += b"".join(struct.pack(">BHB", 1, at, 0) for at in offsets[1:])
    table += struct.pack(">BHB", 2, 4, 0) + struct.pack(">BHB", 1, len(body), 0)
    body += (
        b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Length %d >>\nstream\n" % len(table)
        + table
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    )
    return body


def _bad_archives() -> Iterator[tuple[str, bytes]]:
    for name in ("word/vbaProject.bin", "word/vbaData.xml", "word/activeX/activeX1.xml", "word/run.exe", "lib.dll",
                 "word/x.js", "word/x.vbs", "x.bat", "x.cmd", "x.ps1", "x.scr", "word/embeddings/oleObject1.bin",
                 "word/embeddings/sheet.xlsx", "customUI/images.bin"):  # fmt: skip
        yield f"docx with {name}", docx((name, b"<x/>"))
    for name in ("../outside.xml", "/etc/passwd", "word/../../up.xml", "word\\back.xml"):
        yield f"docx with {name}", docx((name, b"<x/>"))
    for kind in ("attachedTemplate", "oleObject", "image", "frame", "subDocument", "externalLink"):
        yield f"docx that fetches {kind}", relation(kind)
    yield "docx with file address", relation("attachedTemplate", target="file://server/share/x.dotm")
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    yield "docx with entities", docx(("word/extra.xml", entities))
    yield (
        "docx with outer entity",
        docx(("word/extra.xml", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')),
    )
    yield "docx with broken xml", docx(("word/extra.xml", "<x>"))
    yield "docx that swells", docx(("word/big.xml", b"<x>" + b" " * 5_000_000 + b"</x>"))
    yield "docx with a part twice", docx(("word/Document.xml", DOCUMENT))
    yield "docx with something before it", b"PK\x03\x04junk" + docx()
    yield "docx with something behind it", docx() + b"MZ\x90\x00"
    yield (
        "docx with macros declared",
        _docx_of_types(TYPES.replace("document.main", "document.macroEnabled.main")),
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    yield "odt", made.getvalue()


def _docx_of_types(types: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", DOCUMENT)
    return made.getvalue()


def _bad_pictures() -> Iterator[tuple[str, bytes]]:
    signs = ((b"PK\x03\x04", "archive"), (b"%PDF-1.7", "pdf"), (b"<SCRIPT>alert(1)", "script"),
             (b"<?php", "php"), (b"<html>", "page"), (b"MZ\x90\x00", "program"), (b"\x7fELF", "elf"))  # fmt: skip
    for sign, name in signs:
        for form in ("PNG", "JPEG", "WEBP"):
            yield f"{form} with {name} behind it", picture(form) + sign + b"\0" * 20
    yield "png of a billion pixels", _png_claiming(40_000, 40_000)
    yield "png of one long line", _png_claiming(2_000_000, 1)
    for form in ("PNG", "WEBP"):
        made = io.BytesIO()
        frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
        frames[0].save(made, form, save_all=True, append_images=frames[1:])
        yield f"moving {form}", made.getvalue()
    for form in ("PNG", "JPEG", "WEBP"):
        whole = picture(form)
        yield f"{form} in name only", whole[:12] + b"\0" * 200


def _png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, held: bytes) -> bytes:
        return len(held).to_bytes(4, "big") + kind + held + zlib.crc32(kind + held).to_bytes(4, "big")

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )
