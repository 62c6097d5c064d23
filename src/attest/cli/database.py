"""Which database the product uses, and how a command gets hold of it.

`DATABASE_URL` names one that somebody else runs (`APP_DATABASE_URL` alone is enough where nothing has to be
migrated). Without them our own server is used: the running one, or one
that is started for the command and stopped by the last command that needs it.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from attest.cli.home import Home, Unable
from attest.cli.roles import Urls, place_of, roles_of_given_database, roles_of_own_server
from attest.cli.server import Server


@contextmanager
def open_database(home: Home, *, with_parent: bool = False) -> Iterator[tuple[Urls, Server | None]]:
    """The addresses for both roles, and our own server when it is ours, for the time of the block.

    `with_parent` ties a server that had to be started to the life of this process.
    """
    owner, app = os.environ.get("DATABASE_URL"), os.environ.get("APP_DATABASE_URL")
    if owner:
        yield roles_of_given_database(owner, app, home), None
        return
    if app:
        yield Urls("", app, place_of(app)), None
        return
    server = Server.of(home)
    with (home.folder / "postgres.lock").open("a") as lock:
        with _one_at_a_time(home):
            fcntl.flock(
                lock, fcntl.LOCK_SH
            )  # everybody who uses it holds a share; who stops it holds it alone
            server.start(with_parent=with_parent)
            urls = roles_of_own_server(server, home)
        try:
            yield urls, server
        finally:
            tied = with_parent and server.process is not None
            if tied or (not kept_running(home) and _last_to_leave(lock.fileno())):
                server.stop()


def kept_running(home: Home) -> bool:
    """Whether `attest db start` asked for the server to stay up."""
    return (home.folder / "postgres.keep").exists()


def keep_running(home: Home, wanted: bool) -> None:
    """Let the server stay up after the last command, or no longer."""
    mark = home.folder / "postgres.keep"
    if wanted:
        mark.touch()
    else:
        mark.unlink(missing_ok=True)


def environment(home: Home, urls: Urls, *, owner: bool = False) -> dict[str, str]:
    """The process environment for the product. Only with `owner` does it hold the owner's password.

    The data folder alone decides whether this is the demo.
    """
    ours = {"DATABASE_URL", "APP_DATABASE_URL", "ATTEST_DEMO"}
    made = {name: value for name, value in os.environ.items() if name not in ours}
    made["ATTEST_HOME"] = str(home.folder)
    made["DJANGO_SETTINGS_MODULE"] = "attest.config.settings"
    made["PYTHONUNBUFFERED"] = "1"  # what is said is seen at once, in log files too
    made["APP_DATABASE_URL"] = urls.app
    if owner and urls.owner:
        made["DATABASE_URL"] = urls.owner
    if home.purpose.get("purpose") == "demo":
        made["ATTEST_DEMO"] = "1"
    return made


@contextmanager
def product(*, owner: bool = False, with_parent: bool = False, purpose: str | None = None) -> Iterator[Home]:
    """Django ready for use in this process, with its database up, for the time of the block.

    Every command that needs the product's own functions runs inside this. For `with_parent` see `open_database`;
    `purpose` settles what the data folder is for (`Home.dedicate`).
    """
    home = Home.from_environment()
    home.create()
    with open_database(home, with_parent=with_parent) as (urls, _):
        if purpose:
            home.dedicate(purpose, urls.place)
        if owner and not urls.owner:
            raise Unable(
                "The tables can only be changed by their owner. Set DATABASE_URL to the owner's address."
            )
        ready = environment(home, urls, owner=owner)
        for name in set(os.environ) - set(ready):
            del os.environ[name]
        os.environ.update(ready)
        import django
        from django.db import connections

        django.setup()
        try:
            yield home
        finally:
            connections.close_all()


@contextmanager
def temporary_product() -> Iterator[Home]:
    """An empty installation in a temporary folder, migrated, Django ready, as durable as a real one.

    For measurements and fault drills. Nothing of it is left after the block.
    """
    with tempfile.TemporaryDirectory(prefix="attest-") as folder:
        os.environ.update({"ATTEST_HOME": folder})
        for name in ("DATABASE_URL", "APP_DATABASE_URL"):
            os.environ.pop(name, None)
        with product(owner=True, with_parent=True) as home:
            from attest.cli.prepare import collect_static, migrate

            migrate()
            collect_static()
            yield home


@contextmanager
def _one_at_a_time(home: Home) -> Iterator[None]:
    """Two who find the server stopped do not start it twice."""
    with (home.folder / "postgres.starting").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _last_to_leave(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
