"""A practice may let its identity provider prove the second factor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practice", "0004_openings_and_notices")]
    operations = [
        migrations.AddField(
            model_name="organization",
            name="identity_provider",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Id of the identity provider whose sign-in the practice takes for both factors; empty: none.",
                max_length=50,
            ),
        )
    ]
