"""Where one roadblock ends and another begins: boundaries, stages, and who pays."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from attest.policy.catalogue import Line
from attest.policy.coding import Diagnosis
from attest.policy.minutes import Interval
from attest.policy.payer import PayerRule
from attest.policy.place import Modality, Setting
from attest.policy.readiness import (
    ActualTimes,
    Facts,
    Licence,
    NoteFacts,
    Period,
    RoadblockCode,
    SessionStatus,
    Verification,
    roadblocks,
)
from attest.policy.record import DEFAULT_POLICY
from tests.policy.rows import HONOLULU, NOW, READY, START, STOP, at, details, in_minutes, line, ready
from tests.policy.test_readiness import CASES, EVERYTHING_WRONG, codes

C = RoadblockCode
MINUTE = timedelta(minutes=1)


# -- times -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "found"),
    [
        pytest.param(STOP - timedelta(seconds=1), [C.TIMES_IN_FUTURE], id="a second before the stop"),
        pytest.param(STOP, [], id="at the stop"),
    ],
)
def test_the_stop_must_have_come(now: datetime, found: list[C]) -> None:
    assert codes(READY, now) == found


@pytest.mark.parametrize(
    ("other", "found"),
    [
        pytest.param((STOP, STOP + 50 * MINUTE), [], id="the next session starts as this one stops"),
        pytest.param((START - 50 * MINUTE, START), [], id="the one before stops as this one starts"),
        pytest.param((STOP - MINUTE, STOP + 50 * MINUTE), [C.OVERLAP], id="one minute shared"),
        pytest.param((START - MINUTE, STOP + MINUTE), [C.OVERLAP], id="inside the other"),
    ],
)
def test_sessions_of_a_provider_may_touch_but_not_overlap(
    other: tuple[datetime, datetime], found: list[C]
) -> None:
    assert codes(ready(details__other_sessions=(Interval(*other),))) == found


def test_a_session_past_midnight_has_the_date_of_its_start() -> None:
    facts = ready(
        session__scheduled_start=at("2026-11-24 23:30"),
        session__scheduled_stop=at("2026-11-25 00:20"),
        details=details(start=at("2026-11-24 23:30"), stop=at("2026-11-25 00:20")),
    )
    assert facts.date_of_service == date(2026, 11, 24)
    assert codes(facts, at("2026-11-25 00:30")) == []


def test_the_date_is_local_where_utc_already_has_the_next_one() -> None:
    start, stop = at("2026-11-24 20:00", HONOLULU), at("2026-11-24 20:50", HONOLULU)
    facts = ready(
        session__zone=HONOLULU,
        session__scheduled_start=start,
        session__scheduled_stop=stop,
        details=details(start=start, stop=stop),
    )
    assert facts.date_of_service == date(2026, 11, 24)
    assert codes(facts, stop) == []


def test_twenty_four_hours_are_still_taken() -> None:
    facts = ready(details=in_minutes(24 * 60, "90853"))
    assert codes(facts, NOW + timedelta(days=1)) == []


def test_typing_an_earlier_date_moves_the_last_day_to_confirm() -> None:
    early = replace(
        details(start=START - timedelta(days=1), stop=STOP - timedelta(days=1)), date_reason="Moved up."
    )
    facts = ready(details=early, note=NoteFacts(signed=True))
    assert codes(facts, at("2026-12-23 23:59:59")) == [C.DATE_DIFFERS]
    assert codes(facts, at("2026-12-24 00:00")) == [C.TOO_LATE, C.DATE_DIFFERS]


@pytest.mark.parametrize(
    ("period", "covered"),
    [
        pytest.param(Period(), True, id="open on both sides"),
        pytest.param(Period(date(2026, 11, 24), None), True, id="from that very day"),
        pytest.param(Period(date(2026, 11, 25), None), False, id="from the day after"),
        pytest.param(Period(None, date(2026, 11, 24)), True, id="through that very day"),
        pytest.param(Period(None, date(2026, 11, 23)), False, id="through the day before"),
    ],
)
def test_plan_contract_and_licence_must_cover_the_date_of_service(period: Period, covered: bool) -> None:
    facts = ready(
        coverage__period=period, coverage__contracts=(period,), provider__licences=(Licence("NY", period),)
    )
    assert codes(facts) == ([] if covered else [C.COVERAGE_NOT_IN_FORCE, C.NO_LICENCE, C.NOT_CONTRACTED])


# -- stages ------------------------------------------------------------------------------------------------


def days_ahead(**parts: object) -> Facts:
    """A session two weeks away with nothing typed and no note."""
    ahead = timedelta(days=14)
    return ready(
        session__scheduled_start=START + ahead,
        session__scheduled_stop=STOP + ahead,
        details=None,
        note=NoteFacts(),
        **parts,
    )


def test_a_future_session_shows_only_what_can_be_known_ahead() -> None:
    assert codes(days_ahead()) == []
    assert codes(days_ahead(client__has_payment_method=False)) == [C.NO_PAYMENT_METHOD]
    assert codes(days_ahead(session__setting=Setting(Modality.VIDEO, client_state="NY"))) == []
    assert codes(days_ahead(session__setting=Setting(Modality.VIDEO))) == [C.CLIENT_STATE_MISSING]


@pytest.mark.parametrize(
    ("verified", "now", "old"),
    [
        pytest.param(date(2026, 11, 20), "2026-11-24 15:30", False, id="fresh today, session in two weeks"),
        pytest.param(date(2026, 10, 25), "2026-11-24 15:30", False, id="30 days old today"),
        pytest.param(date(2026, 10, 24), "2026-11-24 15:30", True, id="31 days old today"),
        pytest.param(date(2026, 11, 7), "2026-12-08 15:30", True, id="31 days before the session"),
        pytest.param(date(2026, 11, 8), "2027-01-05 15:30", False, id="30 days before it, asked weeks later"),
        pytest.param(date(2026, 12, 20), "2026-12-24 15:30", False, id="answered after the session"),
    ],
)
def test_a_verification_ages_until_the_session_is_held_and_no_further(
    verified: date, now: str, old: bool
) -> None:
    facts = days_ahead(coverage__verified_on=verified)
    assert (C.PLAN_VERIFICATION_OLD in codes(facts, at(now))) is old


def test_too_late_shows_before_anything_is_typed() -> None:
    assert codes(ready(details=None), at("2026-12-25 00:00")) == [C.TOO_LATE]


@pytest.mark.parametrize("status", sorted(set(SessionStatus) - {SessionStatus.SCHEDULED}))
def test_a_closed_session_has_one_roadblock_whatever_else_is_missing(status: SessionStatus) -> None:
    closed = replace(EVERYTHING_WRONG, session=replace(EVERYTHING_WRONG.session, status=status))
    assert len(codes(closed)) == 1


# -- who pays ----------------------------------------------------------------------------------------------

INSURANCE_ONLY = {
    "coverage": None,
    "organization__has_tax_id": False,
    "provider__has_npi": False,
    "client__has_sex_for_claim": False,
    "client__part2_program": True,
    "details__diagnoses": (Diagnosis("Z63.0"),),
}


@pytest.mark.parametrize(
    "mark",
    [
        "session__self_pay",
        "client__self_pay",
        "session__do_not_bill_insurance",
        "client__do_not_bill_insurance",
    ],
)
def test_without_insurance_nothing_a_claim_needs_is_asked(mark: str) -> None:
    assert len(codes(ready(**INSURANCE_ONLY))) == 6
    assert codes(ready(**INSURANCE_ONLY, **{mark: True})) == []


def test_without_insurance_payment_method_forms_and_licence_are_still_asked() -> None:
    facts = ready(
        client__self_pay=True,
        client__has_payment_method=False,
        client__forms_missing=("Consent to treatment",),
        provider__licences=(),
        self_pay_codes=frozenset(),
    )
    assert codes(facts) == [C.NO_FEE, C.NO_PAYMENT_METHOD, C.FORMS_MISSING, C.NO_LICENCE]


def test_an_address_is_asked_for_claims_and_for_telehealth() -> None:
    in_person = Setting(Modality.IN_PERSON, location_pos="11", location_state="NY")
    missing = ready(client__has_address=False, session__setting=in_person)
    assert codes(missing) == [C.ADDRESS_MISSING]
    assert codes(replace(missing, client=replace(missing.client, self_pay=True))) == []
    by_video = ready(client__has_address=False, client__self_pay=True)
    assert codes(by_video) == [C.ADDRESS_MISSING]


def test_two_therapies_on_one_day_matter_only_to_insurance() -> None:
    again = (line("90834").service,)
    assert codes(ready(details__same_day_services=again)) == [C.CODES_IF_SEPARATE]
    assert codes(ready(details__same_day_services=again, session__self_pay=True)) == []


def test_the_payers_row_of_the_date_of_service_decides_over_audio_only() -> None:
    rules = (
        PayerRule(date(2020, 1, 1), date(2026, 11, 23)),
        PayerRule(date(2026, 11, 24), None, audio_modifier=None),
    )
    by_phone = Setting(Modality.AUDIO_ONLY, client_at_home=True, client_state="NY")
    facts = ready(coverage__rules=rules, session__setting=by_phone)
    assert codes(facts) == [C.AUDIO_NOT_PAID]
    earlier = replace(facts, coverage=replace(facts.coverage, rules=rules[:1]))  # type: ignore[type-var]
    assert codes(earlier) == []


# -- code and minutes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spent", "units", "found"),
    [
        (74, 0, []),
        (75, 0, [C.MINUTES_UNUSUAL]),
        (74, 1, [C.TOO_FEW_MINUTES]),
        (75, 1, []),
        (104, 1, []),
        (105, 1, [C.FEWER_UNITS]),
        (105, 2, []),
        (104, 2, [C.TOO_MANY_UNITS]),
    ],
)
def test_further_crisis_units_follow_the_minutes(spent: int, units: int, found: list[C]) -> None:
    lines = (line("90839"), line("90840", units)) if units else (line("90839"),)
    facts = ready(details=replace(in_minutes(spent), lines=lines))
    assert codes(facts, NOW + timedelta(hours=2)) == found


def test_a_crisis_session_in_two_parts_of_one_day() -> None:
    parts = (
        ActualTimes(at("2026-11-24 10:00"), at("2026-11-24 10:40")),
        ActualTimes(at("2026-11-24 16:00"), at("2026-11-24 16:40")),
    )
    facts = ready(
        session__scheduled_start=at("2026-11-24 10:00"),
        details=replace(details("90839", "90840"), times=parts),
    )
    assert facts.details is not None
    assert facts.details.spent == 80
    assert codes(facts, at("2026-11-24 17:00")) == []


@pytest.mark.parametrize(
    ("therapy", "code", "found"),
    [
        (15, "90833", [C.TOO_FEW_MINUTES]),
        (16, "90833", []),
        (37, "90833", []),
        (38, "90833", [C.MINUTES_UNUSUAL]),
        (38, "90836", []),
        (50, "90836", [C.THERAPY_MINUTES_TOO_MANY]),
        (49, "90836", []),
    ],
)
def test_beside_an_em_code_the_therapy_minutes_alone_count(therapy: int, code: str, found: list[C]) -> None:
    facts = ready(provider__prescriber=True, details=replace(details("99213", code), therapy_minutes=therapy))
    assert codes(facts) == found


@pytest.mark.parametrize(("therapy", "found"), [(30, []), (31, [C.TOO_FEW_MINUTES])])
def test_the_em_code_has_only_the_minutes_that_therapy_leaves(therapy: int, found: list[C]) -> None:
    timed_em = replace(line("99213").service, minutes_from=20)
    lines = (Line(timed_em), line("90833"))
    facts = ready(provider__prescriber=True, details=replace(details(), lines=lines, therapy_minutes=therapy))
    assert codes(facts) == found


@pytest.mark.parametrize(
    ("start", "stop", "sentence"),
    [
        (None, None, "Enter when the session started and stopped."),
        (START, None, "Enter when the session stopped."),
        (None, STOP, "Enter when the session started."),
    ],
)
def test_the_missing_time_is_named(start: datetime | None, stop: datetime | None, sentence: str) -> None:
    facts = ready(details__times=(ActualTimes(start, stop),))
    (found,) = roadblocks(facts, now=NOW, policy=DEFAULT_POLICY)
    assert (found.code, found.sentence) == (C.TIMES_MISSING, sentence)


@pytest.mark.parametrize(("days", "warned"), [(0, True), (179, True), (180, False)])
def test_a_second_evaluation_warns_for_half_a_year(days: int, warned: bool) -> None:
    facts = ready(
        details=replace(details("90791"), last_evaluation_on=date(2026, 11, 24) - timedelta(days=days))
    )
    assert codes(facts) == ([C.EVALUATION_AGAIN] if warned else [])


def test_without_times_no_minutes_are_judged() -> None:
    assert codes(ready(details=replace(details("90837"), times=()))) == [C.TIMES_MISSING]


# -- properties --------------------------------------------------------------------------------------------

seconds = st.integers(-90_000, 90_000)
usual = st.integers(-600, 600)


@given(
    start=usual | seconds,
    length=st.integers(900, 5400) | seconds,
    now=st.integers(3600, 90_000) | st.integers(-100_000, 4_000_000),
    code=st.sampled_from(["90832", "90834", "90837", "90839", "90847", "90791"]),
    affirmed=st.sampled_from([True, True, True, False]),
    insured=st.booleans(),
    verification=st.just(Verification.ACTIVE) | st.sampled_from(Verification),
)
def test_what_passes_every_check_can_stand_on_a_claim(
    start: int,
    length: int,
    now: int,
    code: str,
    affirmed: bool,
    insured: bool,
    verification: Verification,
) -> None:
    typed = replace(
        details(code, start=START + timedelta(seconds=start), stop=START + timedelta(seconds=start + length)),
        affirmed=affirmed,
        date_reason="Held another day.",
    )
    facts = ready(details=typed, client__self_pay=not insured, coverage__verification=verification)
    moment = START + timedelta(seconds=now)
    blocked = any(found.blocks for found in roadblocks(facts, now=moment, policy=DEFAULT_POLICY))
    event("blocked" if blocked else "passes")
    if blocked:
        return
    assert typed.spent is not None
    assert typed.spent >= (line(code).service.minutes_from or 0) or not line(code).service.timed
    assert typed.intervals[0].start < typed.intervals[0].stop <= moment
    assert affirmed
    assert not insured or verification is Verification.ACTIVE
    last_day = min(facts.scheduled_date, facts.date_of_service) + timedelta(days=30)
    assert moment <= at(f"{last_day} 23:59:59.999999")


@given(picked=st.sets(st.sampled_from(range(len(CASES)))), now=st.integers(0, 4_000_000))
def test_the_answer_is_ordered_repeats_nothing_and_is_the_same_every_time(picked: set[int], now: int) -> None:
    facts = READY
    for number in picked:
        other = CASES[number].facts
        for part in ("session", "client", "provider", "organization", "coverage", "note", "details"):
            if getattr(other, part) != getattr(READY, part):
                facts = replace(facts, **{part: getattr(other, part)})
    moment = START + timedelta(seconds=now)
    found = roadblocks(facts, now=moment, policy=DEFAULT_POLICY)
    assert found == roadblocks(facts, now=moment, policy=DEFAULT_POLICY)
    assert len(set(found)) == len(found)
    order = list(RoadblockCode)
    assert [r.blocks for r in found] == sorted((r.blocks for r in found), reverse=True)
    for blocks in (True, False):
        ranks = [order.index(r.code) for r in found if r.blocks is blocks]
        assert ranks == sorted(ranks)
