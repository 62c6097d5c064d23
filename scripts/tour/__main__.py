"""`make tour`: start a demo of its own, walk through every screen as every role, and keep the pictures.

The demo lives in a temporary folder and on a free port, and is gone afterwards. Its people and its history come from
a seed and its clock begins at one moment, so that the same product gives the same pictures, but for what is random
on purpose (claim numbers).
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from playwright.sync_api import Browser, sync_playwright

from attest.demo.people import PRACTICE
from scripts.tour.camera import Camera
from scripts.tour.palette import shrink
from scripts.tour.pictures import ALL, CHOSEN, PICTURES, ROOT, chosen_files, gallery
from scripts.tour.walk import walk
from tests.browser.chromium import ARGUMENTS, find_chromium, node

BEGINS = datetime(2026, 11, 18, 18, 20, tzinfo=UTC)
"""A Wednesday, 1:20 PM in the practice's zone: half of the week is behind, half of it still to come."""


def main() -> None:
    """Take every picture, and put the chosen ones into `docs/tour/` with the page that shows them."""
    for folder in (ALL, CHOSEN):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory(prefix="attest-tour-") as home,
        demo(Path(home)) as address,
        browser() as chromium,
    ):
        take(chromium, address)
        page = chromium.new_page()
        for name in chosen_files():
            shrink(page, ALL / name, CHOSEN / name)
    (CHOSEN / "README.md").write_text(gallery())
    made, size = len(list(ALL.iterdir())), sum(path.stat().st_size for path in CHOSEN.iterdir())
    click.echo(
        f"{made} pictures are in {ALL.relative_to(ROOT)}, {len(chosen_files())} of them, made smaller,"
    )
    click.echo(f"in {CHOSEN.relative_to(ROOT)} ({size / 1e6:.1f} MB).")


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The address of a demo that runs for the time of the block, with its data in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = ("DATABASE_URL", "APP_DATABASE_URL", "ATTEST_DEMO")
    variables = {name: value for name, value in os.environ.items() if name not in ours}
    variables |= {"ATTEST_HOME": str(folder / "home"), "PORT": str(port)}
    folder.chmod(0o711)  # as root, the database server is another account
    subprocess.run(
        [sys.executable, "-m", "scripts.tour.story", BEGINS.isoformat()], env=variables, check=True
    )
    command = [sys.executable, "-m", "attest.cli.main", "demo"]
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("Ready: "):
                    break
            else:
                raise SystemExit("The demo did not start.")
            yield line.removeprefix("Ready: ").strip()
        finally:
            process.terminate()


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium that runs here."""
    found = find_chromium()
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = node()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=found.program, args=list(ARGUMENTS), env={**os.environ, **found.environment}
        )
        yield chromium
        chromium.close()


def take(chromium: Browser, address: str) -> None:
    """Walk through the demo at `address`; every picture that is named must have been taken."""
    camera = Camera(chromium, address, PRACTICE["slug"], ALL)
    walk(camera)
    if missed := [name for name in PICTURES if name not in camera.taken]:
        raise SystemExit(f"Not taken: {', '.join(missed)}")


if __name__ == "__main__":
    main()
