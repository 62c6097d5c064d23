"""The practice's own records: places, providers, payers and what they pay, services, numbers of its policy."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value

from attest.core import clock
from attest.core.models import CentsField
from attest.practice.entry import Invitation, Recovery
from attest.practice.openings import Notice, SupportOpening
from attest.practice.organization import STATE_CHOICES, US_ZONES, Member, Organization, zip_text
from attest.practice.records import Record, link

__all__ = [
    "Contract", "Fee", "Invitation", "Licence", "Location", "Member", "Notice", "Organization", "Payer", "PayerRule",
    "PolicyRecord", "Provider", "Recovery", "ServiceCode", "SupportOpening",
]  # fmt: skip

PLACES = [
    ("11", "Office"), ("02", "Telehealth, not at home"), ("10", "Telehealth, at home"), ("12", "Client's home"),
    ("03", "School"), ("04", "Homeless shelter"), ("13", "Assisted living"), ("14", "Group home"), ("18", "Worksite"),
    ("31", "Skilled nursing facility"), ("32", "Nursing facility"), ("49", "Independent clinic"),
    ("50", "Federally qualified health center"), ("52", "Psychiatric partial hospitalization"),
    ("53", "Community mental health center"), ("57", "Substance use treatment, outpatient"),
    ("72", "Rural health clinic"), ("99", "Other"),
]  # fmt: skip


def during(start: str, end: str) -> Func:
    """A half-open date range of two columns; an open end is forever."""
    return Func(F(start), F(end), Value("[]"), function="daterange")


class PolicyRecord(Record):
    """The practice's own numbers where they are tighter than the product's defaults. The newest one counts."""

    numbers = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.UUIDField(null=True)


class Location(Record):
    """A place where sessions happen, with its place-of-service code."""

    name = models.CharField(max_length=60)
    place_of_service = models.CharField(max_length=2, choices=PLACES, default="11")
    line1 = models.CharField("street address", max_length=55)
    line2 = models.CharField("suite", max_length=55, blank=True, default="")
    city = models.CharField(max_length=30)
    state = models.CharField(max_length=2, choices=STATE_CHOICES)
    zip_code = models.CharField(
        "ZIP+4",
        max_length=9,
        validators=[RegexValidator(r"^\d{5}(\d{4})?$", "A ZIP has five or nine digits.")],
    )
    npi = models.CharField("facility NPI", max_length=10, blank=True, default="")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def address_line(self) -> str:
        """The address in one line."""
        parts = (self.line1, self.line2, self.city, f"{self.state} {zip_text(self.zip_code)}")
        return ", ".join(part for part in parts if part)


class Provider(Record):
    """A clinician who renders services."""

    first_name = models.CharField(max_length=35)
    last_name = models.CharField(max_length=60)
    credentials = models.CharField(max_length=30, help_text="As signed, for example LCSW or PhD.")
    npi = models.CharField("NPI", max_length=10)
    taxonomy = models.CharField("taxonomy code", max_length=10)
    zone = models.CharField("practice zone", max_length=40, choices=US_ZONES)
    prescriber = models.BooleanField("prescribes medication", default=False)
    location = link(Location, null=True)
    active = models.BooleanField(default=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "npi"], name="provider_npi_once"),
            models.CheckConstraint(
                name="provider_npi_valid",
                condition=Q(Func(F("npi"), function="npi_valid", output_field=models.BooleanField())),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def signature_name(self) -> str:
        """Name with credentials, as it stands under a note."""
        return f"{self.full_name}, {self.credentials}"


class Licence(Record):
    """A provider's licence in one state."""

    provider = link(Provider, related_name="licences")
    state = models.CharField(max_length=2, choices=STATE_CHOICES)
    number = models.CharField(max_length=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="licence_dates", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
        ]
        indexes = [models.Index(fields=["organization", "provider"], name="licence_provider")]


