"""Forms as a browser would send them, with one value exchanged for another practice's: nothing crosses over."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import Resolver404, resolve

from attest.core.access import Role
from attest.core.walls import inside
from tests.access.addresses import all_addresses, model_of
from tests.access.conftest import World
from tests.access.forms import UUID, Form, forms_of
from tests.access.practices import MAY_GROW, House, browser_with, hash_of, tables_of_a_practice, undone
from tests.access.test_every_address import leaks
from tests.access.test_foreign_records import changed
from tests.factories import PASSWORD, an_npi

TYPED = {
    "birth_date": "05/17/1990", "effective_from": "01/02/2020", "subscriber_birth_date": "", "last4": "4242",
    "npi": an_npi(), "taxonomy": "1041C0700X", "state": "NY", "zip_code": "12401", "password": PASSWORD,
    "email": "somebody.new@practice.example", "member_id": "M123", "credentials": "LCSW", "number": "7",
    "valid_from": "01/02/2020", "charge_cents": "120.00", "name": "Sam Field", "code": "99215", "minutes": "50",
    "legal_first_name": "Sam", "legal_last_name": "Field", "first_name": "Sam", "last_name": "Field",
    "line1": "1 Main Street", "city": "Kingston", "reason": "Asked for by phone.", "title": "A form", "body": "Words.",
}  # fmt: skip
"""What is typed into empty fields, so that a form would be taken but for the one value."""
KEPT_AS_TYPED = {"confirmation_detailsdraft"}
"""Tables that keep what was typed word for word until it is checked at the end; it names nothing."""


def kinds_of_ids(house: House) -> dict[str, str]:
    """The table of every row of the practice by its id."""
    with house.made.inside():
        return {
            str(pk): model._meta.db_table
            for model in tables_of_a_practice()
            for pk in model._default_manager.filter(organization_id=house.made.organization.pk).values_list(
                "pk", flat=True
            )
        }


def written(house: House) -> set[str]:
    """Every id that stands anywhere in the practice's rows."""
    tables = [
        model._meta.db_table
        for model in tables_of_a_practice()
        if model not in MAY_GROW and model._meta.db_table not in KEPT_AS_TYPED
    ]
    query = " UNION ALL ".join(
        f"SELECT string_agg(t::text, ' ') FROM \"{table}\" AS t WHERE organization_id = %s"
        for table in tables
    )
    with inside(house.made.organization.pk), connection.cursor() as cursor:
        cursor.execute(query, [house.made.organization.pk] * len(tables))
        return {one for (text,) in cursor.fetchall() for one in UUID.findall(text or "")}


def exchanged(
    form: Form, world: World, ours: dict[str, str], theirs: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """What the form would send, each time with one id, or one e-mail address, of the other practice in it."""
    filled = {name: found if any(found) else [TYPED.get(name, "")] for name, found in form.values.items()}
    for name in sorted({*form.values, *form.offered}):
        kind = next((ours[one] for one in form.offered.get(name, []) if one in ours), None)
        foreign = next((pk for pk, table in theirs.items() if table == kind), None)
        if foreign is None and model_of(f"{name}_id") is not None:
            foreign = str(world.theirs.record(f"{name}_id"))
        if form.kinds.get(name) == "email":
            foreign = world.theirs.members[Role.BILLER].user.email
        if foreign is not None:
            yield {**filled, name: [foreign]}


def forms_for(browser: Browser, house: House) -> Iterator[Form]:
    """One form of each sort, from every page that opens."""
    seen = set()
    for address in all_addresses():
        if not address.of_a_practice:
            continue
        where = address.at(house.slug, house.ids(address))
        answer: Any = browser.get(where)
        if answer.status_code != 200 or getattr(answer, "streaming", False):
            continue
        for form in forms_of(answer.content.decode(errors="replace"), where):
            try:
                name = resolve(form.action.partition("?")[0]).view_name
            except Resolver404:
                name = form.action
            sort = (name, tuple(sorted({*form.values, *form.offered})))
            if sort not in seen and not name.startswith("account_"):
                seen.add(sort)
                yield form


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PROVIDER, Role.BILLER])
def test_a_form_takes_nothing_of_another_practice(world: World, role: Role) -> None:
    house = world.ours
    browser = browser_with(house.members[role])
    ours, theirs = kinds_of_ids(house), kinds_of_ids(world.theirs)
    before, wrong, tried, taken = hash_of(world.theirs), [], 0, 0
    shared = written(house) & world.theirs.every_id
    for form in list(forms_for(browser, house)):
        for values in exchanged(form, world, ours, theirs):
            sent = f"{form.action} {values}"
            with undone():
                answer: Any = browser.post(form.action, values)
                tried += 1
                if answer.status_code >= 500:
                    wrong.append(f"{sent}: {answer.status_code}")
                shown = [answer]
                if answer.status_code in (302, 303):
                    shown.append(browser.get(answer["Location"]))
                wrong += [
                    f"{sent} tells {found}" for page in shown for found in leaks(page, world.theirs, sent)
                ]
                taken += answer.status_code in (302, 303)
                if crossed := written(house) & world.theirs.every_id - shared:
                    wrong.append(f"{sent} wrote {crossed}")
                if (after := hash_of(world.theirs)) != before:
                    wrong.append(f"{sent} changed {changed((before,), (after,))}")
    assert not wrong, "\n".join(wrong)
    assert tried > 4 and taken < tried
