"""The tab *Plan* of a client's page: the treatment plan in force, the ones before, and a way to write the next."""

from datetime import datetime, timedelta
from typing import Any

from attest.clients.models import Client
from attest.clients.queries import may_with
from attest.core import clock
from attest.core.access import MemberRequest, scope_of
from attest.notes.client_notes import client_notes
from attest.notes.definition import Purpose
from attest.notes.models import Note, NoteTemplate, TreatmentPlan
from attest.notes.place import address
from attest.notes.plans import PlanStanding, plan_history
from attest.notes.queries import current_templates
from attest.policy.deadlines import local_date, start_of_day


def tab(request: MemberRequest, client: Client) -> dict[str, Any]:
    """The plans of a client whom the member may see, the one in force apart."""
    slug, zone = request.practice.slug, request.member.zone
    plans = plan_history(client.organization_id, client.pk, local_date(clock.now(), zone))
    current = next((plan for plan in plans if plan.in_force), None)
    notes = _notes(request, client)
    templates = without_session(request, client)
    return {
        "current": current and _shown(current, slug, zone),
        "others": [_shown(plan, slug, zone) for plan in plans if plan is not current],
        "drafts": [row for row in notes if row["note"].state == "draft" and _is_plan(row["note"])],
        "plan_template": next((one for one in templates if one.parsed.purpose is Purpose.PLAN), None),
    }


def without_session(request: MemberRequest, client: Client) -> list[NoteTemplate]:
    """The templates in which the member may write about this client without a session; none for who may not."""
    if not may_with(request.member, "note.write", client) or request.member.provider_id is None:
        return []
    return [one for one in current_templates(client.organization_id) if one.parsed.without_session]


def notes_without_session(request: MemberRequest, client: Client) -> dict[str, Any]:
    """For the tab *Notes*: what stands in the chart beside the sessions' notes, and what can be begun."""
    return {"apart": _notes(request, client), "apart_templates": without_session(request, client)}


def review_at(plan: TreatmentPlan, zone: str) -> datetime:
    """The end of the day on which the plan is to be looked at again, there."""
    return start_of_day(plan.review_on + timedelta(days=1), zone) - timedelta(minutes=1)


def _notes(request: MemberRequest, client: Client) -> list[dict[str, Any]]:
    notes = client_notes(request.member, scope_of(request.member, "note.read"), client)
    return [{"note": note, "url": address(request.practice.slug, note)} for note in notes]


def _is_plan(note: Note) -> bool:
    return note.template.parsed.purpose is Purpose.PLAN


def _shown(standing: PlanStanding, slug: str, zone: str) -> dict[str, Any]:
    plan = standing.plan
    return {
        "standing": standing,
        "plan": plan,
        "goals": list(plan.goals.all()),
        "review_at": review_at(plan, zone),
        "since": start_of_day(plan.starts_on, zone),
        "author": plan.version.note.author,
        "url": address(slug, plan.version.note),
        "diagnoses": [f"{code} {label}" for code, label in plan.diagnoses],
    }
