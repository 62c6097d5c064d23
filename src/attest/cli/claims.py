"""`attest claims`: send claims in files, and check files of claims."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from attest.cli.database import product
from attest.cli.home import Home, Unable
from attest.cli.practices import practice_named

if TYPE_CHECKING:
    from attest.claims.actions import Exported
    from attest.x12.finding import Finding

FARTHEST_AHEAD = ZoneInfo("Pacific/Guam")
"""A day that has not begun here has begun nowhere in the United States."""
MOST_SHOWN = 100


class Unreadable(Unable):
    """The file itself cannot be read: exit status 2, as for a wrong command line."""

    exit_code = 2


@click.group()
def claims() -> None:
    """Insurance claims: send them in files, check files."""


@claims.command("export")
@click.option(
    "--out",
    "directory",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the files; it is made if it is not there.",
)
@click.option(
    "--held", is_flag=True, help="Held claims too, as a test file (ISA15 = T) that changes nothing."
)
@click.option("--practice", "slug", help="The practice's short name, where there is more than one.")
def export_claims(directory: Path, held: bool, slug: str | None) -> None:
    """Write claims that are ready into X12 837P files and mark them sent, each once."""
    with product():
        from attest.claims.actions import CannotExport, export

        organization = practice_named(slug)
        try:
            done = export(organization=organization, directory=directory, held=held)
        except CannotExport as refusal:
            raise Unable(str(refusal)) from refusal
        for line in _told(done):
            click.echo(line)


@claims.command("validate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--all", "everything", is_flag=True, help=f"Show all findings, not only the first {MOST_SHOWN}."
)
def validate_file(file: Path, everything: bool) -> None:
    """Check a file of claims and say in plain words what is wrong with it.

    Any sender's file can be checked. The exit status is 0 when nothing keeps it from being sent, 1 when something
    does, 2 when the file cannot be read.
    """
    from attest.x12 import wire
    from attest.x12.validate import passes, validate

    try:
        text = wire.decode(file.read_bytes())
    except OSError as error:
        raise Unreadable(f"The file {file} cannot be read: {error.strerror}.") from error
    findings = validate(text, diagnoses=_diagnoses(), now=_now())
    for line in _explained(findings, None if everything else MOST_SHOWN):
        click.echo(line)
    if not passes(findings):
        sys.exit(1)


def _told(done: "Exported") -> Iterator[str]:
    """What an export did, in lines for a person."""
    for file in done.files:
        kind = "Test file, nothing was marked sent" if done.test else f"Interchange {file.control_number}"
        again = "; it had been kept by an export that was interrupted" if file.again else ""
        yield f"{file.path}: {_count(file.claims, 'claim')}. {kind}{again}."
    if not done.files:
        yield "There is no claim to send." if not done.left_out else "No claim was sent."
    if done.left_out:
        yield f"{_count(len(done.left_out), 'claim')} left out, to be mended first:"
    for claim in done.left_out:
        yield f"  Claim {claim.number}"
        yield from (f"    {sentence}" for sentence in claim.sentences)


def _explained(findings: "list[Finding]", most: int | None) -> Iterator[str]:
    """Each finding with its severity, segment number and place, and how many there are."""
    from attest.x12.finding import Severity

    for finding in findings[:most]:
        place = f"segment {finding.segment_no}, {finding.where}" if finding.segment_no else finding.where
        yield f"{finding.severity.capitalize()}: {place}: {finding.sentence}"
    if most is not None and len(findings) > most:
        yield f"… and {len(findings) - most:,} more; --all shows them."
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if not findings:
        yield "Nothing is wrong with this file."
    else:
        warnings = len(findings) - errors
        yield f"{_count(errors, 'error')}, {_count(warnings, 'warning')}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _diagnoses() -> frozenset[str]:
    """The complete codes of the release that comes with the product, without dots."""
    import simple_icd_10_cm as icd

    return frozenset(code for code in icd.get_all_codes(with_dots=False) if icd.is_leaf(code))


def _now() -> datetime:
    """Now, as far ahead as it is anywhere in the country; in the demo by the demo's own clock."""
    now = datetime.now(FARTHEST_AHEAD)
    with suppress(OSError, Unable):
        if Home.from_environment().purpose.get("purpose") == "demo":
            with product():
                from attest.core import clock

                now = clock.now().astimezone(FARTHEST_AHEAD)
    return now
