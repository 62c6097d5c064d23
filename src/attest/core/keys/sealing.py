"""Sealing what must be secret at rest, and opening it again.

A sealed text is a version byte, the data key's id, a nonce, and AES-256-GCM's ciphertext, bound to its purpose and its
practice: it opens nowhere else. Data keys are wrapped the same way by a master key and unwrapped once a process; a row
of theirs never gets another content.
"""

import secrets
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from attest.core.ids import new_id
from attest.core.keys import masters
from attest.core.keys.models import DataKey, SiteKey, WrappedKey
from attest.core.keys.problems import Altered, KeyMissing

VERSION = b"\x01"
NONCE = 12
HEAD = len(VERSION) + 16 + NONCE
LOCK = 0x617474657374  # of the keys: shared by those who make one, alone for those who change all
ALTERED = "What was sealed has been changed, or it belongs somewhere else."


def seal(plain: bytes, *, purpose: str, organization_id: UUID | None) -> bytes:
    """Encrypt `plain` with the data key in force of a practice, or of the whole site when that is None.

    `purpose` names the column or kind of file; it is not stored, and the same one opens it. Needs the practice to be
    set for the transaction (`walls.inside`). Makes the first key when there is none. Raises KeyMissing.
    """
    key_id, key = _in_force(organization_id)
    return sealed_by(key_id, key, plain, purpose=purpose, organization_id=organization_id)


def unseal(sealed: bytes, *, purpose: str, organization_id: UUID | None) -> bytes:
    """What `seal` was given. Raises Altered when anything differs from then, KeyMissing when the key is not there."""
    key = opened(key_named(sealed), organization_id)
    return unsealed_by(key, sealed, purpose=purpose, organization_id=organization_id)


def key_named(sealed: bytes) -> UUID:
    """The id of the data key that a sealed text says it needs. Raises Altered when it is no sealed text."""
    if len(sealed) < HEAD or sealed[:1] != VERSION:
        raise Altered(ALTERED)
    return UUID(bytes=bytes(sealed[1:17]))


def sealed_by(key_id: UUID, key: bytes, plain: bytes, *, purpose: str, organization_id: UUID | None) -> bytes:
    """`seal` with a certain data key."""
    head = VERSION + key_id.bytes + secrets.token_bytes(NONCE)
    return head + AESGCM(key).encrypt(head[-NONCE:], plain, _bound(head, purpose, organization_id))


def unsealed_by(key: bytes, sealed: bytes, *, purpose: str, organization_id: UUID | None) -> bytes:
    """`unseal` with a certain data key."""
    head = bytes(sealed[:HEAD])
    try:
        return AESGCM(key).decrypt(
            head[-NONCE:], bytes(sealed[HEAD:]), _bound(head, purpose, organization_id)
        )
    except InvalidTag:
        raise Altered(ALTERED) from None


def _bound(head: bytes, purpose: str, organization_id: UUID | None) -> bytes:
    return b"attest sealed\0" + head + f"{_owner(organization_id)}\0{purpose}".encode()


def _owner(organization_id: UUID | None) -> str:
    return str(organization_id) if organization_id else "site"


# -- data keys -----------------------------------------------------------------------------------------------


def keys_of(organization_id: UUID | None, using: str = DEFAULT_DB_ALIAS) -> Any:
    """The data keys of a practice, or of the site, newest first."""
    found: Any = SiteKey.objects if organization_id is None else DataKey.objects
    if organization_id is not None:
        found = found.filter(organization_id=organization_id)
    return found.using(using).order_by("-number")


def opened(key_id: UUID, organization_id: UUID | None) -> bytes:
    """The data key itself, kept in memory once it was opened. Raises KeyMissing."""
    return _opened(key_id, organization_id)


@lru_cache(maxsize=4096)
def _opened(key_id: UUID, organization_id: UUID | None) -> bytes:
    row = keys_of(organization_id).filter(pk=key_id).first()
    if row is None:
        raise KeyMissing(
            f"The database does not hold the data key {key_id}: it is older than what was sealed with it."
            " Restore a newer backup of the database."
        )
    return unwrap(row, organization_id, masters.ring())


def forget_opened() -> None:
    """Open every data key anew, as a process does that has just begun."""
    _opened.cache_clear()


def unwrap(row: WrappedKey, organization_id: UUID | None, ring: masters.Ring) -> bytes:
    """Open a wrapped data key. Raises KeyMissing when its master key is not there or does not fit."""
    master = ring.by_id.get(row.master_id)
    if master is None:
        raise KeyMissing(missing_sentence(row.master_id))
    wrapped = bytes(row.wrapped)
    try:
        return AESGCM(master.secret).decrypt(
            wrapped[:NONCE], wrapped[NONCE:], _wrapping(row.pk, organization_id)
        )
    except (InvalidTag, ValueError):
        raise KeyMissing(
            f"The master key {master.id} in {masters.place()} does not open the data key {row.pk}:"
            " one of the two is not as it was. Put a backup of the master keys back."
        ) from None


def wrap(key: bytes, key_id: UUID, organization_id: UUID | None, master: masters.Master) -> bytes:
    """A data key as it may lie in the database."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(master.secret).encrypt(nonce, key, _wrapping(key_id, organization_id))


def _wrapping(key_id: UUID, organization_id: UUID | None) -> bytes:
    return f"attest data key\0{_owner(organization_id)}\0{key_id}".encode()


def missing_sentence(master_id: str) -> str:
    """Which master key is missing, and what to do."""
    return (
        f"The master key {master_id} is not in {masters.place()}, and without it what was sealed cannot be opened."
        " Put a backup of the master keys back; if there is none, see docs/keys.md."
    )


def _in_force(organization_id: UUID | None) -> tuple[UUID, bytes]:
    """The newest data key; a first one is made where there is none.

    Which one it is, is asked every time: another process may have rotated, and a key made in a transaction that was
    rolled back never existed.
    """
    row = keys_of(organization_id).first()
    if row is None:
        row = _first(organization_id)
    return row.pk, opened(row.pk, organization_id)


def _first(organization_id: UUID | None) -> WrappedKey:
    """Make the first data key. Whoever comes second waits, and takes the one that is there."""
    with transaction.atomic():
        hold_still(alone=False)
        site: WrappedKey | None = keys_of(None).first()
        ring = masters.first_ring() if site is None else masters.ring()
        if site is None:
            site = _insert_first(None, ring.active)
        unwrap(site, None, ring)  # whoever cannot open the site's key makes no other: it would part the data
        if organization_id is None:
            return site
        return _insert_first(organization_id, ring.active)


def _insert_first(organization_id: UUID | None, master: masters.Master) -> WrappedKey:
    made = fresh_key(organization_id, 1, master)
    type(made).objects.bulk_create([made], ignore_conflicts=True)  # type: ignore[attr-defined]
    row: WrappedKey = keys_of(organization_id).get(number=1)
    return row


def fresh_key(organization_id: UUID | None, number: int, master: masters.Master) -> WrappedKey:
    """A new random data key, wrapped, not yet in the database."""
    key_id = new_id()
    values = {
        "id": key_id,
        "number": number,
        "master_id": master.id,
        "wrapped": wrap(AESGCM.generate_key(256), key_id, organization_id, master),
    }
    return (
        SiteKey(**values) if organization_id is None else DataKey(organization_id=organization_id, **values)
    )


def hold_still(*, alone: bool, using: str = DEFAULT_DB_ALIAS) -> None:
    """Until the transaction ends: keys are made while nobody changes them, and changed while nobody makes any."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}(%s)", [LOCK])
