"""The stamp that changes with what a practice has settled, and the trigger function that changes it."""

from django.db import migrations, models

from attest.core.walls import walls

CHANGED = """
CREATE FUNCTION settled_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO core_settledstamp (organization_id, stamp)
    SELECT organization_id, gen_random_uuid() FROM (SELECT DISTINCT organization_id FROM changed) AS practices
    ON CONFLICT (organization_id) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_shared_tables")]
    operations = [
        migrations.CreateModel(
            name="SettledStamp",
            fields=[
                ("organization_id", models.UUIDField(primary_key=True, serialize=False)),
                ("stamp", models.UUIDField()),
            ],
        ),
        *walls("SettledStamp"),
        migrations.RunSQL(CHANGED, "DROP FUNCTION settled_changed()"),
    ]
