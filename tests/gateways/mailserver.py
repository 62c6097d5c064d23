"""A real mail server for tests: it speaks SMTP, wants TLS and a password if told to, and refuses when told to."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "attest", "a password of the server"


@dataclass
class MailServer:
    """What the server was handed, and how it answers. `answer` is said to RCPT, `answer_to_data` after the message."""

    port: int = 0
    answer: str = "250 OK"
    answer_to_data: str = "250 taken"
    hang_up: bool = False
    """The message is kept, and the connection ends without an answer."""
    taken: list[EmailMessage] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://localhost:{self.port}"

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, _: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        if self.answer_to_data.startswith("250"):
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
            self.secure.append(session.ssl is not None)
        if self.hang_up:
            server.transport.abort()
        return self.answer_to_data


@contextmanager
def running(*, tls: Path | None = None, password: bool = False) -> Iterator[MailServer]:
    """A mail server on a free port of this machine; `tls` is the folder with `key.pem` and `certificate.pem`."""
    kept = MailServer()
    more: dict[str, Any] = {}
    if tls:
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "certificate.pem", tls / "key.pem")
        more |= {"tls_context": context, "require_starttls": True}
    if password:
        more |= {
            "auth_required": True,
            "auth_require_tls": tls is not None,
            "authenticator": lambda server, session, envelope, mechanism, data: AuthResult(
                success=(data.login.decode(), data.password.decode()) == (USER, PASSWORD), handled=False
            ),
        }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        kept.port = probe.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, **more)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


def make_certificate(folder: Path) -> Path:
    """A certificate of its own for localhost, as `certificate.pem` and `key.pem` in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    return folder
