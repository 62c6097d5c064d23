"""Scheduling a session, and changing an unconfirmed one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from attest.calendar.actions import Refused, edit_session, move_session, schedule_session
from attest.calendar.queries import session_for
from attest.clients.models import Client
from attest.core import clock
from attest.core.access import MemberRequest, Scope, access
from attest.policy.deadlines import has_started, local, resolve_local
from attest.practice.models import Provider
from attest.practice.queries import active_providers
from attest.workspace.forms.asked import read_day, read_id, read_wall
from attest.workspace.forms.booking import BookingForm, ChangeForm
from attest.workspace.forms.when import USUAL_MINUTES, said, when_of
from attest.workspace.links import session_url
from attest.workspace.queries.booking import bookable, found_clients, usual_clients
from attest.workspace.shown import is_unconfirmed


@access("session.schedule")
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: MemberRequest) -> HttpResponseBase:
    """Schedule a session. The address may carry a client, a provider and a start picked in the calendar."""
    own = _own_provider(request)
    chosen = _client(request)
    if request.method == "POST":
        form = BookingForm(request.POST, organization_id=request.member.organization_id, provider=own)
        valid = form.is_valid()
        if valid and chosen is not None:
            return _book(request, form, chosen)
        if chosen is None:
            form.add_error(None, "Choose the client.")
        return _new(request, form, chosen, status=422)
    form = BookingForm(
        organization_id=request.member.organization_id,
        provider=own,
        initial=_asked(request, chosen, own),
    )
    return _new(request, form, chosen)


def _new(request: MemberRequest, form: BookingForm, chosen: Client | None, status: int = 200) -> HttpResponse:
    return render(
        request,
        "workspace/session_new.html",
        {
            "form": form,
            "chosen": chosen,
            "clients": usual_clients(request.member, request.scope, chosen),
            "client_missing": request.method == "POST" and chosen is None,
            "search_address": reverse("workspace:client_search", args=[request.practice.slug]),
            "now_day": local(clock.now(), request.member.zone).date(),
        },
        status=status,
    )


def _own_provider(request: MemberRequest) -> Provider | None:
    """The provider who books for themselves only; None for somebody who books for anybody."""
    if request.scope is Scope.ALL:
        return None
    provider: Provider | None = request.member.provider
    return provider


def _client(request: MemberRequest) -> Client | None:
    wanted = read_id(request.POST.get("client") or request.GET.get("client"))
    return bookable(request.member, request.scope).filter(pk=wanted).first() if wanted else None


def _asked(request: MemberRequest, chosen: Client | None, own: Provider | None) -> dict[str, Any]:
    """What the form starts with: what the address says, the client's usual place, the next full hour else."""
    provider = own or _asked_provider(request, chosen)
    zone = provider.zone if provider else request.member.zone
    now = local(clock.now(), zone)
    start, end = read_wall(request.GET.get("start")), read_wall(request.GET.get("end"))
    initial: dict[str, Any] = {"provider": provider, "client_at_home": True, "kind": "individual"}
    if start is not None:
        # The address carries the wall clock of the person who picked it, the form that of the provider.
        instant = resolve_local(start.date(), start.time(), request.member.zone).candidates[0]
        length = end - start if end is not None and start < end else timedelta(minutes=USUAL_MINUTES)
        initial |= when_of(instant, instant + length, zone)
    else:
        initial |= {"date": read_day(request.GET.get("date"), now.date()), "minutes": USUAL_MINUTES}
        initial["start"] = (now.replace(minute=0, second=0) + timedelta(hours=1)).time()
    if provider is not None and provider.location_id:
        initial["location"] = provider.location_id
    if chosen is not None:
        initial |= {"client_state": chosen.state, "self_pay": chosen.self_pay}
    return initial


def _asked_provider(request: MemberRequest, chosen: Client | None) -> Provider | None:
    everybody = active_providers(request.member.organization_id)
    asked = read_id(request.GET.get("provider")) or (chosen.provider_id if chosen else None)
    return everybody.filter(pk=asked or request.member.provider_id).first()


def _book(request: MemberRequest, form: BookingForm, client: Client) -> HttpResponseBase:
    assert form.starts_at is not None and form.ends_at is not None
    try:
        booked = schedule_session(
            client=client,
            provider=form.holder,
            starts_at=form.starts_at,
            ends_at=form.ends_at,
            by=request.member.user_id,
            **form.how(),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _new(request, form, client, status=422)
    sentence = f"Scheduled for {said(booked.starts_at, booked.zone)}."
    if booked.entered_after:
        sentence += " That time has passed, so it is marked as entered after the fact."
    messages.success(request, sentence)
    return HttpResponseRedirect(session_url(request.practice.slug, booked.pk))


@access("session.schedule")
@require_POST
def client_search(request: MemberRequest) -> HttpResponse:
    """Clients whose name begins with what is typed, as rows to choose from. Posted, so that no address holds a name."""
    chosen = _client(request)
    words = request.POST.get("q", "")[:60]
    found = found_clients(request.member, request.scope, words, chosen) if words.strip() else None
    return render(
        request,
        "workspace/client_choices.html",
        {
            "chosen": chosen,
            "clients": usual_clients(request.member, request.scope, chosen) if found is None else found,
            "searched": found is not None,
        },
    )


@access("session.schedule")
@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: MemberRequest, session_id: UUID) -> HttpResponseBase:
    """Move a session until its start, and change how it is booked until it is confirmed."""
    found = session_for(request.member, request.scope, session_id)
    movable = not has_started(found.starts_at, clock.now()) and found.chip == "scheduled"
    back = session_url(request.practice.slug, found.pk)
    if not is_unconfirmed(found):
        messages.warning(request, "This session can no longer be changed here.")
        return HttpResponseRedirect(back)
    status = 200
    if request.method == "POST":
        form = ChangeForm(request.POST, session=found, movable=movable)
        if form.is_valid():
            try:
                sentence = _change(request, form)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, sentence)
                return HttpResponseRedirect(back)
        status = 422
    else:
        form = ChangeForm(
            session=found,
            movable=movable,
            initial={
                **when_of(found.starts_at, found.ends_at, found.zone),
                "kind": found.kind,
                "modality": found.modality,
                "location": found.location_id,
                "client_state": found.client_state or found.client.state,
                "client_at_home": found.client_at_home,
                "self_pay": found.self_pay,
            },
        )
    return render(
        request,
        "workspace/session_edit.html",
        {"form": form, "session": found, "back_url": back},
        status=status,
    )


def _change(request: MemberRequest, form: ChangeForm) -> str:
    found, by = form.session, request.member.user_id
    with transaction.atomic():
        if form.moved:
            assert form.starts_at is not None and form.ends_at is not None
            move_session(session_id=found.pk, starts_at=form.starts_at, ends_at=form.ends_at, by=by)
        edit_session(session_id=found.pk, by=by, **form.how())
    if form.moved and form.starts_at is not None:
        return f"Moved to {said(form.starts_at, found.zone)}."
    return "Saved."
