"""A treatment plan is a record that its signed note puts in force; of a client's at most one counts on any day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from attest.calendar.models import Session
from attest.core import clock
from attest.core.access import Scope
from attest.core.models import AuditEvent
from attest.notes.actions import save_draft, sign_client_note, start_client_note, start_draft
from attest.notes.client_notes import header_without_session
from attest.notes.definition import Values
from attest.notes.header import header_digest, header_rows
from attest.notes.models import Note, NoteVersion, PlanGoal, TreatmentPlan
from attest.notes.plans import (
    clients_without_plan,
    goals_in_force,
    plan_history,
    plan_in_force,
    plans_to_review,
)
from attest.notes.problems import Incomplete, NotForClients, NotYours
from attest.notes.queries import content_digest, template_by_key
from attest.policy.deadlines import local_date
from tests.factories import Made, make_client, make_diagnosis, make_member, make_practice, make_provider
from tests.notes.conftest import COMPLETE, drafted, signed

pytestmark = pytest.mark.django_db

PLAN: Values = {
    "diagnosis_evidence": "F41.1: worry on most days for eight months, with poor sleep.",
    "problem": "Worries for hours a day and avoids the telephone.",
    "plan_goals": [
        "Sleep through the night", "five of seven nights", "Worry record each evening", "CBT", "weekly", "open",
        "Answer the telephone", "three calls a week", "", "Exposure", "weekly", "",
    ],
    "therapy_type": "Individual CBT",
    "session_length": "53 minutes",
    "session_frequency": "Once a week",
    "duration": "Six months",
    "review_in": "days_90",
    "agreement": "verbal",
    "agreed_on": "2026-03-01",
}  # fmt: skip


def written(made: Made, *, client: Any = None, key: str = "treatment_plan", **values: Any) -> NoteVersion:
    """A signed note about the client without a session, by their own clinician."""
    client = client or made.client
    template = template_by_key(made.organization.pk, key)
    assert template is not None
    note = start_client_note(client=client, template=template, by_member=made.clinician)
    base = PLAN if key == "treatment_plan" else {}
    note = save_draft(note_id=note.pk, values=base | values, revision=note.revision, by_member=made.clinician)
    return sign_client_note(
        note_id=note.pk,
        seen_digest=content_digest(note),
        seen_header=header_digest(header_without_session(note)),
        by_member=made.clinician,
        proof_at=clock.real_now(),
    )


def today(made: Made) -> date:
    return local_date(clock.now(), made.clinician.provider.zone)


def test_signing_the_note_puts_its_plan_in_force_with_goals_and_a_review_date(made: Made) -> None:
    make_diagnosis(made.client, code="F41.1")
    with made.inside():
        version = written(made)
        plan = plan_in_force(made.organization.pk, made.client.pk, today(made))
        assert plan is not None
        assert (plan.version, plan.starts_on, plan.until) == (version, today(made), None)
        assert plan.review_on == today(made) + timedelta(days=90)
        assert plan.diagnoses[0][0] == "F41.1"
        goals = [(goal.text, goal.measure, goal.state) for goal in plan.goals.all()]
        assert goals == [
            ("Sleep through the night", "five of seven nights", "open"),
            ("Answer the telephone", "three calls a week", "open"),
        ]
        assert AuditEvent.objects.filter(kind="treatment_plan.started", subject_id=plan.pk).count() == 1


def test_a_plan_can_be_written_in_the_note_of_a_session_too(made: Made, session: Session) -> None:
    with made.inside():
        template = template_by_key(made.organization.pk, "treatment_plan")
        assert template is not None
        note = start_draft(session=session, template=template, by_member=made.clinician)
        note = save_draft(note_id=note.pk, values=PLAN, revision=0, by_member=made.clinician)
        version = signed(made, note)
        plan = plan_in_force(made.organization.pk, made.client.pk, today(made))
        assert plan is not None
        assert plan.version == version
        assert plan.starts_on == date.fromisoformat(version.header["date_of_service"])


def test_the_next_plan_ends_the_one_before_on_the_day_before(made: Made) -> None:
    day = date(2026, 3, 1)
    with made.inside():
        written(made, plan_from="2026-01-05")
        written(made, plan_from=day.isoformat())
        newer, older = plan_history(made.organization.pk, made.client.pk, day)
        assert (newer.in_force, older.in_force) == (True, False)
        assert older.last_day == day - timedelta(days=1)
        before = plan_in_force(made.organization.pk, made.client.pk, day - timedelta(days=1))
        assert before == older.plan


def test_a_plan_replaced_on_its_first_day_was_never_in_force(made: Made) -> None:
    with made.inside():
        written(made)
        written(made)
        newer, older = sorted(
            plan_history(made.organization.pk, made.client.pk, today(made)), key=lambda p: p.never
        )
        assert (newer.in_force, older.never) == (True, True)


def test_a_discharge_ends_the_plan_after_its_day(made: Made) -> None:
    with made.inside():
        written(made, plan_from="2026-01-05")
        written(
            made,
            key="discharge",
            discharge_reason="completed",
            last_contact="2026-03-01",
            course="Twenty sessions.",
            goals_result="Both goals met.",
            dx_at_end="In remission.",
            function="Works full time.",
            risk="denied",
            aftercare="Call when sleep gets worse.",
        )
        assert plan_in_force(made.organization.pk, made.client.pk, today(made)) is not None
        assert plan_in_force(made.organization.pk, made.client.pk, today(made) + timedelta(days=1)) is None


def test_an_incomplete_plan_is_not_signed_and_none_comes_into_force(made: Made) -> None:
    with made.inside():
        with pytest.raises(Incomplete) as missing:
            written(made, plan_goals=[], agreement="", agreed_on="")
        assert [field.key for field in missing.value.missing] == ["plan_goals", "agreement"]
        assert not TreatmentPlan.objects.exists()


def test_a_review_takes_over_the_plan_in_force_and_nothing_that_has_to_be_found_anew(made: Made) -> None:
    with made.inside():
        written(made, strengths="A patient sister.", plan_risk="No danger known.")
        template = template_by_key(made.organization.pk, "treatment_plan")
        assert template is not None
        note = start_client_note(client=made.client, template=template, by_member=made.clinician, review=True)
        assert note.content["plan_goals"] == PLAN["plan_goals"]
        assert note.content["strengths"] == "A patient sister."
        for anew in ("plan_risk", "diagnosis_evidence", "agreement", "agreed_on", "review_in"):
            assert not note.content[anew]


def test_goals_that_were_met_are_not_offered_any_more(made: Made) -> None:
    with made.inside():
        written(made, plan_goals=["Sleep", *[""] * 4, "met", "Friends", *[""] * 4, "open"])
        goals = goals_in_force(made.organization.pk, made.client.pk, today(made))
        assert [goal.text for goal in goals] == ["Friends"]


def test_plans_to_review_and_clients_without_one_are_found_by_those_who_may_see_them(made: Made) -> None:
    other = make_provider(made.organization)
    theirs = make_client(made.organization, other)
    with made.inside():
        written(made, review_in="days_30", plan_from="2026-01-05")
        on = date(2026, 2, 1)
        found = plans_to_review(made.clinician, Scope.OWN, on=on, by=on + timedelta(days=14))
        assert [plan.client for plan in found] == [made.client]
        assert not plans_to_review(made.clinician, Scope.OWN, on=on, by=on)
        assert theirs in clients_without_plan(made.admin, Scope.ALL, on=on)
        assert theirs not in clients_without_plan(made.clinician, Scope.OWN, on=on)
        assert made.client not in clients_without_plan(made.admin, Scope.ALL, on=on)


def test_a_note_without_a_session_has_a_date_and_no_times_above_it(made: Made) -> None:
    with made.inside():
        version = written(made)
        rows = dict(header_rows(version.header))
        assert "Date" in rows
        assert not {"Time", "Session", "Place", "Service", "Date of service"} & set(rows)
        assert version.attestation.startswith("This note of ")
        assert not version.late


def test_only_templates_made_for_clients_are_written_without_a_session_and_only_by_providers(
    made: Made,
) -> None:
    with made.inside():
        soap, plan = (template_by_key(made.organization.pk, key) for key in ("soap", "treatment_plan"))
        assert soap is not None
        assert plan is not None
        with pytest.raises(NotForClients):
            start_client_note(client=made.client, template=soap, by_member=made.clinician)
        with pytest.raises(NotYours):
            start_client_note(client=made.client, template=plan, by_member=made.admin)
        first = start_client_note(client=made.client, template=plan, by_member=made.clinician)
        assert start_client_note(client=made.client, template=plan, by_member=made.clinician) == first


def test_the_database_holds_that_a_notes_session_is_its_clients(made: Made, session: Session) -> None:
    other = make_client(made.organization, None)
    with made.inside():
        note = drafted(made, session)
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.filter(pk=note.pk).update(client=other)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "change", [{"problem": "Other."}, {"starts_on": date(2020, 1, 1)}, {"review_on": date(2030, 1, 1)}]
)
def test_a_plan_never_changes_and_never_goes_away(made: Made, change: dict[str, Any]) -> None:
    with made.inside():
        written(made)
        with pytest.raises(DatabaseError), transaction.atomic():
            TreatmentPlan.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            TreatmentPlan.objects.all().delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            PlanGoal.objects.update(text="Other.")


def test_another_practice_sees_no_plan(made: Made) -> None:
    with made.inside():
        written(made)
    other = make_practice()
    with other.inside():
        assert not TreatmentPlan.objects.exists()
        assert not PlanGoal.objects.exists()


DAYS = st.dates(date(2026, 1, 1), date(2026, 2, 10))


class PlansOfAClient(TestCase):
    """Whatever plans are signed in whatever order, the last signed one that has begun counts."""

    @given(starts=st.lists(DAYS, min_size=1, max_size=5), asked=DAYS)
    @settings(max_examples=12, deadline=None)
    def test_never_overlap_and_the_last_signed_counts(self, starts: list[date], asked: date) -> None:
        made = make_practice()
        with made.inside():
            versions = [written(made, plan_from=day.isoformat()) for day in starts]
            plans = list(TreatmentPlan.objects.all())
            for day in {asked, *starts, *(day - timedelta(days=1) for day in starts)}:
                here = [p for p in plans if p.starts_on <= day and (p.until is None or day < p.until)]
                assert len(here) <= 1
                found = plan_in_force(made.organization.pk, made.client.pk, day)
                assert found == (here[0] if here else None)
                begun = [v for v, start in zip(versions, starts, strict=True) if start <= day]
                if begun:
                    assert found is not None
                    later = versions.index(begun[-1])
                    assert all(start > day for start in starts[later + 1 :])
                    assert found.version == begun[-1]
                else:
                    assert found is None
            assert sum(plan.until is None for plan in plans) == 1


def test_an_ordinary_note_starts_no_plan(made: Made, session: Session) -> None:
    with made.inside():
        signed(made, drafted(made, session))
        assert not TreatmentPlan.objects.exists()
        assert COMPLETE["focus"] in NoteVersion.objects.get().content.values()


def test_a_colleague_cannot_sign_it(made: Made) -> None:
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    with made.inside():
        plan = template_by_key(made.organization.pk, "treatment_plan")
        assert plan is not None
        note = start_client_note(client=made.client, template=plan, by_member=made.clinician)
        with pytest.raises(NotYours):
            sign_client_note(
                note_id=note.pk,
                seen_digest=content_digest(note),
                seen_header="",
                by_member=colleague,
                proof_at=clock.real_now(),
            )
