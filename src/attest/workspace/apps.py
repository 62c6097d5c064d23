"""Registration of the room with Django, and of its places in the navigation."""

from typing import Any

from django.apps import AppConfig


class Workspace(AppConfig):
    name = "attest.workspace"
    label = "workspace"

    def ready(self) -> None:
        from attest.core.frame import RailEntry, add_to_rail

        add_to_rail(RailEntry(10, "Calendar", "calendar", "workspace:calendar", "calendar.view"))
        add_to_rail(RailEntry(20, "To do", "checklist", "workspace:todo", "todo.view", _waiting))


def _waiting(member: Any) -> int:
    from attest.core import clock
    from attest.workspace.queries.todo import count

    return count(member, clock.now())
