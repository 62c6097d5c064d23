"""Registration of the room with Django, and of its places in the navigation."""

from typing import Any

from django.apps import AppConfig


class Workspace(AppConfig):
    name = "attest.workspace"
    label = "workspace"

    def ready(self) -> None:
        from attest.core.frame import RailEntry, add_to_rail
        from attest.practice.setup import SettingsPage, add_page

        add_to_rail(RailEntry(10, "Calendar", "calendar", "workspace:calendar", "calendar.view"))
        add_to_rail(RailEntry(20, "To do", "checklist", "workspace:todo", "todo.view", _waiting))
        add_page(
            SettingsPage(
                90,
                "Audit trail",
                "Who read, changed or was refused what, sealed and exportable",
                "history",
                "workspace:trail",
                right="audit.view",
            )
        )


def _waiting(member: Any) -> int:
    from attest.core import clock
    from attest.workspace.queries.todo import count

    return count(member, clock.now())
