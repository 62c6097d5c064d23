"""The room's tables behind the wall."""

from django.db import migrations

from attest.core.walls import links, walls


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial"), ("clients", "0002_walls")]
    operations = [
        *walls("Session", "ActualInterval"),
        *links(session="client provider location", actualinterval="session provider"),
    ]
