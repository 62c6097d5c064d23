"""The address of a page of a note: with its session, or with its client when it has none."""

from typing import Any

from django import template
from django.template import Context

from attest.notes.models import Note
from attest.notes.place import address

register = template.Library()


@register.simple_tag(takes_context=True)
def note_url(context: Context, note: Note, name: str) -> Any:
    """The address of `note`'s page `name` ("note", "save", "sign"…) in the practice of the page."""
    return address(context["practice"].slug, note, name)
