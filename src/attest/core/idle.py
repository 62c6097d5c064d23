"""The idle lock: a login that was not used for a while asks again who it is, and nothing that was typed is lost.

When a login was last used stands in a signed cookie, tied to its session, so that asking and noting it costs no
statement. The page covers itself when the time is up (`frontend/src/js/lock.js`); this is the server's side, for who
takes the cover off: it answers nothing until the person has proven who they are. How long the practice allows comes
with its pages; before that, the shortest default counts.
"""

import hashlib
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.internal.flows import login
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from attest.core.access import public
from attest.core.logins import throttling
from attest.core.models import User
from attest.policy.record import DEFAULT_POLICY

COOKIE = "seen"
SALT = "attest.idle"
NOTED_EVERY = 20
"""Seconds between two notes that a login is in use."""
GRACE = 30
"""Seconds that the server waits longer than the page, so that the page covers itself first."""
DEMO_MINUTES = 120
"""In the demo nobody's records lie open, so its default is longer; a number the practice chose counts there too."""
_SIGNED_IN = "signed_in_at"
LOCKED = "X-Locked"
_KEPT = "kept."
QUIET = "X-Quiet"
"""A request that the page sends by itself, with nobody at it."""

Limit = Callable[[UUID], int]
_limits: list[Limit] = []


def limit_minutes_with(limit: Limit) -> None:
    """`practice` hands in how many minutes a practice allows: (organization id) → minutes, inside its wall."""
    _limits[:] = [limit]


def minutes_of(organization_id: UUID) -> int:
    """The practice's idle limit in minutes. Inside its wall."""
    minutes = _limits[0](organization_id)
    return DEMO_MINUTES if settings.ATTEST_DEMO and minutes == DEFAULT_POLICY.idle_minutes else minutes


def minutes_for(request: HttpRequest) -> int:
    """What the page is told: the limit of its practice, else of the login's last page. It is kept with the login."""
    member = getattr(request, "member", None)
    if member is not None:
        request.idle_minutes = minutes_of(member.organization_id)  # type: ignore[attr-defined]
    return int(getattr(request, "idle_minutes", _default()))


class IdleLock:
    """Middleware: refuses what an idle login asks for, and notes that the others are in use.

    A fragment gets 401, so that the page can cover itself and keep what was typed; a page leads to the one that asks
    for proof and back; a form that was sent is kept and sent on after it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.session.get(SESSION_KEY):
            response = self.get_response(request)
            return _noted(request, response) if request.session.get(SESSION_KEY) else response
        seen, minutes = _last(request)
        request.idle_minutes = minutes  # type: ignore[attr-defined]
        idle = time.time() - seen > minutes * 60 + GRACE
        if idle and not _may_always(request):
            return _refusal(request)
        response = self.get_response(request)
        proven = getattr(request, "idle_proven", False)
        if request.headers.get(QUIET) or not request.session.get(SESSION_KEY) or (idle and not proven):
            return response
        changed = getattr(request, "idle_minutes", minutes) != minutes
        if changed or proven or time.time() - seen > NOTED_EVERY:
            _noted(request, response)
        return response


def _last(request: HttpRequest) -> tuple[float, int]:
    """When the login was last used, and how many minutes it may rest."""
    times = [*_proofs(request), request.session.get(_SIGNED_IN, 0)]
    try:
        session, at, minutes = signing.loads(request.COOKIES.get(_cookie(), ""), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return max(times), _default()
    if session != _tie(request):
        return max(times), _default()
    return max(*times, at), minutes


def _proofs(request: HttpRequest) -> list[float]:
    """When the person proved who they are in this session, as the login library writes it down."""
    if request.session.get(login._AUTHENTICATION_METHODS_USER_SESSION_KEY) != request.session[SESSION_KEY]:
        return []
    return [record["at"] for record in request.session.get(login.AUTHENTICATION_METHODS_SESSION_KEY) or []]


def _noted(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    minutes = getattr(request, "idle_minutes", _default())
    response.set_cookie(
        _cookie(),
        signing.dumps([_tie(request), int(time.time()), minutes], salt=SALT),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _tie(request: HttpRequest) -> str:
    """What ties the cookie to this session: the cookie of another login is of no use."""
    return hashlib.sha256(f"{SALT} {request.session.session_key}".encode()).hexdigest()[:32]


def _cookie() -> str:
    """Its name: with HTTPS one that only this very host can set, as the session's own is."""
    return str(settings.SESSION_COOKIE_NAME.replace("sessionid", COOKIE))


def _default() -> int:
    return DEMO_MINUTES if settings.ATTEST_DEMO else DEFAULT_POLICY.idle_minutes


