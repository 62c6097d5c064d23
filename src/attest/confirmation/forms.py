"""The confirm form's fields as they are drawn. What they mean is read by `typed.read`, which never refuses a draft."""

from typing import Any

from django import forms

from attest.calendar.models import MODALITIES
from attest.confirmation.facts import Case
from attest.confirmation.typed import LONGEST_TEXT, MOST_INTERVALS
from attest.policy.deadlines import local_date
from attest.policy.place import Modality
from attest.practice.organization import STATE_CHOICES

YES_NO = [("yes", "Yes"), ("no", "No")]


def _time(label: str, *, required: bool = True) -> forms.CharField:
    # The blank placeholder lets the style sheet see whether anything is typed.
    attributes = {"data-time": True, "autocomplete": "off", "placeholder": " "}
    return forms.CharField(label=label, required=required, widget=forms.TextInput(attrs=attributes))


class DetailsForm(forms.Form):
    """Times, place and note choice; codes and diagnoses are drawn by the page itself."""

    use_required_attribute = False  # the browser would refuse the press for fields that are hidden

    date = forms.CharField(
        label="Date", widget=forms.TextInput(attrs={"data-date": True, "autocomplete": "off"})
    )
    start_1 = _time("Actual start")
    stop_1 = _time("Actual stop")
    start_2 = _time("Start, second part", required=False)
    stop_2 = _time("Stop, second part", required=False)
    start_3 = _time("Start, third part", required=False)
    stop_3 = _time("Stop, third part", required=False)
    start_4 = _time("Start, fourth part", required=False)
    stop_4 = _time("Stop, fourth part", required=False)
    stop_next_day = forms.BooleanField(label="It ended after midnight, the next day", required=False)
    excluded_minutes = forms.CharField(
        label="Minutes to leave out",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="Breaks, or time when the connection was down.",
    )
    affirmed = forms.BooleanField(label="These are the actual start and stop times", required=False)
    date_reason = forms.CharField(label="Why it took place on another date than scheduled", max_length=300)
    modality = forms.ChoiceField(label="How", choices=MODALITIES, widget=forms.RadioSelect)
    location = forms.ChoiceField(label="Location")
    client_state = forms.ChoiceField(
        label="State the client was in", choices=[("", "Choose a state"), *STATE_CHOICES]
    )
    client_at_home = forms.ChoiceField(
        label="Was the client at home?", choices=YES_NO, widget=forms.RadioSelect
    )
    client_present = forms.ChoiceField(
        label="Was the client there for most of it?", choices=YES_NO, widget=forms.RadioSelect
    )
    therapy_minutes = forms.CharField(
        label="Minutes of therapy",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="Beside an E/M code, therapy minutes are counted on their own.",
    )
    elsewhere_author = forms.CharField(
        label="Who wrote and signed it", max_length=LONGEST_TEXT["elsewhere_author"]
    )
    elsewhere_signed_on = forms.CharField(
        label="Signed on",
        widget=forms.TextInput(attrs={"data-date": True, "autocomplete": "off"}),
    )

    def __init__(self, values: dict[str, Any], case: Case) -> None:
        super().__init__(data=values)
        places = sorted(case.behind.locations.values(), key=lambda place: place.name)
        self.fields["location"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a location"),
            *((str(place.pk), place.name) for place in places if place.active),
        ]
        self.telehealth = case.typed is not None and case.typed.modality is not Modality.IN_PERSON
        self.is_valid()
        self._errors = forms.utils.ErrorDict()
        if case.typed is not None:
            today = local_date(case.now, case.session.zone)
            for name, sentence in case.typed.sentences(today).items():
                if name in self.fields:
                    self.add_error(name, sentence)

    @property
    def further_parts(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Start and stop of the second, third and fourth part."""
        return [(self[f"start_{n}"], self[f"stop_{n}"]) for n in range(2, MOST_INTERVALS + 1)]
