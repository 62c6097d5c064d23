"""Logins: closed sign-up, and how fresh the last proof of identity is."""

from datetime import UTC, datetime

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited by their practice; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def last_proof(request: HttpRequest) -> datetime | None:
    """When this person last proved who they are in this login (real time, UTC), or None."""
    records = get_authentication_records(request, request.user)
    return datetime.fromtimestamp(max(record["at"] for record in records), UTC) if records else None
