"""The workspace's work in the background."""

from uuid import UUID

from attest.core import work
from attest.workspace.packets import making


@work.handler(making.STEP)
def packet_step(packet_id: UUID) -> None:
    """Make some more of a packet."""
    making.step(packet_id)


@work.handler(making.EXPIRE)
def packet_expire(packet_id: UUID) -> None:
    """Remove a packet that was kept long enough."""
    making.expire(packet_id)
