"""Sending ready claims in files, each claim once, whatever happens in between.

One transaction decides: it gives out the control number, keeps the bytes and marks the claims sent. Only then is
the file put under its final name, and a delivery row says so. Killed before the decision, nothing has happened;
killed after it, the next export writes the very same bytes, found by the missing delivery.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from attest.calendar.models import Session
from attest.claims.actions.releasing import show
from attest.claims.models import Claim, ControlNumber, Delivery, Hold, Interchange
from attest.claims.sending import draft, findings_of
from attest.core import audit, clock
from attest.core.ids import new_id
from attest.core.walls import inside
from attest.practice.models import Organization

MOST_CLAIMS_A_FILE = 5_000
"""As many as a transaction set may hold."""
TEST_NUMBERS_FROM = 900_000_000
"""Test interchanges are numbered by the clock from here, so that they never meet a number that was given out."""


class CannotExport(Exception):
    """Nothing (more) was exported. The message is one or more plain sentences."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file in its folder. `again` says that its claims had been marked sent by an earlier, interrupted export."""

    path: Path
    control_number: int
    claims: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A claim that was not sent, and everything that has to be mended first."""

    number: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did. With `test`, the files are test interchanges and nothing else has changed."""

    files: tuple[WrittenFile, ...]
    left_out: tuple[LeftOut, ...]
    test: bool = False


def export(
    *, organization: Organization, directory: Path, held: bool = False, by: UUID | None = None
) -> Exported:
    """Write the practice's ready claims into `directory`, at most 5,000 a file, and mark them sent.

    First the files of an interrupted export are written (the same bytes under the same number). Every claim is
    checked before it leaves; one with findings stays ready and is named in `left_out`. Two exports at once send
    each claim once.

    With `held`, ready and held claims are written as test interchanges (ISA15 is T), whose numbers come from the
    clock; nothing in the database changes.

    Call it outside of any transaction. Raises CannotExport when the folder cannot be written to or the practice
    lacks a fact every file needs.
    """
    _require_folder(directory)
    files = [] if held else _write_pending(organization, directory, by=by)
    with inside(organization.pk):
        candidates = list(_unsent(organization, held=held))
    good, left_out = _checked(organization, candidates)
    for number, chunk in enumerate(_chunks(good)):
        if held:
            files.append(_write_test(organization, directory, chunk, number))
        elif made := decide(organization=organization, claim_ids=[claim.pk for claim in chunk], by=by):
            files += _write_pending(organization, directory, by=by, just_made=made)
    return Exported(tuple(files), tuple(left_out), test=held)


def decide(*, organization: Organization, claim_ids: Sequence[UUID], by: UUID | None) -> Interchange | None:
    """Give the claims that are still ready a control number, keep their bytes and mark them sent: all or nothing.

    None when another export was first. The file itself is written afterwards.
    """
    with inside(organization.pk, by):
        owners = Session.objects.filter(
            organization_id=organization.pk,
            pk__in=Claim.objects.filter(organization_id=organization.pk, pk__in=claim_ids).values(
                "session_id"
            ),
        )
        sessions = {session.pk: session for session in owners.select_for_update().order_by("pk")}
        ready = _unsent(organization, held=False).filter(pk__in=claim_ids).select_for_update(of=("self",))
        claims = list(ready)
        if not claims:
            return None
        now = clock.now()
        number = _next_control_number(organization)
        made = draft(organization, claims, control_number=number, made_at=now, usage="P")
        interchange = Interchange.objects.create(
            organization=organization,
            control_number=number,
            receiver_id=organization.receiver_id,
            content=made.text,
            sha256=hashlib.sha256(made.content).hexdigest(),
            claim_count=len(claims),
            made_at=now,
            file_name=file_name(organization, number),
        )
        Claim.objects.filter(organization_id=organization.pk, pk__in=[claim.pk for claim in claims]).update(
            state="sent", sent_at=now, interchange=interchange
        )
        for claim in claims:
            claim.state = "sent"
            show(sessions[claim.session_id], claim, by=by)
        audit.record(
            "claims.sent",
            subject_type="interchange",
            subject_id=interchange.pk,
            organization_id=organization.pk,
            by=by,
            claims=len(claims),
            control_number=number,
        )
    return interchange


def file_name(organization: Organization, control_number: int, *, test: bool = False) -> str:
    """The name of a file of claims: practice, receiver, control number. No client can be told from it."""
    receiver = "".join(char if char.isalnum() else "-" for char in organization.receiver_id)
    return f"{organization.slug}-{receiver}-{'TEST-' if test else ''}{control_number:09}.837"


