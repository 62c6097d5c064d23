"""Where Attest keeps its data on this machine, and the site's secret key."""

import contextlib
import os
import secrets
from pathlib import Path


def home() -> Path:
    """The data folder: `ATTEST_HOME`, else `/var/lib/attest` for root, else `~/.local/share/attest`."""
    if chosen := os.environ.get("ATTEST_HOME"):
        return Path(chosen).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/attest")
    return Path.home() / ".local" / "share" / "attest"


def secret_key() -> str:
    """`ATTEST_SECRET_KEY`, else the key file in the data folder, which is made on first use (mode 0600)."""
    if given := os.environ.get("ATTEST_SECRET_KEY"):
        return given
    path = home() / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"secret-key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
