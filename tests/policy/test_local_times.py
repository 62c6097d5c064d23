"""A typed local time that does not exist, or exists twice, is never resolved silently."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.deadlines import LocalTimeKind, local, resolve_local
from tests.policy.rows import HONOLULU, NEW_YORK, PHOENIX, utc_instant
from tests.policy.test_confirm_window import zones

FORWARD, BACK = date(2026, 3, 8), date(2026, 11, 1)
Kind = LocalTimeKind


@pytest.mark.parametrize(
    ("day", "typed", "zone", "kind", "candidates"),
    [
        (FORWARD, time(1, 59), NEW_YORK, Kind.ONE, ["2026-03-08 06:59"]),
        (FORWARD, time(2, 0), NEW_YORK, Kind.NONEXISTENT, ["2026-03-08 07:00"]),
        (FORWARD, time(2, 30), NEW_YORK, Kind.NONEXISTENT, ["2026-03-08 07:30"]),
        (FORWARD, time(2, 59), NEW_YORK, Kind.NONEXISTENT, ["2026-03-08 07:59"]),
        (FORWARD, time(3, 0), NEW_YORK, Kind.ONE, ["2026-03-08 07:00"]),
        (BACK, time(0, 59), NEW_YORK, Kind.ONE, ["2026-11-01 04:59"]),
        (BACK, time(1, 0), NEW_YORK, Kind.AMBIGUOUS, ["2026-11-01 05:00", "2026-11-01 06:00"]),
        (BACK, time(1, 59), NEW_YORK, Kind.AMBIGUOUS, ["2026-11-01 05:59", "2026-11-01 06:59"]),
        (BACK, time(2, 0), NEW_YORK, Kind.ONE, ["2026-11-01 07:00"]),
        (FORWARD, time(2, 30), PHOENIX, Kind.ONE, ["2026-03-08 09:30"]),
        (BACK, time(1, 30), PHOENIX, Kind.ONE, ["2026-11-01 08:30"]),
        (BACK, time(1, 30), HONOLULU, Kind.ONE, ["2026-11-01 11:30"]),
    ],
)
def test_around_a_change_of_clocks(
    day: date, typed: time, zone: str, kind: LocalTimeKind, candidates: list[str]
) -> None:
    found = resolve_local(day, typed, zone)
    assert found.kind is kind
    assert list(found.candidates) == [utc_instant(text) for text in candidates]
    assert bool(found.reason) is (kind is not Kind.ONE)


def test_a_skipped_time_says_what_became_of_it() -> None:
    found = resolve_local(FORWARD, time(2, 30), NEW_YORK)
    assert found.reason == "2:30 AM does not exist on 03/08/2026: clocks went forward. It became 3:30 AM."
    assert local(found.instant, NEW_YORK).time() == time(3, 30)


def test_midnight_is_twelve_am_also_where_clocks_skip_it() -> None:
    found = resolve_local(FORWARD, time(0, 30), "America/Havana")
    assert found.reason == "12:30 AM does not exist on 03/08/2026: clocks went forward. It became 1:30 AM."


@pytest.mark.parametrize(("zone", "name"), [(NEW_YORK, "EST"), (PHOENIX, "MST"), (HONOLULU, "HST")])
def test_an_ordinary_time_carries_its_zones_letters(zone: str, name: str) -> None:
    assert resolve_local(date(2026, 11, 24), time(12, 0), zone).names == (name,)


def test_a_time_that_happened_twice_is_asked_and_never_guessed() -> None:
    found = resolve_local(BACK, time(1, 30), NEW_YORK)
    assert found.must_be_asked
    assert found.names == ("EDT", "EST")
    assert found.reason == "1:30 AM happens twice on 11/01/2026: clocks go back. Was it EDT or EST?"
    with pytest.raises(ValueError, match="happens twice"):
        _ = found.instant


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda m: m.replace(microsecond=0)),
    zone=zones,
)
def test_every_candidate_shows_the_typed_time_unless_it_never_existed(moment: datetime, zone: str) -> None:
    found = resolve_local(moment.date(), moment.time(), zone)
    shown = [local(candidate, zone).replace(tzinfo=None) for candidate in found.candidates]
    if found.kind is Kind.NONEXISTENT:
        assert shown == [moment + timedelta(hours=1)]
    else:
        assert set(shown) == {moment}
        assert len(shown) == (2 if found.must_be_asked else 1)
    assert list(found.candidates) == sorted(found.candidates)