class Payer(Record):
    """An insurer or program that pays claims."""

    LINES = [
        ("commercial", "Commercial"),
        ("medicare", "Medicare"),
        ("medicare_advantage", "Medicare Advantage"),
        ("medicaid", "Medicaid"),
        ("medicaid_managed", "Medicaid, managed care"),
        ("tricare", "TRICARE"),
        ("employee_assistance", "Employee assistance program"),
    ]
    INDICATORS = [
        ("CI", "Commercial"), ("BL", "Blue Cross Blue Shield"), ("MB", "Medicare Part B"), ("MC", "Medicaid"),
        ("16", "Medicare Advantage HMO"), ("HM", "HMO"), ("12", "PPO"), ("CH", "TRICARE"), ("ZZ", "Other"),
    ]  # fmt: skip
    name = models.CharField(max_length=60)
    payer_id = models.CharField("payer id", max_length=30)
    line_of_business = models.CharField(max_length=20, choices=LINES)
    filing_indicator = models.CharField(
        "claim filing indicator", max_length=2, choices=INDICATORS, default="CI"
    )
    active = models.BooleanField(default=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "payer_id", "name"], name="payer_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PayerRule(Record):
    """How a payer wants things, from a date on: filing limit, signed note, telehealth, corrections."""

    payer = link(Payer, related_name="rules")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    filing_kind = models.CharField(
        "filing limit", max_length=24, default="days",
        choices=[
            ("days", "Days after the date of service"), ("calendar_years", "Calendar years"),
            ("end_of_following_year", "End of the following year"),
        ],
    )  # fmt: skip
    filing_amount = models.PositiveSmallIntegerField("days or years", default=90)
    requires_signed_note = models.BooleanField("a claim waits for the signed note", default=False)
    telehealth_pos_home = models.CharField("place of service, client at home", max_length=2, default="10")
    telehealth_pos_other = models.CharField("place of service, client elsewhere", max_length=2, default="02")
    video_modifier = models.CharField(max_length=2, blank=True, default="95")
    audio_paid = models.BooleanField("phone sessions are paid", default=True)
    audio_modifier = models.CharField(max_length=2, blank=True, default="93")
    correction_method = models.CharField(
        max_length=12, default="replacement",
        choices=[
            ("replacement", "Replacement or void (7/8)"), ("reopening", "Reopening packet"), ("new_claim", "New claim"),
        ],
    )  # fmt: skip
    required_criteria = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            ExclusionConstraint(
                name="payer_rule_one_at_a_time",
                expressions=[
                    (F("organization"), RangeOperators.EQUAL),
                    (F("payer"), RangeOperators.EQUAL),
                    (during("effective_from", "effective_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class ServiceCode(Record):
    """A row of the practice's service catalogue: number, our own label, kind, minutes. Never a literal in logic."""

    code = models.CharField(
        max_length=5, validators=[RegexValidator(r"^[A-Z0-9]{5}$", "A code has five characters.")]
    )
    label = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    minutes_from = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_to = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_each = models.PositiveSmallIntegerField("one more unit for each further", null=True, blank=True)
    timed = models.BooleanField("minutes decide", default=True)
    units_a_day = models.PositiveSmallIntegerField(null=True, blank=True, default=1)
    addon_to = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    prescriber_only = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "code"], name="service_code_once"),
            models.CheckConstraint(
                name="service_code_minutes",
                condition=Q(minutes_to__isnull=True)
                | Q(minutes_from__isnull=True)
                | Q(minutes_to__gte=F("minutes_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Contract(Record):
    """A provider is contracted (credentialed) with a payer from a date on."""

    provider = link(Provider, related_name="contracts")
    payer = link(Payer, related_name="contracts")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            ExclusionConstraint(
                name="contract_one_at_a_time",
                expressions=[
                    (F("organization"), RangeOperators.EQUAL),
                    (F("provider"), RangeOperators.EQUAL),
                    (F("payer"), RangeOperators.EQUAL),
                    (during("effective_from", "effective_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Fee(Record):
    """What a provider charges for a code, and what the payer allows; without a payer it is the self-pay fee."""

    provider = link(Provider, related_name="fees")
    payer = link(Payer, null=True, related_name="fees")
    service = link(ServiceCode, related_name="fees")
    charge_cents = CentsField()
    allowed_cents = CentsField(null=True, blank=True)
    effective_from = models.DateField()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "provider", "payer", "service", "effective_from"],
                name="fee_once_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="fee_not_negative",
                condition=Q(charge_cents__gte=0) & (Q(allowed_cents__isnull=True) | Q(allowed_cents__gte=0)),
            ),
        ]
