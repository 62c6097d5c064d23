"""Who changes their own login has just proven who they are."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase

from attest.core import clock
from attest.core.accounts import last_proof

RECENT = 300
"""Seconds for which a proof of identity is recent enough to change one's own login by."""


def just_proven(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator: whoever has not just proven who they are is asked to, and comes back to where they were."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        at = last_proof(request)
        if at is None or (clock.real_now() - at).total_seconds() > RECENT:
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded
