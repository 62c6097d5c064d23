"""Sessions in the calendar and the intervals in which they truly took place."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from attest.clients.models import Client
from attest.core import clock
from attest.core.ids import new_id
from attest.practice.models import Location, Provider
from attest.practice.organization import STATE_CHOICES, US_ZONES
from attest.practice.records import Record, link

KINDS = [
    ("individual", "Individual"), ("intake", "Intake"), ("family", "Couple or family"), ("group", "Group"),
    ("crisis", "Crisis"),
    ("medication", "Medication management"), ("consultation", "Consultation (not billed)"),
]  # fmt: skip
CONSULTATION = "consultation"
"""The kind of session that is neither confirmed nor billed."""
MODALITIES = [("in_person", "In person"), ("video", "Video"), ("audio_only", "Phone")]


class Session(Record):
    """One client's session. Members of a group share `occasion_id`; a couple is one session of its identified client.

    `chip` is the stored standing, set only by `calendar.actions.mark()`; what is shown also depends on the time
    (`policy.chips`). `zone` is the provider's practice zone when the session was booked: dates are local dates there.
    """

    client = link(Client, related_name="sessions")
    provider = link(Provider, related_name="sessions")
    location = link(Location, null=True)
    occasion_id = models.UUIDField(default=new_id)
    kind = models.CharField(max_length=12, choices=KINDS, default="individual")
    modality = models.CharField(max_length=10, choices=MODALITIES, default="in_person")
    client_state = models.CharField(
        "the client is in", max_length=2, choices=STATE_CHOICES, blank=True, default=""
    )
    client_at_home = models.BooleanField("the client is at home", default=True)
    zone = models.CharField(max_length=40, choices=US_ZONES)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    chip = models.CharField(max_length=20, default="scheduled")
    self_pay = models.BooleanField("paid privately, no claim", default=False)
    do_not_bill = models.BooleanField("do not bill insurance for this session", default=False)
    entered_after = models.BooleanField("entered after the fact", default=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    closed_reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(fields=["organization", "id", "client"], name="session_of_client"),
        ]
        indexes = [
            models.Index(fields=["organization", "provider", "starts_at"], name="session_provider_week"),
            models.Index(fields=["organization", "starts_at"], name="session_week"),
            models.Index(fields=["organization", "client", "starts_at"], name="session_client"),
            models.Index(
                fields=["organization", "provider", "starts_at"],
                name="session_owed",
                condition=Q(chip__in=["scheduled", "signed", "note_due"]),
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"


class ActualInterval(Record):
    """A stretch of time in which a confirmed session took place; a crisis session may have several.

    The database refuses two overlapping active ones of one provider, except within one occasion (a group).
    """

    session = link(Session, related_name="intervals")
    provider = link(Provider)
    occasion_id = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    active = models.BooleanField(default=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(name="interval_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            ExclusionConstraint(
                name="interval_no_overlap",
                expressions=[
                    (F("organization"), RangeOperators.EQUAL),
                    (F("provider"), RangeOperators.EQUAL),
                    (F("occasion_id"), RangeOperators.NOT_EQUAL),
                    (Func(F("starts_at"), F("ends_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(active=True),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "session"], name="interval_session"),
            models.Index(fields=["organization", "provider", "starts_at"], name="interval_provider"),
        ]


class Handover(Record):
    """Clients of one provider who became others' in one step, and the sessions that moved along.

    `moves` holds ids alone, a line a client: {"client", "to", "sessions": [{"id", "zone"}]}, the zone as it was before.
    """

    provider = link(Provider)
    moves = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.UUIDField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["organization", "provider", "made_at"], name="handover_of")]
