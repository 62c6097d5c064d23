"""Which tables make up what a practice has settled (see `core.settled`)."""

from django.db import migrations

from attest.core.settled import settled_tables, unsettled_tables

TABLES = (
    "practice_location",
    "practice_licence",
    "practice_payerrule",
    "practice_servicecode",
    "practice_contract",
    "practice_fee",
    "practice_policyrecord",
)


class Migration(migrations.Migration):
    dependencies = [("practice", "0002_walls"), ("core", "0004_settledstamp")]
    operations = [migrations.RunSQL(settled_tables(*TABLES), unsettled_tables(*TABLES))]
