"""Editing, signing and billing: elapsed hours, and one local morning."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.deadlines import (
    Standing,
    client_billed_at,
    edit_window,
    elapsed,
    local,
    local_date,
    signature_due,
    utc,
)
from attest.policy.payer import LineOfBusiness, signs_strictly
from attest.policy.record import DEFAULT_POLICY, Policy
from tests.policy.rows import HONOLULU, LOS_ANGELES, NEW_YORK, PHOENIX, at, utc_instant
from tests.policy.test_confirm_window import instants, zones


def wall(text: str, zone: str = NEW_YORK, fold: int = 0) -> datetime:
    """An aware datetime of the zone itself, as a careless caller might pass it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def test_time_elapsed_over_a_change_of_clocks_is_true_time_not_wall_time() -> None:
    assert elapsed(wall("2026-11-01 00:40"), wall("2026-11-01 01:35", fold=1)) == timedelta(minutes=115)


def test_a_datetime_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="time zone"):
        utc(datetime(2026, 11, 24, 14))


# -- modifying --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confirmed", "now", "open_"),
    [
        pytest.param("2026-11-27 17:05", "2026-11-29 17:04:59", True, id="a second before"),
        pytest.param("2026-11-27 17:05", "2026-11-29 17:05:00", True, id="48 hours exactly"),
        pytest.param("2026-11-27 17:05", "2026-11-29 17:05:01", False, id="a second after"),
        pytest.param("2026-10-31 16:50", "2026-11-02 15:50:00", True, id="clocks back: 48 h is 3:50 PM"),
        pytest.param("2026-10-31 16:50", "2026-11-02 15:50:01", False, id="clocks back: not 4:50 PM"),
        pytest.param("2026-03-07 16:50", "2026-03-09 17:50:00", True, id="clocks forward: 48 h is 5:50 PM"),
        pytest.param("2026-03-07 16:50", "2026-03-09 17:50:01", False, id="clocks forward: just over"),
    ],
)
def test_details_can_be_modified_for_48_elapsed_hours(confirmed: str, now: str, open_: bool) -> None:
    window = edit_window(at(confirmed), DEFAULT_POLICY)
    assert window.is_open(at(now)) is open_
    assert window.has_passed(at(now)) is not open_


@given(confirmed=instants, offset=st.integers(-10, 200_000), hours=st.integers(1, 48))
def test_editing_and_release_never_overlap_and_leave_no_gap(
    confirmed: datetime, offset: int, hours: int
) -> None:
    window = edit_window(confirmed, Policy(edit_hours=hours))
    now = confirmed + timedelta(seconds=offset)
    assert window.is_open(now) is not window.has_passed(now)
    assert window.is_open(now) is (now - confirmed <= timedelta(hours=hours))


# -- signing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stop", "strict", "zone", "due"),
    [
        pytest.param("2026-11-27 16:50", False, NEW_YORK, "2026-11-30 16:50", id="72 hours over a weekend"),
        pytest.param("2026-11-27 16:50", True, NEW_YORK, "2026-11-29 16:50", id="48 hours for Medicare"),
        pytest.param("2026-10-31 16:50", True, NEW_YORK, "2026-11-02 15:50", id="clocks go back"),
        pytest.param("2026-03-07 16:50", True, NEW_YORK, "2026-03-09 17:50", id="clocks go forward"),
        pytest.param("2026-10-31 16:50", True, PHOENIX, "2026-11-02 16:50", id="Arizona changes no clocks"),
        pytest.param("2026-03-07 16:50", True, HONOLULU, "2026-03-09 16:50", id="Hawaii changes no clocks"),
        pytest.param("2026-11-28 00:10", False, NEW_YORK, "2026-12-01 00:10", id="past midnight"),
    ],
)
def test_a_note_is_due_so_many_elapsed_hours_after_the_stop(
    stop: str, strict: bool, zone: str, due: str
) -> None:
    found = signature_due(
        scheduled_stop=at(stop, zone), actual_stop=at(stop, zone), strict=strict, policy=DEFAULT_POLICY
    )
    assert local(found.due_at, zone).replace(tzinfo=None) == datetime.fromisoformat(due)


def test_the_scheduled_stop_stands_in_until_the_actual_one_is_known() -> None:
    due = signature_due(
        scheduled_stop=at("2026-11-27 16:50"), actual_stop=None, strict=False, policy=DEFAULT_POLICY
    )
    assert due.due_at == at("2026-11-30 16:50")


