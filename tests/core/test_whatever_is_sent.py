"""Whatever is sent to any address, the answer is a page or a plain sentence and never a fault of ours."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attest.calendar.models import Session
from attest.claims.models import Claim
from attest.clients.models import Client, Coverage, PaymentMethod
from attest.notes.models import Note
from attest.practice.models import Contract, Licence, Location, Member, Payer, Provider, ServiceCode
from tests.confirmation.hands import type_details, write
from tests.core.test_access import addresses
from tests.factories import (
    Made,
    browser_of,
    make_member,
    make_practice,
    make_provider,
    make_session,
)

pytestmark = pytest.mark.django_db

LONG = "x" * 100_000
JUNK = {
    "nothing": "",
    "NUL": "a\0b",
    "long": LONG,
    "digits beyond counting": "9" * 5000,
    "other digits": "٣٤",
    "first day": "01/01/0001",
    "last day": "12/31/9999",
    "unknown id": str(uuid4()),
    "markup": "<script>alert(1)</script>{{ 7|add:7 }}",
}
OF_CONFIRM = [
    "key", "revision", "followed", "seen_note", "seen_consequences", "date", "stop_next_day", "affirmed", "date_reason",
    "excluded_minutes", "modality", "location", "client_state", "client_at_home", "client_present", "code", "addon",
    "factor", "diagnosis", "therapy_minutes", "note_choice", "none_kind", "elsewhere_author", "elsewhere_signed_on",
    "start_1", "stop_1", "start_which_1", "stop_which_1", "start_2", "stop_2",
]  # fmt: skip
OF_NOTES = [
    "note_id", "note_template", "note_revision", "seen_header", "note_late_reason", "template", "kind", "reason",
    "text", "note-attendees", "note-focus", "note-risk", "note-plan", "note-progress", "revision", "next",
]  # fmt: skip
OTHERS = [
    "q",
    "client",
    "provider",
    "start",
    "end",
    "minutes",
    "meant",
    "double",
    "name",
    "reason",
    "payer",
    "file",
    "to",
]


@pytest.fixture
def made() -> Made:
    return make_practice()


@pytest.fixture
def everybody(made: Made) -> Member:
    """One member who may do nearly everything: the clinician, as an admin too."""
    with made.inside():
        Member.objects.filter(pk=made.clinician.pk).update(roles=["provider", "admin"])
    made.clinician.refresh_from_db()
    return made.clinician


def ids_of(made: Made) -> dict[str, Any]:
    """Something of the practice for every kind of id in an address."""
    session = make_session(made.client)
    with made.inside():
        return {
            "practice": made.slug,
            "session_id": session.pk,
            "client_id": made.client.pk,
            "coverage_id": Coverage.objects.filter(client=made.client).get().pk,
            "method_id": PaymentMethod.objects.filter(client=made.client).get().pk,
            "provider_id": made.provider.pk,
            "location_id": made.location.pk,
            "payer_id": made.payer.pk,
            "service_id": ServiceCode.objects.first().pk,  # type: ignore[union-attr]
            "member_id": made.admin.pk,
            "licence_id": Licence.objects.first().pk,  # type: ignore[union-attr]
            "contract_id": Contract.objects.first().pk,  # type: ignore[union-attr]
            "claim_id": uuid4(),
            "diagnosis_id": uuid4(),
            "payer": "self-pay",
            "code": "too_late",
            "tab": "notes",
            "key": "consent",
        }


def filled(route: str, ids: dict[str, Any]) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids.get(found[1]) or uuid4()), route)


def of_the_practice() -> list[str]:
    return sorted({route for route, _ in addresses(get_resolver()) if route.startswith("o/")})


def names_on(page: Any) -> set[str]:
    return set(re.findall(r'name="([\w-]+)"', page.content.decode(errors="replace")))


def faults_of(browser: Browser, address: str, fields: dict[str, Any], **headers: str) -> list[str]:
    """What is wrong with the answer: a fault of ours, or no sentence where it refuses."""
    response = browser.post(address, fields, **headers)  # type: ignore[arg-type]
    said = response.content.decode(errors="replace")
    if response.status_code >= 500:
        return [f"{address}: {response.status_code}"]
    if response.status_code in (400, 403, 404, 409, 422) and not re.search(r"[A-Z][\w ,’']+[.:]", said):
        return [f"{address}: {response.status_code} without a sentence"]
    return []


def test_junk_in_every_field_of_every_address(made: Made, everybody: Member) -> None:
    browser = browser_of(everybody)
    browser.raise_request_exception = False
    ids = ids_of(made)
    with made.inside():
        write(made, Session.objects.get(pk=ids["session_id"]))
    faults = []
    for route in of_the_practice():
        address = filled(route, ids)
        page = browser.get(address)
        if browser.post(address, {}).status_code == 405:
            continue
        names = {*OF_CONFIRM, *OF_NOTES, *OTHERS, *names_on(page)} - {"csrfmiddlewaretoken"}
        for junk in JUNK.values():
            faults += faults_of(browser, address, dict.fromkeys(names, junk))
        faults += faults_of(
            browser, address, {name: [LONG, "\0", ""] for name in sorted(names)[:40]}, HTTP_X_AUTOSAVE="1"
        )
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"\xff\xfe%%%00=%00&&=&a"),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(3000))),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="date"\r\n\r\nhalf',
        ),
        ("multipart/form-data", b"no boundary"),
        ("application/json", b'{"date": 1'),
        ("text/plain; charset=utf-99", b"date=1"),
    ],
    ids=["bytes", "too many fields", "half a part", "no boundary", "JSON", "no such charset"],
)
@pytest.mark.parametrize(
    "name", ["confirm/", "confirm/save/", "note/save/", "note/sign/", "move/", "change/"]
)
def test_a_body_that_is_no_form(
    made: Made, everybody: Member, name: str, content_type: str, body: bytes
) -> None:
    session = make_session(made.client)
    browser = browser_of(everybody)
    address = f"/o/{made.slug}/sessions/{session.pk}/{name}"
    response = browser.generic("POST", address, body, content_type=content_type)
    assert response.status_code < 500


def test_junk_in_the_question_of_every_address(made: Made, everybody: Member) -> None:
    browser = browser_of(everybody)
    browser.raise_request_exception = False
    ids = ids_of(made)
    names = (
        "q",
        "date",
        "view",
        "start",
        "end",
        "page",
        "show",
        "next",
        "side",
        "client",
        "provider",
        "pressed",
    )
    faults = [
        f"{route} asked for {kind}"
        for route in of_the_practice()
        for kind in ("NUL", "last day", "digits beyond counting", "unknown id")
        if browser.get(filled(route, ids), dict.fromkeys(names, JUNK[kind])).status_code >= 500
    ]
    assert not faults, "\n".join(faults)


def test_an_address_that_cannot_be_is_not_found(made: Made, everybody: Member) -> None:
    browser = browser_of(everybody)
    for address in (
        "/%00",
        f"/o/{made.slug}%00/calendar/",
        f"/o/{made.slug}/settings/providers/{made.provider.pk}/fees/%00/",
    ):
        assert browser.get(address).status_code == 404


def ids_of_another_practice(made: Made) -> Iterator[UUID]:
    other = make_practice()
    session = make_session(other.client)
    with other.inside():
        yield session.pk
        yield write(other, session).pk
        for model in (
            Client,
            Coverage,
            PaymentMethod,
            Provider,
            Location,
            Payer,
            ServiceCode,
            Licence,
            Contract,
        ):
            yield from model.objects.filter(organization=other.organization).values_list("pk", flat=True)[:1]
    yield other.admin.pk
    yield uuid4()


@pytest.fixture
def clinician(made: Made) -> Browser:
    return browser_of(made.clinician)


@pytest.fixture
def ready(made: Made) -> Session:
    """A session with a complete draft, one tick away from being confirmed."""
    session = make_session(made.client)
    with made.inside():
        write(made, session)
        type_details(session)
    return session


def test_places_and_notes_of_another_practice_are_not_taken_from_a_form(made: Made, ready: Session) -> None:
    browser = browser_of(made.clinician)
    address = f"/o/{made.slug}/sessions/{ready.pk}/confirm/"
    for foreign in ids_of_another_practice(made):
        fields = {"location": str(foreign), "note_id": str(foreign), "revision": "1", "affirmed": "on"}
        assert not faults_of(browser, address, fields)
    with made.inside():
        ready.refresh_from_db()
    assert ready.chip == "scheduled"


PIECES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(
        [*JUNK.values(), "on", "yes", "in_person", "video", "90837", "F411", "2:53 PM", "none", "elsewhere"]
    ),
    st.dates().map(lambda day: f"{day:%m/%d/%Y}"),
    st.times().map(lambda at: f"{at:%I:%M %p}"),
    st.integers().map(str),
)


@given(fields=st.dictionaries(st.sampled_from(OF_CONFIRM), st.lists(PIECES, max_size=3), max_size=12))
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_confirm_form_takes_anything_and_confirms_nothing_by_chance(
    made: Made, ready: Session, clinician: Browser, fields: dict[str, list[str]]
) -> None:
    address = f"/o/{made.slug}/sessions/{ready.pk}/confirm/"
    assert not faults_of(clinician, f"{address}save/", fields, HTTP_X_AUTOSAVE="1")
    assert not faults_of(clinician, address, fields)
    assert clinician.get(f"{address}preview/", HTTP_HX_REQUEST="true").status_code == 200
    with made.inside():
        ready.refresh_from_db()
        assert ready.chip == "scheduled"
        assert Note.objects.get(session=ready).state == "draft" and not Claim.objects.exists()


def test_nobody_signed_in_is_led_to_the_login_and_told_so_while_typing(made: Made, ready: Session) -> None:
    address = f"/o/{made.slug}/sessions/{ready.pk}/confirm/"
    assert Browser().post(address, {"affirmed": "on"}).headers["Location"].startswith("/accounts/login/")
    assert Browser().post(f"{address}save/", {}, HTTP_X_AUTOSAVE="1").status_code == 401


def test_another_provider_of_the_practice_finds_no_session_to_confirm(made: Made, ready: Session) -> None:
    other = make_provider(made.organization)
    browser = browser_of(make_member(made.organization, "provider", provider=other))
    for name in ("", "save/"):
        address = f"/o/{made.slug}/sessions/{ready.pk}/confirm/{name}"
        assert browser.post(address, {"affirmed": "on"}).status_code == 404
