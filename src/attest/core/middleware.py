"""Per-request concerns: security headers, limits, the business clock, and logins that expire under an htmx request."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    QueryDict,
    UnreadablePostError,
)

from attest.core import clock, logs
from attest.core.views import bad_request, too_large

GetResponse = Callable[[HttpRequest], HttpResponse]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:;"
    " connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self'; frame-src 'none';"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What a page may load and do: only what comes from here, no code or style inside the page, no frame around it."""

PERMISSIONS = ", ".join(
    [
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
        "clipboard-write=(self)",
        *(
            f"{name}=()"
            for name in (
                "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation",
                "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment",
                "serial", "usb", "xr-spatial-tracking",
            )
        ),
    ]
)  # fmt: skip
"""Parts of the browser that pages use: passkeys, and copying a code. All else is off."""


class SecurityHeaders:
    """Every answer says what the browser may do with it: strict content policy, no framing, nothing kept outside.

    Django's own `SecurityMiddleware` adds the rest: HTTPS only, types as declared, referrer, opener. An answer whose
    own policy locks it into a sandbox (a file that somebody uploaded) keeps that policy.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reference = logs.new_reference()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if "sandbox" not in response.get("Content-Security-Policy", ""):
            response["Content-Security-Policy"] = CSP
        response["X-Frame-Options"] = "DENY"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = PERMISSIONS
        if not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
        if response.status_code >= 500:
            response["X-Reference"] = logs.reference()
        return response


class Limits:
    """Refuses what no page of ours sends: other methods, and bodies that are too large, before reading them.

    Whoever is not signed in has nothing long to say.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        most = settings.LARGEST_BODY if known else settings.LARGEST_BODY_OF_NOBODY
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        return too_large(request) if length > most else self.get_response(request)


class BusinessClock:
    """Each request reads the clock's offset anew, so that the time machine acts in every process at once."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        clock.forget()
        return self.get_response(request)


class WithoutNul:
    """The one character that the database keeps in no text is taken out of whatever is sent; no address holds it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info:
            raise Http404("no address holds a NUL")
        request.GET = _without_nul(request.GET)
        if request.method == "POST":
            try:
                request.POST = _without_nul(request.POST)
            except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
                request._mark_post_parse_error()  # type: ignore[attr-defined]
                return too_large(request)
            except UnreadablePostError:  # whoever sent it has gone, or stalled
                request._mark_post_parse_error()  # type: ignore[attr-defined]
                return bad_request(request)
        return self.get_response(request)


def _without_nul(sent: Any) -> Any:
    if not any("\0" in text for name, texts in sent.lists() for text in (name, *texts)):
        return sent
    kept = QueryDict(mutable=True, encoding=sent.encoding)
    for name, texts in sent.lists():
        for text in texts:
            kept.appendlist(name.replace("\0", ""), text.replace("\0", ""))
    return kept


NOT_IN = ("/accounts/login", "/accounts/me/set-up")
"""Where somebody is led who is not, or not wholly, signed in."""


class HtmxLogin:
    """A fragment request whose login has expired gets 401, so that the page can say so and keep what was typed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        fragment = request.headers.get("HX-Request") or request.headers.get("X-Autosave")
        if fragment and response.status_code == 302 and response["Location"].startswith(NOT_IN):
            return HttpResponse("Your login has expired.", status=401, content_type="text/plain")
        return response
