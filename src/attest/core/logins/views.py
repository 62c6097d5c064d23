"""The pages of a person's own login: signing in by passkey or code, and what they sign in with."""

from typing import Any

from allauth.account import views as account
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as base
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.socialaccount.adapter import get_adapter as identities
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect import views as openid
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from attest.core.logins import sessions, trail
from attest.core.logins.factors import Factors
from attest.core.logins.practices import places_of
from attest.core.logins.second_factor import factors_of, proven_by_setting_up
from attest.core.models import User

OWN = reverse_lazy("own_login")
_AFTER = "after_set_up"
"""Where somebody was going who had to set up a second factor first."""


def _me(request: HttpRequest) -> User:
    """The person signed in; every view below the signing in has one."""
    assert isinstance(request.user, User)
    return request.user


def _unprocessed(response: HttpResponseBase) -> HttpResponseBase:
    """A form that comes back with sentences beside its fields."""
    response.status_code = 422
    return response


# -- signing in ----------------------------------------------------------------------------------------------


class Login(account.LoginView):  # type: ignore[misc]
    """By password, with a passkey and the identity providers of this installation beside it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        after = get_next_redirect_url(self.request)
        more = {"next": after} if after else {}
        return context | {
            "identity_providers": [
                {"name": provider.name, "url": provider.get_login_url(self.request, **more)}
                for provider in identities().list_providers(self.request)
            ]
        }


class PasskeyLogin(webauthn.LoginWebAuthnView):  # type: ignore[misc]
    """By a passkey alone: the challenge as JSON, then the answer."""

    def form_invalid(self, form: Any) -> HttpResponseBase:
        for sentence in form.errors.get("credential", []):
            messages.error(self.request, sentence)
        return HttpResponseRedirect(_with_next(self.request, reverse("account_login")))


class SecondStep(base.AuthenticateView):  # type: ignore[misc]
    """After the password: a passkey, a code from the app, or a recovery code."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().form_valid(form)
        used = getattr(form, "authenticator", None)
        if used is not None and used.type == Authenticator.Type.RECOVERY_CODES:
            left = len(Authenticator.objects.get(pk=used.pk).wrap().get_unused_codes())
            messages.info(self.request, f"That recovery code is used up. You have {left} left.")
        return answer

    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(super().form_invalid(form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.stage.login.user
        kinds = set(Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True))
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "person": person,
            "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
            "has_app": Authenticator.Type.TOTP in kinds,
        }


@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """Leave a sign-in that is half done, and begin with the email again."""
    clear_login(request)
    return redirect("account_login")


def by_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """On to an identity provider; when it does not answer, a page that says so."""
    try:
        answer: HttpResponseBase = openid.login(request, provider_id=provider_id)
    except RequestException:
        provider = identities().get_provider(request, provider_id)
        sentence = "It does not answer now. Sign in another way, or try again in some minutes."
        context = {"provider_name": provider.name, "sentence": sentence}
        return render(request, "socialaccount/authentication_error.html", context, status=503)
    return answer


# -- a fresh proof -------------------------------------------------------------------------------------------


