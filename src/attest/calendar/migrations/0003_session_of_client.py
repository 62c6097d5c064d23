"""What points at a session can also say whose it is, and is held to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calendar", "0002_walls")]
    operations = [
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                fields=("organization", "id", "client"), name="session_of_client"
            ),
        ),
    ]
