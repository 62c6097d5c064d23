"""What signing a treatment plan's note, or a discharge's, does to the client's plans."""

from datetime import date, timedelta
from uuid import UUID

from attest.clients.models import Client
from attest.core import audit
from attest.core.models import insert, save_fields
from attest.notes.definition import Purpose
from attest.notes.models import Note, NoteVersion, PlanGoal, TreatmentPlan
from attest.notes.plans import chart_diagnoses_of, not_over

REVIEW_DAYS = {"days_30": 30, "days_60": 60, "days_90": 90, "days_180": 180}
"""Days until a plan is looked at again, by the answer in its note."""


def follow(note: Note, version: NoteVersion, *, by: UUID) -> None:
    """After signing, in the same transaction: a treatment plan comes into force, a discharge ends the one in force.

    Notes of any other purpose do nothing here, and read nothing.
    """
    purpose = version.template.parsed.purpose
    if purpose is Purpose.PLAN:
        put_in_force(note, version, by=by)
    elif purpose is Purpose.DISCHARGE:
        day = date.fromisoformat(version.header["date_of_service"])
        end_plans(note.organization_id, note.client_id, from_day=day + timedelta(days=1), by=by)


def put_in_force(note: Note, version: NoteVersion, *, by: UUID) -> TreatmentPlan:
    """The plan that the signed note describes, in force from the date it names, else from the note's own.

    Every other plan that would still be in force then ends the day before; one that would only begin later never does.
    """
    content = version.content
    starts_on = date.fromisoformat(content["plan_from"] or version.header["date_of_service"])
    end_plans(note.organization_id, note.client_id, from_day=starts_on, by=by)
    known = [[item["code"], item["label"]] for item in version.header["diagnoses"]]
    plan = TreatmentPlan(
        organization_id=note.organization_id,
        client_id=note.client_id,
        version=version,
        starts_on=starts_on,
        review_on=starts_on + timedelta(days=REVIEW_DAYS[content["review_in"]]),
        diagnoses=known or [list(pair) for pair in chart_diagnoses_of(note.organization_id, note.client_id)],
        problem=content["problem"],
        therapy_type=content["therapy_type"],
        session_length=content["session_length"],
        session_frequency=content["session_frequency"],
        duration=content["duration"],
        agreement=content["agreement"],
        agreed_on=date.fromisoformat(content["agreed_on"]) if content["agreed_on"] else None,
    )
    insert(plan)
    rows = version.template.parsed.by_key()["plan_goals"].table(content["plan_goals"])
    goals = (
        PlanGoal(
            organization_id=note.organization_id,
            plan=plan,
            position=position,
            text=row["goal"],
            measure=row["measure"],
            objective=row["objective"],
            interventions=row["interventions"],
            frequency=row["frequency"],
            state=row["state"] or "open",
        )
        for position, row in enumerate(rows, start=1)
    )
    insert(*goals)
    _record("treatment_plan.started", plan, by, goals=len(rows))
    return plan


def end_plans(organization_id: UUID, client_id: UUID, *, from_day: date, by: UUID) -> None:
    """End every plan of the client that would be in force on `from_day` or later; that day is the first without."""
    Client.objects.select_for_update(no_key=True).get(organization_id=organization_id, pk=client_id)
    for plan in not_over(organization_id, client_id, from_day):
        save_fields(plan, until=max(from_day, plan.starts_on))
        _record("treatment_plan.ended", plan, by)


def _record(event: str, plan: TreatmentPlan, by: UUID, **data: object) -> None:
    audit.record(
        event,
        subject_type="treatment_plan",
        subject_id=plan.pk,
        client_id=plan.client_id,
        organization_id=plan.organization_id,
        by=by,
        **data,
    )
