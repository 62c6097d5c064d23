"""A signature locks exactly what was on the screen, by its author, once, with everything in it that is required."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from attest.calendar.models import Session
from attest.core import clock, keys
from attest.core.models import AuditEvent
from attest.notes.actions import discard_draft, save_draft, sign_alone, signing, when_signed
from attest.notes.header import facts_of, header_digest, header_for
from attest.notes.models import Addendum, Note, NoteVersion, Signature
from attest.notes.problems import (
    Changed,
    Incomplete,
    LateReasonNeeded,
    NotADraft,
    NothingToSign,
    NotYours,
)
from attest.notes.queries import content_digest, signature_due_of
from tests.factories import Made, make_coverage, make_medicare, make_member, make_provider, make_session
from tests.notes.conftest import drafted, signed

pytestmark = pytest.mark.django_db


def test_signing_freezes_content_header_and_due_time(made: Made, session: Session) -> None:
    with made.inside():
        note = drafted(made, session)
        version = signed(made, note)
        note.refresh_from_db()
        assert note.state == "signed"
        assert version.content == note.content
        assert version.header["client"] == {"name": "Alex Rivera", "birth_date": "1990-05-17"}
        assert version.header["times"]["minutes"] == 53
        assert version.due_at == session.ends_at + timedelta(hours=72)
        assert not version.late
        assert "Morgan Reyes, LCSW" in version.attestation
        signature = Signature.objects.get(version=version)
        assert (signature.number, signature.previous_digest, signature.signed_as) == (
            1,
            "",
            "Morgan Reyes, LCSW",
        )


def test_signing_is_cheap_and_commits_nothing_of_its_own(made: Made, session: Session) -> None:
    with made.inside():
        note = drafted(made, session)
        due = signature_due_of(session).due_at
        keys.sign(b"", organization_id=made.organization.pk)  # the practice's first signature makes its key
        with CaptureQueriesContext(connection) as seen:
            signed(made, note, due_at=due, now=session.ends_at)
        statements = [query["sql"] for query in seen.captured_queries]
        # three more read the session, its coverage and the practice's numbers for the test itself
        assert len(statements) <= 7 + 3, statements
        assert not [sql for sql in statements if sql.startswith(("SAVEPOINT", "COMMIT", "RELEASE"))]


@pytest.mark.parametrize("field", ["attendees", "focus", "risk", "mental_status", "interventions", "plan"])
@pytest.mark.parametrize("blank", ["nothing", "blanks"])
def test_a_required_field_must_say_something(made: Made, session: Session, field: str, blank: str) -> None:
    empty: Any = [] if field in ("attendees", "mental_status") else ""
    if blank == "blanks" and field in ("focus", "interventions", "plan"):
        empty = " \n\t - "
    with made.inside():
        note = drafted(made, session, **{field: empty})
        with pytest.raises(Incomplete) as refused:
            signed(made, note)
        assert [missing.key for missing in refused.value.missing] == [field]
        assert not NoteVersion.objects.exists()


def test_everything_missing_is_named_at_once(made: Made, session: Session) -> None:
    with made.inside():
        note = drafted(made, session, focus="", plan="", progress="")
        with pytest.raises(Incomplete) as refused:
            signed(made, note)
        assert [missing.key for missing in refused.value.missing] == ["focus", "progress", "plan"]
        assert "What the client brought" in str(refused.value)


@pytest.mark.parametrize(
    ("risk", "detail", "allowed"),
    [
        ("denied", "", True),
        ("present", "", False),
        ("present", "Thoughts of self-harm, no plan; safety plan renewed.", True),
        ("not_asked", "", False),
        ("not_asked", "Asked two days ago by phone.", True),
    ],
)
def test_risk_that_is_present_or_not_asked_needs_words(
    made: Made, session: Session, risk: str, detail: str, allowed: bool
) -> None:
    with made.inside():
        note = drafted(made, session, risk=risk, risk_detail=detail)
        if allowed:
            assert signed(made, note).content["risk_detail"] == detail
        else:
            with pytest.raises(Incomplete):
                signed(made, note)


def test_what_changed_since_it_was_on_the_screen_is_not_signed(made: Made, session: Session) -> None:
    with made.inside():
        note = drafted(made, session)
        seen = content_digest(note)
        newer = save_draft(
            note_id=note.pk,
            values={"plan": "Another plan."},
            revision=note.revision,
            by_member=made.clinician,
        )
        with pytest.raises(Changed) as refused:
            signed(made, note, seen_digest=seen)
        assert refused.value.note is not None
        assert refused.value.note.content["plan"] == "Another plan."
        assert not NoteVersion.objects.exists()
        assert signed(made, newer).content["plan"] == "Another plan."


def test_nobody_signs_for_another_provider(made: Made, session: Session) -> None:
    other = make_provider(made.organization, first_name="Sam", last_name="Okafor")
    colleague = make_member(made.organization, "provider", provider=other)
    with made.inside():
        note = drafted(made, session)
        for stranger in (colleague, made.admin):
            with pytest.raises(NotYours):
                signed(made, note, by_member=stranger)
        assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("after_stop", "reason", "outcome"),
    [
        (timedelta(hours=72), "", "in time"),
        (timedelta(hours=72, microseconds=1), "", "refused"),
        (timedelta(hours=72, microseconds=1), "  \n ", "refused"),
        (timedelta(hours=72, microseconds=1), "Power cut at the office.", "late"),
        (timedelta(days=400), "Found while closing the chart.", "late"),
        (timedelta(hours=1), "Not needed at all.", "in time"),
    ],
)
def test_a_late_signature_needs_a_reason_and_stays_late(
    made: Made, session: Session, after_stop: timedelta, reason: str, outcome: str
) -> None:
    with made.inside():
        note = drafted(made, session)
        now = session.ends_at + after_stop
        if outcome == "refused":
            with pytest.raises(LateReasonNeeded):
                signed(made, note, now=now, late_reason=reason)
            return
        version = signed(made, note, now=now, late_reason=reason)
        assert version.late is (outcome == "late")
        assert version.late_reason == (reason if outcome == "late" else "")


@pytest.mark.parametrize("strict", [False, True])
def test_any_medicare_coverage_makes_the_note_due_a_day_sooner(
    made: Made, session: Session, strict: bool
) -> None:
    if strict:
        make_coverage(made.client, make_medicare(made.organization), rank="secondary")
    with made.inside():
        assert signature_due_of(session).due_at - session.ends_at == timedelta(hours=48 if strict else 72)


def test_what_is_learnt_later_never_makes_a_note_late_afterwards(made: Made, session: Session) -> None:
    with made.inside():
        version = signed(made, drafted(made, session), now=session.ends_at + timedelta(hours=60))
    make_coverage(made.client, make_medicare(made.organization), rank="secondary")
    with made.inside():
        version.refresh_from_db()
        assert not version.late
        assert version.due_at == session.ends_at + timedelta(hours=72)


def test_a_note_is_signed_once(made: Made, session: Session) -> None:
    with made.inside():
        note = drafted(made, session)
        signed(made, note)
        with pytest.raises(NotADraft, match="locked"):
            signed(made, note)
        assert Signature.objects.count() == 1


def test_a_discarded_draft_is_not_signed(made: Made, session: Session) -> None:
    with made.inside():
        note = discard_draft(note_id=drafted(made, session).pk, by_member=made.clinician)
        with pytest.raises(NotADraft, match="discarded"):
            signed(made, note)


def alone(made: Made, session: Session, **changes: Any) -> NoteVersion:
    note = Note.objects.get(session=session)
    fresh = Session.objects.select_related("client", "provider", "location").get(pk=session.pk)
    arguments: dict[str, Any] = {
        "session_id": session.pk,
        "seen_digest": content_digest(note),
        "seen_header": header_digest(header_for(fresh, facts_of(fresh))),
        "by_member": made.clinician,
        "proof_at": clock.real_now(),
    }
    return sign_alone(**arguments | changes)


@pytest.mark.parametrize(
    ("chip", "becomes"),
    [
        ("scheduled", "signed"),
        ("cancelled", "cancelled"),
        ("not_billable", "not_billable"),
        ("confirmed", "confirmed"),
    ],
)
def test_a_note_can_be_signed_alone_whatever_became_of_the_session(
    made: Made, chip: str, becomes: str
) -> None:
    session = make_session(made.client, chip=chip)
    with made.inside():
        drafted(made, session)
        version = alone(made, session)
        session.refresh_from_db()
        assert session.chip == becomes
        assert ("I provided this session" in version.attestation) is (chip != "cancelled")


def test_a_note_can_be_signed_alone_long_after_the_confirm_window(made: Made) -> None:
    start = clock.now() - timedelta(days=45)
    session = make_session(made.client, starts_at=start)
    with made.inside():
        drafted(made, session)
        with pytest.raises(LateReasonNeeded):
            alone(made, session)
        assert alone(made, session, late_reason="Was on leave.").late


def test_times_that_changed_above_the_note_stop_the_signature(made: Made, session: Session) -> None:
    with made.inside():
        drafted(made, session)
        seen = header_digest(header_for(session, facts_of(session)))
        Session.objects.filter(pk=session.pk).update(ends_at=session.ends_at + timedelta(minutes=5))
        with pytest.raises(Changed, match="nothing was signed"):
            alone(made, session, seen_header=seen)
        assert not Signature.objects.exists()


def test_without_a_draft_there_is_nothing_to_sign(made: Made, session: Session) -> None:
    with made.inside(), pytest.raises(NothingToSign):
        sign_alone(
            session_id=session.pk,
            seen_digest="",
            seen_header="",
            by_member=made.clinician,
            proof_at=clock.real_now(),
        )


def test_rooms_above_hear_of_a_note_signed_alone(
    made: Made, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[Any, ...]] = []
    monkeypatch.setattr(signing, "_listeners", [])
    when_signed(lambda *said: heard.append(said))
    with made.inside():
        drafted(made, session)
        version = alone(made, session)
        assert heard == [(session, version, made.by)]


@pytest.mark.parametrize("model", [NoteVersion, Signature, Addendum])
def test_what_was_signed_cannot_be_updated_or_deleted(made: Made, session: Session, model: Any) -> None:
    from attest.notes.actions import add_addendum

    with made.inside():
        note = drafted(made, session)
        signed(made, note)
        add_addendum(
            note_id=note.pk, kind="addendum", reason="Left out.", text="More.", by_member=made.clinician,
            proof_at=clock.real_now(), key="one",
        )  # fmt: skip
        row = model.objects.first()
        for change in (row.save, row.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


@pytest.mark.parametrize("state", ["signed", "discarded"])
def test_a_settled_note_cannot_be_changed_or_deleted(made: Made, session: Session, state: str) -> None:
    with made.inside():
        note = drafted(made, session)
        if state == "signed":
            signed(made, note)
        else:
            discard_draft(note_id=note.pk, by_member=made.clinician)
        for statement in (
            "UPDATE notes_note SET content = '{}' WHERE id = %s",
            "UPDATE notes_note SET state = 'draft' WHERE id = %s",
            "DELETE FROM notes_note WHERE id = %s",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [note.pk])


def test_signing_leaves_an_event_without_a_word_of_the_note(made: Made, session: Session) -> None:
    with made.inside():
        note = drafted(made, session)
        signed(made, note)
        event = AuditEvent.objects.get(kind="note.signed")
        assert (event.subject_id, event.client_id, event.user_id) == (note.pk, made.client.pk, made.by)
        assert set(event.data) == {"session", "number", "digest", "late"}
