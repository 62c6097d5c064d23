"""A support agent's reason, and what a member is told."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from attest.core.access import MemberRequest, access
from attest.practice import actions
from attest.practice.form_page import SeeOther, form_page, typed
from attest.practice.forms import SupportReasonForm
from attest.practice.models import Notice, SupportOpening
from attest.practice.queries import policy_for

A_PAGE = 25


@access("support.open")
def support(request: MemberRequest) -> HttpResponseBase:
    """State a reason; or see how long the practice is open, and end it."""
    member, practice = request.member, request.practice
    waiting = (
        SupportOpening.objects.filter(organization_id=practice.pk, member=member, ended_at__isnull=True)
        .filter(starts_at__isnull=True)
        .first()
    )
    policy = policy_for(practice.pk)

    def save(values: dict[str, Any]) -> None:
        actions.open_for_support(member=member, **values)

    by_hand = bool(policy.support_approval)
    return form_page(
        request,
        SupportReasonForm(typed(request)),
        save,
        title=f"Open {practice.name}",
        then=reverse("practice:support", args=[practice.slug]),
        said="Asked. An admin of the practice decides." if by_hand else "The practice is open to you.",
        template="practice/support.html",
        submit="Ask to be let in" if by_hand else f"Open for {policy.support_minutes} minutes",
        opening=member.opening,
        waiting=waiting,
        by_hand=by_hand,
        only_way_out=True,
        minutes=policy.support_minutes,
    )


@require_POST
@access("support.open")
def support_end(request: MemberRequest, opening_id: UUID) -> HttpResponseBase:
    """The support agent is done, or takes the request back."""
    opening = get_object_or_404(
        SupportOpening, organization_id=request.practice.pk, member=request.member, pk=opening_id
    )
    actions.end_support(opening=opening, by=request.member.user_id)
    messages.success(request, "Ended. The practice is closed to you again.")
    return SeeOther(reverse("practice:support", args=[request.practice.slug]))


@access("notice.view")
@require_safe
def notices(request: MemberRequest) -> HttpResponse:
    """What the member was told, the latest first."""
    rows = Notice.objects.filter(organization_id=request.practice.pk, member=request.member)
    page = Paginator(rows.order_by("-made_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(request, "practice/notices.html", {"page": page})


@require_POST
@access("notice.view")
def notices_read(request: MemberRequest) -> HttpResponseBase:
    """The member has read them all."""
    actions.mark_notices_read(member=request.member)
    return SeeOther(reverse("practice:notices", args=[request.practice.slug]))


@access("notice.view")
@require_safe
def notice(request: MemberRequest, notice_id: UUID) -> HttpResponseBase:
    """On to where more is to be seen."""
    row = get_object_or_404(Notice, organization_id=request.practice.pk, member=request.member, pk=notice_id)
    if not row.path.startswith(f"/o/{request.practice.slug}/"):
        raise Http404("this notice leads nowhere")
    return SeeOther(row.path)
