"""A client's plans and payment methods."""

from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from attest.clients import actions
from attest.clients.forms import CoverageForm, PaymentMethodForm
from attest.clients.models import Coverage, PaymentMethod
from attest.clients.queries import client_for, file_of
from attest.clients.views.clients import home
from attest.core import clock
from attest.core.access import MemberRequest, access
from attest.policy.deadlines import local_date
from attest.practice.form_page import SeeOther, form_page, next_of, typed


def _moment(day: date | None, request: MemberRequest) -> datetime:
    """When the payer was asked: now, or noon of an earlier day where the practice is."""
    now, zone = clock.now(), request.practice.zone
    if day is None or day == local_date(now, zone):
        return now
    return datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)


@access("client.edit")
def coverage(request: MemberRequest, client_id: UUID) -> HttpResponseBase:
    """On to the plan that counts today, or to a new one when there is none."""
    client = client_for(request.member, request.scope, client_id)
    today = local_date(clock.now(), request.practice.zone)
    plans = file_of(client, on=today)
    plan = plans.primary_on(today) or max(
        (c for c in plans.coverages if c.rank == "primary"), key=lambda c: c.effective_from, default=None
    )
    name, ids = ("coverage_edit", [plan.pk]) if plan else ("coverage_new", [])
    address = reverse(f"clients:{name}", args=[request.practice.slug, client.pk, *ids])
    back = next_of(request)
    return HttpResponseRedirect(f"{address}?{urlencode({'next': back})}" if back else address)


@access("client.edit")
def coverage_new(request: MemberRequest, client_id: UUID) -> HttpResponseBase:
    """A plan of the client, verified on the same page when it has been."""
    client = client_for(request.member, request.scope, client_id)
    practice = request.practice

    def save(values: dict[str, Any]) -> None:
        result, asked_on = values.pop("result"), values.pop("verified_at")
        values["deductible_left_cents"] = values["deductible_left_cents"] or 0
        plan = actions.add_coverage(client=client, by=request.member.user_id, **values)
        if result:
            actions.verify_coverage(
                coverage=plan, result=result, at=_moment(asked_on, request), by=request.member.user_id
            )

    return form_page(
        request,
        CoverageForm(typed(request), initial={"relation": "self"}, organization_id=practice.pk),
        save,
        title="New plan",
        then=home(request, client),
        said="The plan is saved.",
        template="clients/coverage.html",
        client=client,
        has_payers=True,
    )


@access("client.edit")
def coverage_edit(request: MemberRequest, client_id: UUID, coverage_id: UUID) -> HttpResponseBase:
    """Mend a plan, end it, or record that it was verified."""
    client = client_for(request.member, request.scope, client_id)
    plan = get_object_or_404(
        Coverage.objects.select_related("payer"),
        organization_id=request.practice.pk,
        client_id=client.pk,
        pk=coverage_id,
    )
    before = (plan.verification, plan.verified_at)

    def save(values: dict[str, Any]) -> None:
        result, asked_on = values.pop("result"), values.pop("verified_at")
        values["deductible_left_cents"] = values["deductible_left_cents"] or 0
        actions.update_coverage(coverage=plan, by=request.member.user_id, **values)
        if result:
            actions.verify_coverage(
                coverage=plan, result=result, at=_moment(asked_on, request), by=request.member.user_id
            )

    return form_page(
        request,
        CoverageForm(typed(request), instance=plan, organization_id=request.practice.pk),
        save,
        title=f"{plan.payer.name} plan",
        then=home(request, client),
        said="The plan is saved.",
        template="clients/coverage.html",
        client=client,
        verification=before[0],
        verified_at=before[1],
    )


@access("client.edit")
def payment_method_new(request: MemberRequest, client_id: UUID) -> HttpResponseBase:
    """A card or bank account on file."""
    client = client_for(request.member, request.scope, client_id)

    def save(values: dict[str, Any]) -> None:
        default = values.pop("is_default")
        actions.add_payment_method(client=client, default=default, by=request.member.user_id, **values)

    return form_page(
        request,
        PaymentMethodForm(typed(request), initial={"is_default": True}),
        save,
        title="New payment method",
        then=home(request, client),
        said="The payment method is saved.",
        template="clients/payment_method.html",
        client=client,
        methods=PaymentMethod.objects.filter(
            organization_id=request.practice.pk, client=client, active=True
        ).order_by("-is_default", "-created_at"),
    )


def _method(request: MemberRequest, client_id: UUID, method_id: UUID) -> PaymentMethod:
    client = client_for(request.member, request.scope, client_id)
    return get_object_or_404(
        PaymentMethod.objects.select_related("client"),
        organization_id=request.practice.pk,
        client=client,
        active=True,
        pk=method_id,
    )


@access("client.edit")
@require_POST
def payment_method_default(request: MemberRequest, client_id: UUID, method_id: UUID) -> HttpResponseBase:
    """Charge this one from now on."""
    method = _method(request, client_id, method_id)
    actions.make_default(method=method, by=request.member.user_id)
    messages.success(request, f"{method} is charged from now on.")
    return SeeOther(next_of(request) or home(request, method.client))


@access("client.edit")
@require_POST
def payment_method_remove(request: MemberRequest, client_id: UUID, method_id: UUID) -> HttpResponseBase:
    """Take a payment method out of use."""
    method = _method(request, client_id, method_id)
    actions.remove_payment_method(method=method, by=request.member.user_id)
    messages.success(request, f"{method} is removed.")
    return SeeOther(next_of(request) or home(request, method.client))
