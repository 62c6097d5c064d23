"""A support agent sees nothing before they say why, little afterwards, and never longer than allowed."""

from datetime import timedelta
from typing import Any

import pytest

from attest.core import clock
from attest.core.models import AuditEvent
from attest.practice.actions import set_policy_numbers
from attest.practice.models import Member, Notice, SupportOpening
from tests.claims.making import held_claim
from tests.factories import Made, browser_of, make_diagnosis, make_member, make_practice, make_session

pytestmark = pytest.mark.django_db
WHY = {"category": "claim", "reason": "A claim shows a wrong payer to them.", "reference": "R-118"}


@pytest.fixture
def made() -> Made:
    return make_practice()


@pytest.fixture
def helper(made: Made) -> Member:
    return make_member(made.organization, "support", name="Sol Pike")


def ask(made: Made, helper: Member, **typed: str) -> Any:
    return browser_of(helper).post(f"/o/{made.slug}/support/", {**WHY, **typed})


def test_no_page_of_the_practice_opens_before_a_reason_is_stated(made: Made, helper: Member) -> None:
    browser, base = browser_of(helper), f"/o/{made.slug}"
    for page in ("/calendar/", "/clients/", f"/clients/{made.client.pk}/", "/claims/"):
        answer = browser.get(base + page)
        assert (answer.status_code, answer["Location"]) == (302, f"{base}/support/"), page
    for page in ("/settings/", "/to-do/", "/settings/access/"):
        assert browser.get(base + page).status_code == 403, page
    assert "rail-link" in browser.get(f"{base}/support/").content.decode()
    with made.inside():
        assert not AuditEvent.objects.filter(user_id=helper.user_id, kind__endswith=".view").exists()


def test_with_a_reason_sessions_claims_and_identity_are_seen_and_no_note_and_no_diagnosis(
    made: Made, helper: Member
) -> None:
    claim = held_claim(made)
    make_diagnosis(made.client, "F43.23")
    assert ask(made, helper).status_code == 303
    browser, base = browser_of(helper), f"/o/{made.slug}"
    pages = {
        page: browser.get(base + page)
        for page in (
            "/calendar/",
            "/clients/",
            f"/clients/{made.client.pk}/",
            f"/clients/{made.client.pk}/chart/sessions/",
            f"/sessions/{claim.session_id}/",
            f"/claims/{claim.pk}/",
        )
    }
    for name, answer in pages.items():
        assert answer.status_code == 200, name
        text = answer.content.decode()
        assert "F41.1" not in text and "F43.23" not in text and "Diagnos" not in text, name
    assert made.client.legal_last_name in pages[f"/clients/{made.client.pk}/"].content.decode()
    for page in (f"/sessions/{claim.session_id}/note/", f"/clients/{made.client.pk}/diagnoses/"):
        assert browser.get(base + page).status_code == 403, page
    assert browser.get(f"{base}/clients/{made.client.pk}/chart/notes/").status_code == 404
    for page in (f"/clients/{made.client.pk}/edit/", f"/sessions/{claim.session_id}/cancel/"):
        assert browser.post(base + page).status_code == 403, page


def test_the_calendar_asks_nothing_of_somebody_who_only_looks(made: Made, helper: Member) -> None:
    make_session(made.client)
    ask(made, helper)
    page = f"/o/{made.slug}/calendar/"
    assert b"need confirming" not in browser_of(helper).get(page).content.replace(b"needs", b"need")
    assert b"need confirming" in made.browser("admin").get(page).content.replace(b"needs", b"need")


