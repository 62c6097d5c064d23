"""The application's role is weak, on our own server and on a database that somebody else runs."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from attest.cli.home import Home, Unable
from attest.cli.roles import APP, OWNER, roles_of_given_database
from attest.cli.server import Server
from attest.core import walls

OWNER_URL, APP_URL = os.environ["DATABASE_URL"], os.environ["APP_DATABASE_URL"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.create()
    return made


@pytest.fixture
def given() -> Iterator[str]:
    """The address of a database as an owner has it who may create roles, like those of managed services."""
    server = Server(Path(os.environ["ATTEST_HOME"]) / "postgres", Path(os.devnull))
    name = f"clinic_{os.getpid()}"
    with server.connect() as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'kept'")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        connection.execute(f"CREATE ROLE {name}_member LOGIN PASSWORD 'kept' IN ROLE {name}")
    yield f"postgresql://{name}:kept@127.0.0.1:{server.port}/{name}"
    with server.connect() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute(f"DROP ROLE {name}_member, {name}")


def with_login(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}"))


def test_the_walls_and_the_setup_speak_of_the_same_role() -> None:
    assert walls.APP_ROLE == APP


def test_the_applications_role_may_do_nothing_special() -> None:
    with psycopg.connect(APP_URL) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, pg_has_role(oid, %s, 'MEMBER')"
            " FROM pg_roles WHERE rolname = current_user",
            [OWNER],
        ).fetchone()
        assert rights == (False,) * 5
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")


def test_a_given_database_is_used_with_both_addresses(home: Home) -> None:
    urls = roles_of_given_database(OWNER_URL, APP_URL, home)
    assert (urls.owner, urls.app) == (OWNER_URL, APP_URL)


def test_the_place_of_a_database_tells_no_password(home: Home) -> None:
    urls = roles_of_given_database(OWNER_URL, APP_URL, home)
    assert urls.place == f"127.0.0.1:{urlsplit(OWNER_URL).port}/attest"


def test_the_owner_is_refused_as_the_applications_role(home: Home) -> None:
    with pytest.raises(Unable, match="practices would not be kept apart"):
        roles_of_given_database(OWNER_URL, OWNER_URL, home)


def test_a_member_of_the_owner_is_refused_as_the_applications_role(home: Home, given: str) -> None:
    member = f"{urlsplit(given).username}_member"
    with pytest.raises(Unable, match="practices would not be kept apart"):
        roles_of_given_database(given, with_login(given, member, "kept"), home)


def test_an_existing_role_with_an_unknown_password_is_left_alone(home: Home, given: str) -> None:
    with pytest.raises(Unable, match="Set APP_DATABASE_URL"):
        roles_of_given_database(given, None, home)
    psycopg.connect(APP_URL).close()


def test_a_wrong_password_is_told_in_a_sentence(home: Home) -> None:
    with pytest.raises(Unable, match=r"does not answer: .*password authentication failed"):
        roles_of_given_database(with_login(OWNER_URL, OWNER, "wrong"), None, home)
