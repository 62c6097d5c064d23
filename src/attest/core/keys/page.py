"""The page for somebody whose press needed a key that is not there."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from attest.core.keys.problems import KeyMissing

GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("attest.keys")


class KeysAtHand:
    """Middleware: a missing key is told on a page of its own; which one it is, is for those who run the site."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Nothing was carried out: the transaction of the page was rolled back."""
        if not isinstance(exception, KeyMissing):
            return None
        log.error("%s", exception)
        return render(request, "503_keys.html", status=503)
