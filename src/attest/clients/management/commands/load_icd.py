"""`load_icd`: load the diagnosis codes of the installed release, once."""

from typing import Any

from django.core.management.base import BaseCommand

from attest.clients.icd_loading import load_icd, settle_index


class Command(BaseCommand):
    help = "Load the ICD-10-CM table of the installed package into the database, unless it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        release, count = load_icd()
        dates = f"{release.effective_from:%m/%d/%Y} to {release.effective_to:%m/%d/%Y}"
        if count:
            settle_index()
            self.stdout.write(f"Loaded {count:,} diagnosis codes of {release.name}, for {dates}.")
        else:
            self.stdout.write(f"The diagnosis codes of {release.name}, for {dates}, are loaded already.")
