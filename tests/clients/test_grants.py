"""Whose chart a member may read: their own, what was opened to them, and never a row more."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attest.calendar.models import Session
from attest.calendar.queries import visible_sessions
from attest.clients.actions import end_grant, grant_chart, open_in_emergency, update_client
from attest.clients.grants import ChartGrant
from attest.clients.models import Client
from attest.clients.queries import visible_clients
from attest.core import clock
from attest.core.access import Role, Scope, scope_of
from attest.core.models import AuditEvent
from attest.core.reach import Granted, own_or_all, way_to
from attest.practice.actions import set_policy_numbers
from attest.practice.models import Member, Notice, Provider
from attest.practice.refusal import Refused
from tests.factories import (
    Made,
    browser_of,
    make_client,
    make_member,
    make_practice,
    make_provider,
    make_session,
)

pytestmark = pytest.mark.django_db
REASON = "Stands in while I am on leave."


@pytest.fixture
def colleague(made: Made) -> Member:
    """Another provider of the practice."""
    provider = make_provider(made.organization, location=made.location, last_name="Haddad")
    return make_member(made.organization, "provider", provider=provider, name="Noor Haddad")


def fresh(member: Member) -> Member:
    """The member as the next request finds them."""
    return Member.objects.select_related("organization", "user").get(pk=member.pk)


def opened(member: Member) -> set[UUID]:
    """The clients whose charts the member may open now."""
    member = fresh(member)
    return {row.pk for row in visible_clients(member, scope_of(member, "client.view"))}


# -- what a grant opens ---------------------------------------------------------------------------------------


def test_a_granted_chart_is_read_and_nothing_of_it_is_changed(made: Made, colleague: Member) -> None:
    session = make_session(made.client)
    browser = browser_of(colleague)
    base = f"/o/{made.slug}"
    readable = [
        f"/clients/{made.client.pk}/",
        f"/clients/{made.client.pk}/chart/sessions/",
        f"/clients/{made.client.pk}/chart/notes/",
        f"/clients/{made.client.pk}/diagnoses/",
        f"/sessions/{session.pk}/",
        f"/sessions/{session.pk}/note/",
    ]
    changing = [
        f"/clients/{made.client.pk}/edit/",
        f"/clients/{made.client.pk}/who-may-see/",
        f"/clients/{made.client.pk}/plans/new/",
        f"/clients/{made.client.pk}/diagnoses/add/",
        f"/sessions/{session.pk}/confirm/",
        f"/sessions/{session.pk}/change/",
        f"/sessions/{session.pk}/cancel/",
        f"/sessions/{session.pk}/note/start/",
    ]
    assert {browser.get(base + page).status_code for page in readable} == {404}
    with made.inside():
        grant = grant_chart(
            member=colleague, client=made.client, reason=REASON, by_member=fresh(made.clinician)
        )
    assert [browser.get(base + page).status_code for page in readable] == [200] * len(readable)
    assert {browser.post(base + page).status_code for page in changing} == {404}
    page = browser.get(base + readable[0]).content.decode()
    assert "You may read the chart, and change nothing." in page
    assert "New session" not in page and "/edit/" not in page
    with made.inside():
        read = AuditEvent.objects.filter(
            user_id=colleague.user_id, client_id=made.client.pk, kind="client.view"
        )
        assert {event.data["grant"] for event in read} == {str(grant.pk)}
        end_grant(grant=grant, by=made.by)
    assert {browser.get(base + page).status_code for page in readable} == {404}


def test_a_grant_counts_from_its_first_day_to_its_end(made: Made, colleague: Member) -> None:
    now = clock.now()
    with made.inside():
        grant_chart(
            member=colleague,
            provider=made.provider,
            reason=REASON,
            starts_at=now + timedelta(days=1),
            ends_at=now + timedelta(days=2),
            by_member=fresh(made.admin),
        )
        seen = []
        for after in (timedelta(0), timedelta(days=1), timedelta(days=2)):
            with clock.at(now + after):
                seen.append(made.client.pk in opened(colleague))
    assert seen == [False, True, False]


@pytest.mark.parametrize(
    ("giver", "taker", "words"),
    [
        pytest.param("clinician", "colleague", "", id="the client's own provider to a colleague"),
        pytest.param("clinician", "admin", "", id="the client's own provider to the admin, notes and all"),
        pytest.param("admin", "colleague", "", id="an admin to a provider"),
        pytest.param("admin", "clinician", "see it already", id="to the provider whose client it is"),
        pytest.param("admin", "admin", "Nobody opens a chart to themselves", id="an admin to themselves"),
        pytest.param("admin", "second admin", "own provider opens notes", id="an admin to another admin"),
        pytest.param("admin", "biller", "active provider or admin", id="to a biller, who never sees a note"),
        pytest.param("colleague", "second admin", "Only an admin", id="somebody whose client it is not"),
    ],
)
def test_who_may_open_a_chart_to_whom(
    made: Made, colleague: Member, giver: str, taker: str, words: str
) -> None:
    people = {
        "clinician": made.clinician,
        "colleague": colleague,
        "admin": made.admin,
        "second admin": make_member(made.organization, "admin", name="Ada Second"),
        "biller": make_member(made.organization, "biller"),
    }
    given_by, to = fresh(people[giver]), fresh(people[taker])
    with made.inside():
        if not words:
            grant_chart(member=to, client=made.client, reason=REASON, by_member=given_by)
            assert Notice.objects.filter(member=to, kind="grant.given").count() == 1
            return
        with pytest.raises(Refused, match=words):
            grant_chart(member=to, client=made.client, reason=REASON, by_member=given_by)
        assert not ChartGrant.objects.exists()


def test_the_admin_reads_notes_of_a_chart_that_was_opened_to_them_and_of_no_other(made: Made) -> None:
    session, other = make_session(made.client), make_session(make_client(made.organization, made.provider))
    browser = made.browser("admin")
    note, others = (f"/o/{made.slug}/sessions/{one.pk}/note/" for one in (session, other))
    tab = f"/o/{made.slug}/clients/{made.client.pk}/chart/notes/"
    assert {browser.get(address).status_code for address in (note, others, tab)} == {404}
    with made.inside():
        grant_chart(
            member=fresh(made.admin), client=made.client, reason=REASON, by_member=fresh(made.clinician)
        )
    assert [browser.get(address).status_code for address in (note, others, tab)] == [200, 404, 200]


def test_a_practice_may_open_its_charts_to_all_its_providers_for_reading(
    made: Made, colleague: Member
) -> None:
    with made.inside():
        assert made.client.pk not in opened(colleague)
        set_policy_numbers(organization_id=made.organization.pk, numbers={"open_charts": 1}, by=made.by)
        assert made.client.pk in opened(colleague)
        member = fresh(colleague)
        assert not visible_clients(member, scope_of(member, "client.edit")).exists()
        # A member without a provider of their own gains nothing by it.
        assert not opened(make_member(made.organization, "support"))


def test_the_new_provider_reads_what_the_former_one_held_and_confirms_none_of_it(
    made: Made, colleague: Member
) -> None:
    session = make_session(made.client)
    with made.inside():
        Client.objects.filter(pk=made.client.pk).update(provider_id=colleague.provider_id)
    taker, former = browser_of(colleague), made.browser("provider")
    page = f"/o/{made.slug}/sessions/{session.pk}/"
    assert (taker.get(page).status_code, taker.get(f"{page}note/").status_code) == (200, 200)
    assert taker.get(f"{page}confirm/").status_code == 404
    # Whoever held it still confirms and signs it, though the client's page is no longer theirs.
    assert (former.get(page).status_code, former.get(f"{page}confirm/").status_code) == (200, 200)
    assert former.get(f"/o/{made.slug}/clients/{made.client.pk}/").status_code == 404


def test_an_admin_who_gives_a_client_another_provider_tells_both(made: Made, colleague: Member) -> None:
    with made.inside():
        provider = colleague.provider
        update_client(client=made.client, provider=provider, by=made.admin.user_id)
        told = dict(Notice.objects.filter(kind="client.reassigned").values_list("member_id", "sentence"))
    assert told == {
        colleague.pk: "A client became yours.",
        made.clinician.pk: "A client of yours became somebody else’s.",
    }


def test_a_biller_mends_a_client_and_does_not_say_whose_they_are(made: Made) -> None:
    page = f"/o/{made.slug}/clients/{made.client.pk}/edit/"
    assert 'name="provider"' not in made.browser("biller").get(page).content.decode()
    assert 'name="provider"' in made.browser("admin").get(page).content.decode()


def test_confirming_asks_for_no_grants(made: Made, django_assert_num_queries: Any) -> None:
    session = make_session(made.client)
    member = fresh(made.clinician)
    with django_assert_num_queries(0):
        for scope in (Scope.OWN, Scope.SHARED):
            assert way_to(
                member,
                scope,
                holder_id=session.provider_id,
                client_id=session.client_id,
                client_of=made.provider.pk,
            )


# -- never a row more -------------------------------------------------------------------------------------------

SCOPES = st.sampled_from([Scope.NONE, Scope.GRANTED, Scope.OWN, Scope.SHARED, Scope.ALL])


class Looker:
    """A member with grants made up for the occasion."""

    def __init__(self, organization_id: UUID, provider_id: UUID | None, granted: Granted) -> None:
        self.organization_id, self.provider_id, self._granted = organization_id, provider_id, granted


@pytest.fixture
def many(made: Made) -> tuple[Made, list[Provider], list[Client], list[Session]]:
    """Three providers with two clients each, and each client seen by two of them; and another practice."""
    providers = [made.provider, make_provider(made.organization), make_provider(made.organization)]
    clients = [made.client] + [
        make_client(made.organization, provider) for provider in (*providers[1:], *providers)
    ]
    sessions = [
        make_session(client, provider=providers[(at + shift) % 3])
        for at, client in enumerate(clients)
        for shift in (0, 1)
    ]
    make_session(make_practice().client)
    return made, providers, clients, sessions


def test_no_scope_shows_a_row_outside_own_and_granted(
    many: tuple[Made, list[Provider], list[Client], list[Session]],
) -> None:
    made, providers, clients, sessions = many
    grant = UUID(int=7)
    whose = {client.pk: client.provider_id for client in clients}

    @settings(max_examples=40)
    @given(
        scope=SCOPES,
        me=st.sampled_from([None, *(provider.pk for provider in providers)]),
        charts=st.sets(st.sampled_from([client.pk for client in clients])),
        colleagues=st.sets(st.sampled_from([provider.pk for provider in providers])),
        everybody=st.booleans(),
    )
    def holds(
        scope: Scope, me: UUID | None, charts: set[UUID], colleagues: set[UUID], everybody: bool
    ) -> None:
        granted = Granted(dict.fromkeys(charts, grant), dict.fromkeys(colleagues, grant), everybody)
        member = Looker(made.organization.pk, me, granted)

        def expected(holder: UUID | None, client_id: UUID) -> bool:
            own = me is not None and holder == me
            theirs = me is not None and whose[client_id] == me
            lent = everybody or client_id in charts or whose[client_id] in colleagues
            return {
                Scope.NONE: False,
                Scope.GRANTED: lent,
                Scope.OWN: own,
                Scope.SHARED: own or theirs or lent,
                Scope.ALL: True,
            }[scope]

        with made.inside():
            seen = {row.pk for row in visible_sessions(member, scope)}
            assert seen == {s.pk for s in sessions if expected(s.provider_id, s.client_id)}
            seen = {row.pk for row in visible_clients(member, scope)}
            assert seen == {c.pk for c in clients if expected(c.provider_id, c.pk)}
        for session in sessions:
            way = way_to(
                member,  # type: ignore[arg-type]
                scope,
                holder_id=session.provider_id,
                client_id=session.client_id,
                client_of=whose[session.client_id],
            )
            assert (way is not None) == expected(session.provider_id, session.client_id)

    holds()


def test_a_grant_of_another_practice_opens_nothing(made: Made, colleague: Member) -> None:
    other = make_practice()
    with made.inside():
        grant_chart(member=colleague, provider=made.provider, reason=REASON, by_member=fresh(made.admin))
        assert own_or_all(Client.objects.all(), fresh(colleague), Scope.SHARED, "provider_id").count() == 1
    browser = browser_of(colleague)
    assert browser.get(f"/o/{other.slug}/clients/{other.client.pk}/").status_code == 404
    assert browser.get(f"/o/{made.slug}/clients/{other.client.pk}/").status_code == 404


# -- emergencies --------------------------------------------------------------------------------------------


def emergency(made: Made, **typed: str) -> tuple[str, dict[str, str]]:
    """The search page's address and what is typed there: the client exactly, and why."""
    values = {
        "first_name": made.client.legal_first_name,
        "last_name": made.client.legal_last_name,
        "birth_date": made.client.birth_date.isoformat(),
        "reason": "They called in a crisis and their therapist is away.",
    }
    return f"/o/{made.slug}/emergency/", values | typed


