"""Registration of the room with Django."""

from typing import Any
from uuid import UUID

from django.apps import AppConfig


class Clients(AppConfig):
    name = "attest.clients"
    label = "clients"

    def ready(self) -> None:
        """A new practice gets the standard forms; settings and rail get this room's pages."""
        from attest.clients.grants import granted
        from attest.clients.setup import add_pages_and_steps
        from attest.core.frame import RailEntry, add_to_rail
        from attest.core.reach import load_grants_with
        from attest.practice.actions import on_new_organization

        on_new_organization(_welcome)
        load_grants_with(granted)
        add_to_rail(RailEntry(30, "Clients", "people", "clients:list", "client.view"))
        add_pages_and_steps()


def _welcome(organization: Any, by: UUID) -> None:
    from attest.clients.actions import install_forms

    install_forms(organization, by)
