"""Registration of the room with Django."""

from django.apps import AppConfig


class Clients(AppConfig):
    name = "attest.clients"
    label = "clients"
