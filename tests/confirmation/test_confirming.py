"""Signing and confirming happen together or not at all, once, and only as shown on the screen."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from attest.calendar.models import ActualInterval, Session
from attest.claims.models import Claim, Hold
from attest.clients.models import ChartDiagnosis, Coverage, PaymentMethod
from attest.confirmation import actions
from attest.confirmation.models import Confirmation, Details, ServiceLine
from attest.core import clock, once
from attest.core.models import AuditEvent, WorkItem
from attest.ledger.models import ChargeDue
from attest.notes import actions as notes
from attest.notes.models import Note, NoteVersion
from attest.notes.queries import note_of
from attest.policy.deadlines import local
from attest.policy.readiness import RoadblockCode
from attest.practice.actions import set_payer_rule
from tests.confirmation.hands import press, seen_now, type_details, write
from tests.factories import (
    Made,
    make_client,
    make_contract,
    make_fees,
    make_medicare,
    make_practice,
    make_session,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


@pytest.fixture
def session(made: Made) -> Session:
    return make_session(made.client)


def nothing_happened(session: Session) -> bool:
    session.refresh_from_db()
    return session.chip == "scheduled" and not any(
        rows.objects.exists()
        for rows in (Confirmation, Details, ServiceLine, Claim, ChargeDue, ActualInterval, NoteVersion)
    )


def test_one_press_signs_the_note_confirms_the_session_and_starts_claim_and_charge(
    made: Made, session: Session
) -> None:
    with made.inside():
        write(made, session)
        type_details(session)
        confirmation = press(made, session)

        session.refresh_from_db()
        assert session.chip == "confirmed"
        note = note_of(session)
        assert note is not None and note.state == "signed" and confirmation.note_id == note.pk
        version = NoteVersion.objects.get()
        assert version.header["diagnoses"] == [{"code": "F41.1", "label": "Generalized anxiety disorder"}]
        assert not version.late
        line = ServiceLine.objects.get()
        assert (line.code, line.minutes, line.charge_cents, line.pointers) == ("90837", 53, 15000, [1])
        claim = Claim.objects.get()
        assert (claim.state, claim.total_cents, claim.frequency) == ("held", 15000, "1")
        hold = Hold.objects.get()
        assert (hold.kind, hold.until) == ("edit_window", confirmation.confirmed_at + timedelta(hours=48))
        charge = ChargeDue.objects.get()
        due = local(charge.due_at, session.zone)
        assert (charge.amount_cents, due.hour, due.minute) == (2500, 9, 0)
        assert due.date() == local(confirmation.confirmed_at, session.zone).date() + timedelta(days=1)
        assert {w.kind for w in WorkItem.objects.all()} == {"claim.release", "charge.due"}
        assert ActualInterval.objects.get().starts_at == session.starts_at
        kinds = set(AuditEvent.objects.values_list("kind", flat=True))
        assert {"session.confirmed", "note.signed"} <= kinds
        assert ChartDiagnosis.objects.get().last_used_at is not None


def test_pressing_twice_gives_the_first_result(made: Made, session: Session) -> None:
    with made.inside():
        write(made, session)
        type_details(session)
        seen = seen_now(session)
        first = press(made, session, key="k", seen=seen)
        second = press(made, session, key="k", seen=seen)
        assert first.pk == second.pk
        assert Claim.objects.count() == ChargeDue.objects.count() == NoteVersion.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(made: Made, session: Session) -> None:
    with made.inside():
        write(made, session)
        type_details(session)
        values, seen = seen_now(session)
        press(made, session, key="k", seen=(values, seen))
        with pytest.raises(once.KeyReused):
            press(made, session, key="k", seen=({**values, "date_reason": "other"}, seen))


def test_a_second_tab_is_told_that_the_session_is_confirmed_already(made: Made, session: Session) -> None:
    with made.inside():
        write(made, session)
        type_details(session)
        seen = seen_now(session)
        press(made, session, seen=seen)
        with pytest.raises((actions.Blocked, actions.Changed)):
            press(made, session, seen=seen)
        assert Confirmation.objects.count() == 1


def test_a_note_that_changed_since_it_was_on_the_screen_is_not_signed(made: Made, session: Session) -> None:
    with made.inside():
        note = write(made, session)
        type_details(session)
        seen = seen_now(session)
        notes.save_draft(
            note_id=note.pk,
            values={"plan": "Another plan."},
            revision=note.revision,
            by_member=made.clinician,
        )
        with pytest.raises(actions.Changed, match="The note"):
            press(made, session, seen=seen)
        assert nothing_happened(session)


def test_details_saved_in_another_tab_stop_the_press(made: Made, session: Session) -> None:
    with made.inside():
        write(made, session)
        type_details(session)
        seen = seen_now(session)
        type_details(session, stop_1="2:40 PM")
        with pytest.raises(actions.Changed, match="The details"):
            press(made, session, seen=seen)
        assert nothing_happened(session)


def test_a_share_that_changed_meanwhile_is_shown_before_anything_is_signed(
    made: Made, session: Session
) -> None:
    with made.inside():
        write(made, session)
        type_details(session)
        seen = seen_now(session)
        Coverage.objects.update(copay_cents=4000)
        with pytest.raises(actions.Changed, match="What will happen"):
            press(made, session, seen=seen)
        assert nothing_happened(session)


def test_every_roadblock_is_reported_at_once_and_nothing_is_done(made: Made, session: Session) -> None:
    with made.inside():
        write(made, session)
        PaymentMethod.objects.update(active=False)
        Coverage.objects.update(verification="unverified", verified_at=None)
        type_details(session, affirmed="", diagnosis=[])
        with pytest.raises(actions.Blocked) as blocked:
            press(made, session)
        codes = {r.code for r in blocked.value.roadblocks}
        assert {
            RoadblockCode.NO_PAYMENT_METHOD, RoadblockCode.PLAN_NOT_VERIFIED, RoadblockCode.NO_DIAGNOSIS,
            RoadblockCode.TIMES_NOT_AFFIRMED,
        } <= codes  # fmt: skip
        assert nothing_happened(session)


def test_an_empty_required_section_stops_both_signing_and_confirming(made: Made, session: Session) -> None:
    with made.inside():
        write(made, session, plan="")
        type_details(session)
        with pytest.raises(actions.Blocked) as blocked:
            press(made, session)
        assert [r.code for r in blocked.value.roadblocks] == [RoadblockCode.NOTE_INCOMPLETE]
        assert nothing_happened(session)


def test_an_old_proof_of_identity_is_asked_for_again(made: Made, session: Session) -> None:
    with made.inside():
        write(made, session)
        type_details(session)
        with pytest.raises(actions.ProofNeeded):
            press(made, session, proof_at=clock.real_now() - timedelta(hours=12, minutes=1))
        assert nothing_happened(session)
        press(made, session, proof_at=clock.real_now() - timedelta(hours=11, minutes=59))


def test_a_note_signed_before_is_confirmed_without_signing_again(made: Made, session: Session) -> None:
    from attest.notes.header import facts_of, header_digest, header_for
    from attest.notes.queries import content_digest

    with made.inside():
        note = write(made, session)
        notes.sign_alone(
            session_id=session.pk,
            seen_digest=content_digest(note),
            seen_header=header_digest(header_for(session, facts_of(session))),
            by_member=made.clinician,
            proof_at=clock.real_now(),
        )
        session.refresh_from_db()
        assert session.chip == "signed"
        type_details(session)
        press(made, session, proof_at=clock.real_now() - timedelta(days=3))
        assert NoteVersion.objects.count() == 1
        session.refresh_from_db()
        assert session.chip == "confirmed"


def test_a_note_kept_elsewhere_needs_its_author_and_date(made: Made, session: Session) -> None:
    with made.inside():
        type_details(session, note_choice="none", none_kind="elsewhere")
        with pytest.raises(actions.Blocked) as blocked:
            press(made, session)
        assert RoadblockCode.NOTE_NOT_DECLARED in {r.code for r in blocked.value.roadblocks}
        day = local(session.starts_at, session.zone).date()
        for impossible in (day - timedelta(days=1), day + timedelta(days=2)):
            type_details(
                session, elsewhere_author="Morgan Reyes", elsewhere_signed_on=f"{impossible:%m/%d/%Y}"
            )
            with pytest.raises(actions.Blocked):
                press(made, session)
        type_details(session, elsewhere_signed_on=f"{day:%m/%d/%Y}")
        confirmation = press(made, session)
        assert (confirmation.note_path, confirmation.note_id) == ("elsewhere", None)


@pytest.fixture
def medicare(made: Made) -> Session:
    """A Medicare client's session: its claim waits for the signed note."""
    payer = make_medicare(made.organization)
    make_contract(made.provider, payer)
    make_fees(made.provider, payer, made.services.values())
    client = make_client(made.organization, made.provider, payer=payer, legal_last_name="Lund")
    return make_session(client)


