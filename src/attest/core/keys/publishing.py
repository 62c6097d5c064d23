"""A practice's public keys in a form that others can keep: with them it can be checked, without us, what it signed."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from attest.core.ed25519 import ALGORITHM, PUBLISHED
from attest.core.keys.signing import PublicKey, in_force, public_keys


def published(organization_id: UUID, name: str) -> str:
    """All public keys of a practice, those retired too, as JSON. Makes the first one when there is none."""
    in_force(organization_id)
    held = {
        "form": PUBLISHED,
        "organization": {"id": str(organization_id), "name": name},
        "keys": [as_published(key) for key in public_keys(organization_id)],
    }
    return json.dumps(held, indent=1, ensure_ascii=False) + "\n"


def as_published(key: PublicKey) -> dict[str, Any]:
    """One public key as JSON. The fingerprint follows from the key; it is there to be compared by people."""
    return {
        "id": str(key.id),
        "algorithm": ALGORITHM,
        "public": base64.b64encode(key.raw).decode(),
        "fingerprint": key.fingerprint,
        "since": _instant(key.since),
        "until": _instant(key.until) if key.until else None,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
