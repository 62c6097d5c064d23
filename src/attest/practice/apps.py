"""Registration of the room with Django."""

from django.apps import AppConfig


class Practice(AppConfig):
    name = "attest.practice"
    label = "practice"
