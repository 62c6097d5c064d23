"""Bring an installation up to date: tables, pages' files, and for the demo its practice and its logins."""

import hashlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import click

from attest.cli.home import Home, write_private


def migrate() -> None:
    """Bring the tables up to date, as the owner of the database."""
    from django.core.management import call_command

    call_command("migrate", database="owner", verbosity=0, interactive=False)


def load_codes() -> None:
    """Load the public code sets that come with this version, unless they are there."""
    from django.core.management import call_command

    with redirect_stdout(io.StringIO()):
        call_command("load_icd")


def tell_missing_keys() -> None:
    """Say which keys cannot be opened. The start goes on: what is not sealed can be read as ever."""
    from attest.core.keys import KeyMissing
    from attest.core.keys.rotation import faults

    try:
        sentences = faults()
    except KeyMissing as missing:
        sentences = [str(missing)]
    for sentence in sentences:
        click.echo(sentence, err=True)


def collect_static() -> None:
    """Put style sheets, scripts and icons where the web server reads them, unless nothing changed since."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    mark = root.with_name("static.sha256")
    wanted = hashlib.sha256("\n".join(_static_files()).encode()).hexdigest()
    if mark.exists() and mark.read_text() == wanted and root.exists():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.write_text(wanted)


def _static_files() -> Iterator[str]:
    """One line for each file that a page may ask for: where it is, its size and when it was last written."""
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for path, storage in sorted(finder.list(None), key=lambda found: found[0]):
            state = Path(storage.path(path)).stat()
            yield f"{storage.path(path)} {state.st_size} {state.st_mtime_ns}"


def prepare(address: str) -> None:
    """Bring tables, codes and pages' files up to date; the demo gets its practice, and its logins written down.

    Runs in a process of its own, the only long-lived command's that holds the owner's password. Where only the
    application's role is known, tables and codes are left as they are.
    """
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    if "owner" in settings.DATABASES:
        migrate()
        load_codes()
        tell_missing_keys()
    collect_static()
    if not settings.ATTEST_DEMO:
        return
    call_command("seed_demo")
    from attest.demo.logins import logins

    home = Home(Path(os.environ["ATTEST_HOME"]))
    demo = {"address": address, "logins": logins()}
    write_private(next_demo_file(home), json.dumps(demo, indent=2) + "\n")
    complete_mark(home).touch()


def next_demo_file(home: Home) -> Path:
    """Where `demo.json` waits until the demo answers."""
    return home.demo_file.with_name("demo.json.next")


def complete_mark(home: Home) -> Path:
    """A file that is there once the demo's history has been made up to its end."""
    return home.folder / "demo-complete"


def describe_demo(home: Home) -> None:
    """Print the demo's logins for a person."""
    demo = json.loads(home.demo_file.read_text())
    rows = [(login["role"], login["name"], login["email"], login["password"]) for login in demo["logins"]]
    widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
    click.echo("\nLog in as:")
    for row in rows:
        click.echo(
            "  " + "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
    click.echo("")
