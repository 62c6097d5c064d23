"""The forms of the settings pages."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from attest.core.access import Role
from attest.core.passwords import HINT
from attest.policy.catalogue import ServiceKind
from attest.policy.note_checks import REQUIRABLE
from attest.policy.record import DEFAULT_POLICY, LIMITS, Policy
from attest.practice.fields import (
    DayField,
    DigitsField,
    DollarsField,
    PlainForm,
    RecordForm,
    own_rows,
    speak_plainly,
)
from attest.practice.models import (
    Contract,
    Licence,
    Location,
    Organization,
    Payer,
    PayerRule,
    Provider,
    ServiceCode,
)
from attest.practice.openings import CATEGORIES
from attest.practice.queries import active_payers, active_providers

ROLE_WORDS = [
    (Role.PROVIDER.value, "Provider: holds and confirms sessions, writes notes"),
    (Role.ADMIN.value, "Admin: everything in Settings, every calendar"),
    (Role.BILLER.value, "Biller: claims, payers and fees, never a note"),
    (Role.AUDITOR.value, "Auditor: reads everything, changes nothing"),
    (Role.SUPPORT.value, "Support: nothing until they state a reason, then sessions and claims for a while"),
]
KIND_WORDS = [(kind.value, kind.words[:1].upper() + kind.words[1:]) for kind in ServiceKind]


class OrganizationForm(RecordForm):
    layout = [
        ("name", "zone"),
        ("npi", "taxonomy"),
        ("tax_id", "tax_id_kind"),
        ("line1", "line2"),
        ("city", "state", "zip_code"),
        ("contact_name", "phone"),
        ("submitter_id", "receiver_id", "receiver_name"),
    ]
    npi = DigitsField(
        label="billing NPI", required=False, help_text="Ten digits, the practice's own (type 2)."
    )
    tax_id = DigitsField(label="tax id", required=False, help_text="Nine digits.")
    zip_code = DigitsField(
        label="ZIP+4", required=False, help_text="Nine digits: claims ask for all of them."
    )
    phone = DigitsField(required=False)

    class Meta:
        model = Organization
        fields = [
            "name",
            "zone",
            "npi",
            "taxonomy",
            "tax_id",
            "tax_id_kind",
            "line1",
            "line2",
            "city",
            "state",
            "zip_code",
            "contact_name",
            "phone",
            "submitter_id",
            "receiver_id",
            "receiver_name",
        ]
        help_texts = {
            "submitter_id": "Given to you by the clearinghouse (ISA06).",
            "receiver_id": "The clearinghouse's own id (ISA08).",
            "taxonomy": "Ten characters, such as 101YM0800X.",
        }


class LocationForm(RecordForm):
    layout = [("name", "place_of_service"), ("line1", "line2"), ("city", "state", "zip_code")]
    zip_code = DigitsField(label="ZIP+4", help_text="Five or nine digits.")
    npi = DigitsField(
        label="facility NPI", required=False, help_text="Only where the place has one of its own."
    )

    class Meta:
        model = Location
        fields = ["name", "place_of_service", "line1", "line2", "city", "state", "zip_code", "npi", "active"]
        labels = {"active": "Can be chosen for sessions"}


class ProviderForm(RecordForm):
    layout = [("first_name", "last_name", "credentials"), ("npi", "taxonomy"), ("zone", "location")]
    npi = DigitsField(label="NPI", help_text="Ten digits, the provider's own (type 1).")

    class Meta:
        model = Provider
        fields = [
            "first_name",
            "last_name",
            "credentials",
            "npi",
            "taxonomy",
            "zone",
            "location",
            "prescriber",
            "active",
        ]
        labels = {"active": "Sees clients in this practice", "location": "usual location"}

    def __init__(self, *args: Any, organization_id: UUID, **more: Any) -> None:
        super().__init__(*args, **more)
        own_rows(self, "location", Location.objects.filter(organization_id=organization_id, active=True))


class LicenceForm(RecordForm):
    layout = [("state", "number"), ("valid_from", "valid_to")]
    valid_from = DayField(label="valid from")
    valid_to = DayField(label="valid through", required=False, help_text="Empty: no end known.")

    class Meta:
        model = Licence
        fields = ["state", "number", "valid_from", "valid_to"]


class PayerForm(RecordForm):
    layout = [("name", "payer_id"), ("line_of_business", "filing_indicator")]

    class Meta:
        model = Payer
        fields = ["name", "payer_id", "line_of_business", "filing_indicator", "active"]
        labels = {"active": "Can be chosen for a client's plan"}
        help_texts = {"payer_id": "As your clearinghouse lists it."}


class PayerRuleForm(RecordForm):
    layout = [
        ("effective_from",),
        ("filing_kind", "filing_amount"),
        ("requires_signed_note",),
        ("telehealth_pos_home", "telehealth_pos_other", "video_modifier"),
        ("audio_paid",),
        ("audio_modifier", "correction_method"),
        ("required_criteria",),
    ]
    required_criteria = forms.MultipleChoiceField(
        label="before a note is signed, this payer also demands",
        choices=[(criterion.name, criterion.looks_for) for criterion in REQUIRABLE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Beside what the template asks for. The note cannot be signed without it.",
    )
    effective_from = DayField(
        label="from this date on",
        help_text="The rules until now end the day before. The same date mends them.",
    )

    class Meta:
        model = PayerRule
        fields = [
            "effective_from",
            "filing_kind",
            "filing_amount",
            "requires_signed_note",
            "telehealth_pos_home",
            "telehealth_pos_other",
            "video_modifier",
            "audio_paid",
            "audio_modifier",
            "correction_method",
            "required_criteria",
        ]
        labels = {"audio_modifier": "phone modifier"}
        help_texts = {
            "filing_amount": "No meaning for the end of the following year.",
            "video_modifier": "Usually 95; empty for none.",
            "audio_modifier": "Usually 93; empty for none.",
        }


class ContractForm(RecordForm):
    layout = [("payer",), ("effective_from", "effective_to")]
    effective_from = DayField(label="from")
    effective_to = DayField(label="through", required=False, help_text="Empty: until further notice.")

    class Meta:
        model = Contract
        fields = ["payer", "effective_from", "effective_to"]

    def __init__(self, *args: Any, organization_id: UUID, **more: Any) -> None:
        super().__init__(*args, **more)
        own_rows(self, "payer", active_payers(organization_id))
        if not self.instance._state.adding:
            del self.fields["payer"]


class FeesForm(PlainForm):
    """One row a service: what the provider charges and, for a payer, what it allows."""

    effective_from = DayField(label="from this date on")

    def __init__(self, *args: Any, services: Iterable[ServiceCode], with_allowed: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.services = list(services)
        for service in self.services:
            for kind in ("charge", "allowed") if with_allowed else ("charge",):
                label = f"{service.code} {'charge' if kind == 'charge' else 'allowed by the payer'}"
                self.fields[f"{kind}_{service.code}"] = DollarsField(label=label, required=False)
        speak_plainly(self.fields)

    @property
    def lines(self) -> list[tuple[ServiceCode, Any, Any]]:
        """Each service with its two fields; the second is None for self-pay."""
        return [
            (
                s,
                self[f"charge_{s.code}"],
                self[f"allowed_{s.code}"] if f"allowed_{s.code}" in self.fields else None,
            )
            for s in self.services
        ]


class ServiceForm(RecordForm):
    layout = [
        ("code", "label"),
        ("kind",),
        ("minutes_from", "minutes_to"),
        ("minutes_each", "units_a_day"),
        ("timed",),
        ("prescriber_only",),
        ("active",),
    ]
    kind = forms.ChoiceField(choices=[("", "Choose"), *KIND_WORDS])
    addon_to = forms.MultipleChoiceField(
        label="only added to",
        choices=KIND_WORDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: what is usual for its kind.",
    )

    class Meta:
        model = ServiceCode
        fields = [
            "code",
            "label",
            "kind",
            "minutes_from",
            "minutes_to",
            "minutes_each",
            "units_a_day",
            "timed",
            "prescriber_only",
            "addon_to",
            "active",
        ]
        labels = {
            "minutes_from": "minutes from",
            "minutes_to": "minutes to",
            "timed": "Too few minutes block this code",
            "units_a_day": "units a day at most",
            "minutes_each": "one more unit for each further minutes",
            "prescriber_only": "Only for prescribers",
            "active": "Can be billed",
        }
        help_texts = {
            "label": "Your own words. Code descriptions belong to whoever publishes them.",
            "minutes_each": "For codes that count half hours; else empty.",
        }


class ImportForm(PlainForm):
    file = forms.FileField(label="CSV file", required=False)
    text = forms.CharField(
        label="or paste the table here",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )


class PolicyForm(PlainForm):
    """One field for each number of the policy; empty means the default."""

    def __init__(self, *args: Any, policy: Policy, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, limit in LIMITS.items():
            default, chosen = getattr(DEFAULT_POLICY, name), getattr(policy, name)
            if limit.choice:
                self.fields[name] = forms.ChoiceField(
                    label=limit.label,
                    required=False,
                    initial="" if chosen == default else chosen,
                    choices=[("", "Yes" if default else "No"), (1 - default, "No" if default else "Yes")],
                )
                continue
            self.fields[name] = forms.CharField(
                label=limit.label,
                required=False,
                initial="" if chosen == default else chosen,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": default}),
                help_text=f"{limit.lowest} to {limit.highest}; the default is {default}.",
            )
        speak_plainly(self.fields)


class SupportReasonForm(PlainForm):
    layout = [("category", "reference"), ("reason",)]
    category = forms.ChoiceField(label="what it is about", choices=[("", "Choose"), *CATEGORIES])
    reference = forms.CharField(
        label="request number", max_length=40, required=False, help_text="If there is one."
    )
    reason = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In a sentence. The practice reads it. Name no client.",
    )


def _provider_choice() -> "forms.ModelChoiceField[Provider]":
    return forms.ModelChoiceField(
        Provider.objects.none(),
        required=False,
        label="is this provider",
        help_text="Needed for the role of provider.",
    )


class InviteForm(PlainForm):
    layout = [("name", "email")]
    name = forms.CharField(max_length=200)
    email = forms.EmailField(label="email", help_text="The invitation goes there; they sign in with it.")
    roles = forms.MultipleChoiceField(choices=ROLE_WORDS, widget=forms.CheckboxSelectMultiple)
    provider = _provider_choice()

    def __init__(self, *args: Any, organization_id: UUID, **more: Any) -> None:
        super().__init__(*args, **more)
        own_rows(self, "provider", active_providers(organization_id))


def new_password() -> forms.CharField:
    """A password somebody chooses; the action judges it."""
    return forms.CharField(
        label="password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=HINT,
    )


class AcceptForm(PlainForm):
    """What somebody new tells when they accept an invitation."""

    name = forms.CharField(
        label="your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = new_password()


class OwnPasswordForm(PlainForm):
    """The password somebody has."""

    password = forms.CharField(
        label="your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class MemberRolesForm(PlainForm):
    roles = forms.MultipleChoiceField(choices=ROLE_WORDS, widget=forms.CheckboxSelectMultiple)
    provider = _provider_choice()
    active = forms.BooleanField(label="May enter this practice", required=False)

    def __init__(self, *args: Any, organization_id: UUID, **more: Any) -> None:
        super().__init__(*args, **more)
        own_rows(self, "provider", active_providers(organization_id))
