"""Who read a client's record: the tab on the client's page, and the list that is handed to the client."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from attest.clients.models import Client
from attest.clients.queries import client_for
from attest.core import audit, clock
from attest.core.access import MemberRequest, access, may
from attest.core.audit.words import Group
from attest.policy.deadlines import local_date
from attest.workspace.forms.trail import DaysForm
from attest.workspace.queries.trail import Row, Wanted, page_of, rows_of
from attest.workspace.queries.trail_export import readers_csv

READS = (Group.READ, Group.LET_IN)
MOST_PRINTED = 2_000
"""Rows of the printed list; the file has all of them."""


def tab(request: MemberRequest, client: Client, form: DaysForm | None = None) -> dict[str, Any]:
    """What the tab shows of a client whose log the member may see: the newest readings first."""
    practice = request.practice
    events = Wanted(client_id=client.pk, groups=READS).of(practice.pk, practice.zone)
    page = page_of(
        events, practice.pk, before=request.GET.get("before", ""), after=request.GET.get("after", "")
    )
    trail = reverse("workspace:trail", args=[practice.slug])
    return {
        "rows": page.rows,
        "newer": f"?after={page.newer}" if page.newer else "",
        "older": f"?before={page.older}" if page.older else "",
        "list_form": form or DaysForm(),
        "trail_url": f"{trail}?client={client.pk}" if may(request.member, "audit.view") else "",
    }


@access("log.view")
@require_POST
def handed_out(request: MemberRequest, client_id: UUID) -> HttpResponseBase:
    """The list of who read the record, to print or as a file. That it was made for handing out is recorded."""
    client = client_for(request.member, request.scope, client_id)
    form = DaysForm(request.POST)
    if not form.is_valid():
        from attest.workspace.views.client import page

        return page(request, client, "log", {"list_form": form}, status=422)
    wanted = Wanted(
        client_id=client.pk,
        groups=READS,
        since=form.cleaned_data["since"],
        until=form.cleaned_data["until"],
    )
    as_file = request.POST.get("as") == "file"
    audit.record(
        "client.log_given",
        subject_type="client",
        subject_id=client.pk,
        client_id=client.pk,
        by=request.member.user_id,
        since=str(wanted.since or ""),
        until=str(wanted.until or ""),
        form="file" if as_file else "print",
        roles=sorted(request.member.role_names),
    )
    if as_file:
        return _file(request, wanted)
    return _print(request, client, wanted)


def _file(request: MemberRequest, wanted: Wanted) -> HttpResponseBase:
    practice = request.practice
    return StreamingHttpResponse(
        readers_csv(practice.pk, practice.zone, wanted, user_id=request.member.user_id),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="who-read-the-record.csv"'},
    )


def _print(request: MemberRequest, client: Client, wanted: Wanted) -> HttpResponse:
    practice = request.practice
    events = list(wanted.of(practice.pk, practice.zone).order_by("-at", "-id")[: MOST_PRINTED + 1])
    rows: list[Row] = rows_of(events[:MOST_PRINTED], practice.pk, in_own_words=False)
    return render(
        request,
        "workspace/client_log_list.html",
        {
            "client": client,
            "rows": rows,
            "more": len(events) > MOST_PRINTED,
            "most": MOST_PRINTED,
            "since": wanted.since,
            "until": wanted.until,
            "today": local_date(clock.now(), practice.zone),
            "back": reverse("workspace:client_tab", args=[practice.slug, client.pk, "log"]),
        },
    )
