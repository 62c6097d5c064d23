"""Work on charges that falls due."""

from uuid import UUID

from attest.core import work
from attest.ledger.actions import DUE, fall_due


@work.handler(DUE)
def charge_due(charge_id: UUID) -> None:
    """The client's share is due."""
    fall_due(charge_id=charge_id)
