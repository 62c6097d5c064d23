"""Doing a thing once, whatever is pressed twice, sent again or open in two tabs."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.db import connection

from attest.core import clock
from attest.core.ids import new_id


class KeyReused(Exception):
    """The same key came with other content."""


def fingerprint(*parts: Any) -> str:
    """SHA-256 over a canonical JSON form of the parts (dates, UUIDs and the like as text)."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def claim(organization_id: UUID, key: str, content: str, result_id: UUID) -> UUID:
    """Take `key` for the action whose result will be `result_id`, within the current transaction.

    Returns `result_id` when the key was free; otherwise the id of the first action's result, after waiting for
    that action to commit or roll back. `content` is a fingerprint; another one under the same key raises KeyReused.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_actionkey (id, organization_id, key, fingerprint, result_id, at)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (organization_id, key) DO NOTHING",
            [new_id(), organization_id, key, content, result_id, clock.now()],
        )
        if cursor.rowcount == 1:
            return result_id
        cursor.execute(
            "SELECT fingerprint, result_id FROM core_actionkey WHERE organization_id = %s AND key = %s",
            [organization_id, key],
        )
        known, first = cursor.fetchone()
    if known != content:
        raise KeyReused("This was already sent with other content. The page shows what was saved.")
    return UUID(str(first))
