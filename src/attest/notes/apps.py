"""Registration of the room with Django."""

from django.apps import AppConfig


class Notes(AppConfig):
    name = "attest.notes"
    label = "notes"
