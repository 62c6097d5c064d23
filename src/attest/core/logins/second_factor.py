"""Every member of a practice proves a second factor; this says whether a login has.

What was proven stands in the session, where the login library writes it down: no statement is needed to ask. A passkey
is both factors, because it is only taken with the finger, face or PIN that opens it.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest

from attest.core.logins.practices import places_of

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor. Recovery codes only stand in for one."""


def excepted(user: Any) -> bool:
    """True for the logins that the demo made itself, and for them only while the demo runs."""
    return bool(settings.ATTEST_DEMO and user.seeded)


def lacks_second_factor(request: HttpRequest, identity_provider: str) -> bool:
    """Whether this login has yet to prove a second factor before it sees a page of a practice.

    `identity_provider` is the one whose sign-in the practice takes for both factors; empty: none.
    """
    if excepted(request.user):
        return False
    records = get_authentication_records(request, request.user)
    return not any(_is_proof(record, identity_provider) for record in records)


def _is_proof(record: dict[str, Any], identity_provider: str) -> bool:
    if record.get("method") == "mfa":
        return True
    return bool(
        identity_provider
        and record.get("method") == "socialaccount"
        and record.get("provider") == identity_provider
    )


def factors_of(user_id: UUID) -> int:
    """How many second factors the person has: the authenticator app and each passkey."""
    count: int = Authenticator.objects.filter(user_id=user_id, type__in=FACTORS).count()
    return count


def who_has_one(user_ids: Collection[UUID]) -> set[UUID]:
    """Those of the users who have set up a second factor, in one query."""
    found = Authenticator.objects.filter(user_id__in=list(user_ids), type__in=FACTORS)
    return set(found.values_list("user_id", flat=True))


def must_keep_one(user: Any) -> bool:
    """Whether the person's last second factor may not be taken away: some practice asks for one of their own."""
    return not excepted(user) and any(not place.identity_provider for place in places_of(user.pk))


def proven_by_setting_up(request: HttpRequest, kind: Authenticator.Type) -> None:
    """Whoever has just set up an app or a passkey has used it: this login has proven it too."""
    record_authentication(request, request.user, "mfa", type=kind.value)


class SecondFactor(AuthenticateStage):  # type: ignore[misc]
    """The step of signing in that asks for the second factor.

    It is left out for who came in by an identity provider that does it for every practice they are in.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        return bool(super()._should_handle(request)) and not self._done_elsewhere(request)

    def _done_elsewhere(self, request: HttpRequest) -> bool:
        user = self.login.user
        used = {
            record.get("provider")
            for record in get_authentication_records(request, user)
            if record.get("method") == "socialaccount"
        }
        places = places_of(user.pk)
        return bool(used and places) and all(place.identity_provider in used for place in places)
