"""Clients handed over in one step, so that it can be taken back."""

import attest.core.clock
import attest.core.ids
import django.db.models.deletion
from django.db import migrations, models

from attest.core.walls import links, walls


class Migration(migrations.Migration):
    dependencies = [
        ("calendar", "0003_session_of_client"),
        ("practice", "0004_openings_and_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("moves", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(default=attest.core.clock.now)),
                ("made_by", models.UUIDField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.UUIDField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.organization",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.provider",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["organization", "provider", "made_at"], name="handover_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="calendar_handover_own")
                ],
            },
        ),
        *walls("Handover"),
        *links(handover="provider"),
    ]
