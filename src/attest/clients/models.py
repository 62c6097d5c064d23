"""Clients: who they are, what they are treated for, who pays, and what they have agreed to."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from attest.clients.grants import ChartGrant
from attest.core import clock
from attest.core.models import CentsField
from attest.practice.models import Payer, Provider
from attest.practice.organization import STATE_CHOICES
from attest.practice.records import Record, link

__all__ = [
    "ChartDiagnosis", "ChartGrant", "Client", "Coverage", "FormAcknowledgement", "FormDocument", "IcdCode",
    "IcdRelease", "PaymentMethod",
]  # fmt: skip

ZIP = RegexValidator(r"^\d{5}(\d{4})?$", "A ZIP has five or nine digits.")
SEXES = [("F", "Female"), ("M", "Male"), ("U", "Unknown or not stated")]


class IcdRelease(models.Model):
    """A release of ICD-10-CM that was loaded, with the dates of service it is for. Public data, outside the wall."""

    name = models.CharField(max_length=40, unique=True)
    effective_from = models.DateField()
    effective_to = models.DateField()
    loaded_at = models.DateTimeField(default=clock.real_now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="icd_release_dates", condition=Q(effective_to__gte=F("effective_from"))
            )
        ]


class IcdCode(models.Model):
    """A code of a release. `code` is without the dot, as claims carry it; one with codes below it is not billable."""

    release = models.ForeignKey(IcdRelease, models.CASCADE, related_name="codes", db_index=False)
    code = models.CharField(max_length=8, db_collation="C")
    label = models.CharField(max_length=300)
    folded = models.CharField(max_length=320)
    billable = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "code"], name="icd_code_once")]
        indexes = [GinIndex(OpClass("folded", name="gin_trgm_ops"), name="icd_code_words")]

    @property
    def dotted(self) -> str:
        """The code as people write it: F41.1."""
        return self.code if len(self.code) <= 3 else f"{self.code[:3]}.{self.code[3:]}"


class Client(Record):
    """A person who is treated."""

    legal_first_name = models.CharField(max_length=35)
    legal_last_name = models.CharField(max_length=60)
    preferred_name = models.CharField(max_length=60, blank=True, default="")
    pronouns = models.CharField(max_length=20, blank=True, default="")
    birth_date = models.DateField()
    sex = models.CharField("sex for the claim", max_length=1, choices=SEXES, default="U")
    email = models.EmailField(blank=True, default="")
    phone = models.CharField(
        max_length=10,
        blank=True,
        default="",
        validators=[RegexValidator(r"^\d{10}$", "A phone number has ten digits.")],
    )
    line1 = models.CharField("street address", max_length=55, blank=True, default="")
    line2 = models.CharField("apartment", max_length=55, blank=True, default="")
    city = models.CharField(max_length=30, blank=True, default="")
    state = models.CharField(max_length=2, choices=STATE_CHOICES, blank=True, default="")
    zip_code = models.CharField("ZIP", max_length=9, blank=True, default="", validators=[ZIP])
    provider = link(Provider, null=True, related_name="clients")
    self_pay = models.BooleanField("pays privately, no insurance", default=False)
    do_not_bill = models.BooleanField("do not bill insurance", default=False)
    part2_program = models.BooleanField("42 CFR Part 2 program", default=False)
    part2_consent_on = models.DateField("consent to disclose given on", null=True, blank=True)
    active = models.BooleanField(default=True)
    folded = models.CharField(max_length=200, editable=False, db_collation="C")
    created_at = models.DateTimeField(default=clock.now)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["organization", "folded"], name="client_folded")]

    def __str__(self) -> str:
        return f"client {self.pk}"

    @property
    def legal_name(self) -> str:
        """First and last name as on the insurance card."""
        return f"{self.legal_first_name} {self.legal_last_name}"

    @property
    def shown_name(self) -> str:
        """The preferred first name where there is one, with the legal last name."""
        return f"{self.preferred_name or self.legal_first_name} {self.legal_last_name}"

    @property
    def has_address(self) -> bool:
        """True when a claim could carry the address."""
        return bool(self.line1 and self.city and self.state and self.zip_code)


class ChartDiagnosis(Record):
    """A diagnosis in a client's chart, with onset and resolved dates."""

    client = link(Client, related_name="diagnoses")
    code = models.CharField(max_length=8)
    label = models.CharField(max_length=300)
    onset = models.DateField(null=True, blank=True)
    resolved = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "client", "code"],
                name="chart_diagnosis_once",
                condition=Q(resolved__isnull=True),
            ),
        ]

    @property
    def dotted(self) -> str:
        """The code as people write it."""
        return self.code if len(self.code) <= 3 else f"{self.code[:3]}.{self.code[3:]}"


