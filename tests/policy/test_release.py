"""When a claim may leave: freeze before signature hold before edit-window hold; early release lifts the last."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.record import DEFAULT_POLICY
from attest.policy.release import Freeze, NoteStanding, ReleaseFacts, ReleaseState, release
from tests.policy.rows import NEW_YORK, at

N, R = NoteStanding, ReleaseState
FRIDAY = ReleaseFacts(
    confirmed_at=at("2026-11-27 17:05"),
    zone=NEW_YORK,
    note=N.TEMPLATE_SIGNED,
    requires_signed_note=False,
    file_by=date(2027, 2, 25),
)
INSIDE, AFTER = at("2026-11-28 12:00"), at("2026-11-29 17:05:01")
FROZEN = frozenset({Freeze.CHANGE_REQUEST})


def with_(**facts: object) -> ReleaseFacts:
    return replace(FRIDAY, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "now", "state", "leaves_at"),
    [
        pytest.param(FRIDAY, INSIDE, R.EDIT_HOLD, at("2026-11-29 17:05"), id="inside the edit window"),
        pytest.param(
            FRIDAY, at("2026-11-29 17:05"), R.EDIT_HOLD, at("2026-11-29 17:05"), id="at its last instant"
        ),
        pytest.param(FRIDAY, AFTER, R.READY, AFTER, id="a second later it leaves"),
        pytest.param(with_(note=N.OWED), AFTER, R.READY, AFTER, id="an owed note, payer does not ask"),
        pytest.param(
            with_(note=N.OWED, requires_signed_note=True),
            AFTER,
            R.SIGNATURE_HOLD,
            None,
            id="an owed note never does",
        ),
        pytest.param(
            with_(note=N.DRAFTED, requires_signed_note=True), AFTER, R.SIGNATURE_HOLD, None, id="nor a draft"
        ),
        pytest.param(
            with_(note=N.NONE, requires_signed_note=True), AFTER, R.SIGNATURE_HOLD, None, id="nor no note"
        ),
        pytest.param(
            with_(note=N.DECLARED, requires_signed_note=True),
            AFTER,
            R.READY,
            AFTER,
            id="declared author and date do",
        ),
        pytest.param(
            with_(requires_signed_note=True),
            INSIDE,
            R.EDIT_HOLD,
            at("2026-11-29 17:05"),
            id="signed: edit hold",
        ),
        pytest.param(with_(freezes=FROZEN), AFTER, R.FROZEN, None, id="a request freezes"),
        pytest.param(
            with_(freezes=FROZEN, note=N.OWED, requires_signed_note=True),
            AFTER,
            R.FROZEN,
            None,
            id="freeze before signature hold",
        ),
        pytest.param(
            with_(note=N.OWED, requires_signed_note=True),
            INSIDE,
            R.SIGNATURE_HOLD,
            None,
            id="signature hold before edit hold",
        ),
    ],
)
def test_which_hold_keeps_it(
    facts: ReleaseFacts, now: datetime, state: ReleaseState, leaves_at: datetime | None
) -> None:
    found = release(facts, now=now, policy=DEFAULT_POLICY)
    assert (found.state, found.leaves_at) == (state, leaves_at)
    assert not found.early


@pytest.mark.parametrize(
    ("file_by", "state", "leaves_at", "early"),
    [
        pytest.param(
            date(2026, 12, 3), R.EDIT_HOLD, "2026-11-29 00:00", True, id="5 days left: waits until 4 are"
        ),
        pytest.param(date(2026, 12, 2), R.READY, "2026-11-28 12:00", True, id="4 days left: leaves at once"),
        pytest.param(date(2026, 11, 28), R.READY, "2026-11-28 12:00", True, id="the last day"),
        pytest.param(
            date(2026, 12, 4), R.EDIT_HOLD, "2026-11-29 17:05", False, id="6 days left: the window first"
        ),
    ],
)
def test_early_release_with_fewer_than_five_days_of_filing_time(
    file_by: date, state: ReleaseState, leaves_at: str, early: bool
) -> None:
    found = release(with_(file_by=file_by), now=INSIDE, policy=DEFAULT_POLICY)
    assert (found.state, found.leaves_at, found.early) == (state, at(leaves_at), early)


def test_early_release_begins_at_the_local_midnight_that_leaves_four_days() -> None:
    facts = with_(file_by=date(2026, 12, 3))
    midnight = at("2026-11-29 00:00")
    before = release(facts, now=midnight - timedelta(seconds=1), policy=DEFAULT_POLICY)
    assert (before.state, before.leaves_at) == (R.EDIT_HOLD, midnight)
    at_midnight = release(facts, now=midnight, policy=DEFAULT_POLICY)
    assert (at_midnight.state, at_midnight.leaves_at) == (R.READY, midnight)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(with_(freezes=FROZEN), id="a freeze"),
        pytest.param(with_(note=N.OWED, requires_signed_note=True), id="a signature hold"),
    ],
)
def test_early_release_lifts_neither_freeze_nor_signature_hold_but_says_so(facts: ReleaseFacts) -> None:
    short = replace(facts, file_by=date(2026, 11, 30))
    found = release(short, now=INSIDE, policy=DEFAULT_POLICY)
    assert found.leaves_at is None
    assert found.filing_short
    assert not release(facts, now=INSIDE, policy=DEFAULT_POLICY).filing_short


@pytest.mark.parametrize(
    ("file_by", "in_time", "words"),
    [
        (date(2026, 11, 29), True, "1 day of filing time left"),
        (date(2026, 11, 28), False, "today is the last day to file it"),
        (date(2026, 11, 27), False, "the filing limit has passed"),
    ],
)
def test_a_claim_is_assumed_to_arrive_the_day_after(file_by: date, in_time: bool, words: str) -> None:
    found = release(with_(file_by=file_by), now=INSIDE, policy=DEFAULT_POLICY)
    assert found.received_by == date(2026, 11, 29)
    assert found.in_time is in_time
    assert words in found.sentence
    assert ("may arrive after" in found.sentence) is not in_time


def test_without_a_known_limit_nothing_leaves_early() -> None:
    found = release(with_(file_by=None), now=INSIDE, policy=DEFAULT_POLICY)
    assert (found.state, found.early, found.in_time) == (R.EDIT_HOLD, False, True)


def test_each_freeze_says_what_it_waits_for() -> None:
    sentences = {
        release(with_(freezes=frozenset({freeze})), now=AFTER, policy=DEFAULT_POLICY).sentence
        for freeze in Freeze
    }
    assert len(sentences) == len(Freeze)


any_facts = st.builds(
    ReleaseFacts,
    confirmed_at=st.integers(0, 400_000).map(lambda s: at("2026-11-27 00:00") + timedelta(seconds=s)),
    zone=st.just(NEW_YORK),
    note=st.sampled_from(N),
    requires_signed_note=st.booleans(),
    file_by=st.none() | st.dates(date(2026, 11, 20), date(2026, 12, 20)),
    freezes=st.frozensets(st.sampled_from(Freeze)),
)


@given(facts=any_facts, seconds=st.integers(0, 600_000))
def test_the_announced_instant_is_when_it_leaves(facts: ReleaseFacts, seconds: int) -> None:
    now = facts.confirmed_at + timedelta(seconds=seconds)
    found = release(facts, now=now, policy=DEFAULT_POLICY)
    if found.leaves_at is None:
        assert found.state in (R.FROZEN, R.SIGNATURE_HOLD)
        return
    assert found.leaves_at >= now
    just_after = release(facts, now=found.leaves_at + timedelta(seconds=1), policy=DEFAULT_POLICY)
    assert just_after.state is R.READY
    if found.state is R.EDIT_HOLD and found.leaves_at > now:
        before = release(facts, now=found.leaves_at - timedelta(seconds=1), policy=DEFAULT_POLICY)
        assert before.state is R.EDIT_HOLD


@given(facts=any_facts, seconds=st.integers(0, 600_000))
def test_no_claim_leaves_frozen_or_without_the_signature_it_needs(facts: ReleaseFacts, seconds: int) -> None:
    found = release(facts, now=facts.confirmed_at + timedelta(seconds=seconds), policy=DEFAULT_POLICY)
    if facts.freezes:
        assert found.state is R.FROZEN
    elif facts.requires_signed_note and facts.note not in (N.TEMPLATE_SIGNED, N.DECLARED):
        assert found.state is R.SIGNATURE_HOLD
    else:
        assert found.leaves_at is not None
