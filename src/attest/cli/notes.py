"""`attest notes`: export a signed note as a file, check such a file anywhere, check all signatures here."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from attest.cli.database import product
from attest.cli.home import Unable
from attest.cli.practices import practice_named

if TYPE_CHECKING:
    from attest.notes.models import Note

FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@click.group()
def notes() -> None:
    """Signed notes: export them, check an export, check every signature."""


@notes.command("export")
@click.argument("note")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write."
)
@click.option("--practice", "slug", help="The practice's short name, where there is more than one.")
def export_note(note: str, out: Path, slug: str | None) -> None:
    """Write a signed note into one file that proves itself. NOTE is its id, or `latest` for the newest signed one."""
    with product():
        from attest.core import audit, clock
        from attest.core.keys import KeyMissing
        from attest.core.walls import inside
        from attest.notes.export.writing import CannotExport, exported

        organization = practice_named(slug)
        try:
            with inside(organization.pk):
                found = _note(organization.pk, note)
                written = exported(found, at=clock.now())
                audit.record(
                    "note.exported",
                    subject_type="note",
                    subject_id=found.pk,
                    client_id=found.client_id,
                    by=None,
                )
        except (CannotExport, KeyMissing) as refusal:
            raise Unable(str(refusal)) from refusal
    _write(out, written)
    click.echo(f"{out} holds the note. Check it anywhere with: attest notes verify {out}")


@notes.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key",
    "published",
    help="The practice's published keys: the file of attest keys public, or a fingerprint.",
)
def verify_file(file: Path, published: str | None) -> None:
    """Check an exported note, without a database, and say in plain words what was changed in it.

    The exit status is 0 when nothing was, 1 otherwise. Without --key it says whose key signed; whether that is the
    practice's own, only comparing it with the published one tells.
    """
    from attest.notes.export.checking import check

    try:
        checked = check(file.read_bytes(), _published(published))
    except OSError as error:
        raise Unable(f"The file {file} cannot be read: {error.strerror}.") from error
    if checked.problems:
        click.echo("Do not rely on this file:")
        for sentence in checked.problems:
            click.echo(f"  {sentence}")
        sys.exit(1)
    click.echo("This file is as it was exported, and every signature in it holds.")
    for fact in checked.facts:
        click.echo(f"  {fact}")
    for fingerprint in checked.fingerprints:
        click.echo(f"  Signed with the key {fingerprint}.")
    if checked.compared:
        click.echo("It was compared with the published keys and is among them.")
    else:
        click.echo(
            "It was not compared with a published key: whoever has a key can make such a file. See --key."
        )


@notes.command("check")
@click.option("--practice", "slug", help="Only this practice.")
def check_all(slug: str | None) -> None:
    """Check every signature of every provider: exit status 0 when all hold, 1 when one does not."""
    with product():
        from attest.notes.verifying import check_practice
        from attest.practice.organization import Organization

        practices = [practice_named(slug)] if slug else list(Organization.objects.order_by("slug"))
        broken = False
        for practice in practices:
            checked = check_practice(practice.pk)
            for sentence in checked.sentences:
                broken = True
                click.echo(f"{practice.slug}: {sentence}")
            click.echo(f"{practice.slug}: {checked.signatures:,} signatures checked.")
        if broken:
            sys.exit(1)


def _note(organization_id: UUID, named: str) -> "Note":
    from attest.notes.models import Note

    notes = Note.objects.filter(organization_id=organization_id)
    if named == "latest":
        found = notes.filter(state="signed").order_by("-versions__signed_at", "-pk").first()
        if found is None:
            raise Unable("No note is signed yet.")
        return found
    try:
        return notes.get(pk=UUID(named))
    except (ValueError, Note.DoesNotExist):
        raise Unable(f"There is no note {named} in this practice.") from None


def _write(out: Path, written: bytes) -> None:
    """Only its owner may read it: it holds a client's record."""
    try:
        out.touch(mode=0o600)
        out.chmod(0o600)
        out.write_bytes(written)
    except OSError as error:
        raise Unable(f"{out} cannot be written: {error.strerror}.") from error


def _published(named: str | None) -> dict[str, bytes] | None:
    """The keys to compare with, by fingerprint."""
    from attest.core.ed25519 import read_published

    if named is None:
        return None
    if FINGERPRINT.fullmatch(named):
        return {named: b""}
    try:
        return read_published(Path(named).read_text())
    except OSError as error:
        raise Unable(f"The file {named} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Unable(f"{named}: {error}") from error
