"""Sending the rows of the outbox: each is taken, carried, and then its outcome is written down.

Taking is a transaction of its own, committed before the server is spoken to. So a message is carried by one worker
only, and one whose worker died half-way is never carried again by itself: it *may not have arrived*, and a person
decides. What surely did not leave is tried again, at growing intervals, as long as it is of use.
"""

import logging
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from uuid import UUID

from django.conf import settings

from attest.core import clock
from attest.core.keys import Altered, KeyMissing
from attest.core.outbox import Message, State
from attest.gateways.mail import Carrier, Later, Refused, Unknown
from attest.gateways.mail.smtp import SmtpServer

log = logging.getLogger("attest.mail")
LONGEST_WAIT = timedelta(hours=4)
LOST_AFTER = timedelta(minutes=10)
TOO_LATE = "It could not be sent while it was of use."
DIED = "The worker stopped while it was being sent."


def carrier() -> Carrier | None:
    """The mail server of the settings, or None when there is none."""
    if not settings.ATTEST_SMTP_URL:
        return None
    return SmtpServer.at(settings.ATTEST_SMTP_URL, trusted=settings.ATTEST_SMTP_CA)


def send(message_id: UUID, *, by: Carrier | None = None) -> State | None:
    """Send one message that waits and is due; returns where it then stands, None when there was nothing to do."""
    by = by or carrier()
    if by is None:
        return None
    now = clock.real_now()
    ready = Message.objects.filter(pk=message_id, state=State.WAITING, due_at__lte=now, useless_at__gt=now)
    if not ready.update(state=State.SENDING, started_at=now):
        return None
    message = Message.objects.get(pk=message_id)
    message.attempts += 1
    try:
        by.carry(composed(message))
    except (Later, KeyMissing, Altered) as problem:
        wait = min(timedelta(minutes=2 ** min(message.attempts - 1, 10)), LONGEST_WAIT)
        return _settle(message, State.WAITING, str(problem), due=now + wait)
    except Refused as problem:
        return _settle(message, State.REFUSED, str(problem))
    except Unknown as problem:
        log.warning("message %s may or may not have left", message.pk)
        return _settle(message, State.UNKNOWN, str(problem))
    return _settle(message, State.SENT)


def _settle(message: Message, state: State, problem: str = "", *, due: datetime | None = None) -> State:
    changes = {"state": state, "problem": problem[:300], "attempts": message.attempts}
    if state is State.WAITING:
        changes["due_at"] = due
        log.info("message %s is put off", message.pk)
    else:
        changes["settled_at"] = clock.real_now()
    if state is State.SENT:
        changes["sealed"] = b""
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(**changes)
    return state


def send_all_due() -> int:
    """Send what is due, give up what is of no use any more, and wipe texts nobody needs; returns how many left."""
    now = clock.real_now()
    for lost in Message.objects.filter(state=State.SENDING, started_at__lt=now - LOST_AFTER):
        log.warning("message %s may or may not have left", lost.pk)
        _settle(lost, State.UNKNOWN, DIED)
    useless = Message.objects.filter(useless_at__lte=now)
    useless.filter(state=State.WAITING).update(state=State.REFUSED, problem=TOO_LATE, settled_at=now)
    if not settings.ATTEST_DEMO:
        useless.exclude(state=State.SENDING).exclude(sealed=b"").update(sealed=b"")
    by = carrier()
    if by is None:
        return 0
    due = Message.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "id")
    return sum(send(pk, by=by) is State.SENT for pk in list(due.values_list("pk", flat=True)[:500]))


def composed(message: Message) -> EmailMessage:
    """The message as it travels. Its Message-ID is the row's, so that a second copy is seen to be one."""
    name, address = parseaddr(settings.ATTEST_MAIL_FROM)
    made = EmailMessage()
    made["From"] = Address(name, addr_spec=address)
    made["To"] = Address(addr_spec=message.address)
    made["Subject"] = message.subject
    made["Date"] = format_datetime(clock.real_now())
    made["Message-ID"] = f"<{message.pk}@{address.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.text)
    return made