class CodeAgain(base.ReauthenticateView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(super().form_invalid(form))


class PasswordAgain(account.ReauthenticateView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(super().form_invalid(form))


class PasskeyAgain(webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(self.render_to_response(self.get_context_data(form=form)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"form": None, **super().get_context_data(), **kwargs}


# -- what one signs in with ----------------------------------------------------------------------------------


@require_safe
def own_login(request: HttpRequest) -> HttpResponse:
    """Everything about one's own login on one page."""
    found = Authenticator.objects.filter(user_id=_me(request).pk).order_by("created_at")
    by_type: dict[str, list[Any]] = {}
    for authenticator in found:
        by_type.setdefault(authenticator.type, []).append(authenticator.wrap())
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES, [])
    places = places_of(_me(request).pk)
    context = {
        "person": request.user,
        "places": places,
        "zone": places[0].zone if places else "UTC",
        "passkeys": by_type.get(Authenticator.Type.WEBAUTHN, []),
        "app": next(iter(by_type.get(Authenticator.Type.TOTP, [])), None),
        "codes": codes[0] if codes else None,
        "codes_left": len(codes[0].get_unused_codes()) if codes else 0,
        "logins": sessions.logins_of(request),
        "accounts": _connected(request),
    }
    return TemplateResponse(request, "account/own_login.html", context)


def _connected(request: HttpRequest) -> list[dict[str, Any]]:
    names = {provider.app.provider_id: provider.name for provider in identities().list_providers(request)}
    return [
        {"id": row.pk, "name": names.get(row.provider, row.provider), "since": row.date_joined}
        for row in SocialAccount.objects.filter(user_id=_me(request).pk).order_by("date_joined")
    ]


@require_safe
def set_up(request: HttpRequest) -> HttpResponseBase:
    """Where somebody is led who has no second factor yet; who has one proves it."""
    if factors_of(_me(request).pk):
        passkey = Authenticator.objects.filter(user_id=_me(request).pk, type=Authenticator.Type.WEBAUTHN)
        way = "mfa_reauthenticate_webauthn" if passkey.exists() else "mfa_reauthenticate"
        return HttpResponseRedirect(_with_next(request, reverse(way)))
    request.session[_AFTER] = get_next_redirect_url(request) or "/"
    return TemplateResponse(request, "account/set_up.html")


class AddApp(totp.ActivateTOTPView):  # type: ignore[misc]
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"secret_groups": [secret[at : at + 4] for at in range(0, len(secret), 4)]}

    def form_valid(self, form: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().form_valid(form)
        proven_by_setting_up(self.request, Authenticator.Type.TOTP)
        return answer

    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(super().form_invalid(form))

    def get_success_url(self) -> str:
        return _after_adding(self.did_generate_recovery_codes)


class RemoveApp(totp.DeactivateTOTPView):  # type: ignore[misc]
    success_url = OWN

    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(super().form_invalid(form))


class AddPasskey(webauthn.AddWebAuthnView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super(webauthn.AddWebAuthnView, self).get_context_data(**kwargs)
        options = passkeys.begin_registration(self.request.user, True)
        errors = context["form"].errors
        return context | {
            "js_data": {"creation_options": options},
            "passkey_errors": [*errors.get("credential", []), *errors.get("__all__", [])],
        }

    def form_valid(self, form: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().form_valid(form)
        proven_by_setting_up(self.request, Authenticator.Type.WEBAUTHN)
        return answer

    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(super().form_invalid(form))

    def get_success_url(self) -> str:
        return _after_adding(self.did_generate_recovery_codes)


class NamePasskey(webauthn.EditWebAuthnView):  # type: ignore[misc]
    success_url = OWN

    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(super().form_invalid(form))


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    success_url = OWN

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        allowed = Factors().can_delete_authenticator(self.object)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"passkey": self.object.wrap(), "allowed": allowed}

    def form_valid(self, form: Any) -> HttpResponseBase:
        if not Factors().can_delete_authenticator(self.object):
            return _unprocessed(self.render_to_response(self.get_context_data(form=form)))
        delete_and_cleanup(self.request, self.object)
        messages.success(self.request, "The passkey is removed. Delete it on the device too.")
        return HttpResponseRedirect(self.get_success_url())


class Codes(recovery.ViewRecoveryCodesView):  # type: ignore[misc]
    """The recovery codes: whole once, right after they were made, and how many are left from then on."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().get(request, *args, **kwargs)  # type: ignore[no-any-return]
        except Http404:
            return HttpResponseRedirect(str(OWN))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"onward": self.request.session.pop(_AFTER, str(OWN))}


class NewCodes(recovery.GenerateRecoveryCodesView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(super().form_invalid(form))


class ChangePassword(account.PasswordChangeView):  # type: ignore[misc]
    success_url = OWN

    def form_valid(self, form: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().form_valid(form)
        ended = sessions.end_logins(_me(self.request).pk, but=self.request.session.session_key)
        if ended:
            trail.note("login.ended", _me(self.request).pk, by=_me(self.request).pk, logins=ended)
        return response

    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(super().form_invalid(form))


class SetPassword(account.PasswordSetView):  # type: ignore[misc]
    """For who came by invitation through a passkey or an identity provider and has no password."""

    success_url = OWN

    def form_invalid(self, form: Any) -> HttpResponseBase:
        return _unprocessed(super().form_invalid(form))


# -- where one is signed in ----------------------------------------------------------------------------------


@require_POST
def end_login(request: HttpRequest, login_id: int) -> HttpResponse:
    """End one of one's own logins elsewhere. It is out with its next request."""
    here = request.session.session_key
    if sessions.end_logins(_me(request).pk, only=login_id, but=here):
        trail.note("login.ended", _me(request).pk, by=_me(request).pk, logins=1)
        messages.success(request, "That login is ended.")
    return redirect("own_login")


@require_POST
def end_other_logins(request: HttpRequest) -> HttpResponse:
    """End all of one's own logins but this one."""
    ended = sessions.end_logins(_me(request).pk, but=request.session.session_key)
    if ended:
        trail.note("login.ended", _me(request).pk, by=_me(request).pk, logins=ended)
    messages.success(request, "You are signed in here only.")
    return redirect("own_login")


@require_POST
def disconnect(request: HttpRequest, account_id: int) -> HttpResponse:
    """Sign in by this account of an identity provider no more, unless it is the only way in."""
    account = get_object_or_404(SocialAccount, user_id=_me(request).pk, pk=account_id)
    others = _me(request).has_usable_password() or Authenticator.objects.filter(
        user_id=_me(request).pk, type=Authenticator.Type.WEBAUTHN
    )
    if not others:
        messages.error(request, "This is your only way in. Add a passkey first, then disconnect it.")
    else:
        rows = SocialAccount.objects.filter(pk=account.pk)
        rows._raw_delete(rows.db)  # nothing refers to it: tokens of providers are not kept
        trail.note("login.provider_disconnected", _me(request).pk, by=_me(request).pk)
        messages.success(request, "Disconnected. You sign in another way from now on.")
    return redirect("own_login")


def _after_adding(new_codes: bool) -> str:
    """The recovery codes when the first second factor made them; else the page of one's own login."""
    return reverse("mfa_view_recovery_codes") if new_codes else str(OWN)


def _with_next(request: HttpRequest, url: str) -> str:
    after = get_next_redirect_url(request)
    return f"{url}?{urlencode({'next': after})}" if after else url
