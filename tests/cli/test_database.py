"""Commands share the database server that comes with the product."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from attest.cli.database import open_database
from attest.cli.home import Home

ANOTHER_COMMAND = """
import psycopg, sys
from pathlib import Path
from attest.cli.database import open_database
from attest.cli.home import Home
with open_database(Home(Path(sys.argv[1]))) as (urls, _):
    psycopg.connect(urls.app).close()
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """An installation without a database yet, in a folder that the server's account can pass through."""
    for name in ("DATABASE_URL", "APP_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = Path(tempfile.mkdtemp(prefix="attest-test-"))
    home = Home(folder)
    home.create()
    yield home
    shutil.rmtree(folder, ignore_errors=True)


def test_a_command_works_beside_a_running_installation_and_leaves_its_server_alone(home: Home) -> None:
    with open_database(home, with_parent=True) as (urls, server):
        assert server is not None
        subprocess.run([sys.executable, "-c", ANOTHER_COMMAND, str(home.folder)], check=True, timeout=60)
        psycopg.connect(urls.app).close()
        assert server.alive()
    assert not server.running()


def test_two_commands_at_once_start_one_server_and_the_last_one_stops_it(home: Home) -> None:
    command = [sys.executable, "-c", ANOTHER_COMMAND, str(home.folder)]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    with open_database(home) as (_, server):
        assert server is not None and server.alive()
    assert not server.running()
