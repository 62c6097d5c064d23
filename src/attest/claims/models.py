"""Claims, what holds them back, and the interchanges they leave in."""

from django.db import models
from django.db.models import Q

from attest.calendar.models import Session
from attest.clients.models import Coverage
from attest.core import clock
from attest.core.models import CentsField
from attest.practice.models import Payer, Provider
from attest.practice.records import Record, link


class Interchange(Record):
    """A file of claims as it was written: its bytes are kept before they leave."""

    control_number = models.PositiveIntegerField()
    receiver_id = models.CharField(max_length=15)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    claim_count = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    file_name = models.CharField(max_length=120)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "receiver_id", "control_number"], name="interchange_number_once"
            ),
        ]


class Delivery(Record):
    """The bytes of an interchange stand in a folder under their final name. Without one, they are to be written."""

    interchange = link(Interchange, related_name="deliveries")
    folder = models.CharField(max_length=1000)
    written_at = models.DateTimeField(default=clock.now)
    written_by = models.UUIDField(null=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["organization", "interchange"], name="delivery_interchange")]


class ControlNumber(Record):
    """The last interchange control number used with a receiver."""

    receiver_id = models.CharField(max_length=15)
    last = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "receiver_id"], name="control_number_receiver"),
        ]


class Claim(Record):
    """A claim for one confirmed session on one date of service: a snapshot of every fact it carries."""

    session = link(Session, related_name="claims")
    provider = link(Provider)
    payer = link(Payer, related_name="claims")
    coverage = link(Coverage)
    number = models.CharField("patient control number", max_length=20)
    version = models.PositiveSmallIntegerField(default=1)
    frequency = models.CharField(
        max_length=1, choices=[("1", "Original"), ("7", "Replacement"), ("8", "Void")], default="1"
    )
    state = models.CharField(
        max_length=10, default="held",
        choices=[("held", "Held"), ("ready", "Ready"), ("sent", "Sent"), ("dropped", "Dropped")],
    )  # fmt: skip
    date_of_service = models.DateField()
    total_cents = CentsField()
    facts = models.JSONField()
    file_by = models.DateField("last day on which the payer may receive it", null=True)
    confirmed_at = models.DateTimeField()
    built_at = models.DateTimeField(default=clock.now)
    ready_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    interchange = link(Interchange, null=True, related_name="claims")

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "number"], name="claim_number_once"),
            models.UniqueConstraint(
                fields=["organization", "session"],
                name="claim_one_unsent",
                condition=Q(state__in=["held", "ready"]),
            ),
            models.CheckConstraint(name="claim_total_positive", condition=Q(total_cents__gt=0)),
            models.CheckConstraint(
                name="claim_sent_has_file",
                condition=~Q(state="sent") | Q(interchange__isnull=False, sent_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "date_of_service"], name="claim_state"),
            models.Index(fields=["organization", "session"], name="claim_session"),
        ]


class Hold(Record):
    """Why a claim may not leave. It leaves when none is open."""

    claim = link(Claim, related_name="holds")
    kind = models.CharField(
        max_length=12,
        choices=[
            ("edit_window", "Details can still be edited"),
            ("signature", "The payer wants a signed note"),
            ("freeze", "Frozen"),
        ],
    )
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "claim", "kind"],
                name="hold_one_open",
                condition=Q(closed_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["organization", "claim"], name="hold_claim")]
