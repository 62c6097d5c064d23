"""The ground floor of the web product."""

from django.apps import AppConfig


class Core(AppConfig):
    name = "attest.core"
    label = "core"

    def ready(self) -> None:
        """Forms speak in our sentences, those of the login library too; what happens to a login is written down."""
        from attest.core import idle
        from attest.core.logins import trail
        from attest.core.sentences import speak_plainly

        trail.listen()
        idle.listen()
        speak_plainly()
