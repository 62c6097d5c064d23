"""Registration of the room with Django."""

from django.apps import AppConfig


class Confirmation(AppConfig):
    name = "attest.confirmation"
    label = "confirmation"
