"""Looking into a picture: it is decoded whole, once, within a limit of pixels."""

import io
import warnings
from functools import partial

from PIL import Image

from attest.core.inspection.refusal import BROKEN, Refused

MOST_PIXELS = 80_000_000
SIDE = 30_000
_HIDDEN = (b"PK\x03\x04", b"%PDF-", b"<script", b"<?php", b"<html", b"MZ\x90\x00", b"\x7fELF")
"""What must not be hung on behind a picture's end."""


def _inspect(content: bytes, *, form: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=[form]) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS or max(width, height) > SIDE:
                    raise Refused("This picture has too many pixels. Make it smaller, and choose it again.")
                if getattr(picture, "n_frames", 1) != 1:
                    raise Refused("This picture moves. Choose a still one.")
                picture.verify()
            with Image.open(io.BytesIO(content), formats=[form]) as picture:
                picture.load()
    except Refused:
        raise
    except Exception:  # decoders fail in many ways, and all of them mean the same for the person
        raise Refused(BROKEN) from None
    behind = content[_end(content, form) :]
    if any(sign in behind.lower() if sign.startswith(b"<") else sign in behind for sign in _HIDDEN):
        raise Refused("Something else is hidden behind this picture. Save it anew, and choose it again.")


def _end(content: bytes, form: str) -> int:
    """Where the picture's own data ends, as its format says."""
    if form == "PNG":
        return content.rfind(b"IEND") + 8
    if form == "WEBP":
        return 8 + int.from_bytes(content[4:8], "little")
    return content.rfind(b"\xff\xd9") + 2


inspect_png = partial(_inspect, form="PNG")
inspect_jpeg = partial(_inspect, form="JPEG")
inspect_webp = partial(_inspect, form="WEBP")