def test_an_owed_note_keeps_a_medicare_claim_until_it_is_signed(made: Made, medicare: Session) -> None:
    from attest.notes.header import facts_of, header_digest, header_for
    from attest.notes.queries import content_digest

    with made.inside():
        type_details(medicare, note_choice="none", none_kind="owed")
        press(made, medicare)
        medicare.refresh_from_db()
        assert medicare.chip == "note_due"
        assert set(Hold.objects.values_list("kind", flat=True)) == {"edit_window", "signature"}
        note = write(made, medicare)
        fresh = Session.objects.select_related("client", "provider", "location").get(pk=medicare.pk)
        notes.sign_alone(
            session_id=medicare.pk,
            seen_digest=content_digest(note),
            seen_header=header_digest(header_for(fresh, facts_of(fresh))),
            by_member=made.clinician,
            proof_at=clock.real_now(),
        )
        assert set(Hold.objects.filter(closed_at=None).values_list("kind", flat=True)) == {"edit_window"}
        medicare.refresh_from_db()
        assert medicare.chip == "confirmed"
        assert Confirmation.objects.get().note_path == "template"


def test_a_self_pay_session_makes_no_claim_and_charges_the_fee(made: Made) -> None:
    session = make_session(made.client, self_pay=True)
    with made.inside():
        write(made, session)
        type_details(session)
        press(made, session)
        assert not Claim.objects.exists()
        charge = ChargeDue.objects.get()
        assert (charge.amount_cents, charge.estimated) == (16000, False)
        session.refresh_from_db()
        assert session.chip == "self_pay"


