"""Treatment plans as records, a practice's own templates and their order, and notes without a session."""

import attest.core.clock
import attest.core.ids
import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

from attest.core.walls import links, walls

WHOSE = """
SET LOCAL attest.upkeep = 'on';
ALTER TABLE notes_note DISABLE TRIGGER settled;
UPDATE notes_note SET client_id = session.client_id FROM calendar_session session
    WHERE session.organization_id = notes_note.organization_id AND session.id = notes_note.session_id;
ALTER TABLE notes_note ENABLE TRIGGER settled;
SET LOCAL attest.upkeep = 'off';
"""
OWN_SESSION = """
ALTER TABLE notes_note ADD CONSTRAINT notes_note_own_session FOREIGN KEY (organization_id, session_id, client_id)
    REFERENCES calendar_session (organization_id, id, client_id) DEFERRABLE INITIALLY DEFERRED;
"""
NOT_OWN_SESSION = "ALTER TABLE notes_note DROP CONSTRAINT notes_note_own_session"
KEPT = """
CREATE FUNCTION refuse_changed_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'until' IS DISTINCT FROM to_jsonb(OLD) - 'until' THEN
        RAISE EXCEPTION 'a treatment plan does not change, it only ends' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept_as_signed BEFORE UPDATE ON notes_treatmentplan
    FOR EACH ROW EXECUTE FUNCTION refuse_changed_plan();
CREATE TRIGGER kept BEFORE DELETE ON notes_treatmentplan FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE DELETE ON notes_treatmentplan FROM attest_app;
"""
NOT_KEPT = """
GRANT DELETE ON notes_treatmentplan TO attest_app;
DROP TRIGGER kept ON notes_treatmentplan;
DROP TRIGGER kept_as_signed ON notes_treatmentplan;
DROP FUNCTION refuse_changed_plan();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("calendar", "0003_session_of_client"),
        ("clients", "0003_settled"),
        ("notes", "0003_settled"),
        ("practice", "0004_openings_and_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanGoal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("measure", models.TextField(blank=True, default="")),
                ("objective", models.TextField(blank=True, default="")),
                ("interventions", models.TextField(blank=True, default="")),
                ("frequency", models.TextField(blank=True, default="")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Being worked on"),
                            ("met", "Met"),
                            ("changed", "Changed"),
                            ("stopped", "Given up"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TemplatePlace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.SlugField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                ("hidden", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TreatmentPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=attest.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_on", models.DateField()),
                ("until", models.DateField(null=True)),
                ("review_on", models.DateField()),
                (
                    "diagnoses",
                    models.JSONField(
                        default=list, help_text="Code and label of each, as when it was signed."
                    ),
                ),
                ("problem", models.TextField()),
                ("therapy_type", models.TextField()),
                ("session_length", models.TextField()),
                ("session_frequency", models.TextField()),
                ("duration", models.TextField()),
                ("agreement", models.CharField(max_length=10)),
                ("agreed_on", models.DateField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="note",
            name="client",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notes",
                to="clients.client",
                null=True,
            ),
        ),
        migrations.RunSQL(WHOSE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="note",
            name="client",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notes",
                to="clients.client",
            ),
        ),
        migrations.AddField(
            model_name="notetemplate",
            name="based_on",
            field=models.SlugField(
                blank=True, default="", help_text="Key of what it was copied from.", max_length=40
            ),
        ),
        migrations.AddField(
            model_name="notetemplate",
            name="made_at",
            field=models.DateTimeField(default=attest.core.clock.now),
        ),
        migrations.AddField(
            model_name="notetemplate",
            name="own",
            field=models.BooleanField(default=False, verbose_name="the practice's own"),
        ),
        migrations.AlterField(
            model_name="note",
            name="session",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notes",
                to="calendar.session",
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["organization", "client", "created_at"], name="note_client"),
        ),
        migrations.AddField(
            model_name="plangoal",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.organization",
            ),
        ),
        migrations.AddField(
            model_name="templateplace",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.organization",
            ),
        ),
        migrations.AddField(
            model_name="treatmentplan",
            name="client",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="treatment_plans",
                to="clients.client",
            ),
        ),
        migrations.AddField(
            model_name="treatmentplan",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.organization",
            ),
        ),
        migrations.AddField(
            model_name="treatmentplan",
            name="version",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="treatment_plans",
                to="notes.noteversion",
            ),
        ),
        migrations.AddField(
            model_name="plangoal",
            name="plan",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="goals",
                to="notes.treatmentplan",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateplace",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="notes_templateplace_own"),
        ),
        migrations.AddConstraint(
            model_name="templateplace",
            constraint=models.UniqueConstraint(fields=("organization", "key"), name="template_place_once"),
        ),
        migrations.AddIndex(
            model_name="treatmentplan",
            index=models.Index(fields=["organization", "client", "starts_on"], name="plan_client"),
        ),
        migrations.AddIndex(
            model_name="treatmentplan",
            index=models.Index(
                condition=models.Q(("until", None)), fields=["organization", "review_on"], name="plan_review"
            ),
        ),
        migrations.AddConstraint(
            model_name="treatmentplan",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="notes_treatmentplan_own"),
        ),
        migrations.AddConstraint(
            model_name="treatmentplan",
            constraint=models.UniqueConstraint(
                fields=("organization", "version"), name="plan_of_one_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="treatmentplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("starts_on")), _connector="OR"),
                name="plan_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatmentplan",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.F("organization"), "="),
                    (models.F("client"), "="),
                    (models.Func(models.F("starts_on"), models.F("until"), function="daterange"), "&&"),
                ],
                name="plan_one_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="plangoal",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="notes_plangoal_own"),
        ),
        migrations.AddConstraint(
            model_name="plangoal",
            constraint=models.UniqueConstraint(
                fields=("organization", "plan", "position"), name="plan_goal_once"
            ),
        ),
        *walls("TemplatePlace", "TreatmentPlan"),
        *walls(only_grow=("PlanGoal",)),
        *links(note="client", treatmentplan="client version", plangoal="plan"),
        migrations.RunSQL(OWN_SESSION, NOT_OWN_SESSION),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
