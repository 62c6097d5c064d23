"""The forms by which a chart is opened to somebody: granted, or in an emergency."""

from typing import Any

from django import forms

from attest.core.access import Role
from attest.core.templatetags.people import role_words
from attest.practice.fields import DayField, PlainForm, own_rows
from attest.practice.models import Member, Provider
from attest.practice.queries import active_providers


class MemberChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A member, by name and what they are here to do."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.name} ({role_words(obj.roles)})"


def _reason(text: str) -> forms.CharField:
    return forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=text)


class GrantForm(PlainForm):
    """One chart for one colleague."""

    layout = [("member", "until"), ("reason",)]
    member = MemberChoice(Member.objects.none(), label="who may read it")
    until = DayField(label="through", required=False, help_text="Empty: until somebody ends it.")
    reason = _reason("In a sentence: what they need it for.")

    def __init__(self, *args: Any, by: Member, roles: list[Role], **more: Any) -> None:
        super().__init__(*args, **more)
        offered = Member.objects.filter(
            organization_id=by.organization_id, active=True, roles__overlap=[role.value for role in roles]
        ).exclude(pk=by.pk)
        own_rows(self, "member", offered.select_related("user").order_by("user__name"))


class ColleagueGrantForm(GrantForm):
    """The charts of all clients of a provider, while somebody stands in for them."""

    layout = [("provider", "member"), ("since", "until"), ("reason",)]
    provider = forms.ModelChoiceField(Provider.objects.none(), label="all clients of")
    since = DayField(label="from", required=False, help_text="Empty: from now on.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        own_rows(self, "provider", active_providers(more["by"].organization_id))


class EmergencyForm(PlainForm):
    """Who it is, exactly, and why."""

    layout = [("first_name", "last_name"), ("birth_date",), ("reason",)]
    first_name = forms.CharField(label="first name", max_length=60, help_text="Legal or preferred, whole.")
    last_name = forms.CharField(label="last name", max_length=60)
    birth_date = DayField(label="birth date")
    reason = _reason("In a sentence: what has happened. The admins read it.")
