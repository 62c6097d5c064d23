"""Records of another practice, of a colleague's client, of another kind, or of nobody, in every place for an id.

Nothing is found, nothing is told, and nothing is changed: not there and not here.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from attest.core.access import Role
from attest.practice.models import Member
from tests.access.addresses import Address, all_addresses, model_of
from tests.access.conftest import World
from tests.access.expected import NOT_THERE, Reach, reach
from tests.access.practices import browser_with, hash_of
from tests.access.test_every_address import leaks

WITH_RECORDS = [address for address in all_addresses() if address.of_a_practice and address.records]
EVERYBODY = [*Role, "in both"]


def test_most_addresses_name_a_record() -> None:
    assert len(WITH_RECORDS) > 40


def member_of(world: World, who: str) -> tuple[Member, set[Role]]:
    """The person and their roles in our practice."""
    if who == "in both":
        return world.in_both, {Role.ADMIN}
    return world.ours.members[Role(who)], {Role(who)}


def places(world: World, address: Address) -> Iterator[tuple[str, dict[str, UUID | None]]]:
    """The address with, in one place after the other, an id that belongs there no more than any other."""
    own = world.ours.ids(address)
    theirs = world.theirs.ids(address)
    for part in address.records:
        yield f"their {part}", own | {part: theirs[part]}
        yield f"no {part} at all", own | {part: uuid4()}
        other = "provider_id" if part != "provider_id" else "client_id"
        yield f"our {other} for {part}", own | {part: world.ours.record(other)}
    if len(address.records) > 1:
        yield "all theirs", dict(theirs)


@pytest.mark.parametrize("who", EVERYBODY)
def test_what_is_not_of_this_practice_is_not_there(world: World, who: str) -> None:
    member, roles = member_of(world, who)
    browser, wrong = browser_with(member), []
    before = hash_of(world.ours), hash_of(world.theirs)
    for address in WITH_RECORDS:
        let_in = {reach(address, role) for role in roles} - {Reach.REFUSED, Reach.ASKED_WHY}
        for what, ids in places(world, address):
            where = address.at(world.ours.slug, ids)
            for method in ("get",) if what.startswith("no ") else ("get", "post"):
                answer: Any = getattr(browser, method)(where)
                if let_in:
                    fine = answer.status_code in NOT_THERE
                else:
                    fine = answer.status_code in (403, 405) or (method == "get" and answer.status_code == 302)
                if not fine or leaks(answer, world.theirs, f"{where} {member.user_id}"):
                    wrong.append(f"{address.name} with {what}: {method} gave {answer.status_code}")
            if not let_in:
                break
        after = hash_of(world.ours), hash_of(world.theirs)
        if after != before:
            wrong.append(f"{address.name} changed {changed(before, after)}")
            before = after
    assert not wrong, "\n".join(wrong)


def changed(before: tuple[dict[str, str], ...], after: tuple[dict[str, str], ...]) -> list[str]:
    """The tables that differ, ours first."""
    return [
        table for one, other in zip(before, after, strict=True) for table in one if one[table] != other[table]
    ]


@pytest.mark.parametrize("role", list(Role))
def test_a_colleagues_client_is_there_for_those_alone_who_see_the_whole_practice(
    world: World, role: Role
) -> None:
    ours = world.ours
    browser, wrong = browser_with(ours.members[role]), []
    before = hash_of(ours)
    for address in WITH_RECORDS:
        far, ids = reach(address, role), ours.ids(address, of_colleague=True)
        if not any(ids.values()) or far in (Reach.REFUSED, Reach.ASKED_WHY):
            continue
        where = address.at(ours.slug, {**ours.ids(address), **{k: v for k, v in ids.items() if v}})
        answer: Any = browser.get(where)
        status = answer.status_code
        if far is Reach.ALL:
            fine = status not in (403, 404) and status < 500
        else:
            fine = status in NOT_THERE and browser.post(where).status_code in NOT_THERE
        if not fine:
            wrong.append(f"{address.name} ({address.access}: {far.value}): get gave {status}")
        if far is not Reach.ALL and (after := hash_of(ours)) != before:
            wrong.append(f"{address.name} changed {changed((before,), (after,))}")
            before = after
    assert not wrong, "\n".join(wrong)


def asked_names(address: Address) -> set[str]:
    """Names that the code behind an address reads from the question part of it (`?provider=…`)."""
    view = inspect.unwrap(address.view)
    module = sys.modules.get(getattr(view, "__module__", ""))
    source = inspect.getsource(module) if module else ""
    return set(re.findall(r"GET(?:\.get|\.getlist)?[(\[]\"(\w+)\"", source))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PROVIDER])
def test_an_id_in_a_question_tells_nothing(world: World, role: Role) -> None:
    browser, wrong, tried = browser_with(world.ours.members[role]), [], 0
    sessions = world.theirs.record("session_id")
    for address in (one for one in all_addresses() if one.of_a_practice):
        where = address.at(world.ours.slug, world.ours.ids(address))
        for name in sorted(asked_names(address)):
            model = model_of(f"{name}_id")
            one = world.theirs.record(f"{name}_id") if model else sessions
            answer: Any = browser.get(where, {name: str(one)})
            tried += 1
            if answer.status_code >= 500 or leaks(answer, world.theirs, str(one)):
                wrong.append(f"{address.name}?{name}={one}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert tried > 20
