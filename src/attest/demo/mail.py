"""The demo sends nothing: here every message is shown as its reader would see it."""

import re

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from attest.core.access import public
from attest.core.outbox import Message

_LINK = re.compile(r"(https?://\S+)")
A_PAGE = 25


@public
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Every message of the demo, newest first; `q` looks in subjects and addresses."""
    _only_in_the_demo()
    found = Message.objects.order_by("-created_at", "-id")
    if query := request.GET.get("q", "").strip():
        found = found.filter(Q(subject__icontains=query) | Q(address__icontains=query))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "demo/mail.html", {"page_obj": page, "query": query, "sender": settings.ATTEST_MAIL_FROM}
    )


@public
@require_safe
def message(request: HttpRequest, message_id: object) -> HttpResponse:
    """One message, with links that work."""
    _only_in_the_demo()
    row = get_object_or_404(Message, pk=message_id)
    context = {"mail": row, "text": with_links(row.text), "sender": settings.ATTEST_MAIL_FROM}
    return render(request, "demo/mail_message.html", context)


def with_links(text: str) -> SafeString:
    """The text with each address as a link."""
    parts = _LINK.split(text)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a class="text-link" href="{}">{}</a>', part, part) if at % 2 else part,)
            for at, part in enumerate(parts)
        ),
    )


def _only_in_the_demo() -> None:
    if not settings.ATTEST_DEMO:
        raise Http404("only the demo shows its mail")
