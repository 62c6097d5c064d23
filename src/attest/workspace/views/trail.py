"""The audit trail's page: what happened in the practice, in plain words, and its export."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from attest.clients.models import Client
from attest.clients.queries import search
from attest.core import audit, clock
from attest.core.access import MemberRequest, Scope, access, concerns, scope_of
from attest.core.audit.verifying import last_checked
from attest.policy.deadlines import local_date
from attest.practice.models import Member
from attest.workspace.forms.trail import TrailForm
from attest.workspace.queries.trail import Row, page_of, sealed_up_to
from attest.workspace.queries.trail_export import csv_of
from attest.workspace.queries.trail_names import Thing

MOST_FOUND = 10


@access("audit.view")
@require_http_methods(["GET", "HEAD", "POST"])
def trail(request: MemberRequest) -> HttpResponse:
    """What happened, the newest first. A client is searched for by POST, so that no address holds a name."""
    practice = request.practice
    form = _form(request)
    wanted = form.wanted
    client = _client(practice.pk, wanted.client_id)
    words = request.POST.get("q", "").strip()[:60]
    found: list[Client] = []
    if words:
        audit.record("client.searched", subject_type="client", subject_id=None, by=request.member.user_id)
        found = list(search(Client.objects.filter(organization_id=practice.pk), words)[:MOST_FOUND])
    page = page_of(
        wanted.of(practice.pk, practice.zone),
        practice.pk,
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
    )
    if client:
        concerns(client.pk)
    context = {
        "form": form,
        "rows": [(row, url_of(request, row.thing), _client_url(request, row)) for row in page.rows],
        "newer": _turned(request.GET, after=page.newer) if page.newer else "",
        "older": _turned(request.GET, before=page.older) if page.older else "",
        "narrowed": bool(_chosen(request.GET)),
        "query": _chosen(request.GET),
        "chosen_client": client,
        "without_client": _turned(request.GET, client=""),
        "searched": bool(words),
        "found": [(one, _turned(request.GET, client=str(one.pk))) for one in found],
        "sealed": sealed_up_to(practice.pk),
        "checked": last_checked(practice.pk),
    }
    return render(request, "workspace/trail.html", context)


@access("audit.view")
@require_safe
def export(request: MemberRequest) -> HttpResponseBase:
    """What the filter shows as a CSV file, the oldest first. Making it is an event itself."""
    practice, member = request.practice, request.member
    wanted = _form(request).wanted
    if wanted.client_id:
        concerns(wanted.client_id)
    audit.record(
        "audit.exported",
        subject_type="audit",
        subject_id=None,
        client_id=wanted.client_id,
        by=member.user_id,
        format="csv",
    )
    lines: Iterator[str] = csv_of(practice.pk, practice.zone, wanted, user_id=member.user_id)
    day = local_date(clock.now(), practice.zone)
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-{practice.slug}-{day:%Y-%m-%d}.csv"'},
    )


def url_of(request: MemberRequest, thing: Thing | None) -> str:
    """Where what an event is about is opened; empty when there is no such place or the member may not open all."""
    if thing is None or not thing.page or scope_of(request.member, thing.right) is not Scope.ALL:
        return ""
    return reverse(thing.page, args=[request.practice.slug, thing.id])


def _client_url(request: MemberRequest, row: Row) -> str:
    """The page narrowed to the row's client."""
    return _turned(request.GET, client=str(row.client.pk)) if row.client else ""


def _form(request: MemberRequest) -> TrailForm:
    members = Member.objects.filter(organization_id=request.practice.pk).select_related("user")
    people = sorted(members, key=lambda member: member.user.name.casefold())
    return TrailForm(request.GET or None, people=people)


def _client(organization_id: UUID, client_id: UUID | None) -> Client | None:
    if client_id is None:
        return None
    return Client.objects.filter(organization_id=organization_id, pk=client_id).first()


FILTERS = ("person", "kind", "since", "until", "client")


def _chosen(query: QueryDict) -> str:
    """The filter as the end of an address, without the page."""
    return urlencode({name: query[name] for name in FILTERS if query.get(name)})


def _turned(query: QueryDict, **changes: str) -> str:
    """An address of this page with these changes; a changed filter begins with the newest page again."""
    kept: dict[str, Any] = {name: query[name] for name in FILTERS if query.get(name)} | changes
    return "?" + urlencode({name: value for name, value in kept.items() if value})
