"""Notes written outside and handed in as files: they only ever become withdrawn, once."""

import attest.core.clock
import attest.core.ids
import django.db.models.deletion
from django.db import migrations, models

from attest.core.walls import links, walls

KEPT = """
CREATE FUNCTION refuse_changed_upload() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL
        OR to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_reason'
            IS DISTINCT FROM to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_reason' THEN
        RAISE EXCEPTION 'an uploaded note does not change, it is only withdrawn' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept_as_uploaded BEFORE UPDATE ON notes_uploadednote
    FOR EACH ROW EXECUTE FUNCTION refuse_changed_upload();
CREATE TRIGGER kept BEFORE DELETE ON notes_uploadednote FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE DELETE ON notes_uploadednote FROM attest_app;
"""
NOT_KEPT = """
GRANT DELETE ON notes_uploadednote TO attest_app;
DROP TRIGGER kept ON notes_uploadednote;
DROP TRIGGER kept_as_uploaded ON notes_uploadednote;
DROP FUNCTION refuse_changed_upload();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0010_files"),
        ("notes", "0005_signed_with_the_practices_key"),
    ]

    operations = [
        migrations.CreateModel(
            name="UploadedNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("author", models.CharField(max_length=100)),
                ("signed_on", models.DateField()),
                ("uploaded_at", models.DateTimeField(default=attest.core.clock.now)),
                ("uploaded_by", models.UUIDField()),
                ("scanned", models.BooleanField(default=False)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, default="", max_length=300)),
                (
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.organization",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="calendar.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="notes_uploadednote_own"),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("organization", "session"),
                        name="upload_one_a_session",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("author", ""), _negated=True), name="upload_has_author"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            models.Q(("withdrawn_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="upload_withdrawn_for_a_reason",
                    ),
                ],
            },
        ),
        *walls("UploadedNote"),
        *links(uploadednote="session file"),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
