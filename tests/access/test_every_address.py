"""Every address, asked in every way, as everybody: only what the table of rights allows answers.

The list of addresses is the product's own, so that a new one is tried by itself. Whoever adds one whose parts cannot
be filled in learns it here: `addresses.WORDS` takes words, `practices.make_house` makes records.
"""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser

from attest.core.access import RIGHTS, Role
from attest.practice.models import Member
from tests.access.addresses import WORDS, Address, all_addresses, model_of
from tests.access.conftest import World
from tests.access.expected import ANSWERS, NOTHING_WITHOUT_VALUES, Reach, may_send, reach, sent_to_login
from tests.access.forms import UUID
from tests.access.practices import House, browser_with, undone
from tests.access.table import Column

ADDRESSES = all_addresses()
OF_A_PRACTICE = [address for address in ADDRESSES if address.of_a_practice]
OUTSIDE = [address for address in ADDRESSES if not address.of_a_practice]
NEVER_USED = ("put", "patch", "delete", "options", "trace")


def test_every_address_has_an_entry_in_the_table_or_says_that_it_is_open() -> None:
    known = {*RIGHTS, "public", "signed in"}
    assert not [address.route for address in ADDRESSES if address.access not in known]
    assert len(ADDRESSES) > 75


def test_only_the_front_door_logins_links_from_mails_and_the_demos_mail_are_outside_a_practice() -> None:
    known = ("accounts/", "^accounts/", "invitation/", "recovery/", "demo/mail/")
    elsewhere = {one.route for one in OUTSIDE if not one.route.startswith(known)}
    assert elsewhere == {"", "favicon.ico"}


def test_every_address_of_a_practice_asks_for_a_right() -> None:
    assert not [address.route for address in OF_A_PRACTICE if address.access not in RIGHTS]


def test_no_address_takes_a_form_from_another_site() -> None:
    assert not [address.route for address in ADDRESSES if getattr(address.view, "csrf_exempt", False)]


def test_every_part_of_an_address_can_be_filled_in() -> None:
    unknown = [
        f"{address.route}: nothing is known to fill in for {part}"
        for address in OF_A_PRACTICE
        for part in address.records
        if model_of(part) is None
    ]
    assert not unknown, "\n".join(unknown)
    assert set(WORDS) <= {address.name for address in ADDRESSES}


def test_both_practices_have_a_record_for_every_part_of_every_address(world: World) -> None:
    missing = [
        f"{address.route}: no {part} was made"
        for house in (world.ours, world.theirs)
        for address in OF_A_PRACTICE
        for part, record in house.ids(address).items()
        if record is None
    ]
    assert not missing, "\n".join(missing)


def ask(browser: Browser, method: str, where: str) -> Any:
    """The answer; whatever it changed is taken back."""
    with undone():
        return getattr(browser, method)(where)


def leaks(answer: HttpResponse, house: House, sent: str) -> list[str]:
    """What the answer says of a practice that it must not speak of."""
    if getattr(answer, "streaming", False):
        said = b"".join(answer.streaming_content).decode(errors="replace")  # type: ignore[attr-defined]
    else:
        said = answer.content.decode(errors="replace")
    said += str(answer.headers)
    found = [house.mark] if house.mark.lower() in said.lower() else []
    return found + [one for one in {*UUID.findall(said)} & house.every_id if one not in sent]


@pytest.mark.parametrize("role", list(Role))
def test_a_member_gets_in_where_the_table_says_so_and_nowhere_else(world: World, role: Role) -> None:
    ours = world.ours
    browser, column = browser_with(ours.members[role]), Column(role.value)
    wrong = []
    for address in OF_A_PRACTICE:
        where = address.at(ours.slug, ours.ids(address, ours.members[role]))
        far = reach(address, role)
        for method in ("get", "head", "post") if role is Role.ADMIN else ("get", "post"):
            answer = ask(browser, method, where)
            status = answer.status_code
            if far is Reach.REFUSED:
                fine = status in (403, 405)
            elif far is Reach.ASKED_WHY:
                fine = status in (403, 405) or (status == 302 and method == "get")
            elif far is Reach.OPENED and address.records:
                fine = status in (403, 404, 405)
            elif method == "post" and not may_send(address, role):
                fine = status in (403, 405)
            else:
                fine = status in ANSWERS or (method == "post" and address.name in NOTHING_WITHOUT_VALUES)
            if not fine:
                wrong.append(f"{address.name} ({address.access}: {far.value}): {method} gave {status}")
            if leaked := leaks(answer, world.theirs, where):
                wrong.append(f"{address.name}: {method} names {leaked} of another practice")
            column.note(address, method, status)
    column.save()
    assert not wrong, "\n".join(wrong)


ALWAYS_BOTH = ("nobody", "former", "their admin")
"""Outsiders who try both ways everywhere; the others take turns, for nothing asks what they are elsewhere."""


def outsiders(world: World) -> dict[str, Member | None]:
    """People who are nobody to our practice."""
    return {
        "nobody": None,
        "former": world.former,
        **{f"their {role.value}": member for role, member in world.theirs.members.items()},
    }


def test_nobody_and_nobody_from_elsewhere_gets_in(world: World) -> None:
    ours, wrong = world.ours, []
    for who, member in outsiders(world).items():
        browser, column = browser_with(member), Column("nobody" if member is None else "elsewhere")
        for number, address in enumerate(OF_A_PRACTICE):
            where = address.at(ours.slug, ours.ids(address))
            for method in ("get", "post") if who in ALWAYS_BOTH else (("get", "post")[number % 2],):
                answer = getattr(browser, method)(where)
                fine = answer.status_code in (404, 405) if member else sent_to_login(answer)
                if not fine or leaks(answer, ours, f"{where} {member and member.user_id}"):
                    wrong.append(f"{address.name}: {method} as {who} gave {answer.status_code}")
                column.note(address, method, answer.status_code)
        column.save()
    assert not wrong, "\n".join(wrong)


def test_pages_outside_a_practice_tell_nothing_of_one(world: World) -> None:
    people: dict[str, Member | None] = {"nobody": None, "their admin": world.theirs.members[Role.ADMIN]}
    wrong = []
    for who, member in people.items():
        browser, column = browser_with(member), Column("nobody" if member is None else "elsewhere")
        for address in OUTSIDE:
            where = address.at("", address.fillers)
            for method in ("get", "head", "post"):
                answer = ask(browser, method, where)
                if answer.status_code >= 500 or leaks(answer, world.ours, where):
                    wrong.append(f"{address.route}: {method} as {who} gave {answer.status_code}")
                if member is None and address.access == "signed in" and not sent_to_login(answer):
                    wrong.append(f"{address.route}: {method} as nobody gave {answer.status_code}")
                column.note(address, method, answer.status_code)
        column.save()
    assert not wrong, "\n".join(wrong)


def test_other_methods_are_answered_nowhere_and_to_nobody(world: World) -> None:
    browsers = [browser_with(None), browser_with(world.ours.members[Role.ADMIN])]
    answered = [
        f"{method} {address.route}"
        for browser in browsers
        for address in ADDRESSES
        for method in NEVER_USED
        if ask(browser, method, _anywhere(world, address)).status_code != 405
    ]
    assert not answered, "\n".join(answered)


def _anywhere(world: World, address: Address) -> str:
    ids = world.ours.ids(address) if address.of_a_practice else address.fillers
    return address.at(world.ours.slug, ids)
