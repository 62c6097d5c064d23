"""What a member is told stands on their pages until they have read it, and is nobody else's."""

import pytest

from attest.practice.actions import tell
from attest.practice.models import Notice
from tests.factories import Made, browser_of, make_member, make_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def test_a_notice_stands_on_every_page_until_it_is_read(made: Made) -> None:
    with made.inside():
        tell([made.admin, made.admin], kind="test", sentence="Something happened.")
        assert Notice.objects.count() == 1
    browser, base = made.browser("admin"), f"/o/{made.slug}"
    assert b"1 notice to read" in browser.get(f"{base}/settings/").content
    assert b"Something happened." in browser.get(f"{base}/notices/").content
    assert browser.post(f"{base}/notices/read/").status_code == 303
    assert b"notice to read" not in browser.get(f"{base}/settings/").content
    assert b"Something happened." in browser.get(f"{base}/notices/").content


def test_a_notice_is_seen_by_its_member_alone(made: Made) -> None:
    with made.inside():
        (row,) = tell([made.admin], kind="test", sentence="For the admin.", path=f"/o/{made.slug}/settings/")
    other = browser_of(make_member(made.organization, "admin"))
    assert b"For the admin." not in other.get(f"/o/{made.slug}/notices/").content
    assert other.get(f"/o/{made.slug}/notices/{row.pk}/").status_code == 404
    own = made.browser("admin").get(f"/o/{made.slug}/notices/{row.pk}/")
    assert (own.status_code, own["Location"]) == (303, f"/o/{made.slug}/settings/")


def test_a_notice_leads_to_no_other_site(made: Made) -> None:
    with made.inside():
        rows = [
            *tell([made.admin], kind="test", sentence="Away.", path="https://elsewhere.example/"),
            *tell([made.admin], kind="test", sentence="Nowhere."),
        ]
    for row in rows:
        assert made.browser("admin").get(f"/o/{made.slug}/notices/{row.pk}/").status_code == 404


def test_telling_nobody_writes_nothing(made: Made) -> None:
    with made.inside():
        assert tell([], kind="test", sentence="Nobody is there.") == []
        assert not Notice.objects.exists()
