"""Registration of the room with Django."""

from django.apps import AppConfig
from django.conf import settings


class Demo(AppConfig):
    name = "attest.demo"
    label = "demo"

    def ready(self) -> None:
        """Show the clock above every page of the demo."""
        from attest.core.frame import show_bar

        if settings.ATTEST_DEMO:
            show_bar("demo/_clock.html")
