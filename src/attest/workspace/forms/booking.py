"""Scheduling a session, and changing how an unconfirmed one is booked."""

from typing import Any
from uuid import UUID

from django import forms

from attest.calendar.models import KINDS, MODALITIES, Session
from attest.core.templatetags.times import zone_name
from attest.policy.deadlines import utc
from attest.practice.models import Location, Provider
from attest.practice.organization import STATE_CHOICES
from attest.workspace.forms.when import WhenForm
from attest.workspace.queries.booking import clashes


class HowForm(forms.Form):
    """How and where a session is held: in person with a place, otherwise with the state the client is in."""

    kind = forms.ChoiceField(label="Kind of session", choices=KINDS, initial="individual")
    modality = forms.ChoiceField(
        label="How",
        choices=MODALITIES,
        initial="in_person",
        widget=forms.RadioSelect,
        error_messages={"required": "Say how you meet."},
    )
    location = forms.ModelChoiceField(
        Location.objects.none(),
        label="Place",
        empty_label="Choose a place",
        error_messages={"required": "Choose the place where you meet."},
    )
    client_state = forms.ChoiceField(
        label="State the client is in",
        choices=[("", "Choose a state"), *STATE_CHOICES],
        error_messages={"required": "Choose the state the client will be in."},
        help_text="By telehealth, care counts as given where the client is.",
    )
    client_at_home = forms.BooleanField(
        label="The client is at home",
        required=False,
        initial=True,
        help_text="It decides the place of service.",
    )
    self_pay = forms.BooleanField(
        label="Paid privately, no claim", required=False, help_text="No plan is billed for this session."
    )

    def __init__(self, *args: Any, organization_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization_id = organization_id
        place = self.fields["location"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset = Location.objects.filter(organization_id=organization_id, active=True).order_by(
            "name"
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        # Only one of the two is asked for; what was left in the other, which is not shown, does not count.
        unasked = "client_state" if values.get("modality") == "in_person" else "location"
        self.errors.pop(unasked, None)
        values[unasked] = "" if unasked == "client_state" else None
        return values

    def how(self) -> dict[str, Any]:
        """The columns of the session, after validation."""
        names = ("kind", "modality", "location", "client_state", "client_at_home", "self_pay")
        return {name: self.cleaned_data[name] for name in names}


class ProviderField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A provider, named with credentials and the zone their times are in."""

    def label_from_instance(self, obj: Provider) -> str:
        return f"{obj.signature_name} ({zone_name(obj.zone)})"


class BookingForm(WhenForm, HowForm):
    """A new session, with a choice of the provider for somebody who may book for anybody."""

    provider = ProviderField(
        Provider.objects.none(),
        label="Provider",
        empty_label="Choose a provider",
        error_messages={"required": "Choose who holds the session."},
    )
    double = forms.BooleanField(label="Schedule it anyway", required=False)

    def __init__(self, *args: Any, organization_id: UUID, provider: Provider | None, **kwargs: Any) -> None:
        """`provider` is who books for themselves; None for somebody who may book for anybody."""
        super().__init__(*args, organization_id=organization_id, zone="UTC", **kwargs)
        self.own = provider
        self.clash: Session | None = None
        if provider is not None:
            del self.fields["provider"]
        else:
            choice = self.fields["provider"]
            assert isinstance(choice, ProviderField)
            choice.queryset = Provider.objects.filter(organization_id=organization_id, active=True).order_by(
                "last_name", "first_name"
            )

    def clean(self) -> dict[str, Any]:
        holds = self.own or self.cleaned_data.get("provider")
        if holds is None:
            return self.cleaned_data
        self.zone = holds.zone
        values = super().clean()
        if self.starts_at and self.ends_at:
            self.clash = clashes(holds, self.starts_at, self.ends_at)
            if self.clash and not values.get("double"):
                self.add_error("double", "There is another session at that time.")
        return values

    @property
    def holder(self) -> Provider:
        """Who holds the session, after validation."""
        found = self.own or self.cleaned_data["provider"]
        assert isinstance(found, Provider)
        return found


class ChangeForm(WhenForm, HowForm):
    """An unconfirmed session as it is booked. Its times can be changed only until it starts."""

    double = forms.BooleanField(label="Move it there anyway", required=False)

    def __init__(self, *args: Any, session: Session, movable: bool, **kwargs: Any) -> None:
        super().__init__(*args, organization_id=session.organization_id, zone=session.zone, **kwargs)
        self.session = session
        self.movable = movable
        self.clash: Session | None = None
        if not movable:
            for name in ("date", "start", "minutes", "meant", "double"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.moved and self.starts_at and self.ends_at:
            self.clash = clashes(self.session.provider, self.starts_at, self.ends_at, besides=self.session.pk)
            if self.clash and not values.get("double"):
                self.add_error("double", "There is another session at that time.")
        return values

    @property
    def moved(self) -> bool:
        """The times differ from those the session has."""
        if not self.movable or self.starts_at is None or self.ends_at is None:
            return False
        return (self.starts_at, self.ends_at) != (utc(self.session.starts_at), utc(self.session.ends_at))
