"""The one chip: word, icon and tone of a state, the same in calendar, lists and panels."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from attest.core.templatetags.icons import icon
from attest.policy.chips import CHIPS, ChipState

register = template.Library()


@register.simple_tag
def chip(state: Any) -> SafeString:
    """A chip for a `ChipState`, its value ("note_due") or any object with `word`, `icon` and `tone`.

    Raises ValueError for a state that has no chip.
    """
    shown = state if hasattr(state, "word") else CHIPS[ChipState(state)]
    return format_html(
        '<span class="chip tone-{}">{}<span>{}</span></span>', str(shown.tone), icon(shown.icon), shown.word
    )


@register.simple_tag
def badge(word: str, tone: str = "quiet", symbol: str = "") -> SafeString:
    """A chip in words of its own, for states that are not a session's (a coverage, a contract, a template)."""
    return format_html(
        '<span class="chip tone-{}">{}<span>{}</span></span>', tone, icon(symbol) if symbol else "", word
    )
