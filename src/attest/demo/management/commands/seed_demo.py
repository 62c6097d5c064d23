"""`seed_demo`: make up the demo's practice, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from attest.demo.seed import HalfMade, seed


class Command(BaseCommand):
    help = "Make up the demo's practice with its history. Does nothing when it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            seed(say=self.stdout.write)
        except HalfMade as problem:
            raise CommandError(str(problem)) from problem
