"""The note's pages as a browser sees them."""

import re
from typing import Any

from django.urls import reverse

from attest.calendar.models import Session
from tests.factories import Made
from tests.notes.conftest import COMPLETE


def url(made: Made, session: Session, name: str = "note") -> str:
    """The address of one of the note's pages."""
    return reverse(f"notes:{name}", args=[made.slug, session.pk])


def text(page: Any) -> str:
    """The page's HTML."""
    return str(page.content.decode())


def words(key: str) -> str:
    """What a complete note says in one of its text fields."""
    return str(COMPLETE[key])


def hidden(page: Any, name: str) -> str:
    """The value of a hidden field of the page."""
    return str(re.findall(rf'name="{name}" value="([^"]*)"', text(page))[0])


def form_of(page: Any, **values: Any) -> dict[str, Any]:
    """What the draft's form posts: its hidden fields, and a complete note with `values` in place of some fields."""
    fields = {f"note-{key}": value for key, value in (COMPLETE | values).items()}
    names = ("note_id", "note_template", "note_revision", "seen_header")
    return fields | {name: hidden(page, name) for name in names}
