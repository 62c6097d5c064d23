"""Every roadblock's *Fix* link leads to a page that opens for the one who is shown it."""

from collections.abc import Callable

import pytest

from attest.clients.models import Coverage
from attest.confirmation.fixes import fix_url, place_on_page, with_fixes
from attest.policy.readiness import FixTarget, Owner, Roadblock, RoadblockCode, Severity
from attest.practice.models import Member
from tests.factories import Made, browser_of, make_member, make_practice, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def block(target: FixTarget, code: RoadblockCode = RoadblockCode.TOO_LATE) -> Roadblock:
    return Roadblock(code, "Sentence.", Owner.PROVIDER, Severity.BLOCKS, target, "What.")


MEMBERS: dict[str, Callable[[Made], Member]] = {
    "provider": lambda made: made.clinician,
    "admin": lambda made: made.admin,
    "biller": lambda made: make_member(made.organization, "biller"),
    "auditor": lambda made: make_member(made.organization, "auditor"),
}


@pytest.mark.parametrize("role", MEMBERS)
@pytest.mark.parametrize("target", [t for t in FixTarget if t is not FixTarget.NOTHING])
def test_a_link_opens_for_whom_it_is_shown_and_nobody_is_left_without_a_way(
    made: Made, target: FixTarget, role: str
) -> None:
    session = make_session(made.client)
    member = MEMBERS[role](made)
    with made.inside():
        (one,) = with_fixes([block(target)], session, made.slug, member, f"/o/{made.slug}/calendar/")
    if one.fix_url:
        assert browser_of(member).get(one.fix_url).status_code == 200
    else:
        assert one.who in ("Provider", "Robin Vale (practice admin)")


def test_each_place_to_mend_something_has_somebody_who_is_led_there(made: Made) -> None:
    session = make_session(made.client)
    for target in FixTarget:
        with made.inside():
            links = [
                with_fixes([block(target)], session, made.slug, member)[0].fix_url
                for member in (made.clinician, made.admin)
            ]
        assert any(links) is (target is not FixTarget.NOTHING), target


def test_without_a_plan_the_link_adds_one_and_with_one_it_mends_it(made: Made) -> None:
    session = make_session(made.client)
    missing = block(FixTarget.COVERAGE, RoadblockCode.NO_COVERAGE)
    with made.inside():
        plan = Coverage.objects.get()
        assert str(plan.pk) in fix_url(missing, session, made.slug)
        plan.delete()
        assert "new" in fix_url(missing, session, made.slug)


def test_what_is_mended_on_the_page_itself_is_named_by_its_very_field() -> None:
    affirm = block(FixTarget.SESSION_TIMES, RoadblockCode.TIMES_NOT_AFFIRMED)
    empty = block(FixTarget.NOTE, RoadblockCode.NOTE_INCOMPLETE)
    assert place_on_page(affirm) == "id_affirmed"
    assert (place_on_page(empty), place_on_page(empty, "note-plan")) == ("note", "note-plan")
    assert place_on_page(block(FixTarget.COVERAGE)) == ""
