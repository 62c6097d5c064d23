"""Registration of the room with Django."""

from typing import Any
from uuid import UUID

from django.apps import AppConfig


class Notes(AppConfig):
    name = "attest.notes"
    label = "notes"

    def ready(self) -> None:
        """A new practice starts with the shipped templates; a session that is open again may be signed already."""
        from attest.calendar.actions import when_reopened
        from attest.practice.actions import on_new_organization

        on_new_organization(_welcome)
        when_reopened(_still_signed)


def _still_signed(session: Any, user_id: UUID | None) -> None:
    from attest.notes.actions import mark_signed

    mark_signed(session, by=user_id)


def _welcome(organization: Any, user_id: UUID) -> None:
    from attest.notes.actions import install_templates

    install_templates(organization, by=user_id)
