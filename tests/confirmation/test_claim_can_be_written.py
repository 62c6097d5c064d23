"""A session is not confirmed when its claim could not be written: said before, and on the press, with who mends it."""

from typing import Any

import pytest

from attest.calendar.models import Session
from attest.claims.models import Claim
from attest.clients.models import Client, Coverage
from attest.confirmation import actions
from attest.confirmation.models import Confirmation
from attest.confirmation.page import page
from attest.core import clock
from attest.policy.readiness import FixTarget, Owner, Roadblock, RoadblockCode
from attest.practice.models import Fee, Location, Organization, Payer, Provider
from tests.confirmation.hands import press, seen_now, type_details, write
from tests.factories import Made, make_practice, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


@pytest.fixture
def session(made: Made) -> Session:
    return make_session(made.client)


def told(made: Made, session: Session) -> list[Roadblock]:
    """What the page says keeps the claim from being written; the press must say the very same and do nothing."""
    with made.inside():
        write(made, session)
        type_details(session)
        fresh = Session.objects.select_related("client", "provider", "location").get(pk=session.pk)
        values, seen = seen_now(fresh)
        shown = page(fresh, values, seen.revision, now=clock.now())
        with pytest.raises(actions.Blocked) as blocked:
            press(made, session)
        assert blocked.value.roadblocks == shown.blocking
        assert not Confirmation.objects.exists() and not Claim.objects.exists()
    return [r for r in shown.blocking if r.code is RoadblockCode.CLAIM_NOT_WRITABLE]


@pytest.mark.parametrize(
    ("model", "change", "sentence", "owner", "fix"),
    [
        (
            Organization,
            {"line1": "PO Box 12"},
            "The practice's address: A PO box is not allowed here. Give the street address.",
            Owner.ORGANIZATION,
            FixTarget.ORGANIZATION_DETAILS,
        ),
        (
            Location,
            {"line1": "5 Side Street", "zip_code": "12401"},
            "The location's ZIP code: “12401” is not valid. Here all nine digits (ZIP+4) are needed; look them up at "
            "the postal service.",
            Owner.ORGANIZATION,
            FixTarget.LOCATIONS,
        ),
        (
            Client,
            {"legal_first_name": "Łukasz 李"},
            "The client's first name: “Łukasz 李” has characters that X12 cannot carry (李). Write it in Latin "
            "letters, as on the insurance card.",
            Owner.PROVIDER,
            FixTarget.CLIENT_DETAILS,
        ),
        (
            Client,
            {"city": "K"},
            "The client's city: “K” has 1 character(s) where 2 are needed.",
            Owner.PROVIDER,
            FixTarget.CLIENT_ADDRESS,
        ),
        (
            Coverage,
            {"group_number": "12*3"},
            "The plan's group number: “12*3” is not valid. Remove separators (* : ~ ^) and characters X12 does not "
            "have.",
            Owner.PROVIDER,
            FixTarget.COVERAGE,
        ),
        (
            Fee,
            {"charge_cents": 0},
            "The fee: It must be more than nothing and less than 100 million dollars.",
            Owner.ORGANIZATION,
            FixTarget.FEES,
        ),
    ],
    ids=["practice", "location", "client's name", "client's address", "plan", "fee"],
)
def test_what_a_claim_cannot_carry_is_said_in_words_with_who_mends_it_where(
    made: Made,
    session: Session,
    model: Any,
    change: dict[str, Any],
    sentence: str,
    owner: Owner,
    fix: FixTarget,
) -> None:
    with made.inside():
        mine = {} if model is Organization else {"organization": made.organization}
        model.objects.filter(**mine).update(**change)
    assert [(r.sentence, r.owner, r.fix) for r in told(made, session)] == [(sentence, owner, fix)]


def test_the_name_of_a_parent_who_holds_the_plan_is_mended_with_the_plan(
    made: Made, session: Session
) -> None:
    with made.inside():
        Coverage.objects.update(
            relation="child",
            subscriber_first_name="Ann",
            subscriber_last_name="李",
            subscriber_birth_date="1960-01-01",
        )
    (one,) = told(made, session)
    assert one.sentence.startswith("The plan holder's last name: “李”")
    assert one.fix is FixTarget.COVERAGE


def test_what_is_missing_is_said_once(made: Made, session: Session) -> None:
    with made.inside():
        Provider.objects.update(taxonomy="")
        Payer.objects.update(payer_id="")
        Client.objects.update(line1="", city="")
    assert told(made, session) == []


def test_a_self_pay_session_asks_for_nothing_that_only_a_claim_needs(made: Made) -> None:
    session = make_session(made.client, self_pay=True)
    with made.inside():
        Organization.objects.update(line1="PO Box 12")
        write(made, session)
        type_details(session)
        press(made, session)
        assert not Claim.objects.exists()
