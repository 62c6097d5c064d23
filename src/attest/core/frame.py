"""The frame around every page: which rail entries a member sees, the practice, the person and the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from attest.core import clock
from attest.core.access import may
from attest.core.idle import minutes_for


@dataclass(frozen=True, slots=True)
class RailEntry:
    """A place in the navigation. `count(member)` gives the number shown beside it, if any."""

    order: int
    label: str
    icon: str
    url_name: str
    permission: str
    count: Callable[[Any], int] | None = None


_entries: list[RailEntry] = []


def add_to_rail(entry: RailEntry) -> None:
    """Rooms add their entry when Django starts."""
    _entries.append(entry)
    _entries.sort(key=lambda e: e.order)


_more: list[Callable[[HttpRequest], dict[str, Any]]] = []


def add_context(function: Callable[[HttpRequest], dict[str, Any]]) -> None:
    """A room adds to every page's context (the demo: its clock above each page, its logins on the login page)."""
    _more.append(function)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for `base.html`: rail, practice, person and the business clock."""
    context: dict[str, Any] = {
        "now": clock.now(),
        "demo": settings.ATTEST_DEMO,
        "idle_minutes": partial(minutes_for, request),
        "theme": request.COOKIES.get("theme")
        if request.COOKIES.get("theme") in ("calm", "calm-dark")
        else "",
    }
    for function in _more:
        context |= function(request)
    member = getattr(request, "member", None)
    if member is None:
        return context
    slug = member.organization.slug
    rail = []
    for entry in _entries:
        if may(member, entry.permission):
            url = reverse(entry.url_name, args=[slug])
            rail.append(
                {
                    "label": entry.label,
                    "icon": entry.icon,
                    "url": url,
                    "active": request.path.startswith(url),
                    "count": entry.count(member) if entry.count else 0,
                }
            )
    return context | {
        "rail": rail,
        "practice": member.organization,
        "member": member,
        "zone": member.zone,
        "person_label": member.provider.signature_name if member.provider else member.user.name,
    }
