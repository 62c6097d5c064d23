"""The room's tables behind the wall."""

from django.db import migrations

from attest.core.walls import Shared, links, walls


class Migration(migrations.Migration):
    dependencies = [("practice", "0001_initial"), ("core", "0002_walls")]
    operations = [
        Shared("Organization"),
        Shared("Member"),
        *walls("Location", "Provider", "Licence", "Payer", "PayerRule", "ServiceCode", "Contract", "Fee"),
        *walls(only_grow=("PolicyRecord",)),
        *links(provider="location", licence="provider", payerrule="payer", contract="provider payer"),
        *links(fee="provider payer service"),
    ]