def test_everything_seen_bears_the_opening_and_the_admins_are_told(made: Made, helper: Member) -> None:
    ask(made, helper)
    browser = browser_of(helper)
    browser.get(f"/o/{made.slug}/clients/{made.client.pk}/")
    browser.post(f"/o/{made.slug}/clients/", {"q": "rivera"})
    with made.inside():
        opening = SupportOpening.objects.get()
        assert AuditEvent.objects.get(kind="client.searched").data == {"opening": str(opening.pk)}
        event = AuditEvent.objects.get(kind="client.view", user_id=helper.user_id)
        assert (event.data["opening"], event.client_id) == (str(opening.pk), made.client.pk)
        assert AuditEvent.objects.filter(kind="support.opened", subject_id=opening.pk).exists()
        notice = Notice.objects.get(member=made.admin)
        assert notice.sentence == "Sol Pike opened the practice for support: a claim that is stuck."
    assert b"1 notice to read" in made.browser("admin").get(f"/o/{made.slug}/calendar/").content


def test_it_ends_by_itself_after_two_hours_or_the_policys_minutes(made: Made, helper: Member) -> None:
    with made.inside():
        set_policy_numbers(organization_id=made.organization.pk, numbers={"support_minutes": 30}, by=made.by)
    ask(made, helper)
    page, now = f"/o/{made.slug}/claims/", clock.now()
    for minutes, status in ((29, 200), (31, 302)):
        with clock.at(now + timedelta(minutes=minutes)):
            assert browser_of(helper).get(page).status_code == status, minutes


@pytest.mark.parametrize("who", ["support", "admin"])
def test_the_agent_and_the_practice_can_end_it(made: Made, helper: Member, who: str) -> None:
    ask(made, helper)
    with made.inside():
        opening = SupportOpening.objects.get()
    base = f"/o/{made.slug}"
    if who == "admin":
        made.browser("admin").post(f"{base}/settings/access/support/{opening.pk}/end/")
    else:
        browser_of(helper).post(f"{base}/support/{opening.pk}/end/")
    assert browser_of(helper).get(f"{base}/claims/").status_code == 302


def test_a_practice_may_want_to_be_asked_first(made: Made, helper: Member) -> None:
    with made.inside():
        set_policy_numbers(organization_id=made.organization.pk, numbers={"support_approval": 1}, by=made.by)
    ask(made, helper)
    base, browser = f"/o/{made.slug}", browser_of(helper)
    assert browser.get(f"{base}/claims/").status_code == 302
    assert b"Waiting for an admin" in browser.get(f"{base}/support/").content
    # Nobody asks twice while the first request waits.
    assert ask(made, helper).status_code == 422
    with made.inside():
        opening = SupportOpening.objects.get()
    allow = f"{base}/settings/access/support/{opening.pk}/allow/"
    for role in ("provider", "biller", "auditor"):
        assert made.browser(role).post(allow).status_code == 403, role
    assert browser.post(allow).status_code == 403
    made.browser("admin").post(allow)
    assert browser.get(f"{base}/claims/").status_code == 200
    with made.inside():
        opening.refresh_from_db()
        assert opening.allowed_by == made.admin.user_id


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": "help"}, "Say in a sentence why"),
        ({"reason": ""}, "Reason is needed"),
        ({"category": ""}, "needed"),
        ({"category": "curiosity"}, "choose one of the list"),
    ],
)
def test_a_reason_says_something(made: Made, helper: Member, typed: dict[str, str], words: str) -> None:
    answer = ask(made, helper, **typed)
    assert answer.status_code == 422 and words in answer.content.decode()
    with made.inside():
        assert not SupportOpening.objects.exists()


def test_an_opening_counts_for_one_practice_and_one_person(made: Made, helper: Member) -> None:
    other = make_practice()
    make_member(other.organization, "support")
    ask(made, helper)
    assert browser_of(helper).get(f"/o/{other.slug}/claims/").status_code == 404
    second = make_member(made.organization, "support", name="Ash Reed")
    assert browser_of(second).get(f"/o/{made.slug}/claims/").status_code == 302
    with made.inside():
        opening = SupportOpening.objects.get()
    assert browser_of(second).post(f"/o/{made.slug}/support/{opening.pk}/end/").status_code == 404


def test_whoever_is_no_support_agent_states_no_reason(made: Made) -> None:
    for role in ("provider", "admin", "biller", "auditor"):
        assert made.browser(role).get(f"/o/{made.slug}/support/").status_code == 403, role
