"""How long a payer takes claims, and when somebody is told that time runs short."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.deadlines import FilingRule, FilingUnit, file_by, filing_alert, filing_days_left
from attest.policy.payer import PayerRule, rule_on
from attest.policy.record import DEFAULT_POLICY
from tests.policy.rows import HONOLULU, NEW_YORK, at

D, Y, END = FilingUnit.DAYS, FilingUnit.CALENDAR_YEARS, FilingUnit.END_OF_FOLLOWING_YEAR
days = st.dates(date(2020, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("rule", "service", "last"),
    [
        pytest.param(FilingRule(D, 90), date(2026, 11, 24), date(2027, 2, 22), id="90 days"),
        pytest.param(FilingRule(D, 30), date(2028, 1, 30), date(2028, 2, 29), id="30 days in a leap year"),
        pytest.param(FilingRule(Y, 1), date(2026, 11, 24), date(2027, 11, 24), id="Medicare: one year"),
        pytest.param(FilingRule(Y, 1), date(2028, 2, 29), date(2029, 2, 28), id="Feb 29 ends on Feb 28"),
        pytest.param(FilingRule(Y, 4), date(2028, 2, 29), date(2032, 2, 29), id="Feb 29 to Feb 29"),
        pytest.param(FilingRule(Y, 1), date(2027, 2, 28), date(2028, 2, 28), id="Feb 28 into a leap year"),
        pytest.param(FilingRule(END), date(2026, 1, 1), date(2027, 12, 31), id="end of the following year"),
        pytest.param(FilingRule(END), date(2026, 12, 31), date(2027, 12, 31), id="from December 31"),
    ],
)
def test_the_last_date_of_receipt(rule: FilingRule, service: date, last: date) -> None:
    assert file_by(rule, service) == last


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        FilingRule(D, 0)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (FilingRule(D, 90), "90 days"),
        (FilingRule(Y, 1), "1 calendar year"),
        (FilingRule(END), "until the end of the following year"),
    ],
)
def test_a_rule_in_words(rule: FilingRule, words: str) -> None:
    assert rule.words == words


@given(service=days, years=st.integers(1, 10))
def test_calendar_years_keep_month_and_day_or_end_on_february_28(service: date, years: int) -> None:
    last = file_by(FilingRule(Y, years), service)
    assert last.year == service.year + years
    assert (last.month, last.day) == (service.month, service.day) or (last.month, last.day) == (2, 28)


@given(
    earlier=days,
    gap=st.integers(0, 400),
    rule=st.sampled_from([FilingRule(D, 90), FilingRule(Y), FilingRule(END)]),
)
def test_a_later_service_never_has_an_earlier_limit(earlier: date, gap: int, rule: FilingRule) -> None:
    assert file_by(rule, earlier) <= file_by(rule, earlier + timedelta(days=gap))


@pytest.mark.parametrize(
    ("now", "zone", "left"),
    [
        ("2027-02-21 12:00", NEW_YORK, 1),
        ("2027-02-22 00:00", NEW_YORK, 0),
        ("2027-02-22 23:59:59", NEW_YORK, 0),
        ("2027-02-23 00:00", NEW_YORK, -1),
        ("2027-02-22 23:00", HONOLULU, 0),
    ],
)
def test_days_left_are_local_days(now: str, zone: str, left: int) -> None:
    assert filing_days_left(date(2027, 2, 22), at(now, zone), zone) == left


@pytest.mark.parametrize(
    ("today", "alert"),
    [
        ("2026-11-24", None),
        ("2027-01-12", None),
        ("2027-01-13", 50),
        ("2027-02-07", 75),
        ("2027-02-22", 90),
        ("2027-03-04", 90),
        ("2028-01-01", 90),
    ],
)
def test_alerts_at_half_three_quarters_and_nine_tenths_of_the_filing_time(
    today: str, alert: int | None
) -> None:
    service, last = date(2026, 11, 24), date(2027, 3, 4)  # 100 days
    assert filing_alert(service, last, at(f"{today} 12:00"), NEW_YORK, DEFAULT_POLICY) == alert


def test_rules_change_on_a_date_and_the_row_in_force_counts() -> None:
    old = PayerRule(date(2025, 1, 1), date(2026, 6, 30), video_modifier="95")
    new = PayerRule(date(2026, 7, 1), None, video_modifier="")
    rows = (new, old)
    assert rule_on(rows, date(2024, 12, 31)) is None
    assert rule_on(rows, date(2025, 1, 1)) is old
    assert rule_on(rows, date(2026, 6, 30)) is old
    assert rule_on(rows, date(2026, 7, 1)) is new
    assert rule_on((), date(2026, 7, 1)) is None


def test_of_two_rows_in_force_the_one_that_began_last_counts() -> None:
    general, special = PayerRule(date(2020, 1, 1)), PayerRule(date(2026, 1, 1), date(2026, 12, 31))
    assert rule_on((special, general), date(2026, 5, 5)) is special
    assert rule_on((special, general), date(2027, 5, 5)) is general


def test_filing_days_follow_the_sessions_zone() -> None:
    midnight_in_new_york = at("2027-02-23 00:00")
    assert filing_days_left(date(2027, 2, 22), midnight_in_new_york, NEW_YORK) == -1
    assert filing_days_left(date(2027, 2, 22), midnight_in_new_york, HONOLULU) == 0
