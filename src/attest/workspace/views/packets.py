"""Pages of packets: ask for one, watch it being made, take the file."""

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from attest.calendar.queries import session_for
from attest.clients.models import Client
from attest.clients.queries import client_for
from attest.core import audit, files
from attest.core.access import MemberRequest, access
from attest.practice.fields import DayField, PlainForm
from attest.practice.form_page import SeeOther, tell
from attest.practice.refusal import Refused
from attest.workspace.models import Packet
from attest.workspace.packets import making


class PacketForm(PlainForm):
    """What the packet is to hold."""

    kind = forms.ChoiceField(
        label="What it holds",
        choices=[
            ("range", "Sessions of some time, for an audit"),
            ("chart", "The whole chart, for a request"),
        ],
        initial="range",
        widget=forms.RadioSelect,
    )
    since = DayField(label="From", required=False)
    until = DayField(label="Through", required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == "range":
            for name in ("since", "until"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(
                        name, "Say from which day to which." if name == "since" else "And through which day."
                    )
        return values


@access("packet.make")
def packets(request: MemberRequest, client_id: UUID) -> HttpResponseBase:
    """A client's packets, and the form that asks for another."""
    client = client_for(request.member, request.scope, client_id)
    form = PacketForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        days = {name: form.cleaned_data[name] if kind == "range" else None for name in ("since", "until")}
        try:
            with transaction.atomic():
                packet = making.ask(client=client, kind=kind, by=request.member.user_id, **days)
        except Refused as refusal:
            tell(form, refusal)
        else:
            return SeeOther(_address(request, packet))
    rows = Packet.objects.filter(organization_id=request.practice.pk, client=client).select_related("file")
    context = {
        "client": client,
        "form": form,
        "packets": rows.order_by("-asked_at", "-pk")[:50],
        "back": reverse("workspace:client", args=[request.practice.slug, client.pk]),
    }
    return TemplateResponse(request, "workspace/packets.html", context, status=422 if form.is_bound else 200)


@access("packet.make")
@require_POST
def session_packet(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Ask for the audit packet of one session."""
    session = session_for(request.member, request.scope, session_id)
    client = client_for(request.member, request.scope, session.client_id)
    packet = making.ask(client=client, kind="session", session=session, by=request.member.user_id)
    return SeeOther(_address(request, packet))


@access("packet.make")
@require_GET
def packet(request: MemberRequest, packet_id: UUID) -> HttpResponse:
    """How far a packet is, and its file once it is made."""
    found = _packet(request, packet_id)
    template = "workspace/_packet_state.html" if request.htmx else "workspace/packet.html"  # type: ignore[attr-defined]
    back = reverse("workspace:packets", args=[request.practice.slug, found.client_id])
    return TemplateResponse(request, template, {"packet": found, "client": found.client, "back": back})


@access("packet.make")
@require_GET
def packet_file(request: MemberRequest, packet_id: UUID) -> HttpResponse:
    """The finished packet as a file."""
    found = _packet(request, packet_id)
    if found.state != "ready" or found.file is None:
        raise Http404("no file")
    audit.record(
        "packet.taken",
        subject_type="client",
        subject_id=found.client_id,
        client_id=found.client_id,
        by=request.member.user_id,
        packet=str(found.pk),
    )
    return files.download(found.file)


@access("packet.make")
@require_POST
def packet_stop(request: MemberRequest, packet_id: UUID) -> HttpResponse:
    """Stop making a packet."""
    found = _packet(request, packet_id)
    making.stop(packet=found, by=request.member.user_id)
    return SeeOther(_address(request, found))


def _packet(request: MemberRequest, packet_id: UUID) -> Packet:
    """A packet about a client the member may make packets of."""
    found = get_object_or_404(
        Packet.objects.select_related("client", "file"), organization_id=request.practice.pk, pk=packet_id
    )
    client: Client = client_for(request.member, request.scope, found.client_id)
    found.client = client
    return found


def _address(request: MemberRequest, packet: Packet) -> str:
    return reverse("workspace:packet", args=[request.practice.slug, packet.pk])
