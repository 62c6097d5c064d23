"""Marks the logins that the demo makes for itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0008_audit_chain")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="seeded",
            field=models.BooleanField(
                default=False, help_text="Made by the demo for itself (see core.logins)."
            ),
        )
    ]
