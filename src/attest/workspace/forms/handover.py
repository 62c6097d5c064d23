"""Who takes on which client."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField

from attest.clients.models import Client
from attest.practice.fields import PlainForm
from attest.practice.models import Provider

SAME, STAYS = "", "stays"


class HandoverForm(PlainForm):
    """One provider for everybody, and where wanted another one for a client, or nobody: the client stays."""

    def __init__(
        self, *args: Any, clients: Collection[Client], takers: Collection[Provider], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.clients, self.takers = list(clients), {str(taker.pk): taker for taker in takers}
        names = [(pk, taker.signature_name) for pk, taker in self.takers.items()]
        self.fields["everybody"] = forms.ChoiceField(
            label="Everybody goes to", required=False, choices=[("", "Choose for each client"), *names]
        )
        for client in self.clients:
            self.fields[self._name(client)] = forms.ChoiceField(
                label=f"{client.shown_name} goes to",
                required=False,
                choices=[(SAME, "As above"), *names, (STAYS, "Stays")],
            )

    @staticmethod
    def _name(client: Client) -> str:
        return f"to_{client.pk}"

    @property
    def lines(self) -> list[tuple[Client, BoundField]]:
        """Each client with their field."""
        return [(client, self[self._name(client)]) for client in self.clients]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.chosen(values):
            self.add_error("everybody", "Choose who takes them on.")
        return values

    def chosen(self, values: dict[str, Any]) -> dict[UUID, Provider]:
        """Who takes on each client that goes."""
        found = {}
        for client in self.clients:
            wanted = values.get(self._name(client)) or values.get("everybody", "")
            if wanted in self.takers:
                found[client.pk] = self.takers[wanted]
        return found
