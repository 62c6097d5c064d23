"""Pages that belong to no room: the front door and the plain pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from attest.core.access import public


def _plain(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"{status}.html", status=status)


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
