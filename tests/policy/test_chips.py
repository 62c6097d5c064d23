"""One word for a session's state; two of them come with time."""

import pytest

from attest.policy.chips import CHIPS, UNCONFIRMED, ChipState, Tone, shown_state
from attest.policy.record import DEFAULT_POLICY
from tests.policy.rows import HONOLULU, NEW_YORK, at

C = ChipState


@pytest.mark.parametrize(
    ("stored", "now", "shown"),
    [
        (C.SCHEDULED, "2026-11-24 13:59:59", C.SCHEDULED),
        (C.SCHEDULED, "2026-11-24 14:00:00", C.CONFIRM),
        (C.SCHEDULED, "2026-12-24 23:59:59", C.CONFIRM),
        (C.SCHEDULED, "2026-12-25 00:00:00", C.EXPIRED),
        (C.SIGNED, "2026-11-24 13:00:00", C.SIGNED),
        (C.SIGNED, "2026-12-24 23:59:59", C.SIGNED),
        (C.SIGNED, "2026-12-25 00:00:00", C.EXPIRED),
        (C.CONFIRMED, "2027-12-25 00:00:00", C.CONFIRMED),
        (C.CANCELLED, "2026-12-25 00:00:00", C.CANCELLED),
        (C.NOT_BILLABLE, "2026-12-25 00:00:00", C.NOT_BILLABLE),
    ],
)
def test_what_is_shown_depends_on_the_time(stored: C, now: str, shown: C) -> None:
    assert (
        shown_state(
            stored, scheduled_start=at("2026-11-24 14:00"), zone=NEW_YORK, now=at(now), policy=DEFAULT_POLICY
        )
        is shown
    )


def test_expiry_follows_the_sessions_own_zone() -> None:
    start, now = at("2026-11-24 14:00", HONOLULU), at("2026-12-24 23:59:59", HONOLULU)
    assert (
        shown_state(C.SCHEDULED, scheduled_start=start, zone=HONOLULU, now=now, policy=DEFAULT_POLICY)
        is C.CONFIRM
    )


def test_a_session_held_earlier_than_scheduled_expires_earlier() -> None:
    shown = shown_state(
        C.SCHEDULED,
        scheduled_start=at("2026-11-24 14:00"),
        actual_start=at("2026-11-23 14:00"),
        zone=NEW_YORK,
        now=at("2026-12-24 00:00"),
        policy=DEFAULT_POLICY,
    )
    assert shown is C.EXPIRED


def test_every_state_has_one_chip_with_a_word_an_icon_and_a_tone() -> None:
    assert set(CHIPS) == set(C)
    assert len({chip.word for chip in CHIPS.values()}) == len(C)
    assert len({chip.icon for chip in CHIPS.values()}) == len(C)
    assert all(isinstance(chip.tone, Tone) for chip in CHIPS.values())


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        (C.SCHEDULED, Tone.PLANNED),
        (C.CONFIRM, Tone.OWED),
        (C.NOTE_DUE, Tone.OWED),
        (C.SIGNED, Tone.SIGNED),
        (C.PAID, Tone.DONE),
        (C.DENIED, Tone.LOST),
        (C.EXPIRED, Tone.LOST),
        (C.NO_SHOW, Tone.ABSENT),
        (C.DID_NOT_TAKE_PLACE, Tone.ABSENT),
    ],
)
def test_colours_say_one_thing_only(state: C, tone: Tone) -> None:
    assert CHIPS[state].tone is tone


@pytest.mark.parametrize("stored", sorted(set(C) - UNCONFIRMED))
@pytest.mark.parametrize("now", ["2026-11-01 12:00", "2026-11-24 15:00", "2027-06-01 12:00"])
def test_states_after_confirming_never_change_with_time(stored: C, now: str) -> None:
    shown = shown_state(
        stored, scheduled_start=at("2026-11-24 14:00"), zone=NEW_YORK, now=at(now), policy=DEFAULT_POLICY
    )
    assert shown is stored
