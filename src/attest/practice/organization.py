"""The practice itself and its members: outside the wall, because a login is looked up before a practice is set."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from attest.core import clock
from attest.core.access import Role
from attest.core.ids import new_id

US_ZONES = [
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Atlantic (Puerto Rico)"),
    ("Pacific/Guam", "Guam"),
]
US_STATES = [
    "AL",
    "AK",
    "AZ",
    "AR",
    "CA",
    "CO",
    "CT",
    "DE",
    "DC",
    "FL",
    "GA",
    "GU",
    "HI",
    "ID",
    "IL",
    "IN",
    "IA",
    "KS",
    "KY",
    "LA",
    "ME",
    "MD",
    "MA",
    "MI",
    "MN",
    "MS",
    "MO",
    "MT",
    "NE",
    "NV",
    "NH",
    "NJ",
    "NM",
    "NY",
    "NC",
    "ND",
    "OH",
    "OK",
    "OR",
    "PA",
    "PR",
    "RI",
    "SC",
    "SD",
    "TN",
    "TX",
    "UT",
    "VT",
    "VA",
    "VI",
    "WA",
    "WV",
    "WI",
    "WY",
]
STATE_CHOICES = [(code, code) for code in US_STATES]


def zip_text(digits: str) -> str:
    """A ZIP code as people write it: 12401-0012."""
    return f"{digits[:5]}-{digits[5:]}" if len(digits) == 9 else digits


class Organization(models.Model):
    """A practice: what a claim needs of its billing provider, and how its claims are addressed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=60)
    zone = models.CharField(max_length=40, choices=US_ZONES, default="America/New_York")
    npi = models.CharField("billing NPI", max_length=10, blank=True, default="")
    tax_id = models.CharField(
        "tax id",
        max_length=9,
        blank=True,
        default="",
        validators=[RegexValidator(r"^\d{9}$", "A tax id has nine digits.")],
    )
    tax_id_kind = models.CharField(
        max_length=2, choices=[("EI", "Employer (EIN)"), ("SY", "Social security")], default="EI"
    )
    taxonomy = models.CharField("taxonomy code", max_length=10, blank=True, default="")
    line1 = models.CharField("street address", max_length=55, blank=True, default="")
    line2 = models.CharField("suite", max_length=55, blank=True, default="")
    city = models.CharField(max_length=30, blank=True, default="")
    state = models.CharField(max_length=2, choices=STATE_CHOICES, blank=True, default="")
    zip_code = models.CharField(
        "ZIP+4",
        max_length=9,
        blank=True,
        default="",
        validators=[RegexValidator(r"^\d{9}$", "A billing ZIP has nine digits (ZIP+4), without the dash.")],
    )
    phone = models.CharField(
        max_length=10,
        blank=True,
        default="",
        validators=[RegexValidator(r"^\d{10}$", "A phone number has ten digits.")],
    )
    contact_name = models.CharField("billing contact", max_length=60, blank=True, default="")
    submitter_id = models.CharField("submitter id", max_length=15, blank=True, default="")
    receiver_id = models.CharField("receiver id", max_length=15, blank=True, default="")
    receiver_name = models.CharField("clearinghouse name", max_length=60, blank=True, default="")
    identity_provider = models.CharField(
        max_length=50,
        blank=True,
        default="",
        help_text="Id of the identity provider whose sign-in the practice takes for both factors; empty: none.",
    )
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A person's place in a practice: their roles, and the provider they are, if any."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role]))
    provider_id = models.UUIDField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="member_once"),
            models.CheckConstraint(name="member_has_role", condition=~Q(roles=[])),
            models.UniqueConstraint(fields=["organization", "id"], name="practice_member_own"),
        ]

    @property
    def role_names(self) -> set[Role]:
        return {Role(role) for role in self.roles}

    @property
    def zone(self) -> str:
        """The zone times are shown in: the provider's own, else the practice's."""
        provider = self.provider
        return provider.zone if provider else self.organization.zone

    @property
    def provider(self) -> Any:
        """The provider this member is, or None. Inside the wall only."""
        if not hasattr(self, "_provider"):
            from attest.practice.models import Provider

            self._provider = (
                Provider.objects.filter(organization_id=self.organization_id, pk=self.provider_id).first()
                if self.provider_id
                else None
            )
        return self._provider

    @property
    def opening(self) -> Any:
        """The support opening that lets this member in now, or None. Inside the wall only; read once a request."""
        if not hasattr(self, "_opening"):
            from attest.practice.openings import opening_of

            self._opening = opening_of(self)
        return self._opening
