"""The two database roles: the owner, who migrates, and the application's role, which the walls hold.

The application's role is no superuser, may not bypass row-level security and owns nothing. The web server and
the worker know only this one.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from attest.cli.home import Home, Unable
from attest.cli.server import Server

OWNER = "attest_owner"
APP = "attest_app"
DATABASE = "attest"
OLDEST_SERVER = 160000
OWN_PLACE = "its own server"


@dataclass(frozen=True)
class Urls:
    """How the two roles reach the database, as `postgresql://` addresses with their passwords.

    `owner` is empty where only the application's role is known: enough to run, not to migrate. `place` tells
    which database it is, without any secret, and stays the same as long as it is the same one.
    """

    owner: str
    app: str
    place: str


def roles_of_own_server(server: Server, home: Home, *, may_create_databases: bool = False) -> Urls:
    """Create or renew both roles and the database on a server of ours. Only tests may create databases."""
    passwords = {OWNER: home.secret("owner-password"), APP: home.secret("app-password")}
    with server.connect() as connection:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, password in passwords.items():
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}").format(
                    sql.SQL("ALTER" if role in known else "CREATE"),
                    sql.Identifier(role),
                    sql.SQL("CREATEDB" if may_create_databases and role == OWNER else "NOCREATEDB"),
                    sql.Literal(password),
                )
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )
    owner, app = (
        f"postgresql://{role}:{quote(password, safe='')}@127.0.0.1:{server.port}/{DATABASE}"
        for role, password in passwords.items()
    )
    return Urls(owner, app, OWN_PLACE)


def roles_of_given_database(owner_url: str, app_url: str | None, home: Home) -> Urls:
    """Both roles of a database that somebody else runs; `owner_url` is the owner's address.

    Without `app_url` the application's role is created with a password of its own, kept in the data folder.
    Raises `Unable` when the server is too old or out of reach, when the owner may not create the role, and
    when the application's role is too mighty for the walls to hold it.
    """
    try:
        with psycopg.connect(owner_url, connect_timeout=10, autocommit=True) as connection:
            if connection.info.server_version < OLDEST_SERVER:
                raise Unable("The PostgreSQL of DATABASE_URL is older than 16. Attest needs 16 or newer.")
            app_url = app_url or _create_app_role(connection, owner_url, home)
            urls = Urls(owner_url, app_url, place_of(owner_url))
            app = urlsplit(urls.app).username or ""
            _refuse_mighty_role(connection, app)
    except psycopg.OperationalError as error:
        raise Unable(f"The database of DATABASE_URL does not answer: {_first_line(error)}") from error
    try:
        psycopg.connect(urls.app, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise Unable(
            f"The application's role {app} cannot log in: {_first_line(error)}. "
            "Set APP_DATABASE_URL to its address with its password."
        ) from error
    return urls


def place_of(url: str) -> str:
    """`host:port/name` of a database address."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


def _create_app_role(connection: "psycopg.Connection[tuple[object, ...]]", owner_url: str, home: Home) -> str:
    password = home.secret("app-password")
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone():
        create = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}")
        try:
            connection.execute(create.format(sql.Identifier(APP), sql.Literal(password)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise Unable(
                f"The owner of DATABASE_URL may not create the role {APP}. Have it created with "
                f"CREATE ROLE {APP} LOGIN PASSWORD '...' and set APP_DATABASE_URL to its address."
            ) from error
    parts = urlsplit(owner_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{APP}:{quote(password, safe='')}@{host}"))


def _refuse_mighty_role(connection: "psycopg.Connection[tuple[object, ...]]", app: str) -> None:
    found = connection.execute(
        "SELECT rolsuper OR rolbypassrls OR pg_has_role(oid, current_user, 'MEMBER')"
        " FROM pg_roles WHERE rolname = %s",
        [app],
    ).fetchone()
    if found is None:
        raise Unable(f"The database has no role {app}, which APP_DATABASE_URL names.")
    if found[0]:
        raise Unable(
            f"The role {app} is the owner, a superuser, or may bypass row-level security. "
            "Give the application a role of its own, or practices would not be kept apart."
        )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]
