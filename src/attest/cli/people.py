"""`attest recover` and `attest mail`: what whoever runs the server can do when e-mail or a second step fails."""

import click

from attest.cli.database import product
from attest.cli.home import Unable


def recover_login(email: str, *, sure: bool) -> None:
    """Take the second step off a login at once, and print a link for a new password, which works for an hour.

    For the only admin of a practice; with another admin, begin it in Settings, Members. `Unable`: no such login.
    """
    with product():
        from django.urls import reverse

        from attest.core import outbox
        from attest.core.logins.reset import path_to_new_password
        from attest.core.models import User
        from attest.practice.actions import recover_on_the_server

        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise Unable(f"There is no login with the address {email}.")
        click.echo(f"{user.name}, {user.email}: the second step is taken off and every session ends.")
        click.echo("It stands in the audit trail, and every admin of their practices gets a message.")
        if not sure:
            click.confirm("Go on?", abort=True)
        taken = recover_on_the_server(user=user)
        click.echo(f"Done: {taken} taken off." if taken else "There was none; every session was ended.")
        click.echo(
            f"They sign in at {outbox.link_to(reverse('account_login'))} and set up a new second step."
        )
        click.echo("If the password is lost too, this link sets a new one, once, within an hour:")
        click.echo(outbox.link_to(path_to_new_password(user)))


@click.group()
def mail() -> None:
    """Messages to people that have not left."""


@mail.command("waiting")
@click.option("--text", is_flag=True, help="Print the texts too. They hold links that open something.")
def mail_waiting(text: bool) -> None:
    """List messages that were not sent, the oldest first; with --text to pass them on by another way."""
    with product():
        from attest.core.outbox import Message, State

        rows = Message.objects.exclude(state=State.SENT).order_by("created_at", "id")
        for row in rows:
            reason = f"  {row.problem}" if row.problem else ""
            click.echo(
                f"{row.created_at:%Y-%m-%d %H:%M}  {row.get_state_display()}  {row.address}  {row.subject}{reason}"
            )
            if text and row.text:
                click.echo("\n" + "\n".join(f"    {line}" for line in row.text.splitlines()) + "\n")
        if not rows:
            click.echo("Every message has left.")


@mail.command("test")
@click.argument("address")
def mail_test(address: str) -> None:
    """Send a test message to ADDRESS at once, and say how it went."""
    with product():
        from attest.core import outbox
        from attest.core.outbox import State
        from attest.gateways.mail import sending

        if sending.carrier() is None:
            raise Unable(
                "No mail server is set up. Name one with ATTEST_SMTP_URL=smtp://user:password@host:587."
            )
        message = outbox.write(
            "mail.test", address=address, words={"practice": "Attest", "who": "Whoever runs this server"}
        )
        sending.send(message.pk)
        message.refresh_from_db()
        if message.state != State.SENT:
            raise Unable(f"The message did not leave: {message.problem}")
    click.echo("The mail server took the message.")
