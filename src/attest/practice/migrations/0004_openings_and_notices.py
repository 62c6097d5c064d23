"""A practice opened for support, notices to members, and the role of client."""

import attest.core.clock
import attest.core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from attest.core.walls import links, walls


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0003_settled"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("sentence", models.CharField(max_length=300)),
                ("path", models.CharField(blank=True, default="", max_length=200)),
                ("made_at", models.DateTimeField(default=attest.core.clock.now)),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SupportOpening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("question", "A question the practice asked"),
                            ("fault", "A fault that has to be seen to be mended"),
                            ("claim", "A claim that is stuck"),
                            ("import", "Data brought in or taken out"),
                            ("security", "A worry about security"),
                        ],
                        max_length=10,
                        verbose_name="what it is about",
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                (
                    "reference",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="request number"),
                ),
                ("asked_at", models.DateTimeField(default=attest.core.clock.now)),
                ("starts_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("allowed_by", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AlterField(
            model_name="member",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
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
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="practice_member_own"),
        ),
        migrations.AddField(
            model_name="notice",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.member",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.organization",
            ),
        ),
        migrations.AddField(
            model_name="supportopening",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.member",
            ),
        ),
        migrations.AddField(
            model_name="supportopening",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["organization", "member"],
                name="notice_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["organization", "member", "made_at"], name="notice_of_member"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="practice_notice_own"),
        ),
        migrations.AddIndex(
            model_name="supportopening",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["organization", "member"],
                name="support_opening_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportopening",
            constraint=models.UniqueConstraint(
                fields=("organization", "id"), name="practice_supportopening_own"
            ),
        ),
        migrations.AddConstraint(
            model_name="supportopening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_at__isnull", True), ("starts_at__isnull", True)),
                    models.Q(("ends_at__gt", models.F("starts_at")), ("starts_at__isnull", False)),
                    _connector="OR",
                ),
                name="support_opening_times",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportopening",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="support_opening_reason"
            ),
        ),
        *walls("Notice", "SupportOpening"),
        *links(notice="member", supportopening="member"),
    ]
