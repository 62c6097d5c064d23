"""Every write to what clients are to be charged."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from attest.calendar.models import Session
from attest.clients.models import PaymentMethod
from attest.core import audit, work
from attest.core.models import insert, save_fields
from attest.ledger.models import ChargeDue
from attest.policy.deadlines import client_billed_at
from attest.policy.pricing import Estimate, dollars
from attest.policy.record import Policy

DUE = "charge.due"
"""The kind of work that a charge's due time brings."""
SHARE = "share"


def schedule_client_share(
    *,
    session: Session,
    estimate: Estimate,
    confirmed_at: datetime,
    zone: str,
    policy: Policy,
    payment_method: PaymentMethod | None,
    sequence: int = 1,
) -> ChargeDue:
    """Note down what the client owes for a confirmed session, due the day after from 9 AM local time.

    Nothing to charge leaves a row too, in the state *nothing*, so that the page can say why; no work follows.
    Runs within the caller's transaction. Raises IntegrityError when this session, purpose and sequence has one.
    """
    owed = estimate.cents > 0
    charge = ChargeDue(
        organization_id=session.organization_id,
        session=session,
        purpose=SHARE,
        sequence=sequence,
        amount_cents=estimate.cents,
        estimated=not estimate.final,
        reason=estimate.reason,
        payment_method=payment_method if owed else None,
        due_at=client_billed_at(confirmed_at, zone, policy),
        state="scheduled" if owed else "nothing",
        created_at=confirmed_at,
    )
    insert(charge)
    if owed:
        work.schedule(DUE, charge.pk, at=charge.due_at)
    return charge


def fall_due(*, charge_id: UUID, by: UUID | None = None) -> ChargeDue:
    """A charge's time has come: it is open, and says truthfully that nobody's card has been charged.

    A charge that is not scheduled (any more) is left as it is.
    """
    with transaction.atomic():
        charge = (
            ChargeDue.objects.select_for_update(of=("self",))
            .select_related("payment_method", "session")
            .get(pk=charge_id)
        )
        if charge.state != "scheduled":
            return charge
        save_fields(charge, state="open", outcome=by_hand(charge.amount_cents, charge.payment_method))
        audit.record(
            "charge.open",
            subject_type="charge",
            subject_id=charge.pk,
            client_id=charge.session.client_id,
            organization_id=charge.organization_id,
            by=by,
        )
    return charge


def by_hand(cents: int, payment_method: PaymentMethod | None) -> str:
    """What is to be done about an amount that is due, as long as this version charges nothing itself."""
    how = f" {payment_method} is on file." if payment_method else ""
    return (
        f"This version of Attest does not charge cards yet: collect {dollars(cents)} from the client"
        f" yourself.{how}"
    )
