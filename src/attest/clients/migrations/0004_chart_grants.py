"""Charts opened to members who would not reach them."""

import attest.core.clock
import attest.core.ids
import django.db.models.deletion
from django.db import migrations, models

from attest.core.walls import links, walls


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0003_settled"),
        ("practice", "0004_openings_and_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChartGrant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("grant", "Grant"), ("emergency", "Emergency")],
                        default="grant",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("starts_at", models.DateTimeField(default=attest.core.clock.now)),
                ("ends_at", models.DateTimeField(null=True)),
                ("given_by", models.UUIDField()),
                ("given_at", models.DateTimeField(default=attest.core.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("reviewed_by", models.UUIDField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.client",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.member",
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
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.provider",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["organization", "member"],
                        name="chart_grant_of_member",
                    ),
                    models.Index(fields=["organization", "client"], name="chart_grant_of_client"),
                    models.Index(fields=["organization", "given_at"], name="chart_grant_given"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="clients_chartgrant_own"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("client__isnull", False), ("provider__isnull", True)),
                            models.Q(
                                ("client__isnull", True), ("kind", "grant"), ("provider__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="chart_grant_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                        ),
                        name="chart_grant_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "grant"), ("ends_at__isnull", False), _connector="OR"),
                        name="chart_grant_emergency_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="chart_grant_reason"
                    ),
                ],
            },
        ),
        *walls("ChartGrant"),
        *links(chartgrant="member client provider"),
    ]
