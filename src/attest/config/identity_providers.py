"""The identity providers that people may sign in by: a list in the environment or in a file of the data folder.

`ATTEST_IDENTITY_PROVIDERS` holds the JSON itself, else `$ATTEST_HOME/identity-providers.json` does:
`[{"id": "harbor", "name": "Harbor ID", "issuer": "https://id.harbor.example", "client_id": "…", "secret": "…",
"domains": ["harbor.example"]}]`. `domains`, when given, are those whose addresses it may vouch for. At the provider,
allow the address `…/accounts/login/by/<id>/callback/` to be returned to.
"""

import json
import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

VARIABLE, FILE = "ATTEST_IDENTITY_PROVIDERS", "identity-providers.json"
NEEDED = ("id", "name", "issuer", "client_id", "secret")


def identity_providers(folder: Path) -> list[dict[str, Any]]:
    """The providers in the login library's words; none when neither place names any.

    Raises ImproperlyConfigured with a sentence when what is there cannot be used.
    """
    text, place = os.environ.get(VARIABLE, ""), VARIABLE
    if not text and (folder / FILE).exists():
        text, place = (folder / FILE).read_text(), str(folder / FILE)
    if not text:
        return []
    try:
        found = json.loads(text)
        apps = [_app(entry) for entry in found]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ImproperlyConfigured(
            f"{place} is no JSON list of identity providers, each with {', '.join(NEEDED)}."
        ) from None
    if len({app["provider_id"] for app in apps}) < len(apps):
        raise ImproperlyConfigured(f"{place} names two identity providers with one id.")
    return apps


def _app(entry: dict[str, Any]) -> dict[str, Any]:
    id, name, issuer, client_id, secret = (str(entry[key]) for key in NEEDED)
    domains = [str(domain).strip().lower() for domain in entry.get("domains", [])]
    return {
        "provider_id": id,
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer.rstrip("/"), "domains": domains, "oauth_pkce_enabled": True},
    }
