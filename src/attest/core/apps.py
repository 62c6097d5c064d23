"""The ground floor of the web product."""

from django.apps import AppConfig


class Core(AppConfig):
    name = "attest.core"
    label = "core"
