"""The database server survives what happens to servers, and lets nobody in without a password."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from attest.cli.home import RUNS_AS_ROOT
from attest.cli.server import Server, throwaway_server

QUICK = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture(scope="module")
def folder() -> Path:
    """A folder that the server's own account can pass through; it goes when the test run ends."""
    made = Path(tempfile.mkdtemp(dir=os.environ["ATTEST_HOME"]))
    made.chmod(0o711)
    return made


@pytest.fixture(scope="module")
def any_server(folder: Path) -> Iterator[Server]:
    made = Server(folder / "postgres", folder / "postgres.log", QUICK)
    yield made
    made.stop()


@pytest.fixture
def server(any_server: Server) -> Server:
    """A running server; the tests of this file take turns with it."""
    any_server.start(with_parent=True)
    return any_server


def pid_of(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def test_a_started_server_answers_and_a_stopped_one_does_not(server: Server) -> None:
    assert server.running() and server.alive()
    server.stop()
    assert not server.running() and not server.alive()


def test_a_killed_server_comes_back_with_its_data(server: Server) -> None:
    with server.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    assert server.process is not None
    os.kill(pid_of(server), signal.SIGKILL)
    server.process.wait()
    server.start(with_parent=True)
    with server.connect() as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_pid_file_whose_number_belongs_to_another_process_does_not_stop_the_start(server: Server) -> None:
    note = (server.data / "postmaster.pid").read_text().splitlines()
    server.stop()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *note[1:]]) + "\n")
    server.start(with_parent=True)
    assert server.running()


def test_stopping_does_not_signal_a_stranger_named_by_an_old_pid_file(server: Server) -> None:
    server.stop()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n")
        server.stop()
        assert stranger.poll() is None
        stranger.communicate(b"\n")
        assert stranger.returncode == 0
    (server.data / "postmaster.pid").unlink()


def test_a_port_taken_meanwhile_is_replaced_by_a_free_one(server: Server) -> None:
    server.stop()
    before = server.port
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", before))
        other.listen()
        server.start(with_parent=True)
        assert server.running() and server.port != before


def test_the_port_stays_the_same_over_restarts(server: Server) -> None:
    before = server.port
    server.stop()
    server.start(with_parent=True)
    assert server.port == before


@pytest.mark.parametrize("password", ["", "postgres"])
def test_nobody_gets_in_without_the_password(server: Server, password: str) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(
            host="127.0.0.1", port=server.port, user="postgres", password=password, dbname="postgres"
        )


def test_it_listens_on_loopback_alone(server: Server) -> None:
    with server.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)


def test_values_of_a_refused_row_do_not_reach_the_log(server: Server) -> None:
    with server.connect() as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('Ida Invented')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('Ida Invented')")
        with pytest.raises(psycopg.errors.InvalidDatetimeFormat):
            connection.execute("SELECT 'Ida Invented'::date")  # the message itself quotes the value
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT %s::text::uuid", ["Ida Invented"])
        connection.execute("DO $$ BEGIN RAISE WARNING 'Ida Invented'; RAISE LOG 'this is written'; END $$")
    log = server.log.read_text()
    assert "this is written" in log
    assert "Ida" not in log


def test_it_ends_with_the_process_that_started_it_however_that_ends(folder: Path) -> None:
    program = (
        "import sys, pathlib; from attest.cli.server import Server;"
        " folder = pathlib.Path(sys.argv[1]); server = Server(folder / 'postgres', folder / 'log', {'fsync': 'off'});"
        " server.start(with_parent=True); print(server.port, flush=True); input()"
    )
    own = folder / "tied"
    own.mkdir()
    own.chmod(0o711)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(own)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip().isdigit()
        server = Server(own / "postgres", own / "log")
        assert server.running()
        parent.kill()
    server.wait_until_gone()
    assert not server.running()


def test_a_throwaway_server_is_gone_after_its_block(folder: Path) -> None:
    with throwaway_server(folder / "throwaway") as server:
        assert server.running()
    assert not server.running()


@pytest.mark.skipif(not RUNS_AS_ROOT, reason="only root hands the server to another account")
def test_root_hands_the_server_to_an_account_without_rights(server: Server) -> None:
    assert Path(f"/proc/{pid_of(server)}").stat().st_uid != 0
    assert server.data.stat().st_mode & 0o077 == 0
