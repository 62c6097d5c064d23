"""Registration of the room with Django."""

from django.apps import AppConfig


class Claims(AppConfig):
    name = "attest.claims"
    label = "claims"

    def ready(self) -> None:
        """Put the claims into the rail."""
        from attest.core.frame import RailEntry, add_to_rail

        add_to_rail(RailEntry(40, "Claims", "file-check", "claims:list", "claim.view"))
