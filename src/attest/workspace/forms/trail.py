"""What the audit trail's page is narrowed by."""

from typing import Any

from django import forms

from attest.core.audit.words import Group
from attest.practice.fields import DayField, PlainForm
from attest.practice.models import Member
from attest.workspace.queries.trail import Wanted

BY_ITSELF = "product"


class DaysForm(PlainForm):
    """From one day to another, both included; without either, all of it."""

    since = DayField(label="from", required=False)
    until = DayField(label="to", required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first one.")
        return values


class TrailForm(DaysForm):
    """Person, kind and days, all in the address; people by ids of this practice alone, so it holds no name."""

    person = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(
        required=False, choices=[("", "Everything"), *((group.value, group.label) for group in Group)]
    )
    client = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[Member], **more: Any) -> None:
        super().__init__(*args, **more)
        self._users = {str(member.pk): member.user_id for member in people}
        person: Any = self.fields["person"]
        person.choices = [
            ("", "Everybody"),
            *((str(member.pk), member.user.name) for member in people),
            (BY_ITSELF, "Attest by itself"),
        ]

    @property
    def wanted(self) -> Wanted:
        """What was chosen; what could not be read counts as not chosen."""
        self.is_valid()
        values = getattr(self, "cleaned_data", {})
        person = values.get("person") or ""
        return Wanted(
            user_id=self._users.get(person),
            nobody=person == BY_ITSELF,
            client_id=values.get("client"),
            groups=(Group(values["kind"]),) if values.get("kind") else (),
            since=values.get("since"),
            until=values.get("until"),
        )
