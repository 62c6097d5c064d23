"""What booking a session needs to know."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from attest.calendar.models import Session
from attest.calendar.queries import LONGEST
from attest.clients.models import Client
from attest.clients.queries import search, visible_clients
from attest.core import clock
from attest.core.access import Scope
from attest.policy.chips import UNCONFIRMED
from attest.practice.models import Provider

MOST_OFFERED = 6
"""Clients offered at once; the search finds the others."""


def clashes(
    provider: Provider, starts_at: datetime, ends_at: datetime, *, besides: UUID | None = None
) -> Session | None:
    """An open session of the provider that overlaps [starts_at, ends_at), with its client; None when there is none."""
    found = Session.objects.filter(
        organization_id=provider.organization_id,
        provider=provider,
        chip__in=[str(chip) for chip in UNCONFIRMED],
        starts_at__lt=ends_at,
        starts_at__gt=starts_at - LONGEST,
        ends_at__gt=starts_at,
    ).select_related("client")
    if besides is not None:
        found = found.exclude(pk=besides)
    return found.order_by("starts_at").first()


def bookable(member: Any, scope: Scope) -> QuerySet[Client]:
    """The clients the member may book: their own, or all of the practice's, without those archived."""
    return visible_clients(member, scope).filter(active=True)


def usual_clients(member: Any, scope: Scope, chosen: Client | None) -> list[Client]:
    """The first to offer: the one chosen, then those of the last sessions and the coming week, then by name."""
    recent = Session.objects.filter(
        organization_id=member.organization_id, starts_at__lt=clock.now() + timedelta(days=7)
    ).order_by("-starts_at")
    if member.provider_id is not None:
        recent = recent.filter(provider_id=member.provider_id)
    ids = list(dict.fromkeys(recent.values_list("client_id", flat=True)[: MOST_OFFERED * 6]))[:MOST_OFFERED]
    clients = bookable(member, scope)
    known = {client.pk: client for client in clients.filter(pk__in=ids)}
    found = [known[pk] for pk in ids if pk in known]
    if len(found) < MOST_OFFERED:
        found += list(clients.exclude(pk__in=known).order_by("folded")[: MOST_OFFERED - len(found)])
    return _with_first(chosen, found)


def _with_first(chosen: Client | None, found: list[Client]) -> list[Client]:
    if chosen is None:
        return found
    return [chosen, *(client for client in found if client.pk != chosen.pk)][:MOST_OFFERED]


def found_clients(member: Any, scope: Scope, words: str, chosen: Client | None) -> list[Client]:
    """Clients whose last or first name begins with the words, in any order, after the one chosen already."""
    return _with_first(chosen, list(search(bookable(member, scope), words)[:MOST_OFFERED]))
