"""The ground floor of the web product."""

from django.apps import AppConfig


class Core(AppConfig):
    name = "attest.core"
    label = "core"

    def ready(self) -> None:
        """Forms speak in our sentences, those of the login library too."""
        from attest.core.sentences import speak_plainly

        speak_plainly()
