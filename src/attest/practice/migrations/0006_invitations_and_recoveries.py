"""Invitations, and the way back for a lost second factor. Both are found by a link before a practice is known."""

import attest.core.clock
import attest.core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from attest.core.walls import Shared
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0005_identity_provider"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email")),
                ("name", models.CharField(max_length=200)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("provider", "provider"),
                                ("admin", "admin"),
                                ("biller", "biller"),
                                ("support", "support"),
                                ("auditor", "auditor"),
                                ("client", "client"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("provider_id", models.UUIDField(blank=True, null=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("invited_at", models.DateTimeField(default=attest.core.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("organization", "email"),
                        name="invitation_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="invitation_email_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("roles", []), _negated=True), name="invitation_has_role"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"
                        ),
                        name="invitation_one_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_accepted_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("started_at", models.DateTimeField(default=attest.core.clock.now)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("stop_digest", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("wait_hours", models.PositiveSmallIntegerField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("effective_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.organization",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", True), ("stopped_at__isnull", True)),
                        fields=("user",),
                        name="recovery_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("started_by")), _negated=True),
                        name="recovery_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("effective_at__isnull", True)),
                            ("effective_at__gt", models.F("confirmed_at")),
                            _connector="OR",
                        ),
                        name="recovery_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at__isnull", True),
                            models.Q(
                                ("done_at__gte", models.F("effective_at")),
                                ("effective_at__isnull", False),
                                ("stopped_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="recovery_done_after_waiting",
                    ),
                ],
            },
        ),
        Shared("Invitation", "SELECT, INSERT, UPDATE"),
        Shared("Recovery", "SELECT, INSERT, UPDATE"),
    ]
