"""Starts everything an installation needs, watches over it, and stops all of it again."""

import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import NoReturn

import click
import psycopg
from django.core.exceptions import ImproperlyConfigured

from attest.cli.children import Child, dies_with_parent
from attest.cli.database import environment, keep_running, open_database
from attest.cli.home import Home, Unable
from attest.cli.prepare import complete_mark, describe_demo, next_demo_file
from attest.cli.server import Server
from attest.config.site import Site, site

ANSWER_SECONDS = 60
WEB = ["-m", "gunicorn", "--config", "python:attest.config.gunicorn", "attest.config.wsgi:application"]


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


def run_demo(home: Home, port: int) -> None:
    """Run the demo until it is stopped. `Unable`: it cannot start, or a part of it ended by itself."""
    _run(home, port, purpose="demo")


def run_practice(home: Home, port: int) -> None:
    """Run web server and worker of a real practice until stopped; its tables are brought up to date first."""
    _run(home, port, purpose="practice")


def forget_demo(home: Home) -> None:
    """Remove all the demo's data. Refuses on a data folder that holds a real practice."""
    found = home.purpose
    if not found:
        return
    if found["purpose"] != "demo":
        raise Unable(f"{home.folder} holds a practice, not the demo. Nothing was removed.")
    with _only_one(home):
        _remove_demo(home)


def _remove_demo(home: Home) -> None:
    if given := os.environ.get("DATABASE_URL"):
        with open_database(home) as (urls, _):
            place = home.purpose["database"]
            if urls.place != place:
                raise Unable(f"The demo is on {place}, not on DATABASE_URL's server. Nothing was removed.")
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    else:
        Server.of(home).stop()
        keep_running(home, False)
        shutil.rmtree(home.folder / "postgres", ignore_errors=True)
    for name in ("static", "log", "claims", "audit"):
        shutil.rmtree(home.folder / name, ignore_errors=True)
    for path in (home.demo_file, next_demo_file(home), complete_mark(home)):
        path.unlink(missing_ok=True)
    for name in ("keys.json", "keys.json.new", "keys.lock"):  # they open nothing any more
        (home.folder / name).unlink(missing_ok=True)
    for name in ("static.sha256", "purpose.json"):  # the purpose last: until then this can be done again
        (home.folder / name).unlink(missing_ok=True)


def _run(home: Home, port: int, *, purpose: str) -> None:
    home.create()
    place = _site(port)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with _only_one(home):
            _require_free(port)
            if home.purpose.get("purpose") == "demo" == purpose and not complete_mark(home).exists():
                click.echo("The first start was interrupted. Starting afresh.")
                _remove_demo(home)
                home.create()
            home.demo_file.unlink(missing_ok=True)
            with open_database(home, with_parent=True) as (urls, server):
                home.dedicate(purpose, urls.place)
                variables = {**environment(home, urls, owner=True), "ATTEST_URL": place.url}
                if purpose == "demo":
                    # An interrupted history is made up anew, so nothing has to wait for disks.
                    variables["PGOPTIONS"] = "-c synchronous_commit=off"
                _prepare(place.url, variables)
                with _parts(home, port, {**environment(home, urls), "ATTEST_URL": place.url}) as parts:
                    _wait_for_answer(home, port, place, parts)
                    if purpose == "demo":
                        next_demo_file(home).rename(home.demo_file)
                        describe_demo(home)
                    click.echo(f"Ready: {place.url}")
                    _watch(home, parts, server)
    except Stopped:
        click.echo("Stopped.")


def _site(port: int) -> Site:
    """Where the site is reached; without a name of its own on this machine alone. `Unable` for what cannot be."""
    try:
        return site({**os.environ, "PORT": str(port)})
    except ImproperlyConfigured as error:
        raise Unable(str(error)) from error


def _prepare(address: str, variables: Mapping[str, str]) -> None:
    """Run the preparation as a child that may print to the terminal."""
    process = subprocess.Popen(
        [sys.executable, "-m", "attest.cli.main", "prepare", address],
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=dies_with_parent(signal.SIGKILL),
    )
    child = Child("preparation", process, signal.SIGKILL)
    try:
        status = process.wait()
    finally:
        child.stop(patience=5)
    if status != 0:
        raise Unable(f"The start could not be prepared (exit status {status}); the reason is above.")


@contextmanager
def _parts(home: Home, port: int, variables: dict[str, str]) -> Iterator[list[Child]]:
    """Web server and worker, each with a log file; both are stopped when the block ends."""
    with ExitStack() as stack:
        parts: list[Child] = []
        for name, command, orphan_signal in (
            ("web server", [*WEB, "--bind", f"127.0.0.1:{port}"], signal.SIGTERM),
            # Orphaned, the worker would try to say goodbye to a database that is gone too.
            ("worker", ["-m", "attest.cli.main", "worker"], signal.SIGKILL),
        ):
            log = home.logs / f"{name.split()[0]}.log"
            part = Child.start(
                name,
                [sys.executable, *command],
                environment=variables,
                log=log,
                orphan_signal=orphan_signal,
            )
            stack.callback(part.stop, 12)
            parts.append(part)
        try:
            yield parts
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)  # it is stopping already
            for part in parts:
                if not part.ended():
                    part.process.send_signal(part.stop_signal)


def _wait_for_answer(home: Home, port: int, place: Site, parts: list[Child]) -> None:
    headers = {"Host": place.host}
    if place.https:
        headers["X-Forwarded-Proto"] = "https"  # as the web server in front says it
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        _require_alive(home, parts)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/", headers=headers)
            answer = connection.getresponse().status
        except OSError:
            time.sleep(0.05)
            continue
        finally:
            connection.close()
        if answer < 400:
            return
        raise Unable(f"The web server answers with {answer}. Its log: {home.logs / 'web.log'}")
    raise Unable(f"The web server did not answer within a minute. Its log: {home.logs / 'web.log'}")


def _watch(home: Home, parts: list[Child], server: Server | None) -> NoReturn:
    while True:
        _require_alive(home, parts)
        if server is not None and not server.alive():
            raise Unable(f"The database stopped. Its log: {server.log}")
        time.sleep(0.3)


def _require_alive(home: Home, parts: list[Child]) -> None:
    for part in parts:
        if part.ended():
            log = home.logs / f"{part.name.split()[0]}.log"
            raise Unable(f"The {part.name} stopped (exit status {part.process.returncode}). Its log: {log}")


@contextmanager
def _only_one(home: Home) -> Iterator[None]:
    """Hold the data folder: two at once on one folder would fight over it."""
    home.create()
    with (home.folder / "running.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Unable(
                f"Attest already runs with the data folder {home.folder}. Stop it there first, "
                "or set ATTEST_HOME to another folder."
            ) from error
        yield


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Unable(f"Port {port} needs more rights. Choose one above 1023 with PORT=8001.") from error
        except OSError as error:
            raise Unable(
                f"Port {port} is taken by another program. Choose another one, for example PORT={port + 1}."
            ) from error


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped
