"""Where a person is signed in, how that ends at once, and what all of it leaves in the audit trail."""

import time
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client as Browser

from attest.core.logins.devices import device_name, is_phone
from attest.core.models import AuditEvent
from attest.core.walls import inside
from attest.practice.models import Member
from tests.factories import PASSWORD, Made, browser_of, code_of, make_app, make_member, make_practice
from tests.factories.logins import make_recovery_codes

pytestmark = pytest.mark.django_db
OWN, SECOND = "/accounts/me/", "/accounts/login/second/"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
)


@pytest.fixture
def made() -> Made:
    return make_practice()


@pytest.fixture
def secret(made: Made) -> str:
    return make_app(made.clinician.user)


def signed_in(made: Made, secret: str, device: str = LAPTOP, steps: int = 0) -> Browser:
    """Sign the clinician in on a device, by password and the code of then."""
    browser = Browser(headers={"user-agent": device})
    browser.post("/accounts/login/", {"login": made.clinician.user.email, "password": PASSWORD})
    assert browser.post(SECOND, {"code": code_of(secret, steps)})["Location"] == "/"
    return browser


def events(made: Made, *kinds: str) -> list[tuple[str, Any, dict[str, Any]]]:
    """What the trail of the practice says of logins: kind, who did it, and the rest."""
    with made.inside():
        found = AuditEvent.objects.filter(kind__startswith="login.", subject_type="login").order_by(
            "at", "id"
        )
        assert all(event.subject_id for event in found)
        return [(e.kind, e.user_id, e.data) for e in found if not kinds or e.kind in kinds]


# -- the list ----------------------------------------------------------------------------------------------------


def test_each_login_stands_in_the_list_with_its_device_and_this_one_first(made: Made, secret: str) -> None:
    signed_in(made, secret, PHONE, steps=-1)
    page = signed_in(made, secret, LAPTOP).get(OWN)
    logins = page.context["logins"]
    assert [(login.device, login.phone, login.here) for login in logins] == [
        ("Chrome on Windows", False, True), ("Safari on iPhone", True, False),
    ]  # fmt: skip
    text = page.content.decode()
    assert "This one" in text and text.count("End it<span") == 1


def test_an_ended_login_is_out_with_its_next_request(made: Made, secret: str) -> None:
    phone, laptop = signed_in(made, secret, PHONE, steps=-1), signed_in(made, secret)
    calendar = f"/o/{made.slug}/calendar/"
    assert phone.get(calendar).status_code == 200
    (there,) = [login for login in laptop.get(OWN).context["logins"] if not login.here]
    laptop.post(f"/accounts/me/logins/{there.id}/end/")
    assert phone.get(calendar)["Location"].startswith("/accounts/login/")
    assert laptop.get(calendar).status_code == 200
    assert events(made, "login.ended") == [("login.ended", made.clinician.user_id, {"logins": 1})]


def test_all_others_end_together_and_this_one_stays(made: Made, secret: str) -> None:
    others = [signed_in(made, secret, PHONE, steps=-1), signed_in(made, secret, LAPTOP)]
    here = signed_in(made, secret, steps=1)
    here.post("/accounts/me/logins/end-others/")
    assert [other.get(OWN).status_code for other in others] == [302, 302]
    assert [login.here for login in here.get(OWN).context["logins"]] == [True]
    assert events(made, "login.ended")[0][2] == {"logins": 2}


def test_nobody_ends_the_login_of_another_nor_their_own_by_mistake(made: Made, secret: str) -> None:
    mine = signed_in(made, secret)
    login = UserSession.objects.get()
    browser_of(made.admin).post(f"/accounts/me/logins/{login.pk}/end/")
    mine.post(f"/accounts/me/logins/{login.pk}/end/")
    assert mine.get(OWN).status_code == 200


def test_another_password_ends_every_other_login(made: Made, secret: str) -> None:
    phone, laptop = signed_in(made, secret, PHONE, steps=-1), signed_in(made, secret)
    fresh = "five wet boots in a row"
    answer = laptop.post(
        "/accounts/me/password/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    )
    assert answer["Location"] == OWN
    assert phone.get(OWN).status_code == 302 and laptop.get(OWN).status_code == 200
    assert [kind for kind, *_ in events(made)][-2:] == ["login.password_changed", "login.ended"]
    assert UserSession.objects.count() == 1


def test_when_a_login_was_last_used_is_noted_every_five_minutes_and_costs_nothing_between(made: Made) -> None:
    browser, page = browser_of(made.clinician), f"/o/{made.slug}/settings/"
    browser.get(page)
    assert not UserSession.objects.exists(), "seen just now, says the session"
    session = browser.session
    session["login_seen"] = time.time() - 301
    session.save()
    browser.get(page)
    first = UserSession.objects.get()
    browser.get(page)
    assert UserSession.objects.get().last_seen_at == first.last_seen_at
    session = browser.session
    session["login_seen"] = time.time() - 301
    session.save()
    browser.get(page)
    assert UserSession.objects.get().last_seen_at > first.last_seen_at


@pytest.mark.parametrize(
    ("agent", "name", "phone"),
    [
        (LAPTOP, "Chrome on Windows", False),
        (PHONE, "Safari on iPhone", True),
        (LAPTOP + " Edg/140.0.0.0", "Edge on Windows", False),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux", False),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android", True),
        ("curl/8", "Unknown device", False),
        ("", "Unknown device", False),
    ],
)  # fmt: skip
def test_a_device_is_named_as_a_person_would(agent: str, name: str, phone: bool) -> None:
    assert device_name(agent) == name
    assert is_phone(agent) is phone


