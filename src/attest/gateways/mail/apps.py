"""Registration of the gateway with Django."""

from django.apps import AppConfig


class Mail(AppConfig):
    name = "attest.gateways.mail"
    label = "mail"
