"""Work on claims that falls due."""

from uuid import UUID

from attest.claims.actions import RELEASE, release_when_free
from attest.core import work


@work.handler(RELEASE)
def release_claim(claim_id: UUID) -> None:
    """Make the claim ready if nothing holds it any more."""
    release_when_free(claim_id=claim_id)
