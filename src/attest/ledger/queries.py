"""Reads of what clients are to be charged, always narrowed to what the member may see."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from attest.calendar.models import Session
from attest.core.access import Scope
from attest.core.reach import own_or_all
from attest.ledger.models import ChargeDue


def visible_charges(member: Any, scope: Scope) -> QuerySet[ChargeDue]:
    """The charges a member may see: those of their own sessions as a provider, or all of the practice's."""
    return own_or_all(
        ChargeDue.objects.all(), member, scope, "session__provider_id", client="session__client"
    )


def charges_of_session(session: Session) -> list[ChargeDue]:
    """The session's charges with what they are to be paid with, the first one first."""
    return list(
        ChargeDue.objects.filter(organization_id=session.organization_id, session_id=session.pk)
        .select_related("payment_method")
        .order_by("purpose", "sequence")
    )


def charges_of_client(member: Any, scope: Scope, client_id: UUID) -> QuerySet[ChargeDue]:
    """The client's charges that the member may see, with session and payment method, the latest due first."""
    return (
        visible_charges(member, scope)
        .filter(session__client_id=client_id)
        .select_related("session", "payment_method")
        .order_by("-due_at", "-created_at")
    )


def owed_cents(charges: QuerySet[ChargeDue]) -> int:
    """What is due and not collected of these charges, in cents."""
    return charges.filter(state="open").aggregate(total=Sum("amount_cents"))["total"] or 0


def coming_cents(charges: QuerySet[ChargeDue]) -> int:
    """What these charges will ask for once they are due, in cents."""
    return charges.filter(state="scheduled").aggregate(total=Sum("amount_cents"))["total"] or 0