class Coverage(Record):
    """A client's plan: who the subscriber is, its dates, whether it was verified, and what it asks of the client."""

    client = link(Client, related_name="coverages")
    payer = link(Payer, related_name="coverages")
    rank = models.CharField(
        max_length=9, choices=[("primary", "Primary"), ("secondary", "Secondary")], default="primary"
    )
    plan_name = models.CharField(max_length=60, blank=True, default="")
    member_id = models.CharField("member id", max_length=30)
    group_number = models.CharField(max_length=30, blank=True, default="")
    relation = models.CharField(
        "the client is the subscriber's", max_length=10, default="self",
        choices=[
            ("self", "Self (the client is the subscriber)"), ("spouse", "Spouse"), ("child", "Child"),
            ("other", "Other dependent"),
        ],
    )  # fmt: skip
    subscriber_first_name = models.CharField(max_length=35, blank=True, default="")
    subscriber_last_name = models.CharField(max_length=60, blank=True, default="")
    subscriber_birth_date = models.DateField(null=True, blank=True)
    subscriber_sex = models.CharField(max_length=1, choices=SEXES, blank=True, default="")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    verification = models.CharField(
        max_length=10, default="unverified",
        choices=[("unverified", "Not verified yet"), ("verified", "Verified"), ("failed", "Could not be verified")],
    )  # fmt: skip
    verified_at = models.DateTimeField(null=True, blank=True)
    copay_cents = CentsField(null=True, blank=True)
    coinsurance_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    deductible_left_cents = CentsField(default=0)
    out_of_pocket_left_cents = CentsField(null=True, blank=True)
    qmb = models.BooleanField("qualified Medicare beneficiary (owes nothing)", default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="coverage_dates",
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
            ),
            models.CheckConstraint(
                name="coverage_verified_when",
                condition=~Q(verification="verified") | Q(verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="coverage_subscriber_known",
                condition=Q(relation="self")
                | (~Q(subscriber_last_name="") & Q(subscriber_birth_date__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["organization", "client", "rank"], name="coverage_client")]


class PaymentMethod(Record):
    """What the client pays with: only what may be shown of it."""

    client = link(Client, related_name="payment_methods")
    kind = models.CharField(
        max_length=4, choices=[("card", "Card"), ("bank", "Bank account")], default="card"
    )
    brand = models.CharField(max_length=20, help_text="For example Visa, or the bank's name.")
    last4 = models.CharField(
        "last four digits", max_length=4, validators=[RegexValidator(r"^\d{4}$", "Four digits.")]
    )
    expires_on = models.DateField(null=True, blank=True)
    is_default = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "client"],
                name="payment_method_one_default",
                condition=Q(active=True, is_default=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} ending {self.last4}"


class FormDocument(Record):
    """A version of one of the practice's standard forms. Only grows: a change is a new version."""

    key = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=100)
    body = models.TextField()
    required = models.BooleanField(default=True)
    effective_from = models.DateField()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "key", "version"], name="form_version_once"),
        ]


class FormAcknowledgement(Record):
    """A client acknowledged one version of a form. Only grows."""

    client = link(Client, related_name="acknowledgements")
    document = link(FormDocument)
    typed_name = models.CharField(max_length=100)
    acknowledged_at = models.DateTimeField(default=clock.now)
    recorded_by = models.UUIDField(null=True)
    how = models.CharField(
        max_length=8, choices=[("paper", "Signed on paper"), ("online", "Online")], default="paper"
    )

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "client", "document"], name="form_acknowledged_once"
            ),
        ]
