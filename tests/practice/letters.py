"""Reading the messages that were written, as the people they were written to."""

import re

from attest.core.outbox import Message

LINK = re.compile(r"https?://[^/\s]+(/\S*)")


def letters_to(address: str, kind: str = "") -> list[Message]:
    """The messages to an address, oldest first."""
    found = Message.objects.filter(address=address).order_by("created_at", "id")
    return [message for message in found if not kind or message.kind == kind]


def paths_in(message: Message) -> list[str]:
    """The paths of the links in a message."""
    return LINK.findall(message.text)


def path_to(address: str, kind: str) -> str:
    """The path of the first link in the newest message of this kind to an address."""
    return paths_in(letters_to(address, kind)[-1])[0]
