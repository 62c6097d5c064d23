"""Where a person is signed in: each login on a device, when it was last used, and how to end it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from attest.core import clock
from attest.core.logins.devices import device_name, is_phone

SEEN_EVERY = 300
"""Seconds: how exact "last used" is. In between, a request costs nothing for it."""
_SEEN = "login_seen"


@dataclass(frozen=True, slots=True)
class Login:
    """One place where the person is signed in. Times are real ones, UTC."""

    id: int
    device: str
    phone: bool
    address: str
    since: datetime
    last_used: datetime
    here: bool


def logins_of(request: HttpRequest) -> list[Login]:
    """The person's own logins that still stand: this one first, then the one used last."""
    here = request.session.session_key
    if not UserSession.objects.filter(session_key=here).exists():
        UserSession.objects.create_from_request(request)
    found = [
        Login(
            id=row.pk,
            device=device_name(row.user_agent),
            phone=is_phone(row.user_agent),
            address=row.ip,
            since=row.created_at,
            last_used=row.last_seen_at,
            here=row.session_key == here,
        )
        for row in UserSession.objects.purge_and_list(request.user)
    ]
    return sorted(found, key=lambda login: (login.here, login.last_used), reverse=True)


def end_logins(user_id: UUID, *, only: int | None = None, but: str | None = None) -> int:
    """End logins of a person at once, and give their number: one by its id, or all but that of a session's key.

    Whoever uses such a login is out with their next request.
    """
    rows = UserSession.objects.filter(user_id=user_id)
    if only is not None:
        rows = rows.filter(pk=only)
    ended = [row for row in rows if row.session_key != but]
    for row in ended:
        row.end()
    return len(ended)


def mark_seen(session: Any) -> None:
    """The login was used now; its row is not looked at again for a while."""
    session[_SEEN] = int(time.time())


class LastSeen:
    """Middleware: notes that a login is in use, with two statements every few minutes and none in between."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        due = session.get(SESSION_KEY) and time.time() - session.get(_SEEN, 0) >= SEEN_EVERY
        if due and request.user.is_authenticated:
            mark_seen(session)
            rows = UserSession.objects.filter(session_key=session.session_key)
            if not rows.update(last_seen_at=clock.real_now()):
                UserSession.objects.create_from_request(request)
        return self.get_response(request)
