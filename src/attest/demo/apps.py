"""Registration of the room with Django."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


class Demo(AppConfig):
    name = "attest.demo"
    label = "demo"

    def ready(self) -> None:
        """In the demo every page shows its clock, and the login page its logins."""
        from attest.core.frame import add_context

        if settings.ATTEST_DEMO:
            add_context(_context)


def _context(request: HttpRequest) -> dict[str, Any]:
    from attest.demo.logins import logins

    mail = {"demo_mail_url": reverse("demo_mail")}
    if request.path.startswith("/accounts/"):
        return mail | {"demo_logins": logins()}
    return mail | {"frame_bar": "demo/_clock.html"}
