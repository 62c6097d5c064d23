"""Form fields that take what people type, and forms whose errors are plain sentences."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField

# A comma only divides thousands: "150,00" would otherwise become fifteen thousand dollars.
_AMOUNT = re.compile(
    r"\$?\s*(?=[\d.]*\d)(?P<dollars>\d{1,3}(?:,\d{3})+|\d{0,9})(?:\.(?P<cents>\d{0,2}))?", re.ASCII
)
_PUNCTUATION = re.compile(r"[\s().\-–/]+")


class DayInput(forms.DateInput):
    """The browser's own date field; the server reads ISO dates and MM/DD/YYYY."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A calendar date."""

    widget = DayInput

    def __init__(self, **more: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%m/%d/%Y"], **more)


class DigitsField(forms.CharField):
    """Digits typed with whatever punctuation people use: (845) 555-0100, 12401-0012, 12-0000001."""

    def to_python(self, value: Any) -> str:
        return _PUNCTUATION.sub("", super().to_python(value) or "")


class DollarsField(forms.Field):
    """An amount of dollars ("1,234.50", "$25") as integer cents; empty is None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    highest = 10_000_000

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = _AMOUNT.fullmatch(text)
        if found is None:
            raise forms.ValidationError("Write an amount such as 150.00.")
        cents = int(found["dollars"].replace(",", "") or 0) * 100 + int((found["cents"] or "").ljust(2, "0"))
        if cents > self.highest:
            raise forms.ValidationError("An amount lies between $0.00 and $100,000.00.")
        return cents

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value


class PlainForm(forms.Form):
    """A form whose errors are sentences and whose fields stand in rows.

    `layout` lists rows of field names; fields left out follow, one a row. The browser's own bubbles stay away.
    """

    use_required_attribute = False
    layout: list[tuple[str, ...]] = []

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        speak_plainly(self.fields)

    @property
    def rows(self) -> list[tuple[str, list[BoundField]]]:
        """Each row as (class of the grid, its bound fields)."""
        placed = {name for row in self.layout for name in row}
        rows = [*self.layout, *((name,) for name in self.fields if name not in placed)]
        shown = [[self[name] for name in row if name in self.fields] for row in rows]
        css = {1: "fields", 2: "fields-2", 3: "fields-3"}
        return [(css[min(len(row), 3)], row) for row in shown if row and not row[0].is_hidden]


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[models.Model]
else:
    _ModelForm = forms.ModelForm


class RecordForm(PlainForm, _ModelForm):
    """A form for the columns of a record. The action that saves it judges the row, not the form."""

    def _post_clean(self) -> None:
        """Leave the instance alone: the action sets the columns, checks them and saves."""


def speak_plainly(fields: Mapping[str, forms.Field]) -> None:
    """Give fields our words for what can be wrong with them."""
    for name, field in fields.items():
        _speak_plainly(name, field)


def _speak_plainly(name: str, field: forms.Field) -> None:
    label = str(field.label or name.replace("_", " "))
    label = field.label = label[:1].upper() + label[1:]
    said = field.error_messages
    if isinstance(field, forms.BooleanField):
        field.required = False
    said["required"] = f"{label} is needed."
    said["invalid_choice"] = f"{label}: choose one of the list."
    if isinstance(field, forms.DateField):
        said["invalid"] = f"{label}: write a date as MM/DD/YYYY."
    elif isinstance(field, forms.IntegerField):
        said["invalid"] = f"{label}: a whole number is needed."
    elif isinstance(field, forms.EmailField):
        said["invalid"] = f"{label}: an address such as name@example.com is needed."
    elif isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices = list(field.choices) if not callable(field.choices) else []
        if choices and choices[0] == BLANK_CHOICE_DASH[0]:
            field.choices = [("", "Choose" if field.required else "None"), *choices[1:]]
    elif isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
        field.empty_label = "Choose" if field.required else "None"


def own_rows(form: forms.BaseForm, name: str, rows: models.QuerySet[Any]) -> None:
    """Let a choice of records offer these rows and no others."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
