"""What clients are to be charged, and when."""

from django.db import models
from django.db.models import Q

from attest.calendar.models import Session
from attest.clients.models import PaymentMethod
from attest.core import clock
from attest.core.models import CentsField
from attest.practice.records import Record, link


class ChargeDue(Record):
    """An amount a client is to be charged for a session: once per session, purpose and sequence."""

    session = link(Session, related_name="charges")
    purpose = models.CharField(max_length=12, choices=[("share", "Client's share")], default="share")
    sequence = models.PositiveSmallIntegerField(default=1)
    amount_cents = CentsField()
    estimated = models.BooleanField(default=True)
    reason = models.CharField(max_length=300)
    payment_method = link(PaymentMethod, null=True)
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, default="scheduled",
        choices=[
            ("scheduled", "Scheduled"), ("open", "Open"), ("nothing", "Nothing to charge"), ("dropped", "Dropped"),
        ],
    )  # fmt: skip
    outcome = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "session", "purpose", "sequence"], name="charge_once"
            ),
            models.CheckConstraint(name="charge_not_negative", condition=Q(amount_cents__gte=0)),
        ]
        indexes = [models.Index(fields=["organization", "state", "due_at"], name="charge_state")]
