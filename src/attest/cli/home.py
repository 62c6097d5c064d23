"""The data folder of one installation: where it is, what is kept in it, and its secrets."""

import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from attest.config.home import home as data_folder

RUNS_AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


class Unable(click.ClickException):
    """Something a person can mend. Its message is a plain sentence and the only thing that is printed."""

    def show(self, file: object = None) -> None:
        """Print the sentence on standard error, without a traceback."""
        click.echo(self.format_message(), file=sys.stderr)


@dataclass(frozen=True)
class Home:
    """One installation's data folder. Everything in it is private to the account that runs the product.

    When that account is root, the folder can be passed through (not listed) by others, because the
    database server then runs as an unprivileged account; the secrets stay readable by root alone.
    """

    folder: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """`ATTEST_HOME`, or `/var/lib/attest` for root, or `~/.local/share/attest`."""
        return cls(data_folder())

    def create(self) -> None:
        """Make the folder and its log folder, or say why that is not possible."""
        try:
            private_folder(self.folder, passable=RUNS_AS_ROOT)
            private_folder(self.logs)
        except OSError as error:
            raise Unable(
                f"The data folder {self.folder} cannot be used: {error.strerror}. "
                "Set ATTEST_HOME to a folder you can write to."
            ) from error

    @property
    def logs(self) -> Path:
        """Folder of the log files, one for each process."""
        return self.folder / "log"

    @property
    def demo_file(self) -> Path:
        """`demo.json`: address and logins of the demo, for programs that want to drive it."""
        return self.folder / "demo.json"

    def secret(self, name: str) -> str:
        """The secret of this name, made at random the first time; only its owner can read its file."""
        path = self.folder / name
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            value = secrets.token_urlsafe(48)
            self.keep_secret(name, value)
            return value

    def keep_secret(self, name: str, value: str) -> None:
        """Write a secret so that it is never readable by others, not even for a moment."""
        write_private(self.folder / name, value + "\n")

    @property
    def purpose(self) -> dict[str, str]:
        """What this is for: `{"purpose": "demo" or "practice", "database": where it is}`, or {}."""
        try:
            found: dict[str, str] = json.loads((self.folder / "purpose.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def dedicate(self, purpose: str, database: str) -> None:
        """Settle what this folder and its database are for; refuse when they already serve the other purpose.

        Demo data must never get into a practice's database, nor real clients into the demo.
        """
        found = self.purpose
        if found and (found["purpose"], found["database"]) != (purpose, database):
            raise Unable(
                f"{self.folder} already belongs to the {found['purpose']} on {found['database']}. "
                f"Set ATTEST_HOME to another folder for this {purpose}."
            )
        write_private(
            self.folder / "purpose.json", json.dumps({"purpose": purpose, "database": database}) + "\n"
        )


def private_folder(folder: Path, *, passable: bool = False) -> None:
    """Create the folder for its owner only; `passable` lets others through to what is inside."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711 if passable else 0o700)


def write_private(path: Path, text: str) -> None:
    """Replace the file's content in one step; from its first moment only its owner can read the file."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    scratch.replace(path)
