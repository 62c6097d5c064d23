"""Words of a provider's own, to be put into notes."""

import attest.core.ids
import django.db.models.deletion
from django.db import migrations, models

from attest.core.walls import links, walls


class Migration(migrations.Migration):
    dependencies = [("notes", "0006_uploaded_notes")]

    operations = [
        migrations.CreateModel(
            name="Snippet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("text", models.TextField(max_length=2000)),
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
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snippets",
                        to="practice.provider",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="notes_snippet_own"),
                    models.UniqueConstraint(
                        fields=("organization", "owner", "name"), name="snippet_name_once"
                    ),
                ],
            },
        ),
        *walls("Snippet"),
        *links(snippet="owner"),
    ]
