"""Registration of the room with Django."""

from typing import Any
from uuid import UUID

from django.apps import AppConfig


class Notes(AppConfig):
    name = "attest.notes"
    label = "notes"

    def ready(self) -> None:
        """A new practice starts with the shipped templates."""
        from attest.practice.actions import on_new_organization

        on_new_organization(_welcome)


def _welcome(organization: Any, user_id: UUID) -> None:
    from attest.notes.actions import install_templates

    install_templates(organization, by=user_id)
