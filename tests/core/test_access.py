"""Default deny: every address declares who may open it, and nobody gets further than the table of rights allows."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from attest.clients.models import Client
from attest.core import access
from attest.core.access import RIGHTS, Role, Scope, may, scope_of
from attest.core.models import AuditEvent
from attest.core.reach import own_or_all
from attest.core.walls import inside
from tests.claims.making import held_claim
from tests.factories import make_client, make_practice, make_provider, make_session

CHART = [name for name, right in RIGHTS.items() if right.chart]


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        else:
            assert isinstance(entry, URLPattern)
            yield route, entry.callback


def test_every_right_is_held_by_somebody_and_only_by_roles_of_the_product() -> None:
    for name, right in RIGHTS.items():
        assert right.grants, name
        assert set(right.grants) <= set(Role), name


def test_an_undeclared_view_answers_nobody() -> None:
    gate = access.DenyByDefault(lambda request: HttpResponse())
    with pytest.raises(PermissionDenied):
        gate.process_view(RequestFactory().get("/"), lambda request: HttpResponse(), (), {})


def test_an_unknown_permission_cannot_be_asked_for() -> None:
    with pytest.raises(LookupError):
        access.access("nothing.of.the.kind")
    with pytest.raises(LookupError):
        scope_of(None, "nothing.of.the.kind")


def test_nobody_may_do_anything_without_a_membership() -> None:
    assert not any(may(None, permission) for permission in RIGHTS)


class Member:
    """A member with the given roles, who has opened nothing for support."""

    opening = None

    def __init__(self, *roles: Role) -> None:
        self.role_names = set(roles)


@pytest.mark.parametrize(
    ("roles", "permission", "scope"),
    [
        ((Role.PROVIDER,), "session.view", Scope.SHARED),
        ((Role.PROVIDER,), "session.schedule", Scope.OWN),
        ((Role.PROVIDER,), "calendar.view", Scope.OWN),
        ((Role.PROVIDER, Role.ADMIN), "session.view", Scope.ALL),
        ((Role.BILLER,), "session.view", Scope.ALL),
        ((Role.BILLER,), "note.read", Scope.NONE),
        ((Role.ADMIN,), "note.read", Scope.GRANTED),
        ((Role.BILLER,), "client.assign", Scope.NONE),
        ((Role.SUPPORT,), "note.read", Scope.NONE),
        ((Role.SUPPORT,), "diagnosis.view", Scope.NONE),
        ((Role.AUDITOR,), "note.read", Scope.ALL),
        ((Role.AUDITOR,), "note.write", Scope.NONE),
        ((Role.AUDITOR,), "session.confirm", Scope.NONE),
        ((Role.PROVIDER,), "settings.edit", Scope.NONE),
        ((Role.SUPPORT,), "client.view", Scope.NONE),
    ],
)
def test_each_role_sees_the_least_it_needs(roles: tuple[Role, ...], permission: str, scope: Scope) -> None:
    assert scope_of(Member(*roles), permission) is scope  # type: ignore[arg-type]


def test_an_auditor_changes_nothing() -> None:
    changing = [
        name
        for name in RIGHTS
        if name.split(".")[1] not in ("view", "read", "log")
        and name not in ("demo.clock", "packet.make")  # a packet holds copies of what is there
    ]
    assert changing
    assert not any(may(Member(Role.AUDITOR), name) for name in changing)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_login_and_a_refusal_is_remembered() -> None:
    made = make_practice()
    url = f"/o/{made.organization.slug}/settings/payers/new/"
    from django.test import Client as Browser

    anonymous = Browser()
    assert anonymous.get(url).status_code == 302
    browser = made.browser("provider")
    assert browser.get(url).status_code == 403
    with inside(made.organization.pk):
        assert AuditEvent.objects.filter(kind="access.refused").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["session", "claim", "note", "client"])
def test_the_access_log_of_a_client_names_every_page_about_them_that_was_opened(page: str) -> None:
    made = make_practice()
    claim = held_claim(made)
    session = claim.session
    address, subject = {
        "session": (f"sessions/{session.pk}/", session.pk),
        "claim": (f"claims/{claim.pk}/", claim.pk),
        "note": (f"sessions/{session.pk}/note/", session.pk),
        "client": (f"clients/{made.client.pk}/chart/sessions/", made.client.pk),
    }[page]
    assert made.browser("provider").get(f"/o/{made.slug}/{address}").status_code == 200
    with made.inside():
        event = AuditEvent.objects.get(client_id=made.client.pk, kind__in=CHART)
    assert (event.user_id, event.subject_id) == (made.by, subject)


@pytest.mark.django_db
def test_a_list_names_no_client_and_asking_for_anothers_record_is_remembered() -> None:
    made, stranger = make_practice(), make_practice()
    session = make_session(made.client)
    other = stranger.browser("provider")
    assert other.get(f"/o/{stranger.slug}/clients/").status_code == 200
    assert other.get(f"/o/{stranger.slug}/sessions/{session.pk}/").status_code == 404
    with stranger.inside():
        listed = AuditEvent.objects.get(kind="client.view")
        missed = AuditEvent.objects.get(kind="access.not_found")
    assert (listed.subject_type, listed.subject_id, listed.client_id) == ("client", None, None)
    assert (missed.subject_id, missed.client_id, missed.user_id) == (session.pk, None, stranger.by)


@pytest.mark.django_db
def test_one_sees_all_of_the_practice_or_ones_own_or_nothing() -> None:
    made = make_practice()
    make_practice()
    make_client(made.organization, make_provider(made.organization), legal_last_name="Other")
    with made.inside():
        rows = Client.objects.all()

        def seen(member: Any, scope: Scope) -> int:
            return own_or_all(rows, member, scope, "provider_id").count()

        assert [seen(made.clinician, scope) for scope in (Scope.ALL, Scope.OWN, Scope.NONE)] == [2, 1, 0]
        assert seen(made.admin, Scope.OWN) == 0
