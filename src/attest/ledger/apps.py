"""Registration of the room with Django."""

from django.apps import AppConfig


class Ledger(AppConfig):
    name = "attest.ledger"
    label = "ledger"
