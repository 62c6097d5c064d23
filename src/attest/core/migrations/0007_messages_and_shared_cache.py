"""Messages to people, what all processes count together, and how to end all of a person's sessions."""

import attest.core.clock
import attest.core.ids
from attest.core.walls import Shared
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="CacheEntry",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.JSONField(null=True)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name="user",
            name="sign_in_round",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField(null=True)),
                ("kind", models.CharField(max_length=40)),
                ("user_id", models.UUIDField(null=True)),
                ("address", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=300)),
                ("sealed", models.BinaryField(default=b"")),
                ("created_at", models.DateTimeField(default=attest.core.clock.now)),
                ("due_at", models.DateTimeField(default=attest.core.clock.real_now)),
                ("useless_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("refused", "Not sent"),
                            ("unknown", "May not have arrived"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=300)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "sending"])),
                        fields=["due_at"],
                        name="message_open",
                    ),
                    models.Index(fields=["organization_id", "-created_at"], name="message_of"),
                ],
            },
        ),
        Shared("CacheEntry"),
        Shared("Message", "SELECT, INSERT, UPDATE"),
    ]
