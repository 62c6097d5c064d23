"""Registration of the room with Django."""

from django.apps import AppConfig


class Workspace(AppConfig):
    name = "attest.workspace"
    label = "workspace"
