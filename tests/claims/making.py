"""Makers for tests of claims: a confirmation's basis, and claims in any state."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attest.calendar.actions import mark
from attest.claims.actions import build
from attest.claims.basis import ClaimBasis, ClaimedLine
from attest.claims.models import Claim
from attest.clients.models import Client, Coverage
from attest.core import clock, work
from attest.policy.chips import ChipState
from attest.policy.record import DEFAULT_POLICY
from attest.policy.release import NoteStanding
from attest.practice.models import Payer
from attest.practice.queries import rules_of
from tests.factories import Made, make_session

NEW_YORK = ZoneInfo("America/New_York")
HELD_ON = datetime(2026, 11, 20, 14, tzinfo=NEW_YORK).astimezone(UTC)
"""When the sessions of these tests begin: Friday, 2:00 PM in Kingston, New York."""
CONFIRMED = datetime(2026, 11, 20, 17, 5, tzinfo=NEW_YORK).astimezone(UTC)
"""When they are confirmed: the same day at 5:05 PM."""
THERAPY_60 = ClaimedLine(code="90837", charge_cents=15000)


def basis(made: Made, *, client: Client | None = None, **more: Any) -> ClaimBasis:
    """What confirming an hour in the office hands over: one diagnosis, one service, a signed note.

    Call it inside the practice's wall. `more` are fields of the basis.
    """
    client = client or made.client
    coverage = Coverage.objects.select_related("payer").get(client=client, rank="primary")
    payer: Payer = coverage.payer
    session = more.pop("session", None) or make_session(client, starts_at=HELD_ON)
    values: dict[str, Any] = {
        "session": session,
        "provider": made.provider,
        "coverage": coverage,
        "payer": payer,
        "rule": next(iter(rules_of(payer)), None),
        "location": made.location,
        "organization": made.organization,
        "date_of_service": HELD_ON.astimezone(NEW_YORK).date(),
        "place_of_service": "11",
        "diagnoses": ("F411",),
        "lines": (THERAPY_60,),
        "confirmed_at": CONFIRMED,
        "note_standing": NoteStanding.TEMPLATE_SIGNED,
        "policy": DEFAULT_POLICY,
    }
    return ClaimBasis(**values | more)


def held_claim(made: Made, **more: Any) -> Claim:
    """A claim as it stands right after confirming; its session bears the chip *Confirmed*."""
    with made.inside():
        given = basis(made, **more)
        with clock.at(given.confirmed_at):
            claim = build(given)
            mark(given.session, ChipState.CONFIRMED, by=made.by)
    return claim


def ready_claim(made: Made, **more: Any) -> Claim:
    """A claim three days after confirming: nothing holds it, it has not left."""
    claim = held_claim(made, **more)
    with clock.at(AFTERWARDS):
        work.sweep()
    with made.inside():
        claim.refresh_from_db()
    assert claim.state == "ready"
    return claim


AFTERWARDS = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A moment at which no edit window holds these claims any more."""


def state_of(made: Made, claim: Claim) -> str:
    """The claim's stored state now."""
    with made.inside():
        return Claim.objects.values_list("state", flat=True).get(pk=claim.pk)


def chip_of(made: Made, claim: Claim) -> str:
    """The stored chip of the claim's session now."""
    with made.inside():
        return Claim.objects.values_list("session__chip", flat=True).get(pk=claim.pk)
