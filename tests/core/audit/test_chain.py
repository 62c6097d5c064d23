"""One place of the chain follows from the one before it, and from nothing else than what is there."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from attest.core.audit.chain import START, Event, digest, hashed

PRACTICE = UUID(int=7)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ids = st.uuids()
events = st.builds(
    Event,
    id=ids,
    at=st.datetimes(timezones=st.just(UTC)),
    user_id=st.none() | ids,
    kind=words,
    subject_type=words,
    subject_id=st.none() | ids,
    client_id=st.none() | ids,
    data=words,
)


def chain(found: list[Event]) -> list[str]:
    digests: list[str] = []
    for number, event in enumerate(found, start=1):
        previous = digests[-1] if digests else START
        digests.append(digest(event, organization_id=PRACTICE, number=number, previous=previous))
    return digests


@given(
    found=st.lists(events, min_size=1, max_size=6), other=events, place=st.integers(0, 5), column=st.data()
)
def test_changing_any_column_of_any_event_changes_every_digest_from_there_on(
    found: list[Event], other: Event, place: int, column: Any
) -> None:
    place %= len(found)
    name = column.draw(st.sampled_from(Event.__slots__))
    assume(getattr(found[place], name) != getattr(other, name))
    changed = list(found)
    changed[place] = replace(found[place], **{name: getattr(other, name)})
    before, after = chain(found), chain(changed)
    assert before[:place] == after[:place]
    assert not set(before[place:]) & set(after[place:])


@given(found=st.lists(events, min_size=2, max_size=6, unique_by=lambda event: event.id), data=st.data())
def test_another_order_or_a_missing_event_gives_another_end(found: list[Event], data: Any) -> None:
    moved = data.draw(st.permutations(found))
    assume(moved != found)
    assert chain(moved)[-1] != chain(found)[-1]
    gone = data.draw(st.integers(0, len(found) - 1))
    assert chain(found[:gone] + found[gone + 1 :])[-1] != chain(found)[-1]


@given(event=events, previous=words, number=st.integers(1, 10**9))
def test_the_hashed_text_is_json_that_anybody_can_read_and_hash(
    event: Event, previous: str, number: int
) -> None:
    text = hashed(event, organization_id=PRACTICE, number=number, previous=previous)
    values = json.loads(text)
    assert (values["previous"], values["number"], values["event"]) == (previous, number, str(event.id))
    assert hashlib.sha256(text.encode()).hexdigest() == digest(
        event, organization_id=PRACTICE, number=number, previous=previous
    )


@given(event=events, hours=st.integers(-12, 12))
def test_a_moment_is_the_same_in_every_zone(event: Event, hours: int) -> None:
    assume(datetime(2, 1, 1, tzinfo=UTC) < event.at < datetime(9998, 1, 1, tzinfo=UTC))
    there = replace(event, at=event.at.astimezone(timezone(timedelta(hours=hours))))
    assert chain([there]) == chain([event])
