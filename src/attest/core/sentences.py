"""What forms say where they have no words of their own: one plain sentence for each thing that can be wrong.

Django's own sentences speak of what is valid; these say what to type. `Core.ready` puts them in place once, for every
form of the product and of the login library.
"""

from django import forms

ANY_FIELD = {
    "required": "This is needed.",
    "max_length": "At most %(limit_value)d characters fit here; these are %(show_value)d.",
    "min_length": "At least %(limit_value)d characters are needed; these are %(show_value)d.",
    "max_value": "At most %(limit_value)s.",
    "min_value": "At least %(limit_value)s.",
    "null_characters_not_allowed": "One of these characters cannot be kept. Type it again.",
}
"""By the code of the problem, whatever the field."""

DATE = "Write a date as MM/DD/YYYY."
NUMBER = "A number is needed."
CHOICE = "Choose one of the list."
FIELDS: dict[type[forms.Field], dict[str, str]] = {
    forms.DateField: {"invalid": DATE},
    forms.TimeField: {"invalid": "Write a time such as 9:30 AM."},
    forms.DateTimeField: {"invalid": "Write a date and a time such as 11/24/2026 9:30 AM."},
    forms.IntegerField: {"invalid": "A whole number is needed."},
    forms.FloatField: {"invalid": NUMBER},
    forms.DecimalField: {"invalid": NUMBER},
    forms.EmailField: {"invalid": "An address such as name@example.com is needed."},
    forms.URLField: {"invalid": "An address such as https://example.com is needed."},
    forms.UUIDField: {"invalid": CHOICE},
    forms.SlugField: {"invalid": "Small letters, digits and dashes only."},
    forms.RegexField: {"invalid": "This does not have the form that is asked for."},
    forms.ChoiceField: {"invalid_choice": CHOICE},
    forms.MultipleChoiceField: {"invalid_choice": CHOICE, "invalid_list": CHOICE},
    forms.ModelChoiceField: {"invalid_choice": CHOICE},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": CHOICE,
        "invalid_list": CHOICE,
        "invalid_pk_value": CHOICE,
    },
    forms.FileField: {
        "invalid": "Choose a file.",
        "missing": "Choose a file.",
        "empty": "The file is empty.",
        "max_length": "The file's name has room for %(max)d characters; it has %(length)d.",
        "contradiction": "Choose a file or tick the box, not both.",
    },
}


def speak_plainly() -> None:
    """Let every form field say these sentences, unless its form has given it its own."""
    forms.Field.default_error_messages = {**forms.Field.default_error_messages, **ANY_FIELD}
    for field, sentences in FIELDS.items():
        field.default_error_messages = {**field.default_error_messages, **sentences}
