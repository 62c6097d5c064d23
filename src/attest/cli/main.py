"""`attest`: everything that can be done to an installation from a terminal."""

import os
import signal
import sys
from types import FrameType

import click

from attest.cli.audit import audit
from attest.cli.claims import claims
from attest.cli.home import Home, Unable
from attest.cli.keys import keys
from attest.cli.notes import notes
from attest.cli.people import mail


@click.group()
@click.version_option(package_name="attest")
def main() -> None:
    """Attest: practice software for mental-health therapists.

    Data is kept in the folder ATTEST_HOME. DATABASE_URL names a PostgreSQL of your own; without it, the one
    that comes with Attest is used.
    """
    signal.signal(signal.SIGTERM, _end)  # ends like an error does, so that what was started is stopped


@main.command()
@click.option("--port", envvar="PORT", type=click.IntRange(1, 65535), default=8000, show_default=True)
def demo(port: int) -> None:
    """Start a practice full of invented people to look around in. Ctrl-C stops it."""
    from attest.cli.demo import run_demo

    run_demo(Home.from_environment(), port)


@main.command("demo-reset")
@click.option("--port", envvar="PORT", type=click.IntRange(1, 65535), default=8000, show_default=True)
def demo_reset(port: int) -> None:
    """Throw the demo's data away and start it afresh."""
    from attest.cli.demo import forget_demo, run_demo

    home = Home.from_environment()
    forget_demo(home)
    run_demo(home, port)


@main.command(hidden=True)
@click.argument("address")
def prepare(address: str) -> None:
    """Bring everything up to date before a start (run by `attest demo` and `attest serve`)."""
    from attest.cli.prepare import prepare as bring_up_to_date

    bring_up_to_date(address)


@main.command()
def migrate() -> None:
    """Bring the database up to date with this version."""
    from attest.cli.database import product

    with product(owner=True):
        from attest.cli import prepare as steps

        steps.migrate()
        steps.load_codes()
    click.echo("The database is up to date.")


@main.command()
@click.option("--name", prompt="Name of the practice", help="Name of the practice, as on its claims.")
@click.option("--short-name", help="Its name in addresses: small letters, digits, dashes.")
@click.option("--zone", default="America/New_York", prompt="Time zone", help="Such as America/Chicago.")
@click.option("--admin-name", prompt="Your name", help="Name of the first admin.")
@click.option("--admin-email", prompt="Your e-mail address", help="The first admin logs in with it.")
@click.option("--password-stdin", is_flag=True, help="Read the first admin's password from standard input.")
def init(
    name: str, short_name: str | None, zone: str, admin_name: str, admin_email: str, password_stdin: bool
) -> None:
    """Create a practice and its first admin."""
    from attest.cli.init import create_practice

    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("A password for you", hide_input=True, confirmation_prompt=True)
    create_practice(name, short_name, zone, admin_name, admin_email, password)


@main.command()
@click.option("--port", envvar="PORT", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(port: int) -> None:
    """Run the web server and the worker of this installation, on 127.0.0.1. Ctrl-C stops both."""
    from attest.cli.demo import run_practice

    run_practice(Home.from_environment(), port)


@main.command()
def worker() -> None:
    """Run the job worker alone. Ctrl-C or SIGTERM stops it."""
    from attest.cli.database import product

    with product():
        from attest.cli.worker import run_worker

        run_worker()


@main.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def recover(email: str, yes: bool) -> None:
    """Take a lost second step off the login with the address EMAIL, when there is no admin who could begin it."""
    from attest.cli.people import recover_login

    recover_login(email, sure=yes)


@main.group()
def db() -> None:
    """The PostgreSQL server that comes with Attest."""


@db.command("start")
def db_start() -> None:
    """Start the server and leave it running."""
    from attest.cli.database import keep_running, open_database

    home = _home_with_own_server()
    with open_database(home):
        keep_running(home, True)
    click.echo("The database runs. Its address, with the password: attest db url")


@db.command("stop")
def db_stop() -> None:
    """Stop the server."""
    from attest.cli.database import keep_running
    from attest.cli.server import Server

    home = _home_with_own_server()
    keep_running(home, False)
    Server.of(home).stop()
    click.echo("The database is stopped.")


@db.command("url")
@click.option("--app", is_flag=True, help="The application's role instead of the owner.")
def db_url(app: bool) -> None:
    """Print the running server's address, password included."""
    from attest.cli.roles import roles_of_own_server
    from attest.cli.server import Server

    home = _home_with_own_server()
    server = Server.of(home)
    if not server.running():
        raise Unable("The database does not run. Start it with: attest db start")
    urls = roles_of_own_server(server, home)
    click.echo(urls.app if app else urls.owner)


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _home_with_own_server() -> Home:
    if os.environ.get("DATABASE_URL"):
        raise Unable("DATABASE_URL is set: that database is not started or stopped by Attest.")
    home = Home.from_environment()
    home.create()
    return home


main.add_command(audit)
main.add_command(claims)
main.add_command(mail)
main.add_command(keys)
main.add_command(notes)

if __name__ == "__main__":
    main()
