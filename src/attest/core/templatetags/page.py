"""Pieces of a page: empty states, the five steps of a session, roadblocks, tabs and page turning."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

OWNERS = {
    "provider": "You",
    "client": "Client",
    "organization": "Practice",
    "payer": "Payer",
}


@register.simple_tag
def empty(symbol: str, title: str, text: str = "", url: str = "", label: str = "") -> SafeString:
    """What will be here and how to get the first one: icon, title, a sentence, one button."""
    return render_to_string(
        "core/pieces/empty.html", {"symbol": symbol, "title": title, "text": text, "url": url, "label": label}
    )


@register.simple_tag
def roadblock(
    block: Any, fix_url: str = "", what_url: str = "", fix_label: str = "Fix", who: str = ""
) -> SafeString:
    """What is in the way: sentence, who must act, how to fix it, what it means.

    `block` has `sentence`, `owner` and `severity` ("blocks" or "warns"); `who` names the one who acts, where the
    owner's word does not say it.
    """
    blocks = str(block.severity) == "blocks"
    return render_to_string(
        "core/pieces/roadblock.html",
        {
            "block": block,
            "owner": who or OWNERS.get(str(block.owner), str(block.owner)),
            "symbol": "stop" if blocks else "circle-alert",
            "tone": "lost" if blocks else "owed",
            "severity": "Blocks confirming" if blocks else "Worth a look",
            "fix_url": fix_url,
            "fix_label": fix_label,
            "what_url": what_url,
        },
    )


@register.simple_tag
def steps(items: list[dict[str, Any]]) -> SafeString:
    """The line *Session · Confirmed · Note · Claim · Paid*.

    Each item: `label`, `state` ("done", "now", "todo", "stopped") and perhaps `url`.
    """
    return render_to_string("core/pieces/steps.html", {"items": items})


@register.simple_tag
def tabs(items: list[dict[str, Any]], label: str = "Sections") -> SafeString:
    """Tabs that are links. Each item: `label`, `url`, `active`, perhaps `count` and `icon`."""
    return render_to_string("core/pieces/tabs.html", {"items": items, "label": label})


@register.simple_tag
def crumbs(*labels_and_urls: str) -> SafeString:
    """The way back: label, address, label, address …"""
    pairs = list(zip(labels_and_urls[::2], labels_and_urls[1::2], strict=True))
    return render_to_string("core/pieces/crumbs.html", {"pairs": pairs})


@register.simple_tag(takes_context=True)
def pages(context: dict[str, Any], page: Page[Any], noun: str = "rows") -> SafeString:
    """ "1–25 of 132 claims" and the two ways to turn; the rest of the query string stays."""
    query = context["request"].GET.copy()

    def turned(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return render_to_string(
        "core/pieces/pages.html",
        {
            "page": page,
            "noun": noun,
            "before": turned(page.previous_page_number()) if page.has_previous() else "",
            "after": turned(page.next_page_number()) if page.has_next() else "",
        },
    )
