"""Whether the last proof of identity is fresh enough for a signature."""

from datetime import datetime, timedelta

from attest.core import clock
from attest.policy.record import Policy

JUST_NOW = timedelta(minutes=5)
"""A practice that asks every time (limit 0) still lets the signature follow the proof."""


def is_fresh(proof_at: datetime | None, policy: Policy) -> bool:
    """True when the person proved who they are within the practice's limit, by real time; None was never."""
    if proof_at is None:
        return False
    limit = max(timedelta(hours=policy.reauth_hours), JUST_NOW)
    return clock.real_now() - proof_at <= limit
