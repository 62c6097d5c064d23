"""Every event's place in its practice's chain, signed checkpoints over it, and the indexes of the trail's page."""

from django.db import migrations, models

import attest.core.clock
import attest.core.ids
from attest.core.walls import walls


class Migration(migrations.Migration):
    dependencies = [("core", "0007_messages_and_shared_cache")]
    operations = [
        migrations.RemoveIndex(model_name="auditevent", name="audit_at"),
        migrations.RemoveIndex(model_name="auditevent", name="audit_client"),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["organization_id", "at", "id"], name="audit_at"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["organization_id", "client_id", "at", "id"], name="audit_client"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["organization_id", "user_id", "at", "id"], name="audit_user"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["organization_id", "kind", "at"], name="audit_kind"),
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("event_id", models.UUIDField(primary_key=True, serialize=False)),
                ("organization_id", models.UUIDField()),
                ("number", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization_id", "number"), name="audit_link_number")
                ]
            },
        ),
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField()),
                ("number", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("count", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=attest.core.clock.now)),
                ("key_id", models.UUIDField()),
                ("signature", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization_id", "number"), name="audit_checkpoint_number"
                    )
                ]
            },
        ),
        *walls(only_grow=("AuditLink", "AuditCheckpoint")),
    ]
