"""Logins: closed sign-up, and how fresh the last proof of identity is."""

from datetime import UTC, datetime

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from attest.core.logins.mailing import ByOutbox
from attest.core.logins.throttling import Throttled
from attest.core.logins.ways import OwnWays


class Accounts(OwnWays, ByOutbox, Throttled, DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited by their practice; nobody signs up by themselves."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This login is switched off. Ask your practice.",
        "email_password_mismatch": "This email and password do not belong together. Look at both again.",
        "incorrect_password": "This is not your password. Type it again.",
        "invalid_login": "This email and password do not belong together. Look at both again.",
        "too_many_login_attempts": "That was tried too often. Wait five minutes, then try again.",
        "rate_limited": "That was tried too often. Wait a minute, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def last_proof(request: HttpRequest) -> datetime | None:
    """When this person last proved who they are in this login (real time, UTC), or None."""
    records = get_authentication_records(request, request.user)
    return datetime.fromtimestamp(max(record["at"] for record in records), UTC) if records else None
