"""Per-request concerns: security headers, the business clock, and logins that expire under an htmx request."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from attest.core import clock

GetResponse = Callable[[HttpRequest], HttpResponse]
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:;"
    " object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


class SecurityHeaders:
    """Strict content security policy (no inline script or style, no eval), no framing, no referrer, no caching."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = CSP
        response["Referrer-Policy"] = "same-origin"
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response["X-Frame-Options"] = "DENY"
        if not request.path.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "no-store")
        return response


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

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404("no address holds a NUL")
        request.GET = _without_nul(request.GET)
        if request.method == "POST":
            request.POST = _without_nul(request.POST)
        return self.get_response(request)


def _without_nul(sent: Any) -> Any:
    if not any("\0" in text for name, texts in sent.lists() for text in (name, *texts)):
        return sent
    kept = QueryDict(mutable=True, encoding=sent.encoding)
    for name, texts in sent.lists():
        for text in texts:
            kept.appendlist(name.replace("\0", ""), text.replace("\0", ""))
    return kept


class HtmxLogin:
    """A fragment request whose login has expired gets 401, so that the page can say so and keep what was typed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        fragment = request.headers.get("HX-Request") or request.headers.get("X-Autosave")
        if fragment and response.status_code == 302 and "/accounts/login" in response["Location"]:
            return HttpResponse("Your login has expired.", status=401, content_type="text/plain")
        return response
