"""Confirmations: the details typed so far, and what was confirmed, in numbered versions that never change."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from attest.calendar.models import Session
from attest.core import clock
from attest.core.models import CentsField
from attest.notes.models import Note
from attest.practice.records import Record, link


class DetailsDraft(Record):
    """What has been typed into the confirm form of a session, saved as it is typed."""

    session = link(Session, related_name="+")
    values = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=clock.now)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "session"], name="details_draft_one"),
        ]


class Confirmation(Record):
    """A session was confirmed: when, by whom, with which note. At most one active a session."""

    session = link(Session, related_name="confirmations")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.UUIDField()
    details_number = models.PositiveSmallIntegerField(default=1)
    note_path = models.CharField(
        max_length=10,
        choices=[
            ("template", "Template"),
            ("upload", "Upload"),
            ("elsewhere", "Kept elsewhere"),
            ("owed", "Owed"),
        ],
    )
    note = link(Note, null=True)
    elsewhere_author = models.CharField(max_length=100, blank=True, default="")
    elsewhere_signed_on = models.DateField(null=True)
    active = models.BooleanField(default=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "session"], name="confirmation_one_active", condition=Q(active=True)
            ),
            models.CheckConstraint(
                name="confirmation_note_fits",
                condition=Q(note_path="template", note__isnull=False)
                | Q(note_path__in=["upload", "owed"])
                | (Q(note_path="elsewhere", elsewhere_signed_on__isnull=False) & ~Q(elsewhere_author="")),
            ),
        ]


class Details(Record):
    """A numbered version of a confirmation's details. Only grows; the confirmation points at one."""

    confirmation = link(Confirmation, related_name="details")
    number = models.PositiveSmallIntegerField()
    date_of_service = models.DateField()
    intervals = models.JSONField(help_text="[[start, stop], ...] as UTC ISO instants")
    minutes = models.PositiveSmallIntegerField()
    excluded_minutes = models.PositiveSmallIntegerField(default=0)
    therapy_minutes = models.PositiveSmallIntegerField(null=True)
    client_present = models.BooleanField(default=True)
    complexity_factors = ArrayField(models.CharField(max_length=40), default=list)
    times_from = models.CharField(
        max_length=9, choices=[("schedule", "Prefilled from the schedule"), ("typed", "Typed")]
    )
    date_reason = models.CharField(max_length=300, blank=True, default="")
    modality = models.CharField(max_length=10)
    location_id = models.UUIDField(null=True)
    client_state = models.CharField(max_length=2, blank=True, default="")
    client_at_home = models.BooleanField()
    place_of_service = models.CharField(max_length=2)
    diagnoses = ArrayField(models.CharField(max_length=8), size=12)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.UUIDField()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "confirmation", "number"], name="details_number_once"
            ),
        ]


class ServiceLine(Record):
    """A service of a version of details: code, modifiers, units and charge. Only grows."""

    details = link(Details, related_name="lines")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=5)
    label = models.CharField(max_length=60)
    modifiers = ArrayField(models.CharField(max_length=2), size=4, default=list)
    units = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField(null=True)
    charge_cents = CentsField()
    pointers = ArrayField(models.PositiveSmallIntegerField(), size=4)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "details", "position"], name="service_line_position"
            ),
            models.CheckConstraint(
                name="service_line_charge", condition=Q(charge_cents__gte=0, units__gte=1)
            ),
        ]
