"""What is typed into the confirm form and what it means: nothing is guessed, nothing unreadable is passed over."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from attest.calendar.models import KINDS, Session
from attest.confirmation.typed import FIELDS, LISTS, clean, prefilled, read, time_questions, whole
from attest.policy.deadlines import local
from attest.policy.readiness import NoteChoice

NEW_YORK = "America/New_York"


def session(
    start: str = "2026-11-23 14:00", minutes: int = 50, zone: str = NEW_YORK, **more: object
) -> Session:
    starts_at = datetime.fromisoformat(f"{start}+00:00")
    return Session(
        id=uuid4(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        zone=zone,
        **{"modality": "in_person", "kind": "individual"} | more,
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
        lambda at: at.replace(second=0, microsecond=0)
    ),
    minutes=st.integers(1, 12 * 60),
    zone=st.sampled_from(
        [NEW_YORK, "America/Los_Angeles", "America/Phoenix", "Pacific/Honolulu", "America/St_Johns"]
    ),
)
def test_what_the_schedule_fills_in_means_the_scheduled_times_whatever_the_clocks_do(
    start: datetime, minutes: int, zone: str
) -> None:
    booked = session(f"{start:%Y-%m-%d %H:%M}", minutes, zone)
    typed = read(booked, prefilled(booked))
    (times,) = typed.times
    assert (times.start, times.stop, times.ambiguous) == (booked.starts_at, booked.ends_at, False)
    assert (typed.day, typed.times_from, typed.problems) == (
        local(booked.starts_at, zone).date(),
        "schedule",
        {},
    )


def test_a_time_that_was_changed_is_typed_and_one_put_back_is_scheduled() -> None:
    booked = session()
    values = prefilled(booked)
    assert read(booked, values | {"stop_1": "9:53 AM"}).times_from == "typed"
    assert read(booked, values | {"stop_1": "9:50 AM"}).times_from == "schedule"


@pytest.mark.parametrize(
    ("text", "stop"),
    [("9:53 AM", "14:53"), ("9:53AM", "14:53"), ("9:53 am", "14:53"), ("09:53", "14:53"), ("21:05", "02:05"),
     ("953", None), ("25:00", None), ("9:60 AM", None), ("nine", None), ("٩:٥٣ AM", None)],
)  # fmt: skip
def test_times_as_people_write_them(text: str, stop: str | None) -> None:
    typed = read(session(), prefilled(session()) | {"stop_1": text})
    (times,) = typed.times
    assert (f"{times.stop:%H:%M}" if times.stop else None) == stop
    assert ("stop_1" in typed.problems) is (stop is None)


@pytest.mark.parametrize(
    "text", ["13/01/2026", "02/30/2026", "yesterday", "11/24/26x", "01/01/0001", "12/31/9999"]
)
def test_a_date_that_cannot_be_is_a_problem_and_never_another_date(text: str) -> None:
    assert read(session(), prefilled(session()) | {"date": text}).problems == {
        "date": "Type a date such as 11/24/2026."
    }


@pytest.mark.parametrize(
    ("which", "spent", "asks"), [("EDT", 95, False), ("EST", 35, False), ("", 95, True), ("PST", 95, True)]
)
def test_the_hour_that_happens_twice_is_asked_for(which: str, spent: int, asks: bool) -> None:
    booked = session("2026-11-01 05:30", 95)
    values = prefilled(booked) | {"start_1": "1:30 AM", "stop_1": "2:05 AM", "start_which_1": which}
    typed = read(booked, values)
    assert (typed.spent, typed.times[0].ambiguous) == (spent, asks)
    (question,) = time_questions(booked, values)
    assert (question.name, question.names, question.asks) == ("start_which_1", ("EDT", "EST"), True)


def test_an_hour_that_was_skipped_is_shifted_and_said() -> None:
    booked = session("2026-03-08 07:30")
    values = prefilled(booked) | {"start_1": "2:30 AM", "stop_1": "4:20 AM"}
    typed = read(booked, values)
    assert typed.times[0].start == utc("2026-03-08 07:30")
    assert typed.spent == 50
    (said,) = time_questions(booked, values)
    assert not said.asks
    assert said.sentence == "2:30 AM does not exist on 03/08/2026: clocks went forward. It became 3:30 AM."


def test_past_midnight_the_stop_is_on_the_next_day_of_whichever_part_ends_there() -> None:
    late = session("2026-11-24 04:20")
    assert read(late, prefilled(late)).times[0].stop == utc("2026-11-24 05:10")
    crisis = session("2026-11-23 15:00", 40, kind="crisis")
    values = prefilled(crisis) | {"start_2": "11:30 PM", "stop_2": "12:10 AM", "stop_next_day": "on"}
    assert [f"{t.stop:%d %H:%M}" for t in read(crisis, values).times if t.stop] == ["23 15:40", "24 05:10"]
    assert read(crisis, values).spent == 80


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_only_a_crisis_session_has_parts(kind: str) -> None:
    booked = session(kind=kind)
    values = prefilled(booked) | {"start_2": "4:00 PM", "stop_2": "4:40 PM"}
    assert len(read(booked, values).times) == (2 if kind == "crisis" else 1)


@pytest.mark.parametrize(
    ("text", "minutes"), [("10", 10), ("", 0), ("1440", 1440), ("1441", 0), ("-5", 0), ("2.5", 0), ("ten", 0)]
)
def test_minutes_to_leave_out_are_whole(text: str, minutes: int) -> None:
    typed = read(session(), prefilled(session()) | {"excluded_minutes": text})
    assert typed.excluded_minutes == minutes
    assert bool(typed.problems) is (str(minutes) != text and text != "")


@pytest.mark.parametrize(
    ("chosen", "kind", "read_as"),
    [
        ("template", "", NoteChoice.TEMPLATE),
        ("none", "owed", NoteChoice.OWED),
        ("none", "elsewhere", NoteChoice.ELSEWHERE),
        ("none", "", None),
        ("ai", "", None),
        ("", "", None),
    ],
)
def test_no_note_here_asks_where_it_is(chosen: str, kind: str, read_as: NoteChoice | None) -> None:
    assert (
        read(session(), prefilled(session()) | {"note_choice": chosen, "none_kind": kind}).note_choice
        is read_as
    )


@pytest.mark.parametrize(
    ("signed_on", "sentence"),
    [("11/22/2026", "That is before the session."), ("11/23/2026", ""), ("11/25/2026", ""),
     ("11/26/2026", "That day has not come yet.")],
)  # fmt: skip
def test_a_note_elsewhere_was_signed_between_the_session_and_today(signed_on: str, sentence: str) -> None:
    typed = read(
        session(), prefilled(session()) | {"elsewhere_author": "M. Reyes", "elsewhere_signed_on": signed_on}
    )
    today = date(2026, 11, 25)
    assert typed.not_signed_then(today) == sentence
    assert typed.declares_note(today) is (sentence == "")


def test_a_whole_form_without_a_box_says_that_it_is_not_ticked() -> None:
    assert whole(QueryDict("date=x"))["affirmed"] == ""
    assert "affirmed" not in clean(QueryDict("date=x"))
    assert whole(QueryDict("affirmed=on"))["affirmed"] == "on"


@given(
    sent=st.dictionaries(
        st.sampled_from([*FIELDS, *LISTS, "unknown"]),
        st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4),
    )
)
def test_whatever_is_sent_is_kept_short_and_can_be_read(sent: dict[str, list[str]]) -> None:
    data = QueryDict(mutable=True)
    for name, texts in sent.items():
        data.setlist(name, texts)
    kept = clean(data)
    assert set(kept) <= {*FIELDS, *LISTS}
    assert all(
        "\0" not in text and len(text) <= 300
        for value in kept.values()
        for text in ([value] if isinstance(value, str) else value)
    )
    booked = session(kind="crisis")
    values = prefilled(booked) | kept
    read(booked, values)
    time_questions(booked, values)
