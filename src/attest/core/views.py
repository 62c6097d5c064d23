"""Pages that belong to no room: the front door and the plain pages for what went wrong."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static

from attest.core.access import public


def _plain(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"{status}.html", status=status)


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
def server_error(request: HttpRequest) -> HttpResponse:
    return _plain(request, 500)


@public
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
