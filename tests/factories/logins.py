"""Second factors of people in tests, with secrets the test knows."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from attest.core.models import User

STEP = 30
"""Seconds for which an app shows one code."""


def make_app(user: User) -> str:
    """Give the person an authenticator app; its secret, from which the codes follow."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows now, or some half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps)))


def make_recovery_codes(user: User) -> list[str]:
    """Recovery codes that the person has seen."""
    codes = RecoveryCodes.activate(user)
    codes.mark_as_viewed()
    return [str(code) for code in codes.get_unused_codes()]


def factors(user: User) -> set[str]:
    """Which kinds of second factors and stand-ins the person has."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
