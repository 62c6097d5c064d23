"""Replacing keys: a new master key, all data keys wrapped by it, new data and signing keys for what comes.

It crosses practices and changes what the application may not, so it runs over the owner's connection, under upkeep.
The key file is written first, in one step; what follows is one transaction. Killed in between, the file holds one
master key more than it needs, and rotating again takes that one.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections, transaction

from attest.core import clock
from attest.core.keys import masters
from attest.core.keys.models import DataKey, SigningKey, SiteKey, WrappedKey
from attest.core.keys.problems import Altered, CannotRotate, KeyMissing
from attest.core.keys.sealing import (
    fresh_key,
    hold_still,
    key_named,
    sealed_by,
    unsealed_by,
    unwrap,
    wrap,
)
from attest.core.keys.signing import PURPOSE, signing_key

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: the new master key, how many data keys it wraps or gave up, and whose keys were replaced."""

    master: masters.Master
    wrapped_anew: int
    given_up: int
    practices: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """All keys as they are. `wrapped` counts the data keys under each master key, by its id."""

    ring: masters.Ring
    site: list[SiteKey]
    data: list[DataKey]
    signing: list[SigningKey]

    @property
    def wrapped(self) -> Counter[str]:
        return Counter(row.master_id for row in (*self.site, *self.data))

    @property
    def practices(self) -> list[UUID]:
        """The practices that have a key, in a steady order."""
        return sorted(
            {row.organization_id for row in self.data} | {row.organization_id for row in self.signing}
        )


def rotate(*, give_up_lost: bool = False) -> Rotated:
    """Put new keys in the place of all that are in force. What is sealed stays readable, what is signed verifies.

    With `give_up_lost` it goes on without the data keys whose master key is gone: what they sealed stays lost, unless
    the master key is found again. Raises KeyMissing without it, CannotRotate where the environment holds the keys
    and has none that is new.
    """
    with _alone():
        standing = _standing()
        opened, lost = _opened(standing)
        if lost and not give_up_lost:
            raise KeyMissing(next(iter(lost.values())))
        ring = _with_new_master(standing)
        for row in lost:
            _change(row, lost_at=clock.real_now())
        anew = 0
        for row, key in opened.items():
            if row.master_id != ring.active_id or row.lost_at:
                owner = _organization_of(row)
                _change(
                    row, master_id=ring.active_id, wrapped=wrap(key, row.pk, owner, ring.active), lost_at=None
                )
                anew += 1
        _next_key(None, standing.site, ring)
        for organization_id in standing.practices:
            data = _next_key(organization_id, _of(organization_id, standing.data), ring)
            _next_signing_key(organization_id, _of(organization_id, standing.signing), data, ring)
        return Rotated(ring.active, anew, len(lost), tuple(standing.practices))


def forget() -> list[masters.Master]:
    """Take out of the key file every master key that wraps nothing any more, and return them.

    The active one stays. Backups of the database made before the rotation cannot be opened without them.
    """
    with _alone():
        standing = _standing()
        gone = [
            master
            for master in standing.ring.masters
            if not standing.wrapped[master.id] and master.id != standing.ring.active_id
        ]
        if gone and masters.in_environment():
            raise CannotRotate(
                f"These may be taken out of the environment secret {masters.VARIABLE}, they wrap nothing any more: "
                + ", ".join(master.id for master in gone)
            )
        if gone:
            masters.keep(standing.ring.without(*(master.id for master in gone)))
        return gone


def standing() -> Standing:
    """All keys as they are now, of all practices."""
    with _alone():
        return _standing()


def faults() -> list[str]:
    """A plain sentence for each key that cannot be opened; empty when all can be. Nothing is taken from memory."""
    with _alone():
        found = _standing()
        opened, lost = _opened(found)
        sentences = list(dict.fromkeys(lost.values()))
        data = {row.pk: key for row, key in opened.items()}
        sentences += [sentence for row in found.signing if (sentence := _fault_of(row, data))]
        if (path := masters.key_file()).exists() and path.stat().st_mode & 0o077:
            sentences.append(f"The key file {path} can be read by others. Mend it with: chmod 600 {path}")
        return sentences


