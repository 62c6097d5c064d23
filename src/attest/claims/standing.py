"""Where a claim stands, in words: its chip, its next step with whose turn it is, and what has happened to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from attest.claims.models import Claim, Hold
from attest.policy.chips import CHIPS, Chip, ChipState, Tone
from attest.policy.deadlines import start_of_day

_HELD = Chip(ChipState.CONFIRMED, "Held", "hourglass", Tone.PLANNED)
_DROPPED = Chip(ChipState.CANCELLED, "Dropped", "ban", Tone.ABSENT)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next.

    `at` is when it happens by itself; `due` is the last moment for somebody to act (filing limit), `since` the
    moment from which that time runs. At most one of `at` and `due` is given.
    """

    sentence: str
    at: datetime | None = None
    due: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a claim's timeline: when, what, and the colour of its dot. `planned` lies in the future."""

    at: datetime
    sentence: str
    tone: Tone
    planned: bool = False


def claim_chip(claim: Claim, open_holds: list[Hold]) -> Chip:
    """The claim's own chip: held, note due, ready, sent or dropped."""
    if claim.state == "held":
        waits = any(hold.kind == "signature" for hold in open_holds)
        return CHIPS[ChipState.NOTE_DUE] if waits else _HELD
    if claim.state == "ready":
        return CHIPS[ChipState.CLAIM_READY]
    return CHIPS[ChipState.CLAIM_SENT] if claim.state == "sent" else _DROPPED


def next_step(claim: Claim, open_holds: list[Hold]) -> NextStep:
    """What comes next for the claim: the strongest hold first, freeze before signature before edit window."""
    due, since = _filing_ends(claim), start_of_day(claim.date_of_service, claim.session.zone)
    if claim.state == "sent":
        return NextStep("Sent. Answers are not read yet in this version: ask the payer if none comes.")
    if claim.state == "dropped":
        return NextStep("It will not be sent.")
    if claim.state == "ready":
        return NextStep("Goes out with the next export.", due=due, since=since)
    holds = {hold.kind: hold for hold in open_holds}
    if "freeze" in holds:
        return NextStep(holds["freeze"].reason, due=due, since=since)
    if "signature" in holds:
        return NextStep("The provider signs the note: this plan wants it first.", due=due, since=since)
    if "edit_window" in holds:
        return NextStep("Waits for a time after confirming, until:", at=holds["edit_window"].until)
    return NextStep("Becomes ready at once: filing time is short.", due=due, since=since)


def timeline(claim: Claim, holds: list[Hold]) -> list[Event]:
    """What has happened to the claim and what will happen by itself, earliest first. `holds` are all of them."""
    events = [Event(claim.built_at, "Session confirmed, claim built", Tone.SIGNED)]
    for hold in holds:
        if hold.kind == "edit_window" and hold.closed_at:
            events.append(Event(hold.closed_at, "The time after confirming is over", Tone.SIGNED))
        elif hold.closed_at:
            words = "The signed note is there" if hold.kind == "signature" else "Freed again"
            events.append(Event(hold.closed_at, words, Tone.DONE))
        if hold.kind == "freeze" or (hold.kind == "signature" and not hold.closed_at):
            events.append(Event(hold.opened_at, f"Held: {hold.reason}", Tone.OWED))
        elif not hold.closed_at:
            events.append(Event(hold.opened_at, f"Held: {hold.reason}", Tone.PLANNED))
    if claim.ready_at:
        events.append(Event(claim.ready_at, "Ready to be sent", Tone.PLANNED))
    if claim.sent_at and claim.interchange:
        events.append(Event(claim.sent_at, f"Sent in {claim.interchange.file_name}", Tone.PLANNED))
    events.sort(key=lambda event: event.at)
    return events + _coming(claim, holds)


def _coming(claim: Claim, holds: list[Hold]) -> list[Event]:
    if claim.state not in ("held", "ready"):
        return []
    coming = [
        Event(hold.until, "The time after confirming is over", Tone.PLANNED, planned=True)
        for hold in holds
        if hold.until and not hold.closed_at
    ]
    ends = _filing_ends(claim)
    if ends:
        coming.append(Event(ends, "Last moment for the payer to receive it", Tone.LOST, planned=True))
    return sorted(coming, key=lambda event: event.at)


def _filing_ends(claim: Claim) -> datetime | None:
    """The last second of the last day on which the payer may receive it, in the session's zone."""
    if claim.file_by is None:
        return None
    return start_of_day(claim.file_by + timedelta(days=1), claim.session.zone) - timedelta(seconds=1)
