"""Signing in a practice's name with Ed25519, and checking what was signed by any of its keys."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from attest.core.ed25519 import fingerprint, verifies
from attest.core.keys.models import SigningKey
from attest.core.keys.problems import KeyMissing
from attest.core.keys.sealing import hold_still, seal, unseal

PURPOSE = "signing key"
IN_FORCE = "(SELECT id FROM core_signingkey WHERE organization_id = %s AND retired_at IS NULL)"
"""SQL for a statement that has to ask something anyway: the id of a practice's key in force, or NULL (see `sign`)."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature of 64 bytes and the id of the key that made it."""

    key_id: UUID
    signature: bytes


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The half of a signing key that everybody may have. `until` is None while it is in force."""

    id: UUID
    raw: bytes
    since: datetime
    until: datetime | None

    @property
    def fingerprint(self) -> str:
        """What two people compare over the telephone."""
        return fingerprint(self.raw)


def sign(message: bytes, *, organization_id: UUID, key_id: UUID | None = None) -> Signed:
    """Sign with the practice's key in force, which is made on first use.

    A caller who has just read which one is in force says so with `key_id` and saves a statement; when it was retired
    meanwhile, the one in force signs. Needs the practice to be set for the transaction. Raises KeyMissing.
    """
    private = _private(key_id, organization_id) if key_id else None
    while private is None:
        key_id = in_force(organization_id)
        private = _private(key_id, organization_id)
    assert key_id is not None
    return Signed(key_id, private.sign(message))


def verify(message: bytes, signature: bytes, *, key_id: UUID, organization_id: UUID) -> bool:
    """Whether that key of that practice signed exactly this. Retired keys still verify; an unknown one never does."""
    try:
        return verifies(message, bytes(signature), _raw(key_id, organization_id))
    except LookupError:
        return False


def public_key(key_id: UUID, organization_id: UUID) -> PublicKey | None:
    """One public key of a practice, in force or retired; None when it has no such key."""
    row = SigningKey.objects.filter(organization_id=organization_id, pk=key_id).first()
    return _public(row) if row else None


def public_keys(organization_id: UUID) -> list[PublicKey]:
    """Every public key a practice has signed with, oldest first."""
    return [
        _public(row) for row in SigningKey.objects.filter(organization_id=organization_id).order_by("number")
    ]


def in_force(organization_id: UUID) -> UUID:
    """The id of the key that signs now; it is made when there is none."""
    signing = SigningKey.objects.filter(organization_id=organization_id, retired_at__isnull=True)
    found = signing.values_list("pk", flat=True).first()
    if found is None:
        with transaction.atomic():
            hold_still(alone=False)
            private = Ed25519PrivateKey.generate()
            sealed = seal(private.private_bytes_raw(), purpose=PURPOSE, organization_id=organization_id)
            first = signing_key(organization_id, 1, private, sealed)
            SigningKey.objects.bulk_create([first], ignore_conflicts=True)
        found = signing.values_list("pk", flat=True).get()
    return found


def signing_key(organization_id: UUID, number: int, private: Ed25519PrivateKey, sealed: bytes) -> SigningKey:
    """A practice's signing key of that number, not yet in the database; `sealed` is its private half."""
    return SigningKey(
        organization_id=organization_id,
        number=number,
        public=private.public_key().public_bytes_raw(),
        private=sealed,
    )


@lru_cache(maxsize=4096)
def _raw(key_id: UUID, organization_id: UUID) -> bytes:
    """A public key's bytes, read once a process: they never change."""
    key = public_key(key_id, organization_id)
    if key is None:
        raise LookupError(key_id)
    return key.raw


def _public(row: SigningKey) -> PublicKey:
    return PublicKey(row.pk, bytes(row.public), row.made_at, row.retired_at)


def _private(key_id: UUID, organization_id: UUID) -> Ed25519PrivateKey | None:
    """The private half, opened once a process; None when the key was retired."""
    try:
        return _kept(key_id, organization_id)
    except LookupError:
        return None


def forget_opened() -> None:
    """Open every signing key anew, as a process does that has just begun."""
    _kept.cache_clear()


@lru_cache(maxsize=1024)
def _kept(key_id: UUID, organization_id: UUID) -> Ed25519PrivateKey:
    row = SigningKey.objects.filter(organization_id=organization_id, pk=key_id).values_list("private").first()
    if row is None:
        raise KeyMissing(f"The database does not hold the signing key {key_id}.")
    if not bytes(row[0]):
        raise LookupError(key_id)
    return Ed25519PrivateKey.from_private_bytes(
        unseal(bytes(row[0]), purpose=PURPOSE, organization_id=organization_id)
    )
