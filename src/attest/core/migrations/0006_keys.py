"""Wrapped data keys and signing keys: behind the wall, but for the site's own; never deleted, changed only as said here."""

from typing import Any

from django.db import migrations, models

import attest.core.clock
import attest.core.ids
from attest.core.walls import Shared, walls

GUARDS = """
-- A data key stays the key it is; it may be wrapped anew, and given up when its master key is lost.
CREATE FUNCTION refuse_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['master_id', 'wrapped', 'lost_at'] <> to_jsonb(OLD) - ARRAY['master_id', 'wrapped', 'lost_at']
    THEN
        RAISE EXCEPTION '% stays as it is', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
-- A signing key is retired once, and its private half goes with that.
CREATE FUNCTION refuse_signing_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['retired_at', 'private'] <> to_jsonb(OLD) - ARRAY['retired_at', 'private']
        OR OLD.retired_at IS NOT NULL OR NEW.retired_at IS NULL OR length(NEW.private) > 0
    THEN
        RAISE EXCEPTION '% stays as it is', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE DELETE ON core_datakey FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON core_sitekey FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON core_signingkey FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER same BEFORE UPDATE ON core_datakey FOR EACH ROW EXECUTE FUNCTION refuse_key_change();
CREATE TRIGGER same BEFORE UPDATE ON core_sitekey FOR EACH ROW EXECUTE FUNCTION refuse_key_change();
CREATE TRIGGER same BEFORE UPDATE ON core_signingkey FOR EACH ROW EXECUTE FUNCTION refuse_signing_key_change();
-- Only the owner of the tables rotates.
REVOKE UPDATE, DELETE ON core_datakey, core_signingkey FROM attest_app;
"""
DROP_GUARDS = """
GRANT UPDATE, DELETE ON core_datakey, core_signingkey TO attest_app;
DROP TRIGGER kept ON core_datakey;
DROP TRIGGER kept ON core_sitekey;
DROP TRIGGER kept ON core_signingkey;
DROP TRIGGER same ON core_datakey;
DROP TRIGGER same ON core_sitekey;
DROP TRIGGER same ON core_signingkey;
DROP FUNCTION refuse_key_change();
DROP FUNCTION refuse_signing_key_change();
"""


def wrapped() -> list[tuple[str, Any]]:
    """The columns of a wrapped data key."""
    return [
        (
            "id",
            models.UUIDField(
                default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
            ),
        ),
        ("number", models.PositiveIntegerField()),
        ("master_id", models.CharField(max_length=40)),
        ("wrapped", models.BinaryField()),
        ("made_at", models.DateTimeField(default=attest.core.clock.real_now)),
        ("lost_at", models.DateTimeField(null=True)),
    ]


class Migration(migrations.Migration):
    dependencies = [("core", "0005_tables_of_logins")]
    operations = [
        migrations.CreateModel(
            name="SiteKey",
            fields=wrapped(),
            options={"constraints": [models.UniqueConstraint(fields=("number",), name="site_key_number")]},
        ),
        migrations.CreateModel(
            name="DataKey",
            fields=[*wrapped(), ("organization_id", models.UUIDField())],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization_id", "number"), name="data_key_number")
                ]
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("public", models.BinaryField()),
                ("private", models.BinaryField()),
                ("made_at", models.DateTimeField(default=attest.core.clock.now)),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization_id", "number"), name="signing_key_number"),
                    models.UniqueConstraint(
                        fields=("organization_id",),
                        name="signing_key_in_force",
                        condition=models.Q(("retired_at__isnull", True)),
                    ),
                ]
            },
        ),
        *walls("DataKey", "SigningKey"),
        Shared("SiteKey", "SELECT, INSERT"),
        migrations.RunSQL(GUARDS, DROP_GUARDS),
    ]
