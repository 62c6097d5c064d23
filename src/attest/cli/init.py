"""`attest init`: a practice and its first admin, outside the demo."""

import re
import unicodedata

import click

from attest.cli.database import product
from attest.cli.home import Unable


def create_practice(
    name: str, short_name: str | None, zone: str, admin_name: str, admin_email: str, password: str
) -> None:
    """Bring the database up to date and create the practice. `Unable` with every sentence when it is refused."""
    with product(owner=True, purpose="practice"):
        from attest.cli import prepare
        from attest.practice.actions import create_organization
        from attest.practice.organization import US_ZONES
        from attest.practice.refusal import Refused

        prepare.migrate()
        prepare.load_codes()
        try:
            practice = create_organization(
                name=name.strip(),
                slug=short_name or slug_of(name),
                zone=zone.strip(),
                admin_email=admin_email,
                admin_name=admin_name,
                admin_password=password,
            )
        except Refused as refusal:
            sentences = dict(refusal.sentences)
            if "zone" in sentences:
                sentences["zone"] = f"Time zone: one of {', '.join(zone for zone, _ in US_ZONES)}."
            raise Unable("\n".join(sentences.values())) from refusal
    click.echo(f"{practice.name} is there, at /o/{practice.slug}/.")
    click.echo("Start it with attest serve, log in, and follow the checklist to the first session.")


def slug_of(name: str) -> str:
    """A name for addresses: letters without accents, digits, single dashes. "Café Nord, LLC" → "cafe-nord-llc"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")
