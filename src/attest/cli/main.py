"""`attest`: everything that can be done to an installation from a terminal."""

import click

from attest.cli.home import Home, Unable


@click.group()
@click.version_option(package_name="attest")
def main() -> None:
    """Attest: practice software for mental-health therapists.

    Data is kept in the folder ATTEST_HOME. DATABASE_URL names a PostgreSQL of your own; without it, the one
    that comes with Attest is used.
    """


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


@main.command("prepare-demo", hidden=True)
@click.argument("address")
def prepare_demo(address: str) -> None:
    """Bring the demo's database, pages and demo.json up to date (run by `attest demo`)."""
    from attest.cli.prepare import prepare_demo as prepare

    prepare(address)


@main.command()
def migrate() -> None:
    """Bring the database up to date with this version."""
    from attest.cli.database import product

    with product(owner=True):
        from attest.cli.prepare import migrate as bring_up_to_date

        bring_up_to_date()
    click.echo("The database is up to date.")


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


@main.group()
def db() -> None:
    """The PostgreSQL server that comes with Attest."""


@db.command("start")
def db_start() -> None:
    """Start the server and leave it running."""
    from attest.cli.database import keep_running, open_database

    home = _home_with_own_server()
    with open_database(home) as (urls, _):
        keep_running(home, True)
    click.echo(f"The database runs at {urls.place}.")


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


def _home_with_own_server() -> Home:
    import os

    if os.environ.get("DATABASE_URL"):
        raise Unable("DATABASE_URL is set: that database is not started or stopped by Attest.")
    home = Home.from_environment()
    home.create()
    return home


if __name__ == "__main__":
    main()
