"""The reason a session is cancelled, did not take place or is closed, in the provider's own few words."""

from django import forms

MOST = 200


class ReasonForm(forms.Form):
    """A reason that may be left out."""

    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=MOST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"At most {MOST} characters."},
    )


class NeededReasonForm(ReasonForm):
    """A reason that must be given: it stays with the session."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["reason"]
        field.required = True
        field.error_messages["required"] = "Say in a few words why it was not confirmed in time."
