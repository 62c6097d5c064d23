"""What is owed, grouped by what to do, the oldest first."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from attest.core import clock
from attest.core.access import MemberRequest, Scope, access
from attest.notes.models import TreatmentPlan
from attest.policy.deadlines import start_of_day
from attest.practice.queries import active_providers
from attest.workspace.forms.asked import read_id
from attest.workspace.links import session_url
from attest.workspace.queries import todo as reads
from attest.workspace.views.client_plan import review_at


@access(reads.PERMISSION)
@require_safe
def todo(request: MemberRequest) -> HttpResponse:
    """Confirm · Sign · Owed notes · Too late, and the clients who must act."""
    now, member = clock.now(), request.member
    providers = list(active_providers(member.organization_id)) if request.scope is Scope.ALL else []
    wanted = read_id(request.GET.get("provider"))
    chosen = next((p for p in providers if p.pk == wanted), None)
    found = reads.todo(member, request.scope, now, chosen.pk if chosen else None)
    slug, here = request.practice.slug, reverse("workspace:todo", args=[request.practice.slug])
    return render(
        request,
        "workspace/todo.html",
        {
            "todo": found,
            "groups": [{"group": g, "rows": [_row(task, slug) for task in g.tasks]} for g in found.groups],
            "ages": found.ages(now),
            "drafts": [
                {"note": note, "url": reverse("workspace:client_tab", args=[slug, note.client_id, "notes"])}
                for note in found.drafts
            ],
            "plans": [_plan(plan, slug, member.zone) for plan in found.plans],
            "waiting": [_client(row, slug) for row in found.waiting],
            "providers": [
                {"name": p.signature_name, "url": f"{here}?provider={p.pk}", "chosen": p == chosen}
                for p in providers
            ],
            "everybody_url": here,
            "chosen": chosen,
            "shows_provider": request.scope is Scope.ALL and chosen is None,
        },
    )


def _row(task: reads.Task, slug: str) -> dict[str, Any]:
    return {"task": task, "session": task.session, "url": session_url(slug, task.session.pk)}


def _plan(plan: TreatmentPlan, slug: str, zone: str) -> dict[str, Any]:
    return {
        "client": plan.client,
        "due_at": review_at(plan, zone),
        "since": start_of_day(plan.starts_on, zone),
        "url": reverse("workspace:client_tab", args=[slug, plan.client_id, "plan"]),
    }


def _client(row: reads.Waiting, slug: str) -> dict[str, Any]:
    return {
        "row": row,
        "client": row.client,
        "sentences": [block.sentence for block in row.blocks.values()],
        "url": reverse("workspace:client", args=[slug, row.client.pk]),
        "count": len(row.sessions),
    }
