"""One PostgreSQL server for the whole test run, and the rules that make tests work behind the walls.

The server is started before Django reads its settings and lives in a temporary folder. The workers of
`pytest -n` share it; each has a database of its own.
"""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import psycopg
import pytest
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from attest.cli.home import Home
from attest.cli.roles import roles_of_own_server
from attest.cli.server import throwaway_server

HOME = "ATTEST_TEST_HOME"


def start_database() -> None:
    """Start the server and tell Django about it, unless the process that started this one has done so."""
    if HOME in os.environ:
        return
    home = Home(Path(tempfile.mkdtemp(prefix="attest-test-")))
    home.create()
    stack = ExitStack()
    stack.callback(shutil.rmtree, home.folder, ignore_errors=True)
    server = stack.enter_context(throwaway_server(home.folder / "postgres"))
    atexit.register(stack.close)
    urls = roles_of_own_server(server, home, may_create_databases=True)
    for name in [name for name in os.environ if name.startswith("ATTEST_")]:
        del os.environ[name]
    os.environ.update(
        {
            HOME: str(home.folder),
            "ATTEST_HOME": str(home.folder),
            "ATTEST_TESTING": "1",
            "DATABASE_URL": urls.owner,
            "APP_DATABASE_URL": urls.app,
        }
    )


start_database()
# Only now may Django read its settings; named in pytest's configuration, they would be read too early.
os.environ["DJANGO_SETTINGS_MODULE"] = "attest.config.settings"
django.setup()

# How long one example takes says nothing on a machine that is busy with other tests.
settings.register_profile("attest", deadline=None)
settings.load_profile("attest")


def needs_commits(item: pytest.Item) -> bool:
    """Whether the test sees committed rows, so that tables must be emptied after it."""
    mark = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    return bool(mark and mark.kwargs.get("transaction")) or "live" in fixtures or "live_server" in fixtures


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the owner empty the tables after tests that commit.

    `default` is a second login to the owner's database, and Django empties first logins only.
    """
    for item in items:
        if needs_commits(item):
            item.add_marker(
                pytest.mark.django_db(transaction=True, databases=["default", "owner"]), append=False
            )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the table of routes and roles is, when this run has made it."""
    from tests.access import table

    if said := table.put_together():
        terminalreporter.write_line(said)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Create the test database through its owner.

    The runner's own way creates only the logins that the tests name. They name `default`, nothing would be
    created, and the tests would run on the real database.
    """
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    keep = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0, interactive=False, keepdb=keep, aliases={"owner": None}, serialized_aliases=set()
        )
        assert connections["default"].settings_dict["NAME"].startswith("test_")
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            connections.close_all()
            _close_what_threads_left()
            teardown_databases(made, verbosity=0)


def _close_what_threads_left() -> None:
    """Close connections of threads that have ended: a database that somebody is connected to cannot be dropped."""
    for found in gc.get_objects():
        if isinstance(found, psycopg.Connection) and not found.closed:
            found.close()


@pytest.fixture(autouse=True)
def _empty_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the job queue after tests that commit: its tables are unknown to Django's own emptying."""
    yield
    if needs_commits(request.node):
        from django.db import connections

        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock(), connections["owner"].cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")
