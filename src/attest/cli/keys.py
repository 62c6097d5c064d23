"""`attest keys`: look at the keys, replace them, publish those that verify. None but `next` prints a secret."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from attest.cli.database import product
from attest.cli.home import Unable

if TYPE_CHECKING:
    from attest.core.keys.models import SigningKey, WrappedKey
    from attest.core.keys.rotation import Standing


@click.group()
def keys() -> None:
    """Keys: what is secret is sealed with them, what is signed is signed with them."""


@keys.command("show")
def show() -> None:
    """List all keys with their dates and fingerprints, and how much is under each."""
    with _all_keys():
        from attest.core.keys.rotation import standing

        found = standing()
        for line in _shown(found, _names(), _signatures()):
            click.echo(line)


@keys.command("check")
def check() -> None:
    """Try whether every key can be opened: exit status 0 when all can, 1 when one cannot."""
    with _all_keys():
        from attest.core.keys.rotation import faults, standing

        found, sentences = standing(), faults()
        for sentence in sentences:
            click.echo(sentence, err=True)
        if sentences:
            sys.exit(1)
        opened = len(found.site) + len(found.data)
        click.echo(
            f"All keys can be opened: {_count(opened, 'data key')}, {_count(len(found.signing), 'signing key')}."
        )


@keys.command("rotate")
@click.option(
    "--give-up-lost",
    is_flag=True,
    help="Go on without data keys whose master key is lost. What they sealed stays unreadable.",
)
def rotate(give_up_lost: bool) -> None:
    """Replace every key that is in force. What was sealed stays readable, what was signed still verifies."""
    with _all_keys():
        from attest.core import audit
        from attest.core.keys import masters
        from attest.core.keys.rotation import rotate
        from attest.core.walls import inside

        done = rotate(give_up_lost=give_up_lost)
        for practice in done.practices:
            with inside(practice):
                audit.record("keys.rotated", subject_type="organization", subject_id=practice, by=None)
        click.echo(f"The master key is now {done.master.id} (fingerprint {done.master.fingerprint}).")
        click.echo(
            f"{_count(done.wrapped_anew, 'data key')} wrapped by it, {_count(done.given_up, 'lost one')} given up."
        )
        click.echo(f"{_count(len(done.practices), 'practice')}: new data key, new signing key.")
        click.echo(f"Now make a backup of {masters.place()}.")


@keys.command("forget")
def forget() -> None:
    """Remove master keys that wrap nothing any more. Backups from before the rotation need them: keep a copy."""
    with _all_keys():
        from attest.core.keys.rotation import forget

        gone = forget()
        for master in gone:
            click.echo(f"Removed the master key {master.id} (fingerprint {master.fingerprint}).")
        if not gone:
            click.echo("Every master key is still needed.")


@keys.command("next")
def next_secret() -> None:
    """Print what ATTEST_KEYS must hold for the next rotation: the same keys and a new one. This is a secret."""
    with _all_keys():
        from attest.core.keys import masters

        if not masters.in_environment():
            raise Unable("The master keys are in a file; attest keys rotate adds the new one itself.")
        click.echo(masters.ring().with_another().as_text(lines=False), nl=False)


@keys.command("public")
@click.argument("practice")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write them into this file.")
def public(practice: str, out: Path | None) -> None:
    """Print the public keys of PRACTICE (its short name): whoever has them can check what it signed."""
    from attest.cli.practices import practice_named

    with product(), _plainly():
        from attest.core.keys.publishing import published
        from attest.core.walls import inside

        organization = practice_named(practice)
        with inside(organization.pk):
            text = published(organization.pk, organization.name)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text)
    except OSError as error:
        raise Unable(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{out} holds the public keys of {organization.name}.")


@contextmanager
def _all_keys() -> Iterator[None]:
    """The product, over the owner's connection, its refusals as plain sentences."""
    with product(owner=True), _plainly():
        yield


@contextmanager
def _plainly() -> Iterator[None]:
    from attest.core.keys.problems import CannotRotate, KeyMissing

    try:
        yield
    except (CannotRotate, KeyMissing) as problem:
        raise Unable(str(problem)) from problem


def _names() -> dict[UUID, str]:
    from attest.practice.organization import Organization

    return dict(Organization.objects.values_list("pk", "slug"))


def _signatures() -> Counter[UUID]:
    """How many notes, additions and checkpoints of the audit trail each signing key has signed."""
    from django.db.models import Count

    from attest.core.keys.rotation import OWNER, all_practices
    from attest.core.models import AuditCheckpoint
    from attest.notes.models import Signature

    signed: Counter[UUID] = Counter()
    with all_practices():
        for rows in (Signature.objects.using(OWNER), AuditCheckpoint.objects.using(OWNER)):
            signed.update(dict(rows.values_list("key_id").annotate(Count("pk")).order_by()))
    return signed


def _shown(found: "Standing", names: dict[UUID, str], signatures: Counter[UUID]) -> Iterator[str]:
    from attest.core.keys import masters

    yield f"Master keys, in {masters.place()}:"
    for master in found.ring.masters:
        role = "active" if master.id == found.ring.active_id else "older"
        under = _count(found.wrapped[master.id], "data key")
        yield f"  {master.id}  {role}, fingerprint {master.fingerprint}, made {_when(master.made_at)}, wraps {under}"
    if not found.ring.masters:
        yield "  none" + ("; the first one is made when something is sealed" if not found.site else "")
    for missing in sorted(set(found.wrapped) - set(found.ring.by_id)):
        yield f"  {missing}  MISSING, wraps {_count(found.wrapped[missing], 'data key')}"
    yield "The site:"
    yield from (_data_line(row) for row in found.site)
    for organization_id in found.practices:
        yield f"Practice {names.get(organization_id, organization_id)}:"
        yield from (_data_line(row) for row in found.data if row.organization_id == organization_id)
        yield from (
            _signing_line(row, signatures[row.pk])
            for row in found.signing
            if row.organization_id == organization_id
        )


def _data_line(row: "WrappedKey") -> str:
    given_up = f", given up {_when(row.lost_at)}" if row.lost_at else ""
    return (
        f"  data key {row.number}  {row.pk}, made {_when(row.made_at)}, wrapped by {row.master_id}{given_up}"
    )


def _signing_line(row: "SigningKey", signed: int) -> str:
    from attest.core.ed25519 import fingerprint

    until = f"retired {_when(row.retired_at)}" if row.retired_at else "in force"
    return (
        f"  signing key {row.number}  {row.pk}, {until}, made {_when(row.made_at)},"
        f" signed {_count(signed, 'thing')}\n    fingerprint {fingerprint(bytes(row.public))}"
    )


def _when(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
