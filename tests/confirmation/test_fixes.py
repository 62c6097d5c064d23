"""Every roadblock's *Fix* link leads to a page that opens."""

import pytest

from attest.clients.models import Coverage
from attest.confirmation.fixes import fix_url
from attest.policy.readiness import FixTarget, Owner, Roadblock, RoadblockCode, Severity
from tests.factories import browser_of, make_practice, make_session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("target", [t for t in FixTarget if t is not FixTarget.NOTHING])
def test_each_place_to_mend_something_is_a_page_that_opens(target: FixTarget) -> None:
    made = make_practice()
    session = make_session(made.client)
    block = Roadblock(RoadblockCode.TOO_LATE, "Sentence.", Owner.PROVIDER, Severity.BLOCKS, target, "What.")
    with made.inside():
        url = fix_url(block, session, made.slug, back=f"/o/{made.slug}/calendar/")
    assert url
    statuses = {browser_of(member).get(url).status_code for member in (made.clinician, made.admin)}
    assert 200 in statuses


def test_without_a_plan_the_link_adds_one_and_with_one_it_mends_it() -> None:
    made = make_practice()
    session = make_session(made.client)
    block = Roadblock(
        RoadblockCode.NO_COVERAGE, "Sentence.", Owner.CLIENT, Severity.BLOCKS, FixTarget.COVERAGE, "What."
    )
    with made.inside():
        plan = Coverage.objects.get()
        assert str(plan.pk) in fix_url(block, session, made.slug)
        plan.delete()
        assert "new" in fix_url(block, session, made.slug)


def test_nothing_to_mend_gives_no_link() -> None:
    made = make_practice()
    block = Roadblock(
        RoadblockCode.TOO_LATE, "Sentence.", Owner.PROVIDER, Severity.BLOCKS, FixTarget.NOTHING, "What."
    )
    with made.inside():
        assert fix_url(block, make_session(made.client), made.slug, back="/x/") == ""
