"""`seed_demo`: make up the demo's practice, once."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from attest.demo.seed import seed


class Command(BaseCommand):
    help = "Make up the demo's practice with its history. Does nothing when it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_icd", stdout=self.stdout)
        seed(say=self.stdout.write)
