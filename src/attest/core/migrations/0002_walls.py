"""The room's tables behind the wall."""

from django.db import migrations

from attest.core.walls import Shared, walls


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        *walls(only_grow=("AuditEvent",)),
        *walls("ActionKey"),
        Shared("User"),
        Shared("DemoClock"),
        Shared("WorkItem"),
    ]
