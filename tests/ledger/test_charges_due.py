"""What a client owes for a confirmed session falls due the next local morning, and nobody's card is charged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from attest.calendar.models import Session
from attest.clients.models import PaymentMethod
from attest.core import clock, work
from attest.core.access import Scope
from attest.core.models import AuditEvent, WorkItem
from attest.ledger.actions import fall_due, schedule_client_share
from attest.ledger.models import ChargeDue
from attest.ledger.queries import (
    charges_of_client,
    charges_of_session,
    coming_cents,
    owed_cents,
    visible_charges,
)
from attest.policy.pricing import Estimate
from attest.policy.record import DEFAULT_POLICY, Policy
from tests.factories import Made, make_client, make_member, make_practice, make_provider, make_session

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
CONFIRMED = datetime(2026, 11, 20, 17, 5, tzinfo=NEW_YORK).astimezone(UTC)
DUE = datetime(2026, 11, 21, 9, 0, tzinfo=NEW_YORK).astimezone(UTC)
COPAY = Estimate(2500, "Copay $25.00.", final=False, expected_from_payer_cents=8500)
NOTHING = Estimate(0, "Medicaid: the client owes nothing.", final=False, expected_from_payer_cents=11000)


@pytest.fixture
def made() -> Made:
    return make_practice()


def owe(
    made: Made,
    estimate: Estimate = COPAY,
    *,
    session: Session | None = None,
    card: bool = True,
    confirmed_at: datetime = CONFIRMED,
    zone: str = "America/New_York",
    policy: Policy = DEFAULT_POLICY,
) -> ChargeDue:
    session = session or make_session(made.client)
    with made.inside():
        return schedule_client_share(
            session=session,
            estimate=estimate,
            confirmed_at=confirmed_at,
            zone=zone,
            policy=policy,
            payment_method=PaymentMethod.objects.get(client=made.client) if card else None,
        )


def sweep_at(moment: datetime) -> None:
    with clock.at(moment):
        work.sweep()


def now_of(made: Made, charge: ChargeDue) -> ChargeDue:
    with made.inside():
        return ChargeDue.objects.get(pk=charge.pk)


def test_it_is_due_at_nine_on_the_local_morning_after_confirming(made: Made) -> None:
    charge = owe(made)
    assert (charge.state, charge.due_at, charge.amount_cents) == ("scheduled", DUE, 2500)
    assert (charge.estimated, charge.reason) == (True, "Copay $25.00.")


@pytest.mark.parametrize(
    ("zone", "confirmed", "due"),
    [
        ("America/New_York", "2026-11-20T23:59:59-05:00", "2026-11-21T09:00:00-05:00"),
        ("America/New_York", "2026-11-21T00:00:00-05:00", "2026-11-22T09:00:00-05:00"),
        ("Pacific/Honolulu", "2026-11-20T23:30:00-10:00", "2026-11-21T09:00:00-10:00"),
        ("America/New_York", "2026-10-31T20:00:00-04:00", "2026-11-01T09:00:00-05:00"),
    ],
)
def test_the_morning_is_the_sessions_own_also_over_a_change_of_clocks(
    made: Made, zone: str, confirmed: str, due: str
) -> None:
    charge = owe(made, zone=zone, confirmed_at=datetime.fromisoformat(confirmed))
    assert charge.due_at == datetime.fromisoformat(due)


def test_a_practice_may_charge_later_in_the_day(made: Made) -> None:
    assert owe(made, policy=replace(DEFAULT_POLICY, billing_hour=12)).due_at == DUE + timedelta(hours=3)


def test_a_minute_before_nothing_happens(made: Made) -> None:
    charge = owe(made)
    sweep_at(DUE - timedelta(minutes=1))
    assert now_of(made, charge).state == "scheduled"


def test_when_due_it_is_open_and_says_that_no_card_was_charged(made: Made) -> None:
    charge = owe(made)
    sweep_at(DUE)
    charge = now_of(made, charge)
    assert charge.state == "open"
    assert charge.outcome == (
        "This version of Attest does not charge cards yet: collect $25.00 from the client yourself. "
        "Visa ending 4242 is on file."
    )
    with made.inside():
        event = AuditEvent.objects.get(kind="charge.open")
    assert (event.subject_id, event.client_id) == (charge.pk, made.client.pk)


def test_without_a_card_on_file_none_is_spoken_of(made: Made) -> None:
    charge = owe(made, card=False)
    sweep_at(DUE)
    assert now_of(made, charge).outcome.endswith("from the client yourself.")


def test_falling_due_twice_is_once(made: Made) -> None:
    charge = owe(made)
    sweep_at(DUE)
    with made.inside():
        fall_due(charge_id=charge.pk, by=made.by)
        assert AuditEvent.objects.filter(kind="charge.open").count() == 1


def test_nothing_to_charge_is_a_row_with_its_reason_and_no_work(made: Made) -> None:
    charge = owe(made, NOTHING)
    assert (charge.state, charge.reason, charge.payment_method) == ("nothing", NOTHING.reason, None)
    with made.inside():
        assert not WorkItem.objects.filter(row_id=charge.pk).exists()
        with clock.at(DUE):
            assert fall_due(charge_id=charge.pk).state == "nothing"


def test_a_final_amount_is_not_called_an_estimate(made: Made) -> None:
    assert not owe(made, Estimate(16000, "Self-pay: the fee of $160.00.", True, 0)).estimated


def test_a_session_is_charged_its_share_once(made: Made) -> None:
    session = make_session(made.client)
    owe(made, session=session)
    with pytest.raises(IntegrityError):
        owe(made, session=session)


def test_what_is_owed_and_what_is_coming_are_counted_apart(made: Made) -> None:
    owe(made)
    sweep_at(DUE)
    session = make_session(made.client)
    owe(made, session=session, confirmed_at=CONFIRMED + timedelta(days=7))
    owe(made, NOTHING)
    with made.inside():
        charges = charges_of_client(made.clinician, Scope.OWN, made.client.pk)
        assert charges.count() == 3
        assert (owed_cents(charges), coming_cents(charges)) == (2500, 2500)
        assert [charge.state for charge in charges_of_session(session)] == ["scheduled"]


def test_a_provider_sees_the_charges_of_their_own_sessions_a_biller_all_of_them(made: Made) -> None:
    owe(made)
    colleague = make_provider(made.organization, location=made.location)
    make_client(made.organization, colleague, payer=made.payer)
    other = make_member(made.organization, "provider", provider=colleague)
    biller = make_member(made.organization, "biller")
    with made.inside():
        assert visible_charges(made.clinician, Scope.OWN).count() == 1
        assert visible_charges(other, Scope.OWN).count() == 0
        assert visible_charges(biller, Scope.OWN).count() == 0
        assert visible_charges(biller, Scope.ALL).count() == 1
        assert visible_charges(biller, Scope.NONE).count() == 0
