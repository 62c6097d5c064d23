"""Registration of the room with Django."""

from typing import Any
from uuid import UUID

from django.apps import AppConfig


class Notes(AppConfig):
    name = "attest.notes"
    label = "notes"

    def ready(self) -> None:
        """New practices start with the shipped templates, all get newer ones; a reopened session may be signed."""
        from django.db.models.signals import post_migrate

        from attest.calendar.actions import when_reopened
        from attest.practice.actions import on_new_organization
        from attest.practice.setup import SettingsPage, add_page

        add_page(
            SettingsPage(
                65,
                "Note templates",
                "What notes are written in: order, hide, copy and change them",
                "file-pen",
                "notes:templates",
            )
        )
        add_page(
            SettingsPage(
                66,
                "Snippets",
                "Words of your own to put into notes",
                "copy",
                "notes:snippets",
                right="snippet.edit",
            )
        )
        on_new_organization(_welcome)
        when_reopened(_still_signed)
        post_migrate.connect(_upgrade, sender=self)


def _upgrade(using: str, **_: Any) -> None:
    """After the tables are brought up to date: every practice gets the shipped templates it does not have yet."""
    from django.db import connections

    from attest.core.walls import inside
    from attest.notes.actions import install_templates
    from attest.notes.models import NoteTemplate
    from attest.practice.models import Organization

    if NoteTemplate._meta.db_table not in connections[using].introspection.table_names():
        return  # the tables were taken away, not brought up to date
    for organization in Organization.objects.using(using):
        with inside(organization.pk):
            install_templates(organization)


def _still_signed(session: Any, user_id: UUID | None) -> None:
    from attest.notes.actions import mark_signed

    mark_signed(session, by=user_id)


def _welcome(organization: Any, user_id: UUID) -> None:
    from attest.notes.actions import install_templates

    install_templates(organization, by=user_id)
