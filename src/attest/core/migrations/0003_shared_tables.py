"""Grants on the tables of libraries, which stand outside the wall: logins, the session store, the job queue."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PREFIXES = ("auth_", "django_", "account_", "procrastinate_")


def grant(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let the application use them; no table of ours is among them."""
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        for (table,) in cursor.fetchall():
            if table.startswith(PREFIXES):
                cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO attest_app')
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO attest_app")


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_walls"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
        ("clients", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