# What an idle login may still open: proving who it is, leaving, and what nobody needs a login for.
_OPEN: tuple[str, ...] = (
    "/accounts/login", "/accounts/logout", "/accounts/reauthenticate", "/accounts/locked", "/accounts/unlock",
    "/accounts/password/reset", "/favicon.ico", "/invitation/", "/recovery/", "/demo/mail/",
)  # fmt: skip


def _may_always(request: HttpRequest) -> bool:
    return request.path.startswith(_OPEN) or request.path.startswith(settings.STATIC_URL)


def _refusal(request: HttpRequest) -> HttpResponse:
    by_script = request.headers.get("HX-Request") or request.headers.get("X-Autosave")
    if by_script or request.path == reverse("alive"):
        response = HttpResponse("The screen is locked.", status=401, content_type="text/plain")
        response[LOCKED] = "1"
        return response
    if request.method == "POST" and not _forged(request):
        return _kept(request)
    return HttpResponseRedirect(f"{reverse('locked')}?{urlencode({'next': request.get_full_path()})}")


def _forged(request: HttpRequest) -> bool:
    """Whether the form was not sent by a page of ours: nothing of that is kept."""
    return CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, _kept, (), {}) is not None


def _kept(request: HttpRequest) -> HttpResponse:
    """The page that asks for proof holds what was sent, and sends it on afterwards."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "password")
    ]
    context = {"again": request.get_full_path(), "fields": fields, "ways": _ways(request)}
    return render(request, "account/locked.html", context, status=401)


@public
def locked(request: HttpRequest) -> HttpResponseBase:
    """The whole page that asks who it is, for windows without the cover, and back to where one was."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': _next(request)})}")
    context: dict[str, Any] = {"next": _next(request), "ways": _ways(request)}
    if again := _local(request.POST.get("again", "")):
        kept = [(name, values) for name, values in request.POST.lists() if name.startswith(_KEPT)]
        fields = [(name.removeprefix(_KEPT), value) for name, values in kept for value in values]
        context |= {"again": again, "fields": fields}
    if request.method != "POST":
        return render(request, "account/locked.html", context)
    sentence, status = _proof_refused(request)
    if sentence:
        return render(request, "account/locked.html", context | {"sentence": sentence}, status=status)
    return render(request, "account/kept.html", context) if again else HttpResponseRedirect(_next(request))


@public
@require_POST
def unlock(request: HttpRequest) -> HttpResponseBase:
    """The cover of a page asks for the password: 204 when it is right, else a sentence."""
    if not request.user.is_authenticated:
        return JsonResponse({"sentence": "You were signed out meanwhile. Sign in in a new tab."}, status=401)
    if request.POST.get("person") != str(request.user.pk):
        return JsonResponse({"sentence": "Somebody else is signed in now. Reload the page."}, status=409)
    sentence, status = _proof_refused(request)
    return JsonResponse({"sentence": sentence}, status=status) if sentence else HttpResponse(status=204)


@public
@require_POST
def alive(request: HttpRequest) -> HttpResponse:
    """The page says that somebody reads or types, though nothing else was asked for; the middleware notes it.

    The answer says whose login it is, so that a page covers itself when somebody else signed in meanwhile.
    """
    return JsonResponse({"person": str(request.user.pk) if request.user.is_authenticated else ""})


def _proof_refused(request: HttpRequest) -> tuple[str, int]:
    """The sentence and status when the password that was sent is none; empty when it is the person's own."""
    user = request.user
    assert isinstance(user, User)
    stopped = throttling.too_often(request, "unlock", key=str(user.pk))
    if stopped is not None:
        wait = throttling.seconds_left(request, "unlock", app=throttling.OURS, key=str(user.pk))
        return throttling.sentence(wait), 429
    if not user.check_password(request.POST.get("password", "")):
        return "This is not your password. Type it again.", 422
    reauthenticate_by_password(request)
    request.idle_proven = True  # type: ignore[attr-defined]
    return "", 204


def _ways(request: HttpRequest) -> list[dict[str, Any]]:
    """The other ways to prove it: passkey, code, identity provider, each with its words and address."""
    from allauth.account.adapter import get_adapter

    return [
        way for way in get_adapter().get_reauthentication_methods(request.user) if way["id"] != "password"
    ]


def _next(request: HttpRequest) -> str:
    return _local(request.POST.get("next") or request.GET.get("next") or "") or "/"


def _local(address: str) -> str:
    """The address when it is a path of this site, else empty."""
    safe = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if safe else ""


def _began(request: HttpRequest, **_: Any) -> None:
    request.session[_SIGNED_IN] = int(time.time())


def listen() -> None:
    """Called once when Django starts."""
    user_logged_in.connect(_began)
