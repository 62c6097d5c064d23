"""How often something may be tried: signing in, new passwords, links of messages.

Counted for each address that requests come from and for each login that is tried, by all processes together
(`core.shared_cache`). Whoever is stopped is told when to try again.
"""

import math
import time
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from attest.core.access import public
from attest.core.addresses import client_address

LOGINS = "allauth.account"
OURS = "attest"
FAILED = "login_failed"


class Throttled:
    """Part of the account adapter: whose requests are counted together, and what is said when there were too many."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count this attempt. Raises a ValidationError that says when to try again."""
        try:
            super().pre_authenticate(request, **credentials)  # type: ignore[misc]
        except ValidationError as error:
            key = self._get_login_attempts_cache_key(request, **credentials)  # type: ignore[attr-defined]
            wait = seconds_left(request, FAILED, key=key)
            raise ValidationError(sentence(wait), code="too_many_login_attempts") from error


def seconds_left(request: HttpRequest, action: str, *, app: str = LOGINS, key: str | None = None) -> float:
    """Seconds until the action may be tried again; 0 when it may be tried now."""
    waits = [0.0]
    for rate in ratelimit.get_rates(app=app, action=action, config=_config(app)):
        if (rate.per == "key" and key is None) or (rate.per == "user" and not request.user.is_authenticated):
            continue
        tried = cache.get(ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key), [])
        if len(tried) >= rate.amount:
            waits.append(tried[rate.amount - 1] + rate.duration - time.time())
    return max(waits)


def sentence(seconds: float) -> str:
    """What somebody is told who tried too often."""
    minutes = max(1, math.ceil(seconds / 60))
    return f"That was tried too often. Try again in {minutes} minute{'' if minutes == 1 else 's'}."


def too_often(request: HttpRequest, action: str, *, key: str | None = None) -> HttpResponse | None:
    """Count one try of an action of ours (settings.ATTEST_RATE_LIMITS); the page that says to wait, or None."""
    if ratelimit.consume(request, app=OURS, action=action, config=settings.ATTEST_RATE_LIMITS, key=key):
        return None
    return stopped(request, seconds_left(request, action, app=OURS, key=key))


def _config(app: str) -> dict[str, str] | None:
    return settings.ATTEST_RATE_LIMITS if app == OURS else None


# Which limit of the login library stands behind which address.
_ACTIONS = {
    "account_login": "login",
    "account_reset_password": "reset_password",
    "account_reset_password_from_key": "reset_password_from_key",
    "account_change_password": "change_password",
    "account_reauthenticate": "reauthenticate",
    "account_signup": "signup",
}


@public
def too_many_requests(request: HttpRequest) -> HttpResponse:
    """The page for what was tried too often, with when to try again."""
    match = request.resolver_match
    action = _ACTIONS.get(match.url_name or "" if match else "")
    key = request.POST.get("email", "").strip().lower() or None
    return stopped(request, seconds_left(request, action, key=key) if action else 60)


def stopped(request: HttpRequest, seconds: float) -> HttpResponse:
    """That page. `Retry-After` says the same to programs."""
    response = render(request, "429.html", {"sentence": sentence(seconds)}, status=429)
    response["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response
