"""A payer's rules may demand more of a note before it is signed."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practice", "0006_invitations_and_recoveries")]
    operations = [
        migrations.AddField(
            model_name="payerrule",
            name="required_criteria",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        )
    ]
