"""Files of a practice: what each is; the bytes lie sealed elsewhere."""

import attest.core.clock
import attest.core.ids
from attest.core.walls import Wall
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_seeded_logins"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField()),
                ("purpose", models.CharField(max_length=40)),
                (
                    "name",
                    models.CharField(
                        help_text="As it is called when it is downloaded; names nobody.", max_length=120
                    ),
                ),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored_as", models.CharField(max_length=120)),
                ("kept_at", models.DateTimeField(default=attest.core.clock.now)),
                ("kept_by", models.UUIDField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization_id", "id"), name="core_storedfile_own"),
                    models.UniqueConstraint(fields=("stored_as",), name="stored_file_once"),
                ],
            },
        ),
        Wall("StoredFile"),
    ]
