"""The room's tables behind the wall."""

from django.db import migrations

from attest.core.walls import links, walls


class Migration(migrations.Migration):
    dependencies = [("confirmation", "0001_initial"), ("notes", "0002_walls")]
    operations = [
        *walls("DetailsDraft", "Confirmation"),
        *walls(only_grow=("Details", "ServiceLine")),
        *links(
            detailsdraft="session", confirmation="session note", details="confirmation", serviceline="details"
        ),
    ]
