"""A draft loses nothing: two tabs never overwrite each other silently, and what is set aside stays in the history."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management.sql import emit_post_migrate_signal

from attest.calendar.models import Session
from attest.core.access import Scope
from attest.core.models import AuditEvent
from attest.notes.actions import discard_draft, install_templates, save_draft, start_draft, switch_template
from attest.notes.definition import BadValues, shipped
from attest.notes.models import Note, NoteTemplate
from attest.notes.problems import NotADraft, NotYours, StaleDraft
from attest.notes.queries import (
    NoteState,
    discarded_notes,
    last_signed_notes,
    note_of,
    standings,
    template_by_key,
)
from tests.factories import Made, make_client, make_member, make_practice, make_provider, make_session
from tests.notes.conftest import COMPLETE, drafted, signed

pytestmark = pytest.mark.django_db


def started(made: Made, session: Session, key: str = "soap") -> Note:
    template = template_by_key(made.organization.pk, key)
    assert template is not None
    return start_draft(session=session, template=template, by_member=made.clinician)


def saved(made: Made, note: Note, revision: int, **values: Any) -> Note:
    return save_draft(note_id=note.pk, values=values, revision=revision, by_member=made.clinician)


def test_a_new_draft_has_every_field_and_nothing_filled_in(made: Made, session: Session) -> None:
    with made.inside():
        note = started(made, session)
        assert list(note.content) == [
            field["key"] for section in note.template.definition["sections"] for field in section["fields"]
        ]
        assert not any(note.content.values())
        assert note.revision == 0


def test_starting_twice_gives_one_draft(made: Made, session: Session) -> None:
    with made.inside():
        first = started(made, session)
        assert started(made, session, "dap") == first
        assert Note.objects.count() == 1
        assert AuditEvent.objects.filter(kind="note.started").count() == 1


def test_a_signed_note_is_not_started_again(made: Made, session: Session) -> None:
    with made.inside():
        signed(made, drafted(made, session))
        with pytest.raises(NotADraft):
            started(made, session)


def test_only_the_fields_that_were_sent_change(made: Made, session: Session) -> None:
    with made.inside():
        note = started(made, session)
        saved(made, note, 0, focus="Sleep.")
        note = saved(made, note, 1, plan="Weekly.")
        assert (note.content["focus"], note.content["plan"], note.revision) == ("Sleep.", "Weekly.", 2)


def test_a_second_tab_never_overwrites_the_first(made: Made, session: Session) -> None:
    with made.inside():
        note = started(made, session)
        saved(made, note, 0, focus="From the first tab.")
        with pytest.raises(StaleDraft) as refused:
            saved(made, note, 0, focus="From the second tab.")
        assert refused.value.note.content["focus"] == "From the first tab."
        assert refused.value.note.revision == 1
        with pytest.raises(StaleDraft):
            saved(made, note, 0, plan="Another field, and still not seen together.")
        assert Note.objects.get().content["focus"] == "From the first tab."


def test_sending_the_same_again_is_no_conflict(made: Made, session: Session) -> None:
    with made.inside():
        note = started(made, session)
        saved(made, note, 0, focus="Sent twice, the answer was lost.")
        assert saved(made, note, 0, focus="Sent twice, the answer was lost.").revision == 1


def test_autosaving_leaves_no_event_each_time(made: Made, session: Session) -> None:
    with made.inside():
        note = started(made, session)
        before = AuditEvent.objects.count()
        saved(made, note, 0, focus="One.")
        saved(made, note, 1, focus="Two.")
        assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    "values",
    [
        {"unknown": "x"},
        {"focus": 3},
        {"focus": "x" * 20_001},
        {"focus": "\x00"},
        {"focus": "\ud800"},
        {"risk": "maybe"},
        {"mental_status": ["oriented", "flying"]},
    ],
)
def test_values_that_do_not_fit_are_refused_and_nothing_changes(
    made: Made, session: Session, values: dict[str, Any]
) -> None:
    with made.inside():
        note = started(made, session)
        with pytest.raises(BadValues) as refused:
            saved(made, note, 0, **values)
        assert set(refused.value.sentences) == set(values)
        assert Note.objects.get().revision == 0


def test_the_reason_for_being_late_is_kept_with_the_draft(made: Made, session: Session) -> None:
    with made.inside():
        note = started(made, session)
        note = save_draft(
            note_id=note.pk, values={}, revision=0, by_member=made.clinician, late_reason="Power\n cut."
        )
        assert (note.late_reason, note.revision) == ("Power cut.", 1)
        with pytest.raises(BadValues, match="longer than 300"):
            save_draft(
                note_id=note.pk, values={}, revision=1, by_member=made.clinician, late_reason="x" * 301
            )


def test_another_template_keeps_what_fits_it(made: Made, session: Session) -> None:
    with made.inside():
        note = drafted(made, session)
        dap = template_by_key(made.organization.pk, "dap")
        assert dap is not None
        moved = switch_template(note_id=note.pk, template=dap, by_member=made.clinician)
        assert moved.pk == note.pk
        assert {key: moved.content[key] for key in COMPLETE} == COMPLETE
        assert not discarded_notes(session).exists()


def test_what_does_not_fit_another_template_is_kept_in_the_history(made: Made, session: Session) -> None:
    with made.inside():
        definition = {
            "key": "short",
            "name": "Short",
            "about": "Two fields.",
            "sections": [
                {
                    "key": "all",
                    "label": "All",
                    "fields": [
                        {"key": "focus", "label": "Focus", "kind": "text", "required": True},
                        {"key": "risk", "label": "Risk", "kind": "text", "risk": True},
                    ],
                }
            ],
        }
        short = NoteTemplate.objects.create(
            organization=made.organization, key="short", name="Short", definition=definition
        )
        note = drafted(made, session)
        moved = switch_template(note_id=note.pk, template=short, by_member=made.clinician)
        assert moved.content == {"focus": COMPLETE["focus"], "risk": "denied"}
        (kept,) = discarded_notes(session)
        assert kept.content == note.content
        assert kept.template.key == "soap"


def test_a_discarded_draft_stays_in_the_history_and_another_can_be_started(
    made: Made, session: Session
) -> None:
    with made.inside():
        note = drafted(made, session)
        discard_draft(note_id=note.pk, by_member=made.clinician)
        discard_draft(note_id=note.pk, by_member=made.clinician)
        assert AuditEvent.objects.filter(kind="note.discarded").count() == 1
        assert note_of(session) is None
        (kept,) = discarded_notes(session)
        assert kept.content["focus"] == COMPLETE["focus"]
        assert started(made, session).pk != note.pk
        with pytest.raises(NotADraft):
            saved(made, note, note.revision, focus="Too late.")


def test_a_signed_note_is_neither_discarded_nor_saved_nor_switched(made: Made, session: Session) -> None:
    with made.inside():
        note = drafted(made, session)
        signed(made, note)
        dap = template_by_key(made.organization.pk, "dap")
        assert dap is not None
        with pytest.raises(NotADraft):
            discard_draft(note_id=note.pk, by_member=made.clinician)
        with pytest.raises(NotADraft):
            saved(made, note, note.revision, focus="Changed.")
        with pytest.raises(NotADraft):
            switch_template(note_id=note.pk, template=dap, by_member=made.clinician)


def test_nobody_but_the_sessions_provider_writes_its_note(made: Made, session: Session) -> None:
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    with made.inside():
        template = template_by_key(made.organization.pk, "soap")
        assert template is not None
        for stranger in (colleague, made.admin):
            with pytest.raises(NotYours):
                start_draft(session=session, template=template, by_member=stranger)
        note = drafted(made, session)
        for stranger in (colleague, made.admin):
            with pytest.raises(NotYours):
                save_draft(note_id=note.pk, values={"focus": "x"}, revision=1, by_member=stranger)
            with pytest.raises(NotYours):
                discard_draft(note_id=note.pk, by_member=stranger)
            with pytest.raises(NotYours):
                switch_template(note_id=note.pk, template=template, by_member=stranger)


def test_how_many_notes_stand_is_read_at_once(made: Made) -> None:
    chips = {"none": "scheduled", "owed": "note_due", "draft": "note_due", "signed": "scheduled"}
    sessions = {name: make_session(made.client, chip=chip) for name, chip in chips.items()}
    with made.inside():
        note = drafted(made, sessions["draft"])
        signed(made, drafted(made, sessions["signed"]))
        found = standings(made.organization.pk, sessions.values())
        assert {name: found[session.pk].state for name, session in sessions.items()} == {
            "none": NoteState.NONE,
            "owed": NoteState.OWED,
            "draft": NoteState.DRAFT,
            "signed": NoteState.SIGNED,
        }
        assert {name for name, session in sessions.items() if found[session.pk].owed} == {"owed", "draft"}
        assert found[sessions["draft"].pk].note_id == note.pk


def test_the_last_signed_notes_are_the_clients_own_and_earlier_newest_first(
    made: Made, session: Session
) -> None:
    stranger = make_client(made.organization, made.provider, legal_first_name="Jo")
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    earlier = [
        make_session(made.client, starts_at=session.starts_at - timedelta(days=days)) for days in (21, 14, 7)
    ]
    later = make_session(made.client, starts_at=session.starts_at + timedelta(days=1))
    other = make_session(stranger, starts_at=session.starts_at - timedelta(days=1))
    with made.inside():
        for one in (*earlier[:2], later, other):
            signed(made, drafted(made, one))
        drafted(made, earlier[2])
        last = last_signed_notes(session, made.clinician, Scope.OWN)
        assert [version.note.session_id for version in last] == [earlier[1].pk, earlier[0].pk]
        assert last_signed_notes(session, colleague, Scope.OWN) == []
        assert last_signed_notes(session, made.admin, Scope.ALL) == last
        assert last_signed_notes(session, made.admin, Scope.ALL, most=1) == last[:1]
        assert last_signed_notes(earlier[0], made.clinician, Scope.OWN) == []


def test_installing_templates_again_changes_nothing_and_a_changed_one_becomes_a_new_version(
    made: Made, session: Session
) -> None:
    with made.inside():
        assert {t.key for t in NoteTemplate.objects.all()} == {data["key"] for data in shipped()}
        note = started(made, session)
        assert install_templates(made.organization, by=made.by) == []
        changed = dict(shipped()[0]) | {"about": "Reworded."}
        NoteTemplate.objects.create(
            organization=made.organization, key="soap", version=2, name="SOAP", definition=changed
        )
        (third,) = install_templates(made.organization, by=made.by)
        assert (third.key, third.version) == ("soap", 3)
        assert template_by_key(made.organization.pk, "soap") == third
        note.refresh_from_db()
        assert note.template.version == 1


def test_after_an_upgrade_every_practice_has_the_newest_templates(made: Made) -> None:
    practices = [made, make_practice()]
    for practice in practices:
        with practice.inside():
            NoteTemplate.objects.create(
                organization=practice.organization,
                key="soap",
                version=2,
                name="SOAP",
                definition=dict(shipped()[0]) | {"about": "As an earlier version of the product had it."},
            )
    for _ in range(2):
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    for practice in practices:
        with practice.inside():
            newest = template_by_key(practice.organization.pk, "soap")
            assert newest is not None
            assert (newest.version, newest.definition) == (3, shipped()[0])
