"""A new password by a link in an e-mail.

The page answers the same whether the address has a login or not; the link works once, for an hour; it opens a form and
changes nothing by being opened. A new password ends every session, and signing in still takes the second factor.
"""

from typing import Any

from allauth.account import app_settings
from allauth.account import views as account
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpResponseBase
from django.urls import reverse

from attest.core.logins import trail
from attest.core.logins.ending import end_every_login
from attest.core.models import User


class AskForReset(account.PasswordResetView):  # type: ignore[misc]
    """The e-mail address is asked for; a message goes out if it has a login."""

    def form_invalid(self, form: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().form_invalid(form)
        response.status_code = 422
        return response


class ResetAsked(account.PasswordResetDoneView):  # type: ignore[misc]
    """Look into your mail."""


class ResetFromLink(account.PasswordResetFromKeyView):  # type: ignore[misc]
    """Where the link leads: a new password is chosen."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().form_valid(form)
        user = self.reset_user
        end_every_login(user.pk)
        trail.note("login.password_reset", user.pk, by=user.pk)
        return response

    def form_invalid(self, form: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().form_invalid(form)
        response.status_code = 422
        return response


class ResetDone(account.PasswordResetFromKeyDoneView):  # type: ignore[misc]
    """The new password is set."""


def path_to_new_password(user: User) -> str:
    """The path of a fresh link for a new password: whoever runs the server passes it on when e-mail does not work."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])
