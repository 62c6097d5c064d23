"""People come in by invitation: a link that works once, for seven days, and only when a button is pressed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from attest.core import clock
from attest.core.models import AuditEvent, User
from attest.practice.entry import digest
from attest.practice.models import Invitation, Member
from tests.factories import PASSWORD, Made, browser_of, make_member, make_organization, make_practice
from tests.practice.letters import letters_to, path_to

pytestmark = pytest.mark.django_db
EMAIL = "ines@practice.example"
ROLES = {"name": "Ines Ortega", "email": "Ines@practice.example", "roles": ["biller"]}
OWN = {"name": "Ines Ortega", "password": "four quiet herons waiting"}


@pytest.fixture
def made() -> Made:
    return make_practice()


def url(made: Made, name: str, *ids: object) -> str:
    return reverse(f"practice:{name}", args=[made.slug, *ids])


def invite(made: Made, **more: Any) -> Invitation:
    answer = made.browser("admin").post(url(made, "member_invite"), ROLES | more)
    assert answer.status_code == 303, answer.content.decode()
    return Invitation.objects.latest("invited_at")


def test_an_invited_person_chooses_a_password_and_is_in(made: Made) -> None:
    invite(made)
    browser = Browser()
    page = browser.get(path_to(EMAIL, "member.invited")).content.decode()
    assert "Join Harbor Light Counseling" in page and "Robin Vale invites you" in page
    answer = browser.post(path_to(EMAIL, "member.invited"), OWN)
    assert answer.status_code == 302
    ines = Member.objects.get(user__email=EMAIL)
    assert (ines.roles, ines.active, ines.user.name) == (["biller"], True, "Ines Ortega")
    assert ines.user.check_password(OWN["password"])
    assert browser.session["_auth_user_id"] == str(ines.user_id)
    led = browser.get(url(made, "payers"))
    assert led.status_code == 302 and led.headers["Location"].startswith(reverse("set_up_second_factor"))


def test_opening_the_link_uses_nothing_up_because_mail_servers_open_links_too(made: Made) -> None:
    invitation = invite(made)
    for method in ("get", "head", "options"):
        for _ in range(3):
            getattr(Browser(), method)(path_to(EMAIL, "member.invited"))
    invitation.refresh_from_db()
    assert invitation.open and not User.objects.filter(email=EMAIL).exists()
    assert Browser().post(path_to(EMAIL, "member.invited"), OWN).status_code == 302


def test_a_link_works_once(made: Made) -> None:
    invite(made)
    path = path_to(EMAIL, "member.invited")
    Browser().post(path, OWN)
    for answer in (Browser().get(path), Browser().post(path, OWN)):
        assert answer.status_code == 410 and b"It was accepted" in answer.content
    assert Member.objects.filter(user__email=EMAIL).count() == 1


def test_a_link_works_for_seven_days(made: Made) -> None:
    invitation = invite(made)
    path = path_to(EMAIL, "member.invited")
    with clock.at(invitation.expires_at - timedelta(seconds=1)):
        assert Browser().get(path).status_code == 200
    with clock.at(invitation.expires_at):
        answer = Browser().post(path, OWN)
    assert invitation.expires_at - invitation.invited_at == timedelta(days=7)
    assert answer.status_code == 410 and b"It is too old. Ask Robin Vale" in answer.content
    assert not User.objects.filter(email=EMAIL).exists()


def test_only_a_digest_of_the_link_is_kept(made: Made) -> None:
    invitation = invite(made)
    token = path_to(EMAIL, "member.invited").split("/")[2]
    assert len(token) >= 43 and invitation.digest == digest(token)
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())


def test_sending_again_makes_a_new_link_and_the_old_one_is_dead(made: Made) -> None:
    invitation = invite(made)
    old = path_to(EMAIL, "member.invited")
    later = clock.now() + timedelta(days=9)
    with clock.at(later):
        assert made.browser("admin").post(url(made, "invite_again", invitation.pk)).status_code == 303
        assert Browser().get(old).status_code == 404
        assert Browser().get(path_to(EMAIL, "member.invited")).status_code == 200
    invitation.refresh_from_db()
    assert invitation.expires_at == later + timedelta(days=7)


def test_a_withdrawn_invitation_is_dead_and_the_address_can_be_invited_anew(made: Made) -> None:
    invitation = invite(made)
    path = path_to(EMAIL, "member.invited")
    made.browser("admin").post(url(made, "withdraw", invitation.pk))
    answer = Browser().post(path, OWN)
    assert answer.status_code == 410 and b"has withdrawn it" in answer.content
    again = made.browser("admin").post(url(made, "invite_again", invitation.pk), follow=True)
    assert b"no longer works" in again.content
    assert invite(made).pk != invitation.pk


def test_one_address_is_invited_once_at_a_time_and_members_not_at_all(made: Made) -> None:
    invite(made)
    browser = made.browser("admin")
    twice = browser.post(url(made, "member_invite"), ROLES)
    assert twice.status_code == 422 and b"This address was invited already" in twice.content
    member = browser.post(url(made, "member_invite"), ROLES | {"email": made.clinician.user.email.upper()})
    assert b"already a member of the practice" in member.content
    Member.objects.filter(pk=made.clinician.pk).update(active=False)
    before = browser.post(url(made, "member_invite"), ROLES | {"email": made.clinician.user.email})
    assert b"was a member before" in before.content
    provider = browser.post(
        url(made, "member_invite"), ROLES | {"email": "x@y.example", "roles": ["provider"]}
    )
    assert b"Say which provider this person is" in provider.content


def test_the_database_keeps_one_open_invitation_an_address(made: Made) -> None:
    invitation = invite(made)
    copy = Invitation.objects.get(pk=invitation.pk)
    copy.pk, copy.digest = None, digest("another")
    with pytest.raises(IntegrityError, match="invitation_open_once"), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "short one"}, "at least 12 characters"),
        ({"password": "harborlight2026"}, "mostly your name, your email, the practice"),
        ({"password": "password1234!"}, "known from lists of stolen ones"),
        ({"password": ""}, "Password is needed."),
        ({"name": " "}, "Your name is needed."),
    ],
)
def test_a_password_that_is_guessed_first_is_refused_and_the_link_still_works(
    made: Made, typed: dict[str, str], sentence: str
) -> None:
    invite(made)
    path = path_to(EMAIL, "member.invited")
    answer = Browser().post(path, OWN | typed)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert Browser().post(path, OWN).status_code == 302


def test_who_has_a_login_signs_in_and_accepts_and_keeps_their_password(made: Made) -> None:
    elsewhere = make_member(make_organization(), "provider", email=EMAIL, name="Ines Ortega")
    invite(made)
    path = path_to(EMAIL, "member.invited")
    page = Browser().get(path).content.decode()
    assert (
        "You have a login already" in page
        and f"/accounts/login/?next=%2Finvitation%2F{path.split('/')[2]}" in page
    )
    assert Browser().post(path, OWN).status_code == 200  # nobody gets a second password that way
    assert not Member.objects.filter(organization=made.organization, user=elsewhere.user).exists()
    browser = browser_of(elsewhere)
    assert b"You keep your login" in browser.get(path).content
    assert browser.post(path).status_code == 303
    joined = Member.objects.get(organization=made.organization, user=elsewhere.user)
    assert joined.roles == ["biller"] and joined.user.check_password(PASSWORD)


def test_somebody_else_who_is_signed_in_cannot_take_the_place(made: Made) -> None:
    invite(made)
    path = path_to(EMAIL, "member.invited")
    browser = made.browser("biller")
    assert b"This invitation is for ines@practice.example" in browser.get(path).content
    assert browser.post(path).status_code == 200
    assert Invitation.objects.get().open


def test_an_unknown_link_leads_nowhere(made: Made) -> None:
    assert Browser().get("/invitation/nothing/").status_code == 404


def test_only_admins_invite_and_another_practice_cannot_touch_it(made: Made) -> None:
    invitation, stranger = invite(made), make_practice()
    for role in ("provider", "biller", "auditor", "support"):
        browser = made.browser(role)
        assert browser.post(url(made, "member_invite"), ROLES).status_code == 403
        assert browser.post(url(made, "withdraw", invitation.pk)).status_code == 403
        assert EMAIL not in browser.get(url(made, "members")).content.decode()
    for name in ("withdraw", "invite_again"):
        assert stranger.browser("admin").post(url(stranger, name, invitation.pk)).status_code == 404
    assert Invitation.objects.get().open and len(letters_to(EMAIL)) == 1


def test_every_step_of_an_invitation_is_in_the_audit_trail_without_names(made: Made) -> None:
    invitation = invite(made)
    made.browser("admin").post(url(made, "invite_again", invitation.pk))
    Browser().post(path_to(EMAIL, "member.invited"), OWN)
    with made.inside():
        events = list(AuditEvent.objects.filter(kind__startswith="member.").order_by("at", "id"))
    assert [event.kind for event in events] == ["member.invited", "member.invited_again", "member.joined"]
    assert "Ines" not in str([event.data for event in events])


def test_the_members_page_shows_who_is_invited_and_until_when(made: Made) -> None:
    invitation = invite(made)
    page = made.browser("admin").get(url(made, "members")).content.decode()
    assert "Ines Ortega" in page and "The link works until" in page
    with clock.at(invitation.expires_at):
        page = made.browser("admin").get(url(made, "members")).content.decode()
    assert "The link is too old" in page


def test_a_member_who_may_no_longer_enter_is_out_with_the_next_request(made: Made) -> None:
    clinician = made.browser("provider")
    assert clinician.get(f"/o/{made.slug}/").status_code in (200, 302, 404)
    assert clinician.get(url(made, "settings")).status_code == 200
    typed = {"roles": ["provider"], "provider": str(made.provider.pk)}
    assert made.browser("admin").post(url(made, "member", made.clinician.pk), typed).status_code == 303
    answer = clinician.get(url(made, "settings"))
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
