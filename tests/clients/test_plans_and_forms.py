"""Plans, payment methods and standard forms: what is kept, what is refused, what the database refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from attest.clients import actions
from attest.clients.models import (
    Coverage,
    FormAcknowledgement,
    FormDocument,
    PaymentMethod,
)
from attest.clients.queries import (
    file_of,
    forms_in_force,
)
from attest.core import clock
from tests.clients.hands import new
from tests.factories import (
    Made,
    acknowledge_forms,
    make_client,
    make_payer,
    make_practice,
    today,
)

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"


def test_a_plan_of_a_dependent_needs_its_subscriber(made: Made) -> None:
    with made.inside():
        client = new(made)
        values = {"member_id": "M1", "effective_from": date(2026, 1, 1), "relation": "child"}
        with pytest.raises(actions.Refused) as refusal:
            actions.add_coverage(client=client, payer=made.payer, by=made.by, **values)
        assert set(refusal.value.sentences) == {
            "subscriber_first_name",
            "subscriber_last_name",
            "subscriber_birth_date",
        }


def test_the_database_refuses_a_dependent_without_subscriber_and_a_verification_without_its_moment(
    made: Made,
) -> None:
    with made.inside():
        plan = Coverage.objects.filter(client=made.client)
        cases: list[tuple[dict[str, Any], str]] = [
            ({"relation": "spouse"}, "coverage_subscriber_known"),
            ({"verified_at": None}, "coverage_verified_when"),
            ({"effective_to": date(2019, 1, 1)}, "coverage_dates"),
        ]
        for wrong, name in cases:
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                plan.update(**wrong)


def test_a_client_who_is_the_subscriber_needs_no_other(made: Made) -> None:
    with made.inside():
        plan = Coverage.objects.get(client=made.client)
        spouse = {
            "relation": "spouse",
            "subscriber_first_name": "Sam",
            "subscriber_last_name": "Rivera",
            "subscriber_birth_date": date(1988, 2, 2),
        }
        actions.update_coverage(coverage=plan, by=made.by, **spouse)
        actions.update_coverage(coverage=plan, relation="self", by=made.by)
        plan.refresh_from_db()
        assert (plan.subscriber_last_name, plan.subscriber_birth_date) == ("", None)


@pytest.mark.parametrize(
    ("change", "still_verified"),
    [({"member_id": "OTHER"}, False), ({"group_number": "G2"}, True), ({"copay_cents": 3000}, True)],
)
def test_a_plan_counts_as_unverified_once_a_fact_changes_under_which_the_payer_knows_it(
    made: Made, change: dict[str, Any], still_verified: bool
) -> None:
    with made.inside():
        plan = Coverage.objects.get(client=made.client)
        actions.update_coverage(coverage=plan, by=made.by, **change)
        plan.refresh_from_db()
        assert (plan.verification == "verified") is still_verified
        assert (plan.verified_at is not None) is still_verified


def test_two_primary_plans_may_not_cover_the_same_day_and_may_follow_each_other(made: Made) -> None:
    other = make_payer(made.organization, name="Other Health")
    with made.inside():
        plan = Coverage.objects.get(client=made.client)
        values: dict[str, Any] = {"member_id": "X", "effective_from": date(2026, 7, 1)}
        with pytest.raises(
            actions.Refused, match="Bluestem Health is the primary plan for some of these dates"
        ):
            actions.add_coverage(client=made.client, payer=other, by=made.by, **values)
        actions.add_coverage(client=made.client, payer=other, rank="secondary", by=made.by, **values)
        actions.update_coverage(coverage=plan, effective_to=date(2026, 6, 30), by=made.by)
        actions.add_coverage(client=made.client, payer=other, by=made.by, **values)
        with pytest.raises(actions.Refused, match="Other Health is the primary plan"):
            actions.update_coverage(coverage=plan, effective_to=date(2026, 7, 1), by=made.by)


def test_a_verification_records_when_and_what_the_plan_asks(made: Made) -> None:
    with made.inside():
        plan = Coverage.objects.get(client=made.client)
        actions.verify_coverage(coverage=plan, result="failed", by=made.by)
        assert plan.verification == "failed"
        asked = clock.now() - timedelta(days=2)
        actions.verify_coverage(
            coverage=plan, result="verified", at=asked, coinsurance_percent=20, copay_cents=None, by=made.by
        )
        plan.refresh_from_db()
        assert (plan.verified_at, plan.coinsurance_percent, plan.copay_cents) == (asked, 20, None)
        with pytest.raises(actions.Refused, match="future"):
            actions.verify_coverage(
                coverage=plan, result="verified", at=clock.now() + timedelta(hours=1), by=made.by
            )
        with pytest.raises(actions.Refused, match="from 0 to 100"):
            actions.verify_coverage(coverage=plan, result="verified", coinsurance_percent=120, by=made.by)


def test_one_payment_method_is_charged_and_removing_it_hands_on_to_the_newest_other(made: Made) -> None:
    with made.inside():
        card = PaymentMethod.objects.get(client=made.client)
        common: dict[str, Any] = {"client": made.client, "by": made.by}
        bank = actions.add_payment_method(kind="bank", brand="Union", last4="1111", **common)
        spare = actions.add_payment_method(kind="card", brand="Visa", last4="2222", default=False, **common)
        assert list(PaymentMethod.objects.filter(is_default=True)) == [bank]
        actions.make_default(method=card, by=made.by)
        assert list(PaymentMethod.objects.filter(is_default=True)) == [card]
        actions.remove_payment_method(method=card, by=made.by)
        assert list(PaymentMethod.objects.filter(is_default=True)) == [spare]
        with pytest.raises(actions.Refused, match="was removed"):
            actions.make_default(method=card, by=made.by)


def test_a_whole_card_number_is_never_kept(made: Made) -> None:
    with made.inside(), pytest.raises(actions.Refused) as refusal:
        actions.add_payment_method(
            client=made.client, kind="card", brand="Visa", last4="4242424242424242", by=made.by
        )
    assert "last4" in refusal.value.sentences
    assert "4242424242424242" not in str(refusal.value)


def test_the_database_allows_one_default_a_client(made: Made) -> None:
    with (
        made.inside(),
        pytest.raises(IntegrityError, match="payment_method_one_default"),
        transaction.atomic(),
    ):
        PaymentMethod.objects.create(
            organization=made.organization, client=made.client, brand="Visa", last4="1234", is_default=True
        )


def test_a_new_version_asks_every_client_again_from_its_date(made: Made) -> None:
    start = today() + timedelta(days=7)
    with made.inside():
        actions.publish_form(
            organization_id=made.organization.pk,
            key="telehealth-consent",
            title="Consent to telehealth",
            body="New words.",
            effective_from=start,
            by=made.by,
        )
        assert file_of(made.client, on=today()).forms_missing == ()
        assert file_of(made.client, on=start).forms_missing == ("Consent to telehealth",)
        version = next(
            d for d in forms_in_force(made.organization.pk, start) if d.key == "telehealth-consent"
        )
        assert version.version == 2
        actions.record_acknowledgement(
            client=made.client, document=version, typed_name="Alex Rivera", by=made.by
        )
        assert file_of(made.client, on=start).forms_missing == ()
        with pytest.raises(actions.Refused, match="acknowledged this version already"):
            actions.record_acknowledgement(client=made.client, document=version, typed_name="A", by=made.by)


def test_a_form_that_is_not_required_is_missed_by_nobody(made: Made) -> None:
    with made.inside():
        actions.publish_form(
            organization_id=made.organization.pk,
            key="newsletter",
            title="Newsletter",
            body="Now and then.",
            required=False,
            effective_from=today(),
            by=made.by,
        )
        assert file_of(made.client, on=today()).forms_missing == ()


def test_forms_and_acknowledgements_only_grow(made: Made) -> None:
    with made.inside():
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            FormDocument.objects.update(body="Other words.")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            FormAcknowledgement.objects.all().delete()


def test_a_signature_of_tomorrow_is_refused(made: Made) -> None:
    client = make_client(made.organization, made.provider, ready=False)
    with made.inside(), pytest.raises(actions.Refused, match="future"):
        actions.record_acknowledgement(
            client=client,
            document=FormDocument.objects.all()[0],
            typed_name="A",
            at=clock.now() + timedelta(days=1),
            by=made.by,
        )


def test_a_plan_cannot_name_a_payer_of_another_practice(made: Made) -> None:
    foreign = make_practice().payer
    client = make_client(made.organization, made.provider, ready=False)
    with pytest.raises(IntegrityError, match="same_org"), transaction.atomic(), made.inside():
        actions.add_coverage(
            client=client, payer=foreign, member_id="X", effective_from=date(2026, 1, 1), by=made.by
        )
        connection.check_constraints()


def test_acknowledging_twice_by_hand_is_what_the_database_refuses_too(made: Made) -> None:
    with pytest.raises(IntegrityError, match="form_acknowledged_once"), transaction.atomic():
        acknowledge_forms(made.client)
