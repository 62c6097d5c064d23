"""Everything that stands between a session and its confirmation, all at once.

`roadblocks` serves the calendar badge (days ahead, `details` None), the to-do list, the session panel,
the confirm form and the last check inside the confirming transaction. `signing_roadblocks` is what
stands between a note and its signature: roadblocks stop confirming, never signing.
"""

from datetime import datetime

from ..record import Policy
from .facts import (
    ActualTimes,
    Authorization,
    ClaimProblem,
    ClientFacts,
    CoverageFacts,
    Details,
    Facts,
    Licence,
    NoteChoice,
    NoteFacts,
    OrganizationFacts,
    Period,
    ProviderFacts,
    SessionFacts,
    SessionStatus,
    Verification,
)
from .notes import confirming_note, note_due, signing_note
from .people import claim, client, plan, practice
from .roadblock import ORDER, FixTarget, Owner, Roadblock, RoadblockCode, Severity
from .session import closed, days, place, times
from .work import diagnosis, services

__all__ = [
    "ActualTimes",
    "Authorization",
    "ClaimProblem",
    "ClientFacts",
    "CoverageFacts",
    "Details",
    "Facts",
    "FixTarget",
    "Licence",
    "NoteChoice",
    "NoteFacts",
    "OrganizationFacts",
    "Owner",
    "Period",
    "ProviderFacts",
    "Roadblock",
    "RoadblockCode",
    "SessionFacts",
    "SessionStatus",
    "Severity",
    "Verification",
    "note_due",
    "roadblocks",
    "signing_roadblocks",
]


def roadblocks(facts: Facts, *, now: datetime, policy: Policy) -> tuple[Roadblock, ...]:
    """Every roadblock there is: those that block first, each group in the order of RoadblockCode.

    A session that cannot be confirmed whatever else is mended (cancelled, confirmed already, a
    consultation) has that single one. With `details` None only what can be known ahead is judged: the
    client, the plan, the provider, the practice, the place as booked, and whether it is too late.
    """
    if final := closed(facts):
        return (final,)
    found = [
        *days(facts, now, policy),
        *place(facts),
        *client(facts),
        *plan(facts, now, policy),
        *practice(facts),
    ]
    if facts.details is not None:
        found += [
            *times(facts, facts.details, now, policy),
            *services(facts, facts.details, policy),
            *diagnosis(facts, facts.details),
            *confirming_note(facts, now, policy),
        ]
        found += claim(facts, found)
    return tuple(sorted(found, key=_rank))


def signing_roadblocks(facts: Facts, *, now: datetime, policy: Policy) -> tuple[Roadblock, ...]:
    """What stands between the drafted note and its signature: required sections left empty, and the
    reason of a late one. Nothing about the session's state, its dates or who pays."""
    return tuple(sorted(signing_note(facts, now, policy), key=_rank))


def _rank(roadblock: Roadblock) -> tuple[bool, int]:
    return (not roadblock.blocks, ORDER[roadblock.code])