def _unsent(organization: Organization, *, held: bool) -> QuerySet[Claim]:
    """Claims that are ready and have no open hold, oldest service first; with `held`, all that have not left."""
    claims = Claim.objects.filter(organization_id=organization.pk).order_by("date_of_service", "pk")
    if held:
        return claims.filter(state__in=["ready", "held"])
    open_holds = Hold.objects.filter(
        organization_id=organization.pk, claim_id=OuterRef("pk"), closed_at__isnull=True
    )
    return claims.filter(~Exists(open_holds), state="ready")


def _checked(organization: Organization, claims: list[Claim]) -> tuple[list[Claim], list[LeftOut]]:
    """Those without findings, and the others with their findings.

    Raises CannotExport for what is wrong with every file of the practice, such as a missing submitter id.
    """
    good: list[Claim] = []
    left_out: list[LeftOut] = []
    for chunk in _chunks(claims):
        whole, by_claim = findings_of(organization, chunk)
        if whole:
            raise CannotExport(" ".join(whole))
        good += [claim for claim in chunk if claim.number not in by_claim]
        left_out += [LeftOut(number, sentences) for number, sentences in by_claim.items()]
    return good, left_out


def _chunks(claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    for start in range(0, len(claims), MOST_CLAIMS_A_FILE):
        yield list(claims[start : start + MOST_CLAIMS_A_FILE])


def _next_control_number(organization: Organization) -> int:
    """The next number with the practice's receiver; whoever asks at the same time waits for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_controlnumber (id, organization_id, receiver_id, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (organization_id, receiver_id)"
            " DO UPDATE SET last = claims_controlnumber.last + 1 RETURNING last",
            [new_id(), organization.pk, organization.receiver_id],
        )
        return int(cursor.fetchone()[0])


def _write_pending(
    organization: Organization, directory: Path, *, by: UUID | None, just_made: Interchange | None = None
) -> list[WrittenFile]:
    """Write the kept bytes of every interchange that no delivery is known of; one export at a time does this.

    `just_made` is always among the answer: when another export was quicker to write it, in that one's folder.
    """
    written = []
    with inside(organization.pk, by):
        numbers = ControlNumber.objects.filter(organization_id=organization.pk).order_by("receiver_id")
        list(numbers.select_for_update())
        delivered = Delivery.objects.filter(organization_id=organization.pk, interchange_id=OuterRef("pk"))
        pending = Interchange.objects.filter(~Exists(delivered), organization_id=organization.pk)
        for interchange in pending.order_by("made_at", "control_number"):
            again = just_made is None or interchange.pk != just_made.pk
            path = directory / interchange.file_name
            _put(path, interchange.content.encode("ascii"))
            Delivery.objects.create(
                organization=organization,
                interchange=interchange,
                folder=str(directory.resolve()),
                written_at=clock.now(),
                written_by=by,
            )
            written.append(WrittenFile(path, interchange.control_number, interchange.claim_count, again))
        if just_made is not None and all(file.again for file in written):
            delivery = Delivery.objects.get(organization_id=organization.pk, interchange_id=just_made.pk)
            path = Path(delivery.folder) / just_made.file_name
            written.append(WrittenFile(path, just_made.control_number, just_made.claim_count))
    return written


def _write_test(
    organization: Organization, directory: Path, claims: list[Claim], position: int
) -> WrittenFile:
    now = clock.now()
    number = TEST_NUMBERS_FROM + (int(now.timestamp()) + position) % (10**9 - TEST_NUMBERS_FROM)
    made = draft(organization, claims, control_number=number, made_at=now, usage="T")
    path = directory / file_name(organization, number, test=True)
    _put(path, made.content)
    return WrittenFile(path, number, len(claims))


def _require_folder(directory: Path) -> None:
    """Make the folder when it is not there, and see that a file can be put into it. Raises CannotExport."""
    with _said(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = directory / f".attest-{os.getpid()}"
        probe.touch(mode=0o600)
        probe.unlink()


def _put(path: Path, content: bytes) -> None:
    """The file stands under its name whole or not at all, readable by its owner alone, even after a power cut."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with _said(path.parent):
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            scratch.replace(path)
        except OSError:
            scratch.unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def _said(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotExport(
            f"The folder {directory} cannot be written to: {error.strerror}. Name another one; claims that were"
            " marked sent are written there the next time."
        ) from error
