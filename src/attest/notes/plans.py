"""Reads of treatment plans: the one in force on a day, a client's history, and those to be looked at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from attest.clients.models import ChartDiagnosis, Client
from attest.clients.queries import visible_clients
from attest.core.access import Scope
from attest.notes.definition import Definition
from attest.notes.models import NoteVersion, PlanGoal, TreatmentPlan

_GOALS = Prefetch("goals", queryset=PlanGoal.objects.order_by("position"))
OPEN_GOALS = ("open", "changed")
REVIEW_SOON = timedelta(days=14)
"""So long before its review date a plan is on the list."""


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """How a plan stands on a day: whether in force, and whether its review is due."""

    plan: TreatmentPlan
    on: date

    @property
    def in_force(self) -> bool:
        return is_in_force(self.plan, self.on)

    @property
    def to_come(self) -> bool:
        return self.plan.starts_on > self.on and self.plan.until is None

    @property
    def never(self) -> bool:
        """Replaced before it began."""
        return self.plan.until == self.plan.starts_on

    @property
    def last_day(self) -> date | None:
        """The last day on which it was, or is, in force; None while nothing ends it."""
        return self.plan.until - timedelta(days=1) if self.plan.until else None

    @property
    def overdue(self) -> bool:
        return self.in_force and self.plan.review_on < self.on

    @property
    def due_soon(self) -> bool:
        return self.in_force and self.on <= self.plan.review_on <= self.on + REVIEW_SOON

    @property
    def agreement(self) -> str:
        """What the client said to it, as the note's own template words it."""
        version: NoteVersion = self.plan.version
        definition: Definition = version.template.parsed
        return definition.by_key()["agreement"].answer({"agreement": self.plan.agreement})


def is_in_force(plan: TreatmentPlan, on: date) -> bool:
    """Whether it is the plan of that day."""
    return plan.starts_on <= on and (plan.until is None or on < plan.until)


def _in_force(on: date) -> Q:
    return Q(starts_on__lte=on) & (Q(until=None) | Q(until__gt=on))


def plan_in_force(organization_id: UUID, client_id: UUID, on: date) -> TreatmentPlan | None:
    """The client's plan on that day, with its signed version and goals (`plan.goals.all()`)."""
    return (
        TreatmentPlan.objects.filter(_in_force(on), organization_id=organization_id, client_id=client_id)
        .select_related("version__template", "version__note")
        .prefetch_related(_GOALS)
        .first()
    )


def goals_in_force(organization_id: UUID, client_id: UUID, on: date) -> list[PlanGoal]:
    """The goals still worked on of the plan in force on that day, in its order: one query."""
    rows = PlanGoal.objects.filter(
        organization_id=organization_id,
        plan__organization_id=organization_id,
        plan__client_id=client_id,
        plan__starts_on__lte=on,
        state__in=OPEN_GOALS,
    ).filter(Q(plan__until=None) | Q(plan__until__gt=on))
    return list(rows.order_by("position"))


def plan_history(organization_id: UUID, client_id: UUID, on: date) -> list[PlanStanding]:
    """Every plan of the client, the one that began last first, with its goals."""
    plans = (
        TreatmentPlan.objects.filter(organization_id=organization_id, client_id=client_id)
        .select_related("version__template", "version__note__author")
        .prefetch_related(_GOALS)
        .order_by("-starts_on", "-pk")
    )
    return [PlanStanding(plan, on) for plan in plans]


def not_over(organization_id: UUID, client_id: UUID, on: date) -> QuerySet[TreatmentPlan]:
    """The client's plans that are in force on that day, or will be later."""
    return TreatmentPlan.objects.filter(organization_id=organization_id, client_id=client_id).filter(
        Q(until=None) | Q(until__gt=on) & Q(until__gt=F("starts_on"))
    )


def plans_to_review(member: Any, scope: Scope, *, on: date, by: date) -> QuerySet[TreatmentPlan]:
    """Plans in force on `on` whose review date is `by` or earlier, the earliest first, with their clients.

    Of active clients the member may see. Pages show `review_on` as the deadline.
    """
    clients = visible_clients(member, scope).filter(active=True)
    return (
        TreatmentPlan.objects.filter(_in_force(on), organization_id=member.organization_id, review_on__lte=by)
        .filter(client_id__in=clients.values("pk"))
        .select_related("client__provider")
        .order_by("review_on", "pk")
    )


def clients_without_plan(member: Any, scope: Scope, *, on: date) -> QuerySet[Client]:
    """Active clients the member may see who have no plan in force on that day, by name."""
    plans = TreatmentPlan.objects.filter(
        _in_force(on), organization_id=OuterRef("organization_id"), client_id=OuterRef("pk")
    )
    return visible_clients(member, scope).filter(~Exists(plans), active=True).order_by("folded", "pk")


def chart_diagnoses_of(organization_id: UUID, client_id: UUID) -> list[tuple[str, str]]:
    """Code as people write it, and label, of the diagnoses on the chart that are not resolved, the oldest first."""
    rows: Iterable[ChartDiagnosis] = ChartDiagnosis.objects.filter(
        organization_id=organization_id, client_id=client_id, resolved__isnull=True
    ).order_by("added_at", "pk")
    return [(row.dotted, row.label) for row in rows]
