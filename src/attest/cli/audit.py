"""`attest audit`: check the audit trail against what was sealed, seal it now, write it out."""

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from attest.cli.database import product
from attest.cli.home import Unable
from attest.cli.practices import practice_named

if TYPE_CHECKING:
    from attest.practice.models import Organization

DAYS = click.DateTime(["%Y-%m-%d", "%m/%d/%Y"])


@click.group()
def audit() -> None:
    """The audit trail: who read, changed or was refused what."""


@audit.command("verify")
@click.argument("practice", required=False)
def verify(practice: str | None) -> None:
    """Compare the trail with what was sealed and signed, in the database and in the file beside it.

    Every difference is a line. The exit status is 0 when there is none, 1 when there is one. All practices are
    checked unless PRACTICE, a short name, is given.
    """
    with product():
        found = sum(_verified(one) for one in _practices(practice))
        if practice is None:
            for path in _files_of_nobody():
                click.echo(f"{path} belongs to a practice that the database does not have.")
                found += 1
    if found:
        sys.exit(1)


@audit.command("seal")
def seal() -> None:
    """Seal now what has not been sealed yet, of every practice, without waiting for the worker."""
    with product():
        from attest.core.audit.sealing import seal as seal_practice
        from attest.core.keys import KeyMissing

        for one in _practices(None):
            try:
                done = seal_practice(one.pk, thorough=True)
            except KeyMissing as missing:
                raise Unable(f"{one.name}: {missing}") from missing
            except OSError as error:
                raise Unable(f"{one.name}: the file of checkpoints cannot be written: {error}") from error
            click.echo(f"{one.name}: {_count(done.events, 'event')} sealed.")
            if done.lines_added:
                lines = _count(done.lines_added, "line")
                click.echo(f"  The file of checkpoints had lacked {lines}; the trail says so now.")


@audit.command("export")
@click.argument("practice")
@click.option(
    "--out",
    "path",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write. A name ending in .csv gives a table, any other JSON lines.",
)
@click.option("--from", "since", type=DAYS, help="From this day on, where the practice is.")
@click.option("--to", "until", type=DAYS, help="Up to and with this day.")
def export(practice: str, path: Path, since: datetime | None, until: datetime | None) -> None:
    """Write the trail of PRACTICE into a file, each event with the proof of its place in the chain."""
    with product():
        from attest.core import audit as trail
        from attest.core.walls import inside
        from attest.workspace.queries.trail import Wanted
        from attest.workspace.queries.trail_export import csv_of, json_of

        one = practice_named(practice)
        wanted = Wanted(since=since.date() if since else None, until=until.date() if until else None)
        as_table = path.suffix.lower() == ".csv"
        pieces = (csv_of if as_table else json_of)(one.pk, one.zone, wanted)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise Unable(f"{path} is there already. Name another file.") from error
        except OSError as error:
            raise Unable(f"{path} cannot be written: {error.strerror}.") from error
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            for piece in pieces:
                file.write(piece)
        with inside(one.pk):
            trail.record(
                "audit.exported",
                subject_type="audit",
                subject_id=None,
                by=None,
                format="csv" if as_table else "json",
            )
    click.echo(f"Written to {path}.")


def _verified(practice: "Organization") -> int:
    """Check one practice and say what was found; returns how many differences."""
    from attest.core.audit.verifying import Verification

    check = Verification(practice.pk)
    progress = _progress(practice.name)
    try:
        for sentence in check.differences(progress):
            _clear_progress()
            click.echo(f"{practice.name}: {sentence}")
    except OSError as error:
        raise Unable(f"{practice.name}: the file of checkpoints cannot be read: {error}") from error
    _clear_progress()
    check.record()
    sealed = f"{_count(check.sealed, 'sealed event')} under {_count(check.checkpoints, 'checkpoint')}"
    unsealed = f"{_count(check.unsealed, 'event')} not sealed yet"
    if check.found:
        click.echo(
            f"{practice.name}: {_count(check.found, 'difference')}. {sealed} as they were, {unsealed}."
        )
    else:
        click.echo(f"{practice.name}: nothing was changed. {sealed}, {unsealed}.")
    return check.found


def _practices(slug: str | None) -> "list[Organization]":
    from attest.practice.models import Organization

    if slug is not None:
        return [practice_named(slug)]
    return list(Organization.objects.order_by("slug"))


def _files_of_nobody() -> list[Path]:
    """Files of checkpoints whose practice the database does not have: it was deleted, or this is another database."""
    from attest.core.audit.journal import folder
    from attest.practice.models import Organization

    known = {str(pk) for pk in Organization.objects.values_list("pk", flat=True)}
    return [path for path in sorted(folder().glob("*.jsonl")) if _is_id(path.stem) and path.stem not in known]


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _progress(name: str) -> Callable[[int, int], None]:
    """On a terminal, how far the check has come, in one line that is written over."""

    def show(done: int, of: int) -> None:
        if sys.stderr.isatty() and of:
            click.echo(f"\r{name}: {done:,} of {of:,} events\033[K", nl=False, err=True)

    return show


def _clear_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