# -- the trail -----------------------------------------------------------------------------------------------------


def test_signing_in_and_out_is_written_down_with_what_it_was_proven_by(made: Made, secret: str) -> None:
    browser = signed_in(made, secret)
    browser.post("/accounts/logout/")
    me = made.clinician.user_id
    assert events(made) == [
        ("login.succeeded", me, {"proofs": ["password", "app"]}),
        ("login.ended", me, {"logins": 1}),
    ]


def test_a_failed_login_is_written_down_in_nobodys_name(made: Made, secret: str) -> None:
    browser = Browser()
    browser.post(
        "/accounts/login/", {"login": made.clinician.user.email, "password": "wrong words altogether"}
    )
    browser.post(
        "/accounts/login/", {"login": "nobody@elsewhere.example", "password": "wrong words altogether"}
    )
    browser.post("/accounts/login/", {"login": made.clinician.user.email, "password": PASSWORD})
    browser.post(SECOND, {"code": "000000"})
    assert events(made) == [
        ("login.failed", None, {"proof": "password"}),
        ("login.failed", None, {"proof": "app"}),
    ]


def test_factors_and_codes_that_come_and_go_are_written_down(
    made: Made, django_capture_on_commit_callbacks: Any
) -> None:
    browser = browser_of(made.clinician)
    with django_capture_on_commit_callbacks(execute=True):
        shown = "".join(browser.get("/accounts/me/app/add/").context["secret_groups"])
        browser.post("/accounts/me/app/add/", {"code": code_of(shown)})
        browser.post("/accounts/me/codes/new/")
    kinds = [(kind, data) for kind, _, data in events(made)]
    assert kinds == [
        ("login.factor_added", {"factor": "app"}),
        ("login.factor_added", {"factor": "recovery code"}),
        ("login.codes_renewed", {}),
    ]


def test_a_proof_given_again_is_written_down(made: Made) -> None:
    browser = browser_of(made.clinician)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert events(made) == [("login.proven_again", made.clinician.user_id, {"proof": "password"})]


def test_every_practice_of_the_person_learns_it_and_no_other(made: Made, secret: str) -> None:
    second, foreign = make_practice(), make_practice()
    Member.objects.create(organization=second.organization, user=made.clinician.user, roles=["auditor"])
    left = make_practice()
    Member.objects.create(
        organization=left.organization, user=made.clinician.user, roles=["auditor"], active=False
    )
    signed_in(made, secret)
    assert [len(events(practice)) for practice in (made, second, foreign, left)] == [1, 1, 0, 0]


def test_no_event_holds_an_address_a_code_or_a_place(made: Made, secret: str) -> None:
    browser = signed_in(made, secret)
    code, *_ = make_recovery_codes(made.clinician.user)
    browser.post("/accounts/reauthenticate/code/", {"code": code})
    browser.post("/accounts/logout/")
    with inside(made.organization.pk):
        told = " ".join(str(event.data) for event in AuditEvent.objects.filter(kind__startswith="login."))
    for secret_of in (made.clinician.user.email, code, secret, "127.0.0.1", PASSWORD):
        assert secret_of not in told


# -- proving it again ----------------------------------------------------------------------------------------------


def test_who_has_several_ways_is_offered_the_others(made: Made, secret: str) -> None:
    page = browser_of(made.clinician).get("/accounts/reauthenticate/", {"next": "/accounts/me/"})
    assert [way["id"] for way in page.context["reauthentication_alternatives"]] == ["code"]
    assert "Use a code from your app" in page.content.decode()


def test_a_code_is_a_fresh_proof_and_leads_back(made: Made, secret: str) -> None:
    browser = browser_of(made.clinician)
    back = f"/o/{made.slug}/claims/"
    wrong = browser.post("/accounts/reauthenticate/code/", {"code": "000000", "next": back})
    assert wrong.status_code == 422 and "This code did not fit." in wrong.content.decode()
    right = browser.post("/accounts/reauthenticate/code/", {"code": code_of(secret), "next": back})
    assert right["Location"] == back


def test_no_way_back_leads_to_another_site(made: Made, secret: str) -> None:
    browser = browser_of(make_member(made.organization, "auditor"))
    answer = browser.post(
        "/accounts/reauthenticate/", {"password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"
