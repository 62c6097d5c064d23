"""The ways of signing in, and of proving it again: the one a login was begun with stands first."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as identities
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest
from django.urls import reverse


class OwnWays:
    """Part of the account adapter: the steps of signing in, and the ways to prove it again."""

    def get_login_stages(self) -> list[str]:
        return ["attest.core.logins.second_factor.SecondFactor"]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """What this person can prove it with, each with words and address; what they came in by stands first."""
        if not user.is_authenticated:
            return []
        known = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
        ways = []
        if user.has_usable_password():
            ways.append(_way("password", "Use your password", "account_reauthenticate"))
        if "webauthn" in known:
            ways.append(_way("passkey", "Use a passkey", "mfa_reauthenticate_webauthn"))
        ways += _providers(user)
        if "totp" in known:
            ways.append(_way("code", "Use a code from your app", "mfa_reauthenticate"))
        first = _began_with(context.request, user)
        return sorted(ways, key=lambda way: way["id"] != first)


def _way(id: str, words: str, url_name: str) -> dict[str, Any]:
    return {"id": id, "description": words, "url": reverse(url_name)}


def _providers(user: Any) -> list[dict[str, Any]]:
    """Signing in anew at the identity provider, which is asked not to take the last time for enough."""
    connected = set(SocialAccount.objects.filter(user_id=user.pk).values_list("provider", flat=True))
    asked = urlencode({"process": "redirect", "auth_params": "prompt=login"})
    return [
        {
            "id": f"provider:{provider.app.provider_id}",
            "description": f"Sign in at {provider.name} again",
            "url": f"{provider.get_login_url(context.request)}?{asked}",
        }
        for provider in (identities().list_providers(context.request) if connected else ())
        if provider.app.provider_id in connected
    ]


def _began_with(request: HttpRequest, user: Any) -> str:
    records = get_authentication_records(request, user)
    if not records:
        return ""
    first = records[0]
    if first.get("method") == "socialaccount":
        return f"provider:{first.get('provider')}"
    return "passkey" if first.get("passwordless") else str(first.get("method"))
