"""The room's tables behind the wall."""

from django.db import migrations

from attest.core.walls import links, walls


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("calendar", "0002_walls")]
    operations = [
        *walls("Claim", "Hold", "ControlNumber"),
        *walls(only_grow=("Interchange", "Delivery")),
        *links(claim="session provider payer coverage interchange", hold="claim", delivery="interchange"),
    ]
