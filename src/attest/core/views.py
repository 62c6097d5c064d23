"""Pages that belong to no room: the front door and the plain pages for what went wrong."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static

from attest.core import logs
from attest.core.access import public


def _plain(request: HttpRequest, status: int, **context: str) -> HttpResponse:
    return render(request, f"{status}.html", context, status=status)


@public
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for the icon before a page has told them (a stored picture of the site, a bare file)."""
    return HttpResponseRedirect(static("icon.svg"))


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, 400)


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, 403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, 404)


@public
def too_large(request: HttpRequest) -> HttpResponse:
    """What was sent is larger, or has more parts, than any form of ours. Nothing of it was read."""
    return _plain(request, 413)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke; the number on the page is the one in the logs."""
    return _plain(request, 500, reference=logs.reference())


@public
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
