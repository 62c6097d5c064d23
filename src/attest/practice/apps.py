"""Registration of the room with Django."""

from typing import Any
from uuid import UUID

from django.apps import AppConfig


class Practice(AppConfig):
    name = "attest.practice"
    label = "practice"

    def ready(self) -> None:
        """Say how members are found, and what this room puts into the rail and the settings."""
        from attest.core.access import load_members_with
        from attest.core.audit.sealing import list_practices_with
        from attest.core.frame import RailEntry, add_to_rail
        from attest.practice.setup import add_own_pages_and_steps

        load_members_with(active_member)
        list_practices_with(every_practice)
        add_to_rail(RailEntry(90, "Settings", "settings", "practice:settings", "settings.view"))
        add_own_pages_and_steps()


def active_member(user_id: UUID, slug: str) -> Any:
    """The active member that the user is in the practice of that slug, with its organization; one query, or None."""
    from attest.practice.queries import active_members

    return next(iter(active_members(user_id, slug)), None)


def every_practice() -> list[UUID]:
    """The id of every practice of this installation, the oldest first."""
    from attest.practice.organization import Organization

    return list(Organization.objects.order_by("pk").values_list("pk", flat=True))
