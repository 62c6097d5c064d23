"""The forms of second factors: a code that is taken once, an app to set up, and passkeys."""

import struct
from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from attest.core import keys
from attest.core.logins.factors import Factors

KEY_MISSING = (
    "Codes cannot be checked now, because a key of this site is missing. Tell the person who runs it."
)
NOT_TAKEN = (
    "This passkey was not taken. It may have been removed here, or the page was open too long. Try it again."
)
TOO_MUCH = 20_000
"""Characters of a passkey's answer: real ones are far below."""


def code_field(label: str) -> forms.CharField:
    """A code as apps and paper show it; spaces do not matter."""
    widget = forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autofocus": True,
            "spellcheck": "false",
        }
    )
    return forms.CharField(label=label, max_length=40, widget=widget)


def accept(authenticator: Authenticator, code: str) -> bool:
    """Whether the code of an app, or a recovery code, fits; each one does only once, whoever asks at the same time.

    An app's code fits the half minute before and after its own, for clocks that differ (RFC 6238, 5.2); a code that
    is not newer than the last one taken is refused. Raises KeyMissing and Altered of `core.keys`.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return bool(authenticator.wrap().validate_code(code))
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = Factors().decrypt(row.data["secret"])
        for step in totp.yield_hotp_counters_from_time():
            expected = totp.format_hotp_value(totp.hotp_value(secret, step))
            if step > row.data.get("last_step", 0) and totp.compare_user_code(actual=code, expected=expected):
                row.data["last_step"] = step
                row.save(update_fields=["data"])
                return True
    return False


class _TakenOnce:
    """In place of the library's own check, which forgets a code while it still fits."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        clear_limit = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        known = list(Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN))
        try:
            taken = next((factor for factor in known if accept(factor, code)), None)
        except (keys.KeyMissing, keys.Altered):
            raise ValidationError(KEY_MISSING) from None
        if taken is not None:
            taken.user = self.user
            self.authenticator = taken
            clear_limit()
            return code
        for factor in known[:1]:
            self._emit_authentication_failed(factor)  # type: ignore[attr-defined]
        raise Factors().validation_error("incorrect_code")


class CodeForm(_TakenOnce, base.AuthenticateForm):  # type: ignore[misc]
    """Signing in: the code after the password."""

    code = code_field("Code")


class CodeAgainForm(_TakenOnce, base.ReauthenticateForm):  # type: ignore[misc]
    """A fresh proof by code."""

    code = code_field("Code")


class AppForm(forms.Form):
    """Setting up an authenticator app. Until it is done the secret is kept in the session, sealed."""

    code = code_field("Code that the app shows")

    def __init__(self, *args: Any, user: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.secret = _secret_of_setup(request)

    def clean_code(self) -> str:
        clear_limit = check_rate_limit(self.user, error_key="rate_limited")
        code: str = self.cleaned_data["code"]
        if not totp.validate_totp_code(self.secret, code):
            raise ValidationError("This code did not fit. Type the six digits that the app shows now.")
        clear_limit()
        return code


def _secret_of_setup(request: HttpRequest) -> str:
    """The secret that this session is setting up; the same one when the page is loaded again."""
    sealed = request.session.get(totp.SECRET_SESSION_KEY)
    if sealed:
        try:
            return Factors().decrypt(sealed)
        except keys.Altered:
            pass
    secret: str = totp.generate_totp_secret()
    request.session[totp.SECRET_SESSION_KEY] = Factors().encrypt(secret)
    return secret


class CredentialField(forms.JSONField):
    """What a browser answers for a passkey: an object of a passkey's form, or nothing that is looked at."""

    widget = forms.HiddenInput
    default_error_messages = {"required": NOT_TAKEN, "invalid": NOT_TAKEN}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > TOO_MUCH:
            raise ValidationError(NOT_TAKEN)
        try:
            read = super().to_python(value)
        except RecursionError:
            raise ValidationError(NOT_TAKEN) from None
        if read is not None and not (isinstance(read, dict) and isinstance(read.get("response"), dict)):
            raise ValidationError(NOT_TAKEN)
        return read


# What the parts of a passkey's answer may fail with when they are not what a browser would send.
_UNREADABLE = (TypeError, ValueError, KeyError, AttributeError, IndexError, AssertionError, struct.error)


class _PlainRefusal:
    """A passkey's answer that cannot be read or does not fit is refused with one sentence."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except _UNREADABLE:
            raise ValidationError(NOT_TAKEN) from None
        except ValidationError as refusal:
            raise _in_our_words(refusal) from None


def _in_our_words(refusal: ValidationError) -> ValidationError:
    incorrect = str(Factors.error_messages["incorrect_code"])
    return ValidationError(NOT_TAKEN) if incorrect in refusal.messages else refusal


class PasskeyForm(_PlainRefusal, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """Signing in: a passkey after the password."""

    credential = CredentialField()


class PasskeyLoginForm(_PlainRefusal, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in by a passkey alone."""

    credential = CredentialField()


class PasskeyAgainForm(_PlainRefusal, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A fresh proof by passkey."""

    credential = CredentialField()


class NewPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and what its owner calls it."""

    name = forms.CharField(
        required=False,
        max_length=60,
        help_text="So that you know it again: this laptop, my phone.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = CredentialField()
    passwordless = None  # every one of them signs in without a password

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except _UNREADABLE:
            raise ValidationError(NOT_TAKEN) from None
        except ValidationError as refusal:
            raise _in_our_words(refusal) from None
        return cleaned


class PasskeyNameForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