@pytest.mark.parametrize(("days", "allowed"), [(30, True), (31, False)], ids=["day 30", "day 31"])
def test_day_thirty_is_the_last_day_to_confirm(
    made: Made, session: Session, days: int, allowed: bool
) -> None:
    later = session.starts_at + timedelta(days=days)
    with made.inside(), clock.at(later):
        Coverage.objects.update(verified_at=session.starts_at)
        write(made, session, late_reason="On leave")
        type_details(session)
        if allowed:
            press(made, session)
        else:
            with pytest.raises(actions.Blocked) as blocked:
                press(made, session)
            assert RoadblockCode.TOO_LATE in {r.code for r in blocked.value.roadblocks}


def test_a_late_signature_needs_a_reason_and_is_labelled_for_ever(made: Made, session: Session) -> None:
    with made.inside(), clock.at(session.ends_at + timedelta(hours=72, seconds=1)):
        write(made, session)
        type_details(session)
        with pytest.raises(actions.Blocked) as blocked:
            press(made, session)
        assert [r.code for r in blocked.value.roadblocks] == [RoadblockCode.LATE_REASON_MISSING]
        note = note_of(session)
        assert note is not None
        notes.save_draft(
            note_id=note.pk,
            values={},
            revision=note.revision,
            by_member=made.clinician,
            late_reason="Ill for three days",
        )
        press(made, session)
        version = NoteVersion.objects.get()
        assert (version.late, version.late_reason) == (True, "Ill for three days")


