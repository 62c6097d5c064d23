"""What the workspace keeps of its own: packets of records, while they are made and until they expire."""

from django.db import models
from django.db.models import Q

from attest.clients.models import Client
from attest.core import clock
from attest.core.files import StoredFile
from attest.practice.records import Record, link


class Packet(Record):
    """A packet that somebody asked for: which records, how far it is, and the file once it is made.

    `items` are what it is made of, in order, as [kind, id]; `done` of them are made.
    """

    client = link(Client, related_name="packets")
    kind = models.CharField(
        max_length=7,
        choices=[
            ("session", "One session"),
            ("range", "Sessions of some time"),
            ("chart", "The whole chart"),
        ],
    )
    session_id = models.UUIDField(null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=clock.now)
    items = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=7, default="working",
        choices=[("working", "Being made"), ("ready", "Ready"), ("stopped", "Stopped"), ("gone", "Removed")],
    )  # fmt: skip
    file = link(StoredFile, null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="packet_ready_has_file", condition=~Q(state="ready") | Q(file__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["organization", "client", "-asked_at"], name="packet_client")]

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class PacketPart(Record):
    """One finished file of a packet that is still being made."""

    packet = link(Packet, related_name="parts")
    path = models.CharField(max_length=120)
    file = link(StoredFile)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "packet", "path"], name="packet_part_once"),
        ]
