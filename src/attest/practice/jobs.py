"""What falls due in a practice."""

from uuid import UUID

from attest.core import work
from attest.practice.actions.recovery import TAKE_EFFECT, take_effect


@work.handler(TAKE_EFFECT)
def take_second_step_off(recovery_id: UUID) -> None:
    """The waiting time is over: take the lost second factor off, unless it was stopped."""
    take_effect(recovery_id)
