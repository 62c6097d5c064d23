"""How a person gets in: invitations, and the way back for one who lost their second factor.

Both tables stand outside the wall, because a link from a message is looked up before a practice is known. Of each link
only a digest is kept, so that whoever reads the database cannot open one.
"""

import hashlib
import secrets
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from attest.core import clock
from attest.core.access import Role
from attest.core.ids import new_id
from attest.practice.organization import Organization


def new_token() -> str:
    """A token for a link: 256 bits that nobody guesses."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(f"attest link {token}".encode()).hexdigest()


class Invitation(models.Model):
    """A place in a practice, offered to an e-mail address until `expires_at`. Accepted once, or withdrawn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    email = models.EmailField("email")
    name = models.CharField(max_length=200)
    roles = ArrayField(models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role]))
    provider_id = models.UUIDField(null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                name="invitation_open_once",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(name="invitation_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(name="invitation_has_role", condition=~Q(roles=[])),
            models.CheckConstraint(
                name="invitation_one_end",
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
        ]

    @property
    def open(self) -> bool:
        """Neither accepted nor withdrawn; it may be too old."""
        return self.accepted_at is None and self.withdrawn_at is None

    @property
    def expired(self) -> bool:
        """Open, and too old to be accepted."""
        return self.open and clock.now() >= self.expires_at


class Recovery(models.Model):
    """Taking away a person's lost second factor, begun by an admin and confirmed by the person from their own e-mail.

    It takes effect at `effective_at`, a waiting time after the person confirmed, unless it was stopped before. Nobody
    gains anything by it but a login with one factor missing: the password stays the person's own.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    digest = models.CharField(max_length=64, unique=True)
    stop_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    wait_hours = models.PositiveSmallIntegerField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                name="recovery_open_once",
                condition=Q(done_at__isnull=True, stopped_at__isnull=True),
            ),
            models.CheckConstraint(name="recovery_by_another", condition=~Q(user=F("started_by"))),
            models.CheckConstraint(
                name="recovery_waits",
                condition=Q(confirmed_at__isnull=True, effective_at__isnull=True)
                | Q(effective_at__gt=F("confirmed_at")),
            ),
            models.CheckConstraint(
                name="recovery_done_after_waiting",
                condition=Q(done_at__isnull=True)
                | Q(effective_at__isnull=False, done_at__gte=F("effective_at"), stopped_at__isnull=True),
            ),
        ]

    @property
    def open(self) -> bool:
        """Neither done nor stopped, and not left lying until its link was too old."""
        return (
            self.done_at is None
            and self.stopped_at is None
            and (self.confirmed_at is not None or clock.now() < self.expires_at)
        )
