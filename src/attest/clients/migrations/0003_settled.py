"""The practice's standard forms are part of what it has settled (see `core.settled`)."""

from django.db import migrations

from attest.core.settled import settled_tables, unsettled_tables


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_walls"), ("core", "0004_settledstamp")]
    operations = [
        migrations.RunSQL(settled_tables("clients_formdocument"), unsettled_tables("clients_formdocument"))
    ]
