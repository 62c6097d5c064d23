"""What a signature covers, in one spelling. Pure: the database and an exported file are checked by the same lines."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

ALGORITHM = "ed25519-sha256"
"""The practice's Ed25519 signature over the digest, and the digest by SHA-256 over the canonical form."""
FACTS = ("organization", "signer", "user", "signed_as", "signed_at", "proof_at", "number", "previous")
"""What is covered beside the signed thing itself: who, when, and the place in the signer's chain."""


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value: keys sorted, no blanks, UTF-8. Raises TypeError for anything but JSON."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def digest_over(facts: Mapping[str, Any], thing: Mapping[str, Any]) -> str:
    """The digest of one signature: `facts` holds all of `FACTS`, `thing` is the note or addition as JSON."""
    return digest({name: facts[name] for name in FACTS} | {"thing": thing})


def message(digest: str) -> bytes:
    """What the practice's key signs. It begins with its purpose, so that it can stand for nothing else."""
    return b"attest note signature 1\0" + digest.encode()
