"""Reads of claims, always narrowed to what the member may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.lookups import GreaterThanOrEqual
from django.http import Http404

from attest.calendar.models import Session
from attest.claims.models import Claim, Hold
from attest.core.access import Scope, concerns
from attest.core.reach import own_or_all, way_to
from attest.policy.record import Policy

ATTENTION, UNSENT, SENT = "attention", "unsent", "sent"
"""The three figures above the list, which are also its filters."""


def visible_claims(member: Any, scope: Scope) -> QuerySet[Claim]:
    """The claims a member may see: those of the sessions they held, more of them for reading, or all."""
    return own_or_all(Claim.objects.all(), member, scope, "provider_id", client="session__client")


def claim_for(member: Any, scope: Scope, claim_id: UUID) -> Claim:
    """One claim with everything its page shows. Raises Http404 when the member may not see it."""
    claim = _with_people(visible_claims(member, scope)).filter(pk=claim_id).first()
    if claim is None:
        raise Http404("no such claim")
    client = claim.session.client
    way = way_to(
        member, scope, holder_id=claim.provider_id, client_id=client.pk, client_of=client.provider_id
    )
    concerns(client.pk, way.grant_id if way else None)
    return claim


def listed(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """The claims as the list shows them, the latest date of service first."""
    return _with_people(claims).order_by("-date_of_service", "-pk")


def claim_of(session: Session) -> Claim | None:
    """The session's claim with its open holds, for the session's panel; of several, the last one."""
    claims = Claim.objects.filter(organization_id=session.organization_id, session_id=session.pk)
    return _with_people(claims).order_by("-version", "-pk").first()


def _with_people(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    return (
        claims.select_related("session", "session__client", "provider", "payer", "interchange")
        .defer("interchange__content")
        .prefetch_related(
            Prefetch(
                "holds",
                queryset=Hold.objects.filter(closed_at__isnull=True).order_by("opened_at", "pk"),
                to_attr="open_holds",
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """How many claims, over how much in cents."""

    key: str
    label: str
    note: str
    count: int
    cents: int


def narrowed(claims: QuerySet[Claim], key: str, *, today: date, policy: Policy) -> QuerySet[Claim]:
    """Only the claims of one figure; all of them for any other key."""
    if key == ATTENTION:
        return claims.filter(needs_attention(today, policy))
    if key == UNSENT:
        return claims.filter(state__in=["held", "ready"])
    return claims.filter(state="sent") if key == SENT else claims


def figures(claims: QuerySet[Claim], *, today: date, policy: Policy) -> list[Figure]:
    """What needs somebody, what has not left, what is on its way, counted in one statement."""
    cuts = {
        ATTENTION: needs_attention(today, policy),
        UNSENT: Q(state__in=["held", "ready"]),
        SENT: Q(state="sent"),
    }
    sums: dict[str, Any] = {}
    for key, cut in cuts.items():
        sums |= {f"{key}_count": Count("pk", filter=cut), f"{key}_cents": Sum("total_cents", filter=cut)}
    found = claims.aggregate(**sums)
    words = {
        ATTENTION: ("Needs attention", "waits for a note, or filing time runs short"),
        UNSENT: ("Not sent yet", "held or ready"),
        SENT: ("In flight", "sent, no answer read yet"),
    }
    return [
        Figure(key, *words[key], count=found[f"{key}_count"], cents=found[f"{key}_cents"] or 0)
        for key in cuts
    ]


def needs_attention(today: date, policy: Policy) -> Q:
    """Unsent claims that wait for somebody (a signature, a decision), or whose filing time is used up to the
    policy's second alert (75 % unless the practice chose less)."""
    waits = Hold.objects.filter(
        organization_id=OuterRef("organization_id"),
        claim_id=OuterRef("pk"),
        kind__in=["signature", "freeze"],
        closed_at__isnull=True,
    )
    used = ExpressionWrapper((Value(today) - F("date_of_service")) * 100, output_field=DurationField())
    limit = ExpressionWrapper(
        (F("file_by") - F("date_of_service")) * policy.filing_alert_percent_second,
        output_field=DurationField(),
    )
    return Q(state__in=["held", "ready"]) & (Q(Exists(waits)) | Q(GreaterThanOrEqual(used, limit)))
