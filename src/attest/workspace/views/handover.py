"""A provider who leaves hands their clients over: choose, look at what happens, do it, perhaps take it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attest.calendar import handover as actions
from attest.calendar.models import Handover
from attest.clients.models import Client
from attest.core import clock
from attest.core.access import MemberRequest, access
from attest.policy.deadlines import local_date
from attest.practice.form_page import SeeOther
from attest.practice.models import Member, Provider
from attest.practice.queries import active_providers
from attest.practice.refusal import Refused
from attest.workspace.forms.handover import HandoverForm
from attest.workspace.queries.handover import Preview, clients_of, preview, staying

CHANGED = "Something changed since you looked: here is how it is now. Nothing has been handed over yet."


@access("client.assign")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: MemberRequest, provider_id: UUID) -> HttpResponseBase:
    """First who goes to whom; then what happens, before anything does; then it is done."""
    provider = _provider(request, provider_id)
    clients = list(clients_of(provider))
    takers = active_providers(request.practice.pk).exclude(pk=provider.pk)
    given = request.POST if request.method == "POST" else None
    form = HandoverForm(given, clients=clients, takers=list(takers))
    if not form.is_bound or not form.is_valid():
        return _choose(request, provider, form)
    to = form.chosen(form.cleaned_data)
    shown = _preview(request, provider, clients, to)
    step = request.POST.get("step", "")
    if step == "again":
        return _choose(request, provider, form)
    if step != "save":
        return _look(request, provider, form, shown)
    try:
        done = actions.hand_over(
            provider=provider,
            to=to,
            keep=shown.keep,
            seen=request.POST.get("seen", ""),
            by_member=request.member,
        )
    except actions.Moved:
        return _look(request, provider, form, shown, changed=CHANGED, status=409)
    except Refused as refusal:
        form.add_error("everybody", str(refusal))
        return _choose(request, provider, form)
    messages.success(request, "Handed over. Both sides have a notice.")
    return SeeOther(_url(request, "handed_over", provider.pk, done.pk))


def _provider(request: MemberRequest, provider_id: UUID) -> Provider:
    return get_object_or_404(Provider, organization_id=request.practice.pk, pk=provider_id)


def _url(request: MemberRequest, name: str, *ids: UUID) -> str:
    return reverse(f"workspace:{name}", args=[request.practice.slug, *ids])


def _preview(
    request: MemberRequest, provider: Provider, clients: list[Client], to: dict[UUID, Provider]
) -> Preview:
    now = clock.now()
    chosen = [client for client in clients if client.pk in to]
    return preview(provider, chosen, to, now=now, today=local_date(now, request.practice.zone))


def _choose(request: MemberRequest, provider: Provider, form: HandoverForm) -> HttpResponse:
    context = {"provider": provider, "form": form, "stays": staying(provider, clock.now())}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "workspace/hand_over.html", context, status=status)


def _look(
    request: MemberRequest,
    provider: Provider,
    form: HandoverForm,
    shown: Preview,
    *,
    changed: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "provider": provider,
        "preview": shown,
        "typed": [(bound.html_name, bound.value() or "") for bound in form],
        "takers": sorted({line.taker.full_name for line in shown.lines}),
        "changed": changed,
    }
    return render(request, "workspace/hand_over_preview.html", context, status=status)


@access("client.assign")
@require_safe
def handed_over(request: MemberRequest, provider_id: UUID, handover_id: UUID) -> HttpResponse:
    """What was handed over, what is left for the provider who hands over, and the way back."""
    provider = _provider(request, provider_id)
    done = get_object_or_404(Handover, organization_id=request.practice.pk, provider=provider, pk=handover_id)
    own = {"organization_id": request.practice.pk}
    clients = Client.objects.filter(pk__in=[move["client"] for move in done.moves], **own).in_bulk()
    takers = Provider.objects.filter(pk__in=[move["to"] for move in done.moves], **own).in_bulk()
    rows: list[dict[str, Any]] = [
        {
            "client": clients[UUID(move["client"])],
            "taker": takers[UUID(move["to"])],
            "sessions": len(move["sessions"]),
        }
        for move in done.moves
    ]
    context = {
        "provider": provider,
        "handover": done,
        "rows": rows,
        "stays": staying(provider, clock.now()),
        "left": clients_of(provider).count(),
        "login": Member.objects.filter(provider_id=provider.pk, active=True, **own).first(),
    }
    return render(request, "workspace/handed_over.html", context)


@access("client.assign")
@require_POST
def undo(request: MemberRequest, provider_id: UUID, handover_id: UUID) -> HttpResponseBase:
    """Take a handover back while nothing has come of it."""
    provider = _provider(request, provider_id)
    done = get_object_or_404(Handover, organization_id=request.practice.pk, provider=provider, pk=handover_id)
    try:
        actions.undo_handover(handover_id=done.pk, by_member=request.member)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Taken back. Everything is {provider.full_name}’s again, as before.")
    return SeeOther(_url(request, "handed_over", provider.pk, done.pk))