def test_a_chart_opens_in_an_emergency_for_an_hour_and_everybody_concerned_is_told(
    made: Made, colleague: Member
) -> None:
    browser, (page, typed) = browser_of(colleague), emergency(made)
    chart = f"/o/{made.slug}/clients/{made.client.pk}/"
    assert browser.get(chart).status_code == 404
    answer = browser.post(page, typed)
    assert (answer.status_code, answer["Location"]) == (303, chart)
    assert "You opened this chart in an emergency" in browser.get(chart).content.decode()
    with made.inside():
        grant = ChartGrant.objects.get()
        assert grant.ends_at == grant.starts_at + timedelta(hours=1)
        assert {n.member_id for n in Notice.objects.filter(kind="emergency.opened")} == {
            made.admin.pk,
            made.clinician.pk,
        }
        assert not any(made.client.legal_last_name in n.sentence for n in Notice.objects.all())
        event = AuditEvent.objects.get(kind="client.view", user_id=colleague.user_id)
        assert event.data["grant"] == str(grant.pk)
        over: datetime = grant.ends_at
        with clock.at(over):
            assert made.client.pk not in opened(colleague)
    # Reading, and not more.
    assert browser.post(f"{chart}edit/").status_code == 404
    assert browser.post(f"/o/{made.slug}/emergency/{grant.pk}/end/").status_code == 303
    assert browser.get(chart).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"last_name": "Nobodyhere"}, "Nobody in this practice has exactly"),
        ({"birth_date": "1931-02-03"}, "Nobody in this practice has exactly"),
        ({"first_name": "R"}, "Nobody in this practice has exactly"),
        ({"reason": "urgent"}, "Say in a sentence why"),
        ({"reason": ""}, "Reason is needed"),
        ({"birth_date": "soon"}, "write a date"),
    ],
)
def test_without_the_exact_name_birth_date_and_a_reason_nothing_opens(
    made: Made, colleague: Member, typed: dict[str, str], words: str
) -> None:
    page, values = emergency(made, **typed)
    answer = browser_of(colleague).post(page, values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with made.inside():
        assert not ChartGrant.objects.exists()


def test_names_cannot_be_tried_one_after_the_other(made: Made, colleague: Member) -> None:
    browser = browser_of(colleague)
    for _ in range(5):
        page, values = emergency(made, last_name="Guess")
        browser.post(page, values)
    answer = browser.post(*emergency(made))
    assert answer.status_code == 422
    assert "You have tried several names" in answer.content.decode()
    with made.inside():
        assert not ChartGrant.objects.exists()
        assert AuditEvent.objects.filter(kind="emergency.not_found", user_id=colleague.user_id).count() == 5


def test_the_preferred_name_is_a_name_and_ones_own_client_needs_no_emergency(
    made: Made, colleague: Member
) -> None:
    with made.inside():
        Client.objects.filter(pk=made.client.pk).update(preferred_name="Zaz")
    assert browser_of(colleague).post(*emergency(made, first_name="zaz")).status_code == 303
    answer = made.browser("provider").post(*emergency(made))
    assert answer.status_code == 422 and "open to you already" in answer.content.decode()


def test_the_admins_see_review_and_end_what_was_opened(made: Made, colleague: Member) -> None:
    with made.inside():
        grant = open_in_emergency(
            client=made.client, reason="They called in a crisis.", by_member=fresh(colleague)
        )
    admin, page = made.browser("admin"), f"/o/{made.slug}/settings/access/"
    assert "They called in a crisis." in admin.get(page).content.decode()
    assert made.browser("auditor").get(page).status_code == 200
    for role in ("provider", "biller", "support"):
        assert made.browser(role).get(page).status_code == 403, role
    assert admin.post(f"{page}{grant.pk}/end/").status_code == 303
    assert admin.post(f"{page}{grant.pk}/review/").status_code == 303
    assert made.browser("auditor").post(f"{page}{grant.pk}/review/").status_code == 403
    with made.inside():
        grant.refresh_from_db()
        assert (grant.ended_by, grant.reviewed_by) == (made.admin.user_id, made.admin.user_id)
        kinds = set(AuditEvent.objects.filter(subject_id=grant.pk).values_list("kind", flat=True))
        assert {"emergency.opened", "emergency.ended", "emergency.reviewed"} <= kinds


def test_an_admin_does_not_review_their_own_emergency_while_there_is_another(made: Made) -> None:
    page, values = emergency(made)
    browser = made.browser("admin")
    assert browser.post(page, values).status_code == 303
    with made.inside():
        grant = ChartGrant.objects.get()
    second = browser_of(make_member(made.organization, "admin", name="Ada Second"))
    address = f"/o/{made.slug}/settings/access/{grant.pk}/review/"
    browser.post(address)
    with made.inside():
        grant.refresh_from_db()
        assert grant.to_review
    second.post(address)
    with made.inside():
        grant.refresh_from_db()
        assert not grant.to_review


def test_roles_reach_what_the_table_says(made: Made) -> None:
    for role, scope in {
        Role.PROVIDER: Scope.SHARED,
        Role.ADMIN: Scope.GRANTED,
        Role.BILLER: Scope.NONE,
        Role.AUDITOR: Scope.ALL,
        Role.SUPPORT: Scope.NONE,
        Role.CLIENT: Scope.NONE,
    }.items():
        with made.inside():
            assert scope_of(make_member(made.organization, role.value), "note.read") is scope, role
