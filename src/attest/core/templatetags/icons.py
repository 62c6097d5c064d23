"""Our own small set of icons, drawn on a 24-unit grid; the calendar's script reads the same file."""

import json
from functools import lru_cache
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@lru_cache(maxsize=1)
def shapes() -> dict[str, str]:
    """Name → the shapes inside the SVG. Ours alone, so they are trusted as markup."""
    drawn: dict[str, str] = json.loads(Path(__file__).with_name("icons.json").read_text())
    return drawn


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An inline icon. `size` is "", "sm" or "lg"; with a `label` it is read out, otherwise hidden from readers.

    Raises LookupError for a name that is not drawn.
    """
    size_class = f" icon-{size}" if size else ""
    inside = mark_safe(shapes()[name])  # noqa: S308 - our own file
    if label:
        return format_html(
            '<svg class="icon{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            size_class,
            label,
            inside,
        )
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', size_class, inside
    )