def _fault_of(row: SigningKey, data: dict[UUID, bytes]) -> str | None:
    """Why the private half of a signing key in force is of no use; None when it is, or when it was retired."""
    if row.retired_at:
        return None
    sealed = bytes(row.private)
    try:
        key = data.get(key_named(sealed))
        if key is None:
            return f"The signing key {row.pk} cannot be opened: the data key that sealed it cannot be."
        private = unsealed_by(key, sealed, purpose=PURPOSE, organization_id=row.organization_id)
    except Altered:
        return f"The signing key {row.pk} was changed in the database."
    if Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw() != bytes(row.public):
        return f"The two halves of the signing key {row.pk} do not belong together."
    return None


@contextmanager
def all_practices() -> Iterator[None]:
    """One transaction of the owner that sees all practices."""
    with transaction.atomic(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SET LOCAL attest.upkeep = 'on'")
        yield


@contextmanager
def _alone() -> Iterator[None]:
    """The same, while nobody makes or changes a key."""
    with all_practices():
        hold_still(alone=True, using=OWNER)
        yield


def _standing() -> Standing:
    return Standing(
        ring=masters.ring(),
        site=list(SiteKey.objects.using(OWNER).order_by("number")),
        data=list(DataKey.objects.using(OWNER).order_by("organization_id", "number")),
        signing=list(SigningKey.objects.using(OWNER).order_by("organization_id", "number")),
    )


def _opened(standing: Standing) -> tuple[dict[WrappedKey, bytes], dict[WrappedKey, str]]:
    """The data keys that open, and a sentence for each that does not. Those given up count only when they open."""
    opened: dict[WrappedKey, bytes] = {}
    lost: dict[WrappedKey, str] = {}
    for row in (*standing.site, *standing.data):
        try:
            opened[row] = unwrap(row, _organization_of(row), standing.ring)
        except KeyMissing as missing:
            if row.lost_at is None:
                lost[row] = str(missing)
    return opened, lost


def _with_new_master(standing: Standing) -> masters.Ring:
    """The ring with an active master key that has wrapped nothing before: a fresh one, or that of an interrupted
    rotation, or the one that was put into the environment for this."""
    ring = standing.ring
    if ring.masters and not standing.wrapped[ring.active_id]:
        return ring
    if masters.in_environment():
        raise CannotRotate(
            f"The environment secret {masters.VARIABLE} holds the master keys. Put what `attest keys next` prints in"
            " its place, restart web and worker with it, and rotate again."
        )
    ring = ring.with_another()
    masters.keep(ring)
    return ring


def _next_key(organization_id: UUID | None, rows: list[Any], ring: masters.Ring) -> tuple[UUID, bytes]:
    """A further data key of a practice or of the site, in the database; its id and itself."""
    fresh = fresh_key(organization_id, max((row.number for row in rows), default=0) + 1, ring.active)
    fresh.save(using=OWNER, force_insert=True)
    return fresh.pk, unwrap(fresh, organization_id, ring)


def _next_signing_key(
    organization_id: UUID, rows: list[SigningKey], data: tuple[UUID, bytes], ring: masters.Ring
) -> None:
    """Retire the key in force, its private half with it, and put the next one in its place."""
    now = clock.now()
    SigningKey.objects.using(OWNER).filter(organization_id=organization_id, retired_at__isnull=True).update(
        retired_at=now, private=b""
    )
    private = Ed25519PrivateKey.generate()
    sealed = sealed_by(*data, private.private_bytes_raw(), purpose=PURPOSE, organization_id=organization_id)
    number = max((row.number for row in rows), default=0) + 1
    made = signing_key(organization_id, number, private, sealed)
    made.made_at = now
    made.save(using=OWNER, force_insert=True)


def _change(row: WrappedKey, **values: Any) -> None:
    type(row).objects.using(OWNER).filter(pk=row.pk).update(**values)  # type: ignore[attr-defined]


def _of(organization_id: UUID, rows: list[Any]) -> list[Any]:
    return [row for row in rows if row.organization_id == organization_id]


def _organization_of(row: WrappedKey) -> UUID | None:
    return row.organization_id if isinstance(row, DataKey) else None
