"""Packets of records while they are made and until they expire."""

from typing import Any

import attest.core.clock
import attest.core.ids
import django.db.models.deletion
from attest.core.walls import links, walls
from django.db import migrations, models

_OWN: dict[str, Any] = {
    "db_constraint": False,
    "db_index": False,
    "on_delete": django.db.models.deletion.PROTECT,
}


def _id() -> Any:
    return models.UUIDField(default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False)


def _organization() -> Any:
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="practice.organization",
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = [("core", "0010_files"), ("clients", "0002_walls")]
    operations = [
        migrations.CreateModel(
            name="Packet",
            fields=[
                ("id", _id()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("session", "One session"),
                            ("range", "Sessions of some time"),
                            ("chart", "The whole chart"),
                        ],
                        max_length=7,
                    ),
                ),
                ("session_id", models.UUIDField(null=True)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("asked_by", models.UUIDField()),
                ("asked_at", models.DateTimeField(default=attest.core.clock.now)),
                ("items", models.JSONField(default=list)),
                ("done", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("working", "Being made"),
                            ("ready", "Ready"),
                            ("stopped", "Stopped"),
                            ("gone", "Removed"),
                        ],
                        default="working",
                        max_length=7,
                    ),
                ),
                ("expires_at", models.DateTimeField(null=True)),
                ("client", models.ForeignKey(related_name="packets", to="clients.client", **_OWN)),
                (
                    "file",
                    models.ForeignKey(blank=True, null=True, related_name="+", to="core.storedfile", **_OWN),
                ),
                ("organization", _organization()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="workspace_packet_own"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            ("file__isnull", False),
                            _connector="OR",
                        ),
                        name="packet_ready_has_file",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["organization", "client", "-asked_at"], name="packet_client")
                ],
            },
        ),
        migrations.CreateModel(
            name="PacketPart",
            fields=[
                ("id", _id()),
                ("path", models.CharField(max_length=120)),
                ("file", models.ForeignKey(related_name="+", to="core.storedfile", **_OWN)),
                ("organization", _organization()),
                ("packet", models.ForeignKey(related_name="parts", to="workspace.packet", **_OWN)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="workspace_packetpart_own"),
                    models.UniqueConstraint(
                        fields=("organization", "packet", "path"), name="packet_part_once"
                    ),
                ],
            },
        ),
        *walls("Packet", "PacketPart"),
        *links(packet="client file", packetpart="packet file"),
    ]
