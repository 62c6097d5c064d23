"""Master keys: outside the database, in the file `$ATTEST_HOME/keys.json` or in the environment as ATTEST_KEYS.

Both hold the same JSON: `{"active": id, "keys": [{"id", "key" (32 bytes in base64), "made_at"}, …]}`. The active one
wraps new data keys; the others open what they once wrapped. Whoever has the database without this cannot read what
is sealed, and whoever loses this cannot either.
"""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from attest.core import clock
from attest.core.ids import new_id
from attest.core.keys.problems import KeyMissing

VARIABLE = "ATTEST_KEYS"
LENGTH = 32


@dataclass(frozen=True, slots=True)
class Master:
    """One master key. It shows itself by id and fingerprint only."""

    id: str
    secret: bytes
    made_at: datetime

    def __repr__(self) -> str:
        return f"master key {self.id}"

    @property
    def fingerprint(self) -> str:
        """Sixteen digits that tell whether two copies are of the same key, and nothing about it."""
        return hashlib.sha256(b"attest master key\0" + self.secret).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Ring:
    """All master keys there are, and which of them wraps what is new."""

    active_id: str
    masters: tuple[Master, ...]

    @property
    def active(self) -> Master:
        return self.by_id[self.active_id]

    @property
    def by_id(self) -> dict[str, Master]:
        return {master.id: master for master in self.masters}

    def with_another(self) -> "Ring":
        """The same ring with a fresh master key, which is the active one."""
        fresh = Master(str(new_id()), secrets.token_bytes(LENGTH), clock.real_now().replace(microsecond=0))
        return Ring(fresh.id, (*self.masters, fresh))

    def without(self, *ids: str) -> "Ring":
        """The same ring without these; the active one always stays."""
        return replace(
            self,
            masters=tuple(
                master for master in self.masters if master.id not in ids or master.id == self.active_id
            ),
        )

    def as_text(self, *, lines: bool = True) -> str:
        """The JSON that the file and the environment hold, in lines or in one. It is the secret itself."""
        keys = [
            {
                "id": master.id,
                "key": base64.b64encode(master.secret).decode(),
                "made_at": master.made_at.astimezone(UTC).isoformat(),
            }
            for master in self.masters
        ]
        return json.dumps({"active": self.active_id, "keys": keys}, indent=1 if lines else None) + "\n"


NO_RING = Ring("", ())


def key_file() -> Path:
    """Where the master keys are kept unless the environment holds them."""
    return Path(settings.ATTEST_HOME) / "keys.json"


def in_environment() -> bool:
    """Whether the environment holds the master keys; then no file is read or written."""
    return bool(os.environ.get(VARIABLE))


def place() -> str:
    """Where the master keys are looked for, in words."""
    return f"the environment secret {VARIABLE}" if in_environment() else f"the key file {key_file()}"


def ring() -> Ring:
    """The master keys as they are now; an empty ring when there is no file. Raises KeyMissing when it is unreadable."""
    try:
        text = os.environ.get(VARIABLE) or key_file().read_text()
    except FileNotFoundError:
        return NO_RING
    except OSError as error:
        raise KeyMissing(f"The key file {key_file()} cannot be read: {error.strerror}.") from error
    return _parsed(text)


def first_ring() -> Ring:
    """The master keys; where there is no file yet, one is made with a first key. Two who do this get the same."""
    with _one_at_a_time():
        found = ring()
        if not found.masters:
            found = NO_RING.with_another()
            _write(found)
    return found


def keep(changed: Ring) -> None:
    """Put this ring in the file's place in one step. Raises KeyMissing when the environment holds the keys."""
    if in_environment():
        raise KeyMissing(f"The master keys are held by the environment secret {VARIABLE}; change it there.")
    with _one_at_a_time():
        _write(changed)


def _parsed(text: str) -> Ring:
    try:
        held = json.loads(text)
        found = Ring(
            str(held["active"]),
            tuple(
                Master(
                    str(key["id"]),
                    base64.b64decode(key["key"], validate=True),
                    datetime.fromisoformat(key["made_at"]),
                )
                for key in held["keys"]
            ),
        )
        whole = (
            found.active_id in found.by_id
            and len(found.by_id) == len(found.masters)
            and all(len(master.secret) == LENGTH and master.made_at.tzinfo for master in found.masters)
        )
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        place_words = place()
        raise KeyMissing(
            f"{place_words[0].upper()}{place_words[1:]} does not hold complete master keys."
            " Put a backup of it back."
        )
    return found


def _write(changed: Ring) -> None:
    """Replace the file durably; from its first moment only its owner can read it."""
    path = key_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.new")
    scratch.unlink(missing_ok=True)  # of somebody who was killed; the caller holds the lock
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(changed.as_text())
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two who change the file wait for each other, in whatever process or thread they are."""
    path = key_file().with_name("keys.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
