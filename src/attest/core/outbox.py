"""Messages to people, by e-mail: each is a row first, written in the transaction that decides it.

A gateway sends it after that (`gateways.mail`). The text lies sealed, because it holds links that open something, and
is wiped as soon as nobody needs it any more: once it is sent, or given up. In the demo nothing is sent; the text stays
for the page that shows it.
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from procrastinate.contrib.django import app

from attest.core import clock, letters
from attest.core.ids import new_id

PURPOSE = "mail"
SEND = "attest.send_mail"


class State(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    REFUSED = "refused", "Not sent"
    UNKNOWN = "unknown", "May not have arrived"


class Message(models.Model):
    """One message to one person. `organization_id` is empty for what concerns a login and not a practice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    user_id = models.UUIDField(null=True)
    address = models.EmailField()
    subject = models.CharField(max_length=300)
    sealed = models.BinaryField(default=b"")
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.real_now)
    useless_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    started_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="message_open", condition=Q(state__in=["waiting", "sending"])
            ),
            models.Index(fields=["organization_id", "-created_at"], name="message_of"),
        ]

    @property
    def text(self) -> str:
        """The text, as long as it is kept; else empty."""
        from attest.core import keys

        if not self.sealed:
            return ""
        return keys.unseal(bytes(self.sealed), purpose=PURPOSE, organization_id=None).decode()


def write(
    kind: str,
    *,
    address: str,
    words: Mapping[str, str],
    organization_id: UUID | None = None,
    user_id: UUID | None = None,
) -> Message:
    """Write a message of this kind (`core.letters`); it leaves when the current transaction has committed.

    `words` fill its text. Raises LookupError for words that a message must not hold.
    """
    from attest.core import keys

    subject, text = letters.worded(kind, words)
    now = clock.real_now()
    message = Message.objects.create(
        organization_id=organization_id,
        kind=kind,
        user_id=user_id,
        address=address,
        subject=subject[:300],
        sealed=keys.seal(text.encode(), purpose=PURPOSE, organization_id=None),
        due_at=now,
        useless_at=now + letters.letters()[kind].useful_for,
        state=State.SENT if settings.ATTEST_DEMO else State.WAITING,
        settled_at=now if settings.ATTEST_DEMO else None,
    )
    if not settings.ATTEST_DEMO:
        hand_over(message.pk)
    return message


def hand_over(message_id: UUID) -> None:
    """Ask the worker to send the message as soon as the current transaction has committed."""
    app.configure_task(SEND).defer(message_id=str(message_id))


def again(message: Message) -> bool:
    """Send a message that was given up once more, when its text is still kept; False when it is not."""
    if message.state not in (State.REFUSED, State.UNKNOWN) or not message.sealed:
        return False
    changed = Message.objects.filter(pk=message.pk, state=message.state).update(
        state=State.WAITING, due_at=clock.real_now(), settled_at=None, attempts=0, problem=""
    )
    if changed:
        hand_over(message.pk)
    return bool(changed)


def unsent(organization_id: UUID) -> "models.QuerySet[Message]":
    """The practice's messages that have not left, newest first."""
    return (
        Message.objects.filter(organization_id=organization_id)
        .exclude(state=State.SENT)
        .order_by("-created_at", "-id")
    )


def not_sent(organization_id: UUID) -> int:
    """How many of the practice's messages were given up, or may not have arrived, and can still be tried again."""
    given_up = Message.objects.filter(
        organization_id=organization_id, state__in=[State.REFUSED, State.UNKNOWN]
    )
    return given_up.filter(useless_at__gt=clock.real_now()).count()


def server_name() -> str:
    """The mail server's name, as the settings have it; empty when there is none."""
    return urlsplit(settings.ATTEST_SMTP_URL).hostname or ""


def site_address(request: HttpRequest | None = None) -> str:
    """`https://host` of this site for links in messages.

    What whoever runs it has named; a site that was given no name goes by where the request came in.
    """
    if settings.ATTEST_ADDRESS:
        return str(settings.ATTEST_ADDRESS)
    if request is not None:
        return f"{request.scheme}://{request.get_host()}"
    return str(settings.SITE.url)


def link_to(path: str, request: HttpRequest | None = None) -> str:
    """A whole link to a path of this site."""
    return site_address(request) + path


def moment_text(at: datetime, zone: str) -> str:
    """A time as a message says it, such as "11/26/2026, 4:50 PM ET"."""
    from attest.core.templatetags.times import date_text, in_zone, time_text, zone_letters

    there = in_zone(at, zone)
    return f"{date_text(there.date())}, {time_text(there)} {zone_letters(at, zone)}"
