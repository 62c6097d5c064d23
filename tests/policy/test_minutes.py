"""Actual minutes: the floor of the time spent, whatever the clocks did."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.minutes import FitVerdict, Interval, fits, minutes
from attest.policy.record import Policy
from tests.policy.rows import BY_CODE, HONOLULU, NEW_YORK, PHOENIX, START, at


def between(start: str, stop: str, zone: str = NEW_YORK) -> Interval:
    return Interval(at(start, zone), at(stop, zone))


@pytest.mark.parametrize(
    ("start", "stop", "spent"),
    [
        ("2026-11-24 14:02:10", "2026-11-24 14:55:05", 52),
        ("2026-11-24 14:00:00", "2026-11-24 14:52:59", 52),
        ("2026-11-24 14:00:00", "2026-11-24 14:53:00", 53),
        ("2026-11-24 14:00:00", "2026-11-24 14:00:59", 0),
        ("2026-11-24 14:00:00", "2026-11-24 14:00:00", 0),
        ("2026-11-24 14:50:00", "2026-11-24 14:00:00", 0),
        ("2026-11-24 23:30:00", "2026-11-25 00:20:00", 50),
        ("2026-11-01 00:40:00", "2026-11-01 02:10:00", 150),  # one hour twice
        ("2026-03-08 01:30:00", "2026-03-08 03:20:00", 50),  # one hour skipped
    ],
)
def test_minutes_are_floored_true_time(start: str, stop: str, spent: int) -> None:
    assert minutes([between(start, stop)]) == spent


@pytest.mark.parametrize("zone", [PHOENIX, HONOLULU])
def test_where_clocks_never_change_the_same_night_is_plain(zone: str) -> None:
    assert minutes([between("2026-11-01 00:40", "2026-11-01 02:10", zone)]) == 90
    assert minutes([between("2026-03-08 01:30", "2026-03-08 03:20", zone)]) == 110


def test_wall_clocks_of_one_zone_are_never_subtracted() -> None:
    tz = ZoneInfo(NEW_YORK)
    start = datetime(2026, 11, 1, 0, 40, tzinfo=tz)
    stop = datetime(2026, 11, 1, 1, 35, tzinfo=tz, fold=1)
    assert stop - start == timedelta(minutes=55)
    assert minutes([Interval(start, stop)]) == 115


def test_parts_of_one_date_add_up_before_flooring() -> None:
    crisis = [
        between("2026-11-24 10:00", "2026-11-24 10:40"),
        between("2026-11-24 16:00", "2026-11-24 16:40"),
    ]
    assert minutes(crisis) == 80
    halves = [
        between("2026-11-24 10:00:00", "2026-11-24 10:07:30"),
        between("2026-11-24 11:00:00", "2026-11-24 11:08:30"),
    ]
    assert minutes(halves) == 16


def test_breaks_are_left_out_only_where_they_lie_inside() -> None:
    session = [between("2026-11-24 14:00", "2026-11-24 15:00")]
    inside = between("2026-11-24 14:20", "2026-11-24 14:30")
    across = between("2026-11-24 14:55", "2026-11-24 15:30")
    assert minutes(session, breaks=[inside]) == 50
    assert minutes(session, breaks=[inside, across]) == 45
    assert minutes(session, breaks=[inside, inside]) == 50
    assert minutes(session, excluded=timedelta(minutes=8)) == 52
    assert minutes(session, excluded=timedelta(hours=2)) == 0


def test_intervals_that_touch_do_not_overlap() -> None:
    first, second = (
        between("2026-11-24 14:00", "2026-11-24 14:50"),
        between("2026-11-24 14:50", "2026-11-24 15:40"),
    )
    assert not first.overlaps(second)
    assert first.overlaps(between("2026-11-24 14:49", "2026-11-24 15:00"))
    assert first.overlaps(first)
    assert not between("2026-11-24 14:20", "2026-11-24 14:20").overlaps(first)


spans = st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)).map(
    lambda pair: Interval(START + timedelta(seconds=pair[0]), START + timedelta(seconds=pair[1]))
)


@given(one=spans, other=spans)
def test_overlap_is_mutual_and_means_shared_seconds(one: Interval, other: Interval) -> None:
    assert one.overlaps(other) is other.overlaps(one)
    shared = min(one.stop, other.stop) - max(one.start, other.start)
    assert one.overlaps(other) is (shared > timedelta(0))


@given(parts=st.lists(spans, max_size=6), pauses=st.lists(spans, max_size=4))
def test_minutes_count_each_second_once(parts: list[Interval], pauses: list[Interval]) -> None:
    """The same answer as marking every second on a strip, the slow and certain way."""
    strip: set[int] = set()
    for part in parts:
        strip.update(range(_second(part.start), _second(part.stop)))
    for pause in pauses:
        strip.difference_update(range(_second(pause.start), _second(pause.stop)))
    assert minutes(parts, breaks=pauses) == len(strip) // 60


def _second(instant: datetime) -> int:
    return int((instant - START).total_seconds())


# -- does the code fit? ------------------------------------------------------------------------------------

V = FitVerdict


@pytest.mark.parametrize(
    ("code", "spent", "verdict"),
    [
        ("90832", 15, V.TOO_FEW),
        ("90832", 16, V.OK),
        ("90832", 37, V.OK),
        ("90832", 38, V.MORE_THAN_USUAL),
        ("90834", 37, V.TOO_FEW),
        ("90834", 38, V.OK),
        ("90834", 52, V.OK),
        ("90834", 53, V.MORE_THAN_USUAL),
        ("90837", 52, V.TOO_FEW),
        ("90837", 53, V.OK),
        ("90837", 90, V.OK),
        ("90837", 91, V.MORE_THAN_USUAL),
        ("90839", 29, V.TOO_FEW),
        ("90839", 30, V.OK),
        ("90839", 74, V.OK),
        ("90839", 75, V.MORE_THAN_USUAL),
        ("90840", 74, V.TOO_FEW),
        ("90840", 75, V.OK),
        ("90847", 25, V.TOO_FEW),
        ("90847", 26, V.OK),
        ("90791", 10, V.FEWER_THAN_USUAL),  # untimed: only warns
        ("90791", 16, V.OK),
        ("90791", 90, V.OK),
        ("90791", 91, V.MORE_THAN_USUAL),
        ("90853", 1, V.OK),
        ("90785", 0, V.OK),
    ],
)
def test_too_few_minutes_block_and_more_than_usual_warn(code: str, spent: int, verdict: FitVerdict) -> None:
    fit = fits(BY_CODE[code], spent)
    assert fit.verdict is verdict
    assert fit.blocks is (verdict is V.TOO_FEW)
    assert bool(fit.sentence) is (verdict is not V.OK)


@pytest.mark.parametrize(
    ("code", "spent", "sentence"),
    [
        ("90837", 52, "90837 needs at least 53 min; this was 52 min."),
        ("90834", 60, "60 min is more than usual for 90834: 38–52 min."),
        ("90791", 10, "10 min is short for 90791: 16–90 min is usual."),
        ("90837", 120, "120 min is an unusually long session: check the times, and say why in the note."),
    ],
)
def test_a_misfit_is_said_plainly(code: str, spent: int, sentence: str) -> None:
    assert fits(BY_CODE[code], spent).sentence == sentence


def test_a_practice_may_call_sessions_long_sooner() -> None:
    assert fits(BY_CODE["90837"], 75, policy=Policy(usual_session_minutes=60)).verdict is V.MORE_THAN_USUAL
