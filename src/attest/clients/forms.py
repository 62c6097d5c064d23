"""The forms of the client pages and of this room's settings."""

import re
from calendar import monthrange
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q

from attest.clients.models import SEXES, Client, Coverage, FormDocument, PaymentMethod
from attest.practice.fields import (
    DayField,
    DigitsField,
    DollarsField,
    PlainForm,
    RecordForm,
    own_rows,
    speak_plainly,
)
from attest.practice.models import Payer, Provider
from attest.practice.queries import active_payers

_MONTH = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{2}|\d{4})")


class MonthField(forms.Field):
    """The month printed on a card ("05/28") as its last day; empty is None."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "MM/YY", "autocomplete": "off"})

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = _MONTH.fullmatch(text)
        month = int(found[1]) if found else 0
        if found is None or not 1 <= month <= 12:
            raise forms.ValidationError("Write the month as on the card, such as 05/28.")
        year = int(found[2]) + (2000 if len(found[2]) == 2 else 0)
        if not 2000 <= year <= 2100:
            raise forms.ValidationError("Write the month as on the card, such as 05/28.")
        return date(year, month, monthrange(year, month)[1])

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%m/%y}" if isinstance(value, date) else value


class ClientForm(RecordForm):
    layout = [
        ("legal_first_name", "legal_last_name"),
        ("preferred_name", "pronouns"),
        ("birth_date", "sex"),
        ("provider",),
        ("line1", "line2"),
        ("city", "state", "zip_code"),
        ("email", "phone"),
        ("self_pay",),
        ("do_not_bill",),
        ("part2_program",),
        ("part2_consent_on",),
    ]
    birth_date = DayField(label="birth date")
    zip_code = DigitsField(label="ZIP", required=False, help_text="Five or nine digits.")
    phone = DigitsField(required=False)
    part2_consent_on = DayField(
        label="consent to disclose given on",
        required=False,
        help_text="Only for a 42 CFR Part 2 program: without it nothing goes to a plan.",
    )

    class Meta:
        model = Client
        fields = [
            "legal_first_name",
            "legal_last_name",
            "preferred_name",
            "pronouns",
            "birth_date",
            "sex",
            "provider",
            "line1",
            "line2",
            "city",
            "state",
            "zip_code",
            "email",
            "phone",
            "self_pay",
            "do_not_bill",
            "part2_program",
            "part2_consent_on",
            "active",
        ]
        labels = {
            "legal_first_name": "legal first name",
            "legal_last_name": "legal last name",
            "preferred_name": "preferred first name",
            "sex": "sex for the claim",
            "self_pay": "Pays privately: no plan is needed and no claim is made",
            "do_not_bill": "Insurance is not billed, as the client asked (45 CFR 164.522)",
            "part2_program": "Treated in a substance use program under 42 CFR Part 2",
            "active": "Is a client of the practice",
        }
        help_texts = {
            "legal_first_name": "As on the insurance card.",
            "sex": "As the plan has it; a claim knows no more.",
        }

    def __init__(self, *args: Any, organization_id: UUID, choose_provider: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if choose_provider:
            offered = Q(active=True)
            if provider_id := getattr(self.instance, "provider_id", None):
                offered |= Q(pk=provider_id)
            own_rows(
                self,
                "provider",
                Provider.objects.filter(offered, organization_id=organization_id).order_by("last_name"),
            )
        else:
            del self.fields["provider"]
        if self.instance._state.adding:
            del self.fields["active"]


class CoverageForm(RecordForm):
    """A plan, and on the same page what was learnt when it was verified."""

    effective_from = DayField(label="covers from")
    effective_to = DayField(label="covers through", required=False, help_text="Empty: no end known.")
    subscriber_birth_date = DayField(label="subscriber's birth date", required=False)
    subscriber_sex = forms.ChoiceField(
        label="subscriber's sex for the claim", required=False, choices=[("", "Choose"), *SEXES]
    )
    copay_cents = DollarsField(label="copay", required=False, help_text="Empty when the plan has none.")
    deductible_left_cents = DollarsField(label="deductible left", required=False)
    out_of_pocket_left_cents = DollarsField(
        label="out-of-pocket maximum left", required=False, help_text="Empty when it is not known."
    )
    result = forms.ChoiceField(
        label="what the payer said",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", "Nothing new"),
            ("verified", "The plan is active"),
            ("failed", "The plan is not active, or the payer does not know the client"),
        ],
    )
    verified_at = DayField(label="asked on", required=False, help_text="Empty: today.")

    class Meta:
        model = Coverage
        fields = [
            "payer",
            "rank",
            "plan_name",
            "member_id",
            "group_number",
            "effective_from",
            "effective_to",
            "relation",
            "subscriber_first_name",
            "subscriber_last_name",
            "subscriber_birth_date",
            "subscriber_sex",
            "copay_cents",
            "coinsurance_percent",
            "deductible_left_cents",
            "out_of_pocket_left_cents",
            "qmb",
        ]
        labels = {
            "subscriber_first_name": "subscriber's first name",
            "subscriber_last_name": "subscriber's last name",
            "coinsurance_percent": "coinsurance, percent",
            "qmb": "Qualified Medicare beneficiary: the client owes nothing",
        }
        widgets = {"relation": forms.RadioSelect}

    PLAN = [
        ("payer", "rank"),
        ("member_id", "group_number"),
        ("plan_name",),
        ("effective_from", "effective_to"),
    ]
    SUBSCRIBER = [
        ("relation",),
        ("subscriber_first_name", "subscriber_last_name"),
        ("subscriber_birth_date", "subscriber_sex"),
    ]
    VERIFICATION = [
        ("result",),
        ("verified_at",),
        ("copay_cents", "coinsurance_percent"),
        ("deductible_left_cents", "out_of_pocket_left_cents"),
        ("qmb",),
    ]

    def __init__(self, *args: Any, organization_id: UUID, **more: Any) -> None:
        super().__init__(*args, **more)
        payers = active_payers(organization_id)
        if not self.instance._state.adding:
            own_payer = Q(pk=getattr(self.instance, "payer_id", None))
            payers = Payer.objects.filter(Q(active=True) | own_payer, organization_id=organization_id)
            payers = payers.order_by("name")
        own_rows(self, "payer", payers)
        relation = self.fields["relation"]
        assert isinstance(relation, forms.ChoiceField)
        relation.choices = Coverage._meta.get_field("relation").flatchoices

    @property
    def sections(self) -> list[tuple[str, str, list[tuple[str, list[Any]]]]]:
        """The three parts of the page: (id, title, rows)."""
        return [
            ("plan", "Plan", self._rows(self.PLAN)),
            ("subscriber", "Subscriber", self._rows(self.SUBSCRIBER)),
            ("verification", "Verification and what it asks of the client", self._rows(self.VERIFICATION)),
        ]

    def _rows(self, layout: list[tuple[str, ...]]) -> list[tuple[str, list[Any]]]:
        css = {1: "fields", 2: "fields-2"}
        return [(css[len(row)], [self[name] for name in row]) for row in layout]


class PaymentMethodForm(RecordForm):
    layout = [("kind",), ("brand", "last4"), ("expires_on",)]
    expires_on = MonthField(label="expires", required=False, help_text="For a card.")

    class Meta:
        model = PaymentMethod
        fields = ["kind", "brand", "last4", "expires_on", "is_default"]
        labels = {"brand": "card brand or bank", "is_default": "Charge this one from now on"}
        help_texts = {"last4": "Only these four. A whole number is never kept here."}
        widgets = {"last4": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})}


class AcknowledgeForm(PlainForm):
    """Which forms were signed, by whom and when."""

    documents = forms.ModelMultipleChoiceField(
        FormDocument.objects.none(), label="signed", widget=forms.CheckboxSelectMultiple
    )
    typed_name = forms.CharField(
        label="name of who signed", max_length=100, help_text="The client, or who may sign for them."
    )
    acknowledged_on = DayField(label="signed on")

    def __init__(self, *args: Any, documents: list[FormDocument], **more: Any) -> None:
        super().__init__(*args, **more)
        own_rows(
            self, "documents", FormDocument.objects.filter(pk__in=[document.pk for document in documents])
        )
        self.fields["documents"].label_from_instance = lambda document: document.title  # type: ignore[attr-defined]
        self.fields["documents"].error_messages["required"] = "Tick the forms that were signed."


class DiagnosisForm(PlainForm):
    code = forms.CharField(label="diagnosis", max_length=10)
    onset = DayField(required=False, label="since", help_text="Empty when it is not known.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["code"].error_messages["required"] = "Choose a diagnosis from the list."


class FormVersionForm(PlainForm):
    title = forms.CharField(max_length=100)
    body = forms.CharField(label="text", widget=forms.Textarea(attrs={"rows": 16}))
    effective_from = DayField(label="in force from")
    required = forms.BooleanField(
        label="Every client must acknowledge it before a session is confirmed", required=False
    )


class FormNewForm(FormVersionForm):
    layout = [("title", "key")]
    key = forms.SlugField(
        label="short name", max_length=40, help_text="Small letters and dashes; it never changes."
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        speak_plainly(self.fields)
        self.fields["key"].error_messages["invalid"] = "Short name: small letters, digits and dashes only."
