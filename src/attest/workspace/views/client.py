"""The client's page: who they are, what is missing, and tabs for everything else."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from attest.claims.standing import claim_chip
from attest.clients.grants import emergency_of
from attest.clients.models import Client
from attest.clients.queries import (
    ClientFile,
    Mark,
    Part,
    chart_diagnoses,
    client_for,
    file_of,
    may_with,
    standing_of,
)
from attest.core import clock
from attest.core.access import MemberRequest, access, scope_of
from attest.ledger.queries import charges_of_client, coming_cents, owed_cents
from attest.policy.deadlines import local_date
from attest.practice.queries import policy_for
from attest.workspace.queries import client_page as reads
from attest.workspace.views import access_log, client_plan

A_PAGE = 25
TABS = {
    "overview": ("Overview", "client.view"),
    "sessions": ("Sessions", "session.view"),
    "notes": ("Notes", "note.read"),
    "plan": ("Plan", "note.read"),
    "coverage": ("Coverage", "client.view"),
    "money": ("Money", "money.view"),
    "forms": ("Forms", "client.view"),
    "log": ("Access log", "log.view"),
}
"""Tab → its label, and the right it takes."""


@access("client.view")
@require_safe
def client(request: MemberRequest, client_id: UUID, tab: str = "overview") -> HttpResponse:
    """One tab of the page. A tab that the member has no right to is not there."""
    found = client_for(request.member, request.scope, client_id)
    if tab not in TABS or not may_with(request.member, TABS[tab][1], found):
        raise Http404("no such tab")
    return page(request, found, tab)


def page(
    request: MemberRequest, found: Client, tab: str, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a client whom the member may see, with one tab open; `more` replaces what the tab shows."""
    now, slug, member = clock.now(), request.practice.slug, request.member
    file = file_of(found, on=local_date(now, member.zone))
    standing = standing_of(file, policy_for(member.organization_id), member.zone)
    edits = may_with(member, "client.edit", found)
    context: dict[str, Any] = {
        "client": found,
        "tab": tab,
        "tabs": [
            {"label": label, "url": _tab_url(slug, found, key), "active": key == tab}
            for key, (label, right) in TABS.items()
            if may_with(member, right, found)
        ],
        "parts": [{"part": part, "url": _mend(part, file, slug) if edits else ""} for part in standing.parts],
        "next_session": reads.next_session(member, found, now),
        "edits": edits,
        "packets": may_with(member, "packet.make", found),
        "may_schedule": may_with(member, "session.schedule", found) and found.active,
        "diagnosis_edits": may_with(member, "diagnosis.edit", found),
        "sees_diagnoses": may_with(member, "diagnosis.view", found),
        "grants": may_with(member, "grant.edit", found),
        "reads_only": not may_with(member, "note.write", found) and member.provider_id is not None,
        "emergency": emergency_of(member, found.pk),
        "list_url": reverse("clients:list", args=[slug]),
        "today": file.on,
        **_FILL[tab](request, file),
        **(more or {}),
    }
    return render(request, f"workspace/client_{tab}.html", context, status=status)


def _tab_url(slug: str, found: Client, tab: str) -> str:
    if tab == "overview":
        return reverse("workspace:client", args=[slug, found.pk])
    return reverse("workspace:client_tab", args=[slug, found.pk, tab])


def _mend(part: Part, file: ClientFile, slug: str) -> str:
    """Where the part is mended; empty when it is ready."""
    if part.mark is Mark.READY:
        return ""
    ids = [slug, file.client.pk]
    if part.name == "Forms":
        return reverse("clients:forms", args=ids)
    if part.name == "Payment":
        return reverse("clients:payment_method_new", args=ids)
    return reverse("clients:coverage", args=ids)


def _overview(request: MemberRequest, file: ClientFile) -> dict[str, Any]:
    now = clock.now()
    recent = list(reads.sessions_of_client(request.member, file.client).filter(starts_at__lte=now)[:5])
    return {
        "diagnoses": [row for row in chart_diagnoses(file.client) if row.resolved is None]
        if may_with(request.member, "diagnosis.view", file.client)
        else [],
        "recent": reads.listed(recent, now),
    }


def _sessions(request: MemberRequest, file: ClientFile) -> dict[str, Any]:
    page = Paginator(reads.sessions_of_client(request.member, file.client), A_PAGE).get_page(
        request.GET.get("page")
    )
    return {"page": page, "rows": reads.listed(list(page.object_list), clock.now())}


def _notes(request: MemberRequest, file: ClientFile) -> dict[str, Any]:
    page = Paginator(reads.noted_sessions(request.member, file.client), A_PAGE).get_page(
        request.GET.get("page")
    )
    shown = {"page": page, "rows": reads.listed(list(page.object_list), clock.now())}
    return shown | client_plan.notes_without_session(request, file.client)


def _coverage(request: MemberRequest, file: ClientFile) -> dict[str, Any]:
    return {
        "coverages": sorted(file.coverages, key=lambda plan: (plan.rank, -plan.effective_from.toordinal())),
        "methods": sorted(
            file.payment_methods, key=lambda method: (not method.is_default, method.created_at)
        ),
    }


def _money(request: MemberRequest, file: ClientFile) -> dict[str, Any]:
    charges = charges_of_client(request.member, scope_of(request.member, "money.view"), file.client.pk)
    claims = reads.claims_of_client(request.member, file.client)
    return {
        "owed_cents": owed_cents(charges),
        "coming_cents": coming_cents(charges),
        "page": Paginator(charges, A_PAGE).get_page(request.GET.get("page")),
        "claims": [(claim, claim_chip(claim, claim.open_holds)) for claim in claims[:A_PAGE]],  # type: ignore[attr-defined]
        "claim_count": claims.count(),
    }


def _forms(request: MemberRequest, file: ClientFile) -> dict[str, Any]:
    return {"form_rows": reads.forms(file.client, file.on)}


_FILL: dict[str, Callable[[MemberRequest, ClientFile], dict[str, Any]]] = {
    "overview": _overview,
    "sessions": _sessions,
    "notes": _notes,
    "plan": lambda request, file: client_plan.tab(request, file.client),
    "coverage": _coverage,
    "money": _money,
    "forms": _forms,
    "log": lambda request, file: access_log.tab(request, file.client),
}
