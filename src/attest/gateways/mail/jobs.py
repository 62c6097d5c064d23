"""What the worker runs: one message at once after it was written, and every minute all that is due."""

from uuid import UUID

from procrastinate.contrib.django import app

from attest.core.jobs import fresh_connection
from attest.core.outbox import SEND
from attest.gateways.mail import sending


@app.task(name=SEND)
@fresh_connection
def send_mail(*, message_id: str) -> None:
    """Send one message."""
    sending.send(UUID(message_id))


@app.periodic(cron="* * * * *")
@app.task(name="attest.send_due_mail")
@fresh_connection
def send_due_mail(timestamp: int = 0) -> None:
    """Send every message that is due."""
    sending.send_all_due()
