"""Keys: what must stay secret at rest is sealed here, and what must be provable is signed here.

A master key lives outside the database (`masters`). It wraps data keys, one for each practice and one for the whole
site, and those seal texts and files (`sealing`). Each practice has an Ed25519 key that signs in its name, its private
half sealed (`signing`). All of it is replaced in one go by `attest keys rotate` (`rotation`).
"""

from attest.core.ed25519 import fingerprint, verifies
from attest.core.keys.problems import Altered, KeyMissing
from attest.core.keys.sealing import seal, unseal
from attest.core.keys.signing import (
    IN_FORCE,
    PublicKey,
    Signed,
    in_force,
    public_key,
    public_keys,
    sign,
    verify,
)

__all__ = [
    "IN_FORCE", "Altered", "KeyMissing", "PublicKey", "Signed", "fingerprint", "in_force", "public_key", "public_keys",
    "seal", "sign", "unseal", "verifies", "verify",
]  # fmt: skip
