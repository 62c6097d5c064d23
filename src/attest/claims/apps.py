"""Registration of the room with Django."""

from django.apps import AppConfig


class Claims(AppConfig):
    name = "attest.claims"
    label = "claims"
