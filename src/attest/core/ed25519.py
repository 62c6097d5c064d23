"""Checking what was signed with a published Ed25519 key. Pure: that needs no database and no key of ours."""

import base64
import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALGORITHM = "ed25519"
KEY_BYTES = 32
PUBLISHED = "attest public keys 1"
"""The form of a file of published keys (see `core.keys.publishing`)."""


def fingerprint(raw: bytes) -> str:
    """SHA-256 of a public key's 32 bytes, in hexadecimal: what two people compare over the telephone."""
    return hashlib.sha256(raw).hexdigest()


def verifies(message: bytes, signature: bytes, raw: bytes) -> bool:
    """Whether the holder of this public key signed exactly this."""
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_published(text: str) -> dict[str, bytes]:
    """The keys of a published file by fingerprint. Raises ValueError with a sentence when it is no such file."""
    try:
        held = json.loads(text)
        raw = [base64.b64decode(key["public"], validate=True) for key in held["keys"]]
        if held["form"] != PUBLISHED or not raw or any(len(key) != KEY_BYTES for key in raw):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise ValueError("This is no file of published keys, such as attest keys public makes.") from None
    return {fingerprint(key): key for key in raw}
