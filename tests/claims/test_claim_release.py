"""A claim waits until the session can no longer be modified and its note stands; then it is ready."""

from datetime import timedelta

import pytest

from attest.claims.actions import release_when_free, signature_given
from attest.claims.models import Claim, Hold
from attest.core import clock, work
from attest.core.models import AuditEvent, WorkItem
from attest.policy.release import NoteStanding
from tests.claims.making import CONFIRMED, chip_of, held_claim, state_of
from tests.factories import Made, make_client, make_contract, make_medicare, make_payer, make_practice

pytestmark = pytest.mark.django_db
HOURS_48 = timedelta(hours=48)


@pytest.fixture
def made() -> Made:
    return make_practice()


def open_holds(made: Made, claim: Claim) -> list[str]:
    with made.inside():
        rows = Hold.objects.filter(claim=claim, closed_at__isnull=True).order_by("kind")
        return [hold.kind for hold in rows]


def medicare_claim(made: Made, standing: NoteStanding) -> Claim:
    payer = make_medicare(made.organization)
    make_contract(made.provider, payer)
    client = make_client(made.organization, made.provider, payer=payer)
    return held_claim(made, client=client, note_standing=standing)


def sweep_at(delay: timedelta) -> None:
    with clock.at(CONFIRMED + delay):
        work.sweep()


def test_a_new_claim_is_held_while_the_session_can_be_modified(made: Made) -> None:
    claim = held_claim(made)
    assert claim.state == "held"
    with made.inside():
        hold = Hold.objects.get(claim=claim)
    assert (hold.kind, hold.until, hold.closed_at) == ("edit_window", CONFIRMED + HOURS_48, None)


@pytest.mark.parametrize(
    ("delay", "state"),
    [
        (timedelta(hours=47, minutes=59, seconds=59), "held"),
        (HOURS_48, "held"),
        (HOURS_48 + timedelta(microseconds=1), "ready"),
        (HOURS_48 + timedelta(days=3), "ready"),
    ],
)
def test_it_is_ready_once_48_elapsed_hours_are_over_and_not_at_the_last_instant(
    made: Made, delay: timedelta, state: str
) -> None:
    claim = held_claim(made)
    sweep_at(delay)
    assert state_of(made, claim) == state
    assert chip_of(made, claim) == ("claim_ready" if state == "ready" else "confirmed")


def test_asking_too_early_changes_nothing_and_it_is_released_all_the_same(made: Made) -> None:
    claim = held_claim(made)
    with clock.at(CONFIRMED + HOURS_48), made.inside():
        assert release_when_free(claim_id=claim.pk).state == "held"
        assert WorkItem.objects.filter(row_id=claim.pk).count() == 1
    sweep_at(HOURS_48 + timedelta(seconds=1))
    assert state_of(made, claim) == "ready"


def test_release_leaves_the_moment_and_an_audit_event(made: Made) -> None:
    claim = held_claim(made)
    later = HOURS_48 + timedelta(minutes=1)
    sweep_at(later)
    with made.inside():
        claim.refresh_from_db()
        event = AuditEvent.objects.get(kind="claim.ready")
    assert claim.ready_at == CONFIRMED + later
    assert (event.subject_id, event.client_id, event.user_id) == (claim.pk, made.client.pk, None)


@pytest.mark.parametrize("standing", [NoteStanding.OWED, NoteStanding.DRAFTED, NoteStanding.NONE])
def test_where_the_plan_wants_a_signed_note_the_claim_waits_for_it(
    made: Made, standing: NoteStanding
) -> None:
    claim = medicare_claim(made, standing)
    assert open_holds(made, claim) == ["edit_window", "signature"]
    sweep_at(HOURS_48 + timedelta(days=10))
    assert open_holds(made, claim) == ["signature"]
    assert state_of(made, claim) == "held"
    with clock.at(CONFIRMED + timedelta(days=12)), made.inside():
        signature_given(session=claim.session, by=made.by)
    assert open_holds(made, claim) == []
    assert state_of(made, claim) == "ready"
    assert chip_of(made, claim) == "claim_ready"


@pytest.mark.parametrize("standing", [NoteStanding.TEMPLATE_SIGNED, NoteStanding.DECLARED])
def test_a_signed_or_declared_note_satisfies_it(made: Made, standing: NoteStanding) -> None:
    assert open_holds(made, medicare_claim(made, standing)) == ["edit_window"]


def test_a_signature_within_the_edit_window_does_not_let_the_claim_out(made: Made) -> None:
    claim = medicare_claim(made, NoteStanding.OWED)
    with clock.at(CONFIRMED + timedelta(hours=5)), made.inside():
        signature_given(session=claim.session, by=made.by)
    assert open_holds(made, claim) == ["edit_window"]
    sweep_at(HOURS_48 + timedelta(seconds=1))
    assert state_of(made, claim) == "ready"


def test_a_commercial_plan_does_not_wait_for_an_owed_note(made: Made) -> None:
    assert open_holds(made, held_claim(made, note_standing=NoteStanding.OWED)) == ["edit_window"]


def late_payer_claim(made: Made, days: int, **more: object) -> Claim:
    """A claim on the day of service to a payer that gives `days` days to file."""
    payer = make_payer(made.organization, rule={"filing_kind": "days", "filing_amount": days} | more)
    make_contract(made.provider, payer)
    client = make_client(made.organization, made.provider, payer=payer)
    return held_claim(made, client=client, note_standing=NoteStanding.OWED)


def test_with_fewer_than_five_days_of_filing_time_nothing_but_a_worker_is_waited_for(made: Made) -> None:
    claim = late_payer_claim(made, 4)
    assert open_holds(made, claim) == []
    assert claim.state == "held"
    sweep_at(timedelta(seconds=1))
    assert state_of(made, claim) == "ready"


def test_five_days_of_filing_time_are_enough_to_wait_until_the_next_day_begins(made: Made) -> None:
    claim = late_payer_claim(made, 5)
    assert open_holds(made, claim) == ["edit_window"]
    before_midnight = timedelta(hours=6, minutes=54)
    sweep_at(before_midnight)
    assert state_of(made, claim) == "held"
    sweep_at(before_midnight + timedelta(minutes=2))
    assert state_of(made, claim) == "ready"


def test_short_filing_time_does_not_lift_a_signature_hold(made: Made) -> None:
    claim = late_payer_claim(made, 4, requires_signed_note=True)
    sweep_at(timedelta(seconds=1))
    assert open_holds(made, claim) == ["signature"]
    assert state_of(made, claim) == "held"
