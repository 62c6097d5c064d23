"""The file beside the database: a line for each signed checkpoint of a practice, which no database account can reach.

`$ATTEST_HOME/audit/<organization id>.jsonl`, readable by the product's account alone. A line is on the disk before
the sealer goes on.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from attest.core.audit.chain import canonical, checkpoint_message, instant

TAIL = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """A checkpoint as the file keeps it, every value as text or number.

    `fingerprint` is that of the public key that checks the signature: who replaces keys in the database does not
    replace it here.
    """

    organization: str
    id: str
    number: int
    digest: str
    count: int
    at: str
    key: str
    fingerprint: str
    signature: str

    @property
    def message(self) -> bytes:
        """What the signature must cover. Raises ValueError when the line's values cannot have been signed."""
        return checkpoint_message(
            checkpoint_id=UUID(self.id),
            organization_id=UUID(self.organization),
            number=self.number,
            digest=self.digest,
            count=self.count,
            at=datetime.fromisoformat(self.at),
        )

    @property
    def signature_bytes(self) -> bytes:
        """The signature. Raises ValueError when it is not base64."""
        return base64.b64decode(self.signature, validate=True)


def line_of(checkpoint: Any, fingerprint: str) -> Line:
    """The line of an `AuditCheckpoint`."""
    return Line(
        organization=str(checkpoint.organization_id),
        id=str(checkpoint.pk),
        number=checkpoint.number,
        digest=checkpoint.digest,
        count=checkpoint.count,
        at=instant(checkpoint.at),
        key=str(checkpoint.key_id),
        fingerprint=fingerprint,
        signature=base64.b64encode(bytes(checkpoint.signature)).decode(),
    )


def folder() -> Path:
    """Where the files are."""
    return Path(settings.ATTEST_HOME) / "audit"


class Journal:
    """The file of one practice."""

    def __init__(self, organization_id: UUID) -> None:
        self.path = folder() / f"{organization_id}.jsonl"

    @contextmanager
    def locked(self, *, shared: bool = False) -> Iterator[None]:
        """Alone with the file (or with other readers) until the block ends. Not to be nested."""
        self._make_folder()
        handle = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def size(self) -> int | None:
        """Bytes in the file; None when there is none."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return None

    def last(self) -> Line | None:
        """The newest whole line that can be read."""
        size = self.size()
        if not size:
            return None
        with self.path.open("rb") as file:
            file.seek(max(0, size - TAIL))
            whole = file.read().split(b"\n")[:-1]
        return next((line for text in reversed(whole) if (line := parsed(text))), None)

    def lines(self, size: int) -> Iterator[Line | None]:
        """Every line within the first `size` bytes; None where one cannot be read."""
        with self.path.open("rb") as file:
            while file.tell() < size:
                text = file.readline(max(1, size - file.tell()))
                yield parsed(text) if text.endswith(b"\n") else None

    def append(self, lines: list[Line]) -> None:
        """Add lines and wait until they are on the disk. A last line that a crash left half-written goes first."""
        if not lines:
            return
        self._make_folder()
        fresh = self.size() is None
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.fchmod(handle, 0o600)
            end = _end_of_whole_lines(handle)
            os.ftruncate(handle, end)
            os.lseek(handle, end, os.SEEK_SET)
            left = "".join(canonical(asdict(line)) + "\n" for line in lines).encode()
            while left:
                left = left[os.write(handle, left) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        if fresh:
            _sync_folder(self.path.parent)

    def _make_folder(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def parsed(text: bytes) -> Line | None:
    """A line of the file, or None when it is none."""
    try:
        line = Line(**json.loads(text))
        if type(line.number) is not int or type(line.count) is not int:
            return None
        UUID(line.key), line.message, line.signature_bytes
    except (ValueError, TypeError, AttributeError):
        return None
    return line


def _end_of_whole_lines(handle: int) -> int:
    """Where the last line break ends."""
    position = os.lseek(handle, 0, os.SEEK_END)
    while position:
        start = max(0, position - TAIL)
        found = os.pread(handle, position - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        position = start
    return 0


def _sync_folder(path: Path) -> None:
    """The new file's name is on the disk too."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
