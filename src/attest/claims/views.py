"""The claims a member may see: the list with its three figures, and a claim in words."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from attest.claims.models import Claim
from attest.claims.queries import ATTENTION, claim_for, figures, listed, narrowed, visible_claims
from attest.claims.shown import shown_claim
from attest.claims.standing import claim_chip, next_step, timeline
from attest.core import clock
from attest.core.access import MemberRequest, Scope, access, may
from attest.core.reach import without_grants
from attest.policy.deadlines import local_date
from attest.practice.queries import policy_for

CLAIMS_A_PAGE = 50


@access("claim.view")
@require_safe
def claim_list(request: MemberRequest) -> HttpResponse:
    """Every claim, the latest date of service first; `?show=` narrows it to one of the figures above."""
    today = local_date(clock.now(), request.member.zone)
    policy = policy_for(request.practice.pk)
    claims = visible_claims(request.member, without_grants(request.scope))
    above = figures(claims, today=today, policy=policy)
    show = request.GET.get("show", "")
    chosen = next((figure for figure in above if figure.key == show), None)
    some = narrowed(claims, chosen.key, today=today, policy=policy) if chosen else claims
    page = Paginator(listed(some), CLAIMS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "claims/list.html",
        {
            "figures": above,
            "chosen": chosen,
            "attention": ATTENTION,
            "page": page,
            "rows": [_row(claim) for claim in page],
            "shows_provider": request.scope is Scope.ALL,
        },
    )


def _row(claim: Claim) -> dict[str, Any]:
    holds = claim.open_holds  # type: ignore[attr-defined]
    return {
        "claim": claim,
        "codes": ", ".join(line["procedure"] for line in claim.facts["lines"]),
        "chip": claim_chip(claim, holds),
        "step": next_step(claim, holds),
    }


@access("claim.view")
@require_safe
def claim(request: MemberRequest, claim_id: UUID) -> HttpResponse:
    """One claim: what has happened to it, what comes next, and what is sent, in words."""
    found = claim_for(request.member, request.scope, claim_id)
    return render(
        request,
        "claims/claim.html",
        {
            **_row(found),
            "session": found.session,
            "events": timeline(found, list(found.holds.order_by("opened_at", "pk"))),
            "shown": shown_claim(
                found, request.practice, with_diagnoses=may(request.member, "diagnosis.view")
            ),
        },
    )
