"""A signature is the practice's own, by its Ed25519 key, beside the digest. Those from before have none and say so."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0004_plans_and_notes_without_session"), ("core", "0006_keys")]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="key_id",
            field=models.UUIDField(default=uuid.UUID(int=0)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="signature",
            name="signature",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="signature",
            name="algorithm",
            field=models.CharField(default="ed25519-sha256", max_length=20),
        ),
    ]
