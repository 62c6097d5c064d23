"""Registration of the room with Django."""

from django.apps import AppConfig


class Calendar(AppConfig):
    name = "attest.calendar"
    label = "calendar"
