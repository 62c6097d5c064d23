"""A mail server spoken to by SMTP (RFC 5321), over TLS unless it is on this machine."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, unquote, urlsplit

from attest.gateways.mail import Later, Refused, Unknown

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"smtp": 587, "smtps": 465}
SECONDS = 30.0


class AddressRefused(ValueError):
    """The address of a mail server cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server and how it is spoken to. `starttls` is a demand: without it nothing is said to the server."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    starttls: bool = True
    trusted: str = ""
    """A file of certificate authorities to trust instead of the system's."""

    @classmethod
    def at(cls, address: str, *, trusted: str = "") -> "SmtpServer":
        """The server of `smtp://user:password@host:port` or `smtps://…`.

        smtp:// demands STARTTLS, except of a server on this machine (there `?tls=yes` does). Raises AddressRefused.
        """
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise AddressRefused("ATTEST_SMTP_URL: the port is no number.") from error
        if parts.scheme not in PORTS or not parts.hostname:
            raise AddressRefused("ATTEST_SMTP_URL has the form smtp://user:password@host:587 or smtps://….")
        wanted = parse_qs(parts.query).get("tls") == ["yes"]
        return cls(
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            implicit_tls=parts.scheme == "smtps",
            starttls=parts.scheme == "smtp" and (wanted or parts.hostname not in LOCAL),
            trusted=trusted,
        )

    def carry(self, message: EmailMessage) -> None:
        """Hand one message over, in a connection of its own. Raises Later, Refused or Unknown."""
        connection = self._connect()
        try:
            self._hand_over(connection, message)
        except (OSError, smtplib.SMTPException) as error:
            raise Later(f"The connection to {self.host} broke off: {_words(error)}") from error
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        tls = ssl.create_default_context(cafile=self.trusted or None)
        try:
            connection = (
                smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=tls)
                if self.implicit_tls
                else smtplib.SMTP(self.host, self.port, timeout=SECONDS)
            )
        except (OSError, smtplib.SMTPException) as error:
            raise Later(f"{self.host} does not answer on port {self.port}: {_words(error)}") from error
        try:
            connection.ehlo_or_helo_if_needed()
            if self.starttls:
                connection.starttls(context=tls)
                connection.ehlo()
            if self.user:
                connection.login(self.user, self.password)
        except smtplib.SMTPAuthenticationError as error:
            connection.close()
            raise Later(f"{self.host} does not take our name and password: {_words(error)}") from error
        except (OSError, smtplib.SMTPException) as error:
            connection.close()
            asked = "a connection by TLS" if self.starttls else "a connection"
            raise Later(f"{self.host} did not agree to {asked}: {_words(error)}") from error
        return connection

    def _hand_over(self, connection: smtplib.SMTP, message: EmailMessage) -> None:
        _judge(*connection.mail(message["From"].addresses[0].addr_spec))
        _judge(*connection.rcpt(message["To"].addresses[0].addr_spec))
        _judge(*connection.docmd("DATA"))
        lines = message.as_bytes(policy=SMTP)
        stuffed = b"\r\n".join(
            b"." + line if line.startswith(b".") else line for line in lines.split(b"\r\n")
        )
        connection.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n"))
        # From the final dot on, the server may have taken the message whether we hear its answer or not.
        try:
            connection.send(b".\r\n")
            code, reply = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unknown(f"{self.host} took the message and did not answer: {_words(error)}") from error
        _judge(code, reply)


def _judge(code: int, reply: bytes) -> None:
    """4yz is later, 5yz is never (RFC 5321, 4.2.1); the server's own words are the reason."""
    if code < 400:
        return
    reason = f"{code} {reply.decode(errors='replace')}".replace("\n", " ")[:280]
    if code >= 500:
        raise Refused(reason)
    raise Later(reason)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = (
            error.smtp_error.decode(errors="replace")
            if isinstance(error.smtp_error, bytes)
            else error.smtp_error
        )
        return f"{error.smtp_code} {said}".replace("\n", " ")[:200]
    return (str(error) or type(error).__name__)[:200]
