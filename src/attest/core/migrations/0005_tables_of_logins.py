"""Grants on the login library's tables for second factors, identity providers and the list of own logins."""

from django.db import migrations

GRANTS = {
    "mfa_authenticator": "SELECT, INSERT, UPDATE, DELETE",
    "usersessions_usersession": "SELECT, INSERT, UPDATE, DELETE",
    "socialaccount_socialaccount": "SELECT, INSERT, UPDATE, DELETE",
    "socialaccount_socialapp": "SELECT",  # asked beside the settings, and always empty
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_settledstamp"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        migrations.RunSQL(
            [f'GRANT {rights} ON "{table}" TO attest_app' for table, rights in GRANTS.items()],
            [f'REVOKE ALL ON "{table}" FROM attest_app' for table in GRANTS],
        )
    ]
