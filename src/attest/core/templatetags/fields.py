"""Form fields: label, control, hint, and the error beside it; all errors once more on top, with links."""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def field(bound: BoundField, css: str = "", hint: str = "", label: str = "") -> SafeString:
    """One field of a form. `css` adds classes to its wrapper; `hint` and `label` replace the form's own."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    return render_to_string(
        "core/pieces/field.html",
        {
            "field": bound,
            "css": css,
            "hint": hint or bound.help_text,
            "label": label or bound.label,
            "single_check": kind == "checkbox" and not getattr(widget, "choices", None),
            "grouped": widget.use_fieldset,
        },
    )


@register.simple_tag
def error_summary(*forms: Any) -> SafeString:
    """Every error of the forms (form sets too) in one box, each linking to its field; nothing when there is none."""
    rows: list[dict[str, str]] = []
    for form in _flat(forms):
        rows += [{"text": str(text), "href": "", "label": ""} for text in form.non_field_errors()]
        for bound in form:
            rows += [
                {"text": str(text), "href": bound.id_for_label or bound.auto_id, "label": str(bound.label)}
                for text in bound.errors
            ]
    return render_to_string("core/pieces/error_summary.html", {"rows": rows}) if rows else SafeString("")


def _flat(forms: Any) -> list[BaseForm]:
    found: list[BaseForm] = []
    for form in forms:
        if form is None:
            continue
        found += [form] if isinstance(form, BaseForm) else list(form)
    return found
