"""What tests of clients do again and again: enter a client, and name a page."""

from datetime import date
from typing import Any

from django.urls import reverse

from attest.clients import actions
from attest.clients.models import Client
from tests.factories import Made


def new(made: Made, **more: Any) -> Client:
    """A client entered by the clinician; `more` are further columns."""
    values: dict[str, Any] = {
        "legal_first_name": "Ana",
        "legal_last_name": "Núñez",
        "birth_date": date(1980, 1, 1),
    }
    return actions.create_client(organization_id=made.organization.pk, by=made.by, **values | more)


def url(made: Made, name: str, *ids: object) -> str:
    """The address of a page of clients or of their settings, by its name."""
    return reverse(f"clients:{name}", args=[made.slug, *ids])
