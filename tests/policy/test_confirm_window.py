"""Confirming is allowed while the local date is at most D + 30 days."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.deadlines import Standing, confirm_window, date_of_service, has_started, local_date
from attest.policy.record import DEFAULT_POLICY, Policy
from tests.policy.rows import HONOLULU, LOS_ANGELES, NEW_YORK, PHOENIX, at, utc_instant

US_ZONES = (
    NEW_YORK,
    "America/Chicago",
    "America/Denver",
    PHOENIX,
    LOS_ANGELES,
    "America/Anchorage",
    "America/Adak",
    HONOLULU,
    "America/Puerto_Rico",
    "Pacific/Guam",
)
zones = st.sampled_from(US_ZONES)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(
    lambda moment: utc_instant(moment.isoformat(" "))
)


@pytest.mark.parametrize(
    ("start", "zone", "day"),
    [
        pytest.param("2026-11-24 14:00", NEW_YORK, date(2026, 11, 24), id="an afternoon"),
        pytest.param("2026-11-24 23:59", NEW_YORK, date(2026, 11, 24), id="a minute before midnight"),
        pytest.param("2026-11-25 00:00", NEW_YORK, date(2026, 11, 25), id="at midnight"),
        pytest.param("2026-11-24 21:00", HONOLULU, date(2026, 11, 24), id="evening in Hawaii, next day UTC"),
        pytest.param("2026-07-31 18:00", PHOENIX, date(2026, 7, 31), id="evening in Arizona, next day UTC"),
    ],
)
def test_date_of_service_is_the_local_date_of_the_actual_start(start: str, zone: str, day: date) -> None:
    assert date_of_service(at(start, zone), zone) == day


def test_one_instant_has_two_dates_of_service_in_two_zones() -> None:
    instant = utc_instant("2026-11-25 06:30")
    assert date_of_service(instant, NEW_YORK) == date(2026, 11, 25)
    assert date_of_service(instant, LOS_ANGELES) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("start", "zone", "now", "allowed"),
    [
        ("2026-11-27 16:00", NEW_YORK, "2026-12-27 00:00:00", True),
        ("2026-11-27 16:00", NEW_YORK, "2026-12-27 23:59:59", True),
        ("2026-11-27 16:00", NEW_YORK, "2026-12-28 00:00:00", False),
        ("2026-11-27 23:30", NEW_YORK, "2026-12-27 23:59:59", True),
        ("2026-11-27 00:00", NEW_YORK, "2026-12-28 00:00:00", False),
        ("2026-10-10 10:00", NEW_YORK, "2026-11-09 23:59:59", True),  # clocks went back on 11/01
        ("2026-10-10 10:00", NEW_YORK, "2026-11-10 00:00:00", False),
        ("2026-02-20 10:00", NEW_YORK, "2026-03-22 23:59:59", True),  # clocks went forward on 03/08
        ("2026-02-20 10:00", NEW_YORK, "2026-03-23 00:00:00", False),
        ("2026-02-20 10:00", PHOENIX, "2026-03-22 23:59:59", True),
        ("2026-02-20 10:00", PHOENIX, "2026-03-23 00:00:00", False),
        ("2026-02-20 22:00", HONOLULU, "2026-03-22 23:59:59", True),
        ("2026-02-20 22:00", HONOLULU, "2026-03-23 00:00:00", False),
        ("2028-01-30 10:00", NEW_YORK, "2028-02-29 23:59:59", True),  # leap year
        ("2028-01-30 10:00", NEW_YORK, "2028-03-01 00:00:00", False),
    ],
)
def test_day_thirty_counts_until_its_last_second(start: str, zone: str, now: str, allowed: bool) -> None:
    window = confirm_window(
        scheduled_start=at(start, zone), actual_start=at(start, zone), zone=zone, policy=DEFAULT_POLICY
    )
    assert window.may_confirm(at(now, zone)) is allowed


def test_the_worked_example_ends_on_december_27_just_before_midnight() -> None:
    window = confirm_window(
        scheduled_start=at("2026-11-27 16:00"), actual_start=None, zone=NEW_YORK, policy=DEFAULT_POLICY
    )
    assert window.last_date == date(2026, 12, 27)
    assert window.last_instant == at("2026-12-27 23:59:59")
    assert window.closes_at == at("2026-12-28 00:00")


@pytest.mark.parametrize(
    ("actual", "counted_from"),
    [
        pytest.param(None, date(2026, 11, 24), id="not known yet: the scheduled date"),
        pytest.param("2026-11-24 15:00", date(2026, 11, 24), id="same day, later"),
        pytest.param("2026-11-23 14:00", date(2026, 11, 23), id="held a day early: that day"),
        pytest.param("2026-11-30 14:00", date(2026, 11, 24), id="held later: still the scheduled date"),
    ],
)
def test_days_count_from_the_earlier_of_schedule_and_service(actual: str | None, counted_from: date) -> None:
    window = confirm_window(
        scheduled_start=at("2026-11-24 14:00"),
        actual_start=None if actual is None else at(actual),
        zone=NEW_YORK,
        policy=DEFAULT_POLICY,
    )
    assert window.counted_from == counted_from
    assert window.last_date == counted_from + timedelta(days=30)


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        ("2026-11-25 09:00", Standing.OK),
        ("2026-12-15 09:00", Standing.OK),
        ("2026-12-20 09:00", Standing.DUE_SOON),
        ("2026-12-24 23:59:59", Standing.DUE_SOON),
        ("2026-12-25 00:00", Standing.LATE),
    ],
)
def test_the_last_quarter_of_the_window_is_due_soon(now: str, standing: Standing) -> None:
    window = confirm_window(
        scheduled_start=at("2026-11-24 14:00"), actual_start=None, zone=NEW_YORK, policy=DEFAULT_POLICY
    )
    assert window.standing(at(now), DEFAULT_POLICY) is standing


@pytest.mark.parametrize(
    ("now", "started"),
    [("2026-11-24 13:59:59", False), ("2026-11-24 14:00:00", True), ("2026-11-24 14:00:01", True)],
)
def test_a_session_has_started_at_its_scheduled_start(now: str, started: bool) -> None:
    assert has_started(at("2026-11-24 14:00"), at(now)) is started


@given(start=instants, zone=zones, days=st.integers(1, 30), seconds=st.integers(-200_000, 40 * 86_400))
def test_the_window_is_one_stretch_that_ends_at_a_local_midnight(
    start: datetime, zone: str, days: int, seconds: int
) -> None:
    policy = Policy(confirm_days=days)
    window = confirm_window(scheduled_start=start, actual_start=start, zone=zone, policy=policy)
    now = start + timedelta(seconds=seconds)
    assert window.may_confirm(now) is (now < window.closes_at)
    assert window.may_confirm(window.last_instant)
    assert not window.may_confirm(window.closes_at)
    assert local_date(window.closes_at, zone) == local_date(start, zone) + timedelta(days=days + 1)


@given(scheduled=instants, shift=st.integers(-40 * 86_400, 40 * 86_400), zone=zones)
def test_another_actual_date_never_gains_time(scheduled: datetime, shift: int, zone: str) -> None:
    plain = confirm_window(scheduled_start=scheduled, actual_start=None, zone=zone, policy=DEFAULT_POLICY)
    moved = confirm_window(
        scheduled_start=scheduled,
        actual_start=scheduled + timedelta(seconds=shift),
        zone=zone,
        policy=DEFAULT_POLICY,
    )
    assert moved.closes_at <= plain.closes_at


@pytest.mark.parametrize("zone", ["America/Havana", "Africa/Cairo", "Asia/Beirut"])
def test_where_clocks_change_at_midnight_the_day_still_has_a_first_instant(zone: str) -> None:
    start = utc_instant("2026-01-15 12:00")
    for day in range(366):
        window = confirm_window(
            scheduled_start=start + timedelta(days=day), actual_start=None, zone=zone, policy=DEFAULT_POLICY
        )
        assert window.may_confirm(window.last_instant)
        assert not window.may_confirm(window.closes_at)
