"""Registration of the room with Django."""

from django.apps import AppConfig


class Demo(AppConfig):
    name = "attest.demo"
    label = "demo"
