"""Signing in by an identity provider (OpenID Connect): only for people a practice has invited, nobody is made by it.

The providers are in the installation's settings (`config.identity_providers`); each is trusted for the addresses it
calls verified, within the domains it is set up for.
"""

from typing import Any, NoReturn

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.http import HttpRequest
from django.shortcuts import render

from attest.core.models import User

UNKNOWN = (
    "Nobody here has the address that it gave. Ask your practice to invite you by the address you use there."
)
UNVERIFIED = (
    "It does not vouch for your address. Ask the people who run it to verify your email, then try again."
)
NOT_ITS_DOMAIN = (
    "Your address is not one of those it may vouch for here. Sign in another way, or ask your practice."
)
ANOTHER = "Your login belongs to another account there. Disconnect that one under Your login first."
NOT_YOU = "That was somebody else's account. Prove it with your own."
BY_SIGNING_IN = "An account is connected by signing in with it. Sign out here, then sign in there."
STRANGE = "Its answer was not from where it should have come. Tell the person who runs this site."


class Identities(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What is done with somebody that an identity provider has let in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find whose login it is, or refuse with a sentence. Keeps nothing the provider told but the account's id."""
        claims = _claims(sociallogin)
        settings = sociallogin.provider.app.settings
        sociallogin.account.extra_data = {}
        if "iss" in claims and claims["iss"].rstrip("/") != settings["server_url"].rstrip("/"):
            _refuse(request, sociallogin, STRANGE)
        if sociallogin.account.pk:
            sociallogin.account.save(update_fields=["extra_data"])
        process = sociallogin.state.get("process")
        if process == "redirect":
            self._prove_again(request, sociallogin)
        elif process != "login":
            _refuse(request, sociallogin, BY_SIGNING_IN)
        elif not sociallogin.account.pk:
            sociallogin.connect(request, _invited(request, sociallogin, claims))

    def _prove_again(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if not (sociallogin.account.pk and sociallogin.account.user_id == request.user.pk):
            _refuse(request, sociallogin, NOT_YOU)
        account = sociallogin.account
        record_authentication(
            request,
            request.user,
            "socialaccount",
            provider=account.provider,
            uid=account.uid,
            reauthenticated=True,
        )

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The audit trail says it; a letter would only repeat what the person has just done at both places."""


def _claims(sociallogin: SocialLogin) -> dict[str, Any]:
    told = sociallogin.account.extra_data
    return {**told.get("id_token", {}), **told.get("userinfo", {})}


def _invited(request: HttpRequest, sociallogin: SocialLogin, claims: dict[str, Any]) -> User:
    """The person with the address the provider vouches for."""
    address = str(claims.get("email") or "").strip().lower()
    if not address or claims.get("email_verified") not in (True, "true"):
        _refuse(request, sociallogin, UNVERIFIED)
    domains = sociallogin.provider.app.settings["domains"]
    if domains and address.rpartition("@")[2] not in domains:
        _refuse(request, sociallogin, NOT_ITS_DOMAIN)
    user = User.objects.filter(email=address).first()
    if user is None:
        _refuse(request, sociallogin, UNKNOWN)
    if SocialAccount.objects.filter(user=user, provider=sociallogin.account.provider).exists():
        _refuse(request, sociallogin, ANOTHER)
    return user


def _refuse(request: HttpRequest, sociallogin: SocialLogin, sentence: str) -> NoReturn:
    context = {"provider_name": sociallogin.provider.name, "sentence": sentence}
    page = render(request, "socialaccount/authentication_error.html", context, status=403)
    raise ImmediateHttpResponse(page)
