"""A real OpenID Connect server on this machine, for people to sign in by."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import requests

ID, NAME = "harbor-id", "Harbor ID"


class IdentityProvider:
    """The running server. Everybody it knows by a name (`sub`) may sign in; what it says of them is set here."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://localhost:{port}"

    def knows(self, sub: str, **claims: Any) -> None:
        """Let it say these things of a person: email, email_verified, name."""
        requests.put(f"{self.issuer}/users/{quote(sub)}", json=claims, timeout=5).raise_for_status()

    def entry(self, **more: Any) -> dict[str, Any]:
        """How an installation is told of it."""
        return {
            "id": ID,
            "name": NAME,
            "issuer": self.issuer,
            "client_id": "attest",
            "secret": "s3cret",
            **more,
        }


def entries(port: int) -> str:
    """The environment's variable for a provider that will run at that port."""
    return json.dumps([IdentityProvider(port).entry()])


@contextmanager
def identity_provider(port: int = 0) -> Iterator[IdentityProvider]:
    """Run one, at a free port unless told which."""
    import oidc_provider_mock  # only here: it brings a web framework of its own

    with oidc_provider_mock.run_server_in_thread(port=port) as server:
        yield IdentityProvider(server.server_port)
