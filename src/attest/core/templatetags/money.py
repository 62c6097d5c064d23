"""Amounts: integer US cents in, "$1,234.50" out."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


def money_text(cents: int) -> str:
    """Integer cents as "$1,234.50"; below zero "-$25.00"."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{rest:02d}"


@register.simple_tag
def money(cents: int | None, estimate: bool = False) -> SafeString:
    """An amount that lines up in columns; an em dash for None. An estimate is always called one."""
    if cents is None:
        return format_html('<span class="amount muted" aria-label="no amount">{}</span>', "—")
    return format_html(
        '<span class="amount">{}{}</span>', money_text(cents), " (estimate)" if estimate else ""
    )


@register.filter
def dollars(cents: int) -> str:
    """`money` as plain text, for sentences and attributes."""
    return money_text(cents)
