"""A lost second step: an admin begins, the person confirms, time passes, everybody can stop it; nobody alone."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from attest.core import clock, work
from attest.core.models import AuditEvent
from attest.practice import actions
from attest.practice.models import Member, Recovery
from tests.factories import PASSWORD, Made, browser_of, make_app, make_member, make_practice
from tests.practice.letters import letters_to, path_to, paths_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    """A practice with a second admin, whose clinician has an authenticator app."""
    made = make_practice()
    make_app(made.clinician.user)
    make_member(made.organization, "admin", name="Sam Ode", email="sam@practice.example")
    return made


def begin(made: Made, member: Member | None = None) -> Recovery:
    address = reverse("practice:recover", args=[made.slug, (member or made.clinician).pk])
    assert made.browser("admin").post(address).status_code == 303
    return Recovery.objects.latest("started_at")


def confirm(made: Made, password: str = PASSWORD) -> int:
    path = path_to(made.clinician.user.email, "recovery.confirm")
    return Browser().post(path, {"password": password}).status_code


def has_second_factor(made: Made) -> bool:
    return bool(Authenticator.objects.filter(user=made.clinician.user).exists())


def test_after_confirming_and_a_day_the_second_step_is_off_and_the_password_stays(made: Made) -> None:
    signed_in = browser_of(made.clinician)
    recovery = begin(made)
    assert confirm(made) == 303
    recovery.refresh_from_db()
    assert recovery.effective_at is not None and recovery.confirmed_at is not None
    assert recovery.effective_at - recovery.confirmed_at == timedelta(hours=24)
    with clock.at(recovery.effective_at - timedelta(seconds=1)):
        assert work.sweep() == 0 and has_second_factor(made)
    with clock.at(recovery.effective_at):
        assert work.sweep() == 1
    assert not has_second_factor(made)
    made.clinician.user.refresh_from_db()
    assert made.clinician.user.check_password(PASSWORD)
    answer = signed_in.get(f"/o/{made.slug}/settings/")
    assert answer.headers["Location"].startswith("/accounts/login/")
    for person in (made.clinician.user, made.admin.user):
        assert letters_to(person.email, "recovery.done")


def test_an_admin_alone_never_takes_over(made: Made) -> None:
    recovery = begin(made)
    with clock.at(clock.now() + timedelta(days=40)):
        work.sweep()
    assert has_second_factor(made)
    to_admins = letters_to(made.admin.user.email)
    opened = [path for letter in to_admins for path in paths_in(letter)]
    assert opened and all(path.startswith("/recovery/stop/") for path in opened)
    # What only the person got does nothing without their password either.
    assert confirm(made, "not the password at all") == 422
    recovery.refresh_from_db()
    assert recovery.confirmed_at is None


@pytest.mark.parametrize("role", ["support", "biller", "provider", "auditor"])
def test_nobody_but_an_admin_can_begin_it(made: Made, role: str) -> None:
    address = reverse("practice:recover", args=[made.slug, made.admin.pk])
    assert made.browser(role).post(address).status_code == 403
    assert not Recovery.objects.exists()


def test_nobody_begins_it_for_themselves_and_the_database_agrees(made: Made) -> None:
    address = reverse("practice:recover", args=[made.slug, made.admin.pk])
    page = made.browser("admin").post(address, follow=True)
    assert b"Another admin has to begin this for you" in page.content
    recovery = begin(made)
    with pytest.raises(IntegrityError, match="recovery_by_another"), transaction.atomic():
        Recovery.objects.filter(pk=recovery.pk).update(started_by=made.clinician.user)


def test_it_is_told_to_the_person_and_every_admin_of_every_practice_they_are_in(made: Made) -> None:
    other = make_practice()
    Member.objects.create(organization=other.organization, user=made.clinician.user, roles=["biller"])
    begin(made)
    told = {made.admin.user.email, "sam@practice.example", other.admin.user.email}
    assert all(letters_to(address, "recovery.started") for address in told)
    confirm(made)
    assert all(letters_to(address, "recovery.waiting") for address in {*told, made.clinician.user.email})


@pytest.mark.parametrize("when", ["begun", "waiting"])
@pytest.mark.parametrize("who", ["person", "admin"])
def test_each_of_them_stops_it_with_one_press_and_without_signing_in(made: Made, when: str, who: str) -> None:
    recovery = begin(made)
    if when == "waiting":
        confirm(made)
    address = made.clinician.user.email if who == "person" else "sam@practice.example"
    (path,) = {path for path in paths_in(letters_to(address)[-1]) if path.startswith("/recovery/stop/")}
    assert b"Stop it" in Browser().get(path).content
    recovery.refresh_from_db()
    assert recovery.stopped_at is None  # mail servers open links too
    stopped = Browser().post(path, follow=True)
    assert b"It was stopped" in stopped.content
    with clock.at(clock.now() + timedelta(days=30)):
        work.sweep()
    assert has_second_factor(made)
    assert confirm(made) == 200  # the page says that it was stopped


def test_an_admin_stops_it_on_the_members_page(made: Made) -> None:
    recovery = begin(made)
    page = made.browser("admin").get(reverse("practice:members", args=[made.slug])).content.decode()
    stop = reverse("practice:stop_recovery", args=[made.slug, recovery.pk])
    assert stop in page
    made.browser("admin").post(stop)
    recovery.refresh_from_db()
    assert recovery.stopped_at is not None


def test_another_practice_cannot_stop_what_does_not_concern_it(made: Made) -> None:
    recovery, stranger = begin(made), make_practice()
    stop = reverse("practice:stop_recovery", args=[stranger.slug, recovery.pk])
    assert stranger.browser("admin").post(stop).status_code == 404


def test_one_at_a_time_and_a_link_too_old_makes_room(made: Made) -> None:
    first = begin(made)
    page = made.browser("admin").post(
        reverse("practice:recover", args=[made.slug, made.clinician.pk]), follow=True
    )
    assert b"begun already for this person" in page.content
    with clock.at(first.expires_at):
        assert (
            b"This link is too old"
            in Browser().get(path_to(made.clinician.user.email, "recovery.confirm")).content
        )
        assert begin(made).pk != first.pk


def test_a_practice_may_wait_longer_and_never_shorter(made: Made) -> None:
    with made.inside():
        actions.set_policy_numbers(
            organization_id=made.organization.pk, numbers={"recovery_hours": 72}, by=made.admin.user_id
        )
        with pytest.raises(actions.Refused, match="outside 24 to 168"):
            actions.set_policy_numbers(
                organization_id=made.organization.pk, numbers={"recovery_hours": 1}, by=made.admin.user_id
            )
    recovery = begin(made)
    confirm(made)
    recovery.refresh_from_db()
    assert recovery.effective_at - recovery.confirmed_at == timedelta(hours=72)  # type: ignore[operator]
    with pytest.raises(IntegrityError, match="recovery_done_after_waiting"), transaction.atomic():
        Recovery.objects.filter(pk=recovery.pk).update(done_at=recovery.confirmed_at)


def test_guessing_the_password_on_the_link_is_stopped(made: Made) -> None:
    begin(made)
    answers = [confirm(made, f"not the password {number}") for number in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_every_step_is_in_the_audit_trail(made: Made) -> None:
    recovery = begin(made)
    confirm(made)
    recovery.refresh_from_db()
    assert recovery.effective_at
    with clock.at(recovery.effective_at):
        work.sweep()
    with made.inside():
        events = AuditEvent.objects.filter(kind__startswith="recovery.").order_by("at", "id")
        assert [(event.kind, event.user_id) for event in events] == [
            ("recovery.started", made.admin.user_id),
            ("recovery.confirmed", made.clinician.user_id),
            ("recovery.done", None),
        ]


def test_on_the_server_it_is_done_at_once_and_told_to_everybody(made: Made) -> None:
    make_app(made.admin.user)
    assert actions.recover_on_the_server(user=made.admin.user) == 1
    assert not Authenticator.objects.filter(user=made.admin.user).exists()
    assert letters_to("sam@practice.example", "recovery.done")
    with made.inside():
        assert AuditEvent.objects.filter(kind="recovery.done_on_server", user_id=None).count() == 1
