"""Asking ClamAV, where one is configured (ATTEST_CLAMAV=host:port, or the path of its socket)."""

import socket

from django.conf import settings

from attest.core.inspection.refusal import Refused

PIECE = 64 * 1024
SECONDS = 60.0
_NOT_SCANNED = "The virus scanner cannot be reached, so the file was not taken. Try again in a minute."


def scan(content: bytes) -> bool:
    """True when the scanner found nothing, False when none is configured.

    Raises Refused when it found something, and also when it does not answer: nothing is kept unseen where a practice
    has asked for a scanner.
    """
    address: str = settings.ATTEST_CLAMAV
    if not address:
        return False
    try:
        answer = _asked(address, content)
    except OSError:
        raise Refused(_NOT_SCANNED) from None
    if answer.endswith("FOUND"):
        raise Refused("The virus scanner found something harmful in this file. It was not taken.")
    if not answer.endswith("OK"):
        raise Refused(_NOT_SCANNED)
    return True


def _asked(address: str, content: bytes) -> str:
    """What clamd answers to INSTREAM: the content in pieces, each with its length before it, an empty one last."""
    with _connected(address) as link:
        link.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), PIECE):
            piece = content[at : at + PIECE]
            link.sendall(len(piece).to_bytes(4, "big") + piece)
        link.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and (more := link.recv(4096)):
            answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(SECONDS)
        link.connect(address)
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)
