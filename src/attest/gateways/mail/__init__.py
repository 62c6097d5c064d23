"""Messages on their way out: what a carrier is, and how one says that it could not carry a message."""

from email.message import EmailMessage
from typing import Protocol


class Later(Exception):
    """It did not leave, and may well leave later: the server is away, busy, or does not know us just now."""


class Refused(Exception):
    """It did not leave and never will: the server refused this message or its address for good."""


class Unknown(Exception):
    """Nobody knows whether it left: the connection ended after the whole message had been handed over."""


class Carrier(Protocol):
    """Something that carries one message to its address."""

    def carry(self, message: EmailMessage) -> None:
        """Hand the message over. Returns when it was taken; raises Later, Refused or Unknown with a plain reason."""