@pytest.mark.parametrize(
    ("coverages", "strict"),
    [
        ([], False),
        ([LineOfBusiness.COMMERCIAL], False),
        ([LineOfBusiness.EMPLOYEE_ASSISTANCE, LineOfBusiness.TRICARE], False),
        ([LineOfBusiness.MEDICARE], True),
        ([LineOfBusiness.MEDICARE_ADVANTAGE], True),
        ([LineOfBusiness.MEDICAID], True),
        ([LineOfBusiness.COMMERCIAL, LineOfBusiness.MEDICAID_MANAGED], True),
    ],
)
def test_any_medicare_or_medicaid_coverage_makes_the_note_due_sooner(
    coverages: list[LineOfBusiness], strict: bool
) -> None:
    assert signs_strictly(coverages) is strict


@pytest.mark.parametrize(
    ("now", "standing", "late"),
    [
        ("2026-11-27 16:50:00", Standing.OK, False),
        ("2026-11-29 22:49:59", Standing.OK, False),
        ("2026-11-29 22:50:00", Standing.DUE_SOON, False),  # 18 of 72 hours left
        ("2026-11-30 16:50:00", Standing.DUE_SOON, False),
        ("2026-11-30 16:50:01", Standing.LATE, True),
    ],
)
def test_the_due_instant_itself_is_in_time(now: str, standing: Standing, late: bool) -> None:
    due = signature_due(
        scheduled_stop=at("2026-11-27 16:50"), actual_stop=None, strict=False, policy=DEFAULT_POLICY
    )
    assert due.standing(at(now), DEFAULT_POLICY) is standing
    assert due.is_late(at(now)) is late


# -- billing the client -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confirmed", "zone", "billed"),
    [
        pytest.param("2026-11-27 17:05", NEW_YORK, "2026-11-28 09:00", id="Friday evening: Saturday at nine"),
        pytest.param("2026-11-27 23:59:59", NEW_YORK, "2026-11-28 09:00", id="a second before midnight"),
        pytest.param("2026-11-28 00:00", NEW_YORK, "2026-11-29 09:00", id="at midnight: a day later"),
        pytest.param("2026-10-31 20:00", NEW_YORK, "2026-11-01 09:00", id="clocks go back that night"),
        pytest.param("2026-03-07 20:00", NEW_YORK, "2026-03-08 09:00", id="clocks go forward that night"),
        pytest.param("2026-11-27 21:00", HONOLULU, "2026-11-28 09:00", id="Hawaii, already tomorrow in UTC"),
        pytest.param("2026-12-31 12:00", PHOENIX, "2027-01-01 09:00", id="New Year's Day"),
    ],
)
def test_the_client_is_billed_the_next_local_day_from_nine(confirmed: str, zone: str, billed: str) -> None:
    assert client_billed_at(at(confirmed, zone), zone, DEFAULT_POLICY) == at(billed, zone)


@given(confirmed=instants, zone=zones, hour=st.integers(9, 20))
def test_the_client_is_never_billed_on_the_day_of_confirming(
    confirmed: datetime, zone: str, hour: int
) -> None:
    billed = local(client_billed_at(confirmed, zone, Policy(billing_hour=hour)), zone)
    assert billed.date() == local_date(confirmed, zone) + timedelta(days=1)
    assert billed.time() == time(hour)


def test_the_worked_example_of_a_confirmed_friday() -> None:
    """Ends Fri 11/27/2026 4:50 PM, confirmed 5:05 PM: editable to Sunday, charged on Saturday."""
    confirmed = at("2026-11-27 17:05")
    assert edit_window(confirmed, DEFAULT_POLICY).closes_at == at("2026-11-29 17:05")
    assert local_date(client_billed_at(confirmed, NEW_YORK, DEFAULT_POLICY), NEW_YORK) == date(2026, 11, 28)


def test_instants_of_any_zone_give_the_same_answers() -> None:
    in_utc = utc_instant("2026-11-27 22:05")
    for zone in (NEW_YORK, LOS_ANGELES, PHOENIX, HONOLULU):
        same = in_utc.astimezone(ZoneInfo(zone))
        assert edit_window(same, DEFAULT_POLICY) == edit_window(in_utc, DEFAULT_POLICY)
        assert client_billed_at(same, NEW_YORK, DEFAULT_POLICY).tzinfo is UTC