def test_two_overlapping_sessions_of_one_provider_are_not_both_confirmed(
    made: Made, session: Session
) -> None:
    other = make_session(made.client, starts_at=session.starts_at + timedelta(minutes=30))
    with made.inside():
        for one in (session, other):
            write(made, one)
            type_details(one)
        press(made, session)
        with pytest.raises(actions.Blocked) as blocked:
            press(made, other)
        assert RoadblockCode.OVERLAP in {r.code for r in blocked.value.roadblocks}


def test_members_of_one_group_share_their_time(made: Made) -> None:
    occasion = uuid4()
    other = make_client(made.organization, made.provider, payer=made.payer, legal_last_name="Lund")
    members = [make_session(c, kind="group", occasion_id=occasion) for c in (made.client, other)]
    with made.inside():
        for one in members:
            write(made, one)
            type_details(one)
            press(made, one)
        assert Confirmation.objects.count() == 2


def test_a_fault_half_way_leaves_nothing_behind(made: Made, session: Session) -> None:
    with made.inside():
        write(made, session)
        type_details(session)
        Claim.objects.create(
            organization=made.organization, session=session, provider=made.provider, payer=made.payer,
            coverage=Coverage.objects.get(), number="TAKEN", date_of_service="2026-11-01", total_cents=1, facts={},
            confirmed_at=clock.now(),
        )  # fmt: skip
        with pytest.raises(Exception, match="claim_one_unsent"):
            press(made, session)
        assert not Confirmation.objects.exists() and not NoteVersion.objects.exists()
        assert Note.objects.get().state == "draft"


@pytest.mark.django_db(transaction=True)
def test_two_threads_pressing_at_once_confirm_once(made: Made, session: Session) -> None:
    with made.inside():
        write(made, session)
        type_details(session)
        seen = seen_now(session)
    gate, results = Barrier(2), []

    def go() -> None:
        try:
            gate.wait()
            with made.inside():
                results.append(press(made, session, key="same", seen=seen).pk)
        finally:
            connections.close_all()

    threads = [Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2 and len(set(results)) == 1
    with made.inside():
        assert Claim.objects.count() == NoteVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_overlapping_sessions_confirmed_at_the_same_moment_leave_one(
    made: Made, session: Session
) -> None:
    other = make_session(made.client, starts_at=session.starts_at + timedelta(minutes=30))
    seen: dict[Any, Any] = {}
    with made.inside():
        for one in (session, other):
            write(made, one)
            type_details(one)
            seen[one.pk] = seen_now(one)
    gate, outcomes = Barrier(2), []

    def go(one: Session) -> None:
        try:
            gate.wait()
            with made.inside():
                press(made, one, seen=seen[one.pk])
            outcomes.append("confirmed")
        except (actions.Blocked, actions.Changed):
            outcomes.append("stopped")
        finally:
            connections.close_all()

    threads = [Thread(target=go, args=(one,)) for one in (session, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["confirmed", "stopped"]
    with made.inside():
        assert ActualInterval.objects.count() == Confirmation.objects.count() == 1


def test_what_the_clients_payer_demands_of_the_note_blocks_like_an_empty_field(made: Made) -> None:
    session = make_session(made.client, modality="video")
    with made.inside():
        day = local(session.starts_at, session.zone).date()
        set_payer_rule(
            payer=made.payer, effective_from=day, by=made.by, required_criteria=["telehealth_consent"]
        )
        write(made, session)
        type_details(session)
        with pytest.raises(actions.Blocked) as blocked:
            press(made, session)
        assert [r.code for r in blocked.value.roadblocks] == [RoadblockCode.NOTE_INCOMPLETE]
        assert "By video or phone" in blocked.value.roadblocks[0].sentence
        note = note_of(session)
        assert note is not None
        notes.save_draft(
            note_id=note.pk,
            values={"telehealth": ["consent"]},
            revision=note.revision,
            by_member=made.clinician,
        )
        assert press(made, session).note_path == "template"
