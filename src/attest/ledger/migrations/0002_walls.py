"""The room's tables behind the wall."""

from django.db import migrations

from attest.core.walls import links, walls


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("calendar", "0002_walls")]
    operations = [
        *walls("ChargeDue"),
        *links(chargedue="session payment_method"),
    ]
