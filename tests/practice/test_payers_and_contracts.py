"""Dated rules, contracts and fees: one of each at a time, and the one of the date counts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attest.core.walls import inside
from attest.policy.payer import rule_on
from attest.practice import actions
from attest.practice.models import Contract, Fee, Licence, PayerRule, Provider
from attest.practice.queries import (
    contract_on,
    fee_on,
    is_contracted,
    licensed_states,
    organization_facts,
    rules_of,
    terms,
)
from tests.factories import Made, an_npi, make_payer, make_practice, make_provider

pytestmark = pytest.mark.django_db

SPRING, SUMMER = date(2026, 4, 1), date(2026, 7, 1)


@pytest.fixture
def made() -> Made:
    return make_practice()


def spans(made: Made) -> list[tuple[date, date | None]]:
    rows = PayerRule.objects.filter(payer=made.payer).order_by("effective_from")
    return [(row.effective_from, row.effective_to) for row in rows]


def test_new_rules_close_the_running_ones_the_day_before(made: Made) -> None:
    with made.inside():
        actions.set_payer_rule(payer=made.payer, effective_from=SPRING, filing_amount=120, by=made.by)
        assert spans(made) == [(date(2020, 1, 1), date(2026, 3, 31)), (SPRING, None)]
        rules = rules_of(made.payer)
    before, after = rule_on(rules, date(2026, 3, 31)), rule_on(rules, SPRING)
    assert before and before.filing_rule and before.filing_rule.amount == 90
    assert after and after.filing_rule and after.filing_rule.amount == 120


def test_rules_put_before_known_later_ones_end_when_those_begin(made: Made) -> None:
    with made.inside():
        actions.set_payer_rule(payer=made.payer, effective_from=SUMMER, by=made.by)
        actions.set_payer_rule(payer=made.payer, effective_from=SPRING, by=made.by)
        assert spans(made)[1:] == [(SPRING, date(2026, 6, 30)), (SUMMER, None)]


def test_rules_of_the_same_date_are_mended(made: Made) -> None:
    with made.inside():
        actions.set_payer_rule(payer=made.payer, effective_from=SPRING, video_modifier="95", by=made.by)
        actions.set_payer_rule(payer=made.payer, effective_from=SPRING, video_modifier="GT", by=made.by)
        assert len(spans(made)) == 2
        assert PayerRule.objects.get(effective_from=SPRING).video_modifier == "GT"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(starts=st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_in_whatever_order_rules_come_every_day_has_exactly_one(made: Made, starts: list[int]) -> None:
    with made.inside(), transaction.atomic():
        payer = make_payer(made.organization)
        for start in starts:
            day = date(2026, 1, 1) + timedelta(days=start)
            actions.set_payer_rule(payer=payer, effective_from=day, by=made.by)
        rules = rules_of(payer)
        for offset in range(-1, 62):
            day = date(2026, 1, 1) + timedelta(days=offset)
            assert sum(rule.in_force_on(day) for rule in rules) == 1


def test_the_database_refuses_overlapping_rules(made: Made) -> None:
    with made.inside(), pytest.raises(IntegrityError, match="payer_rule_one_at_a_time"), transaction.atomic():
        PayerRule.objects.create(organization=made.organization, payer=made.payer, effective_from=SPRING)


def test_a_filing_limit_of_nothing_is_refused(made: Made) -> None:
    with made.inside(), pytest.raises(actions.Refused, match="at least 1"):
        actions.set_payer_rule(payer=made.payer, effective_from=SPRING, filing_amount=0, by=made.by)


def test_overlapping_contracts_are_refused_in_a_sentence(made: Made) -> None:
    with made.inside(), pytest.raises(actions.Refused, match="already covers some of these dates"):
        actions.add_contract(provider=made.provider, payer=made.payer, effective_from=SPRING, by=made.by)


def test_a_contract_counts_on_its_first_and_last_day_and_not_beyond(made: Made) -> None:
    with made.inside():
        contract = Contract.objects.get()
        actions.update_contract(contract=contract, effective_from=SPRING, effective_to=SUMMER, by=made.by)
        days = [SPRING - timedelta(days=1), SPRING, SUMMER, SUMMER + timedelta(days=1)]
        assert [is_contracted(made.provider, made.payer, day) for day in days] == [False, True, True, False]
        assert contract_on(made.provider, made.payer, SPRING) == contract
        # The next one may begin the day after.
        actions.add_contract(provider=made.provider, payer=made.payer, effective_from=days[3], by=made.by)


def test_a_contract_that_ends_before_it_begins_is_refused(made: Made) -> None:
    with made.inside(), pytest.raises(actions.Refused, match="before the first"):
        actions.update_contract(
            contract=Contract.objects.get(), effective_from=SUMMER, effective_to=SPRING, by=made.by
        )


def test_a_session_keeps_the_fee_of_its_date(made: Made) -> None:
    service = made.services["90837"]
    with made.inside():
        actions.set_fee(
            provider=made.provider,
            payer=made.payer,
            service=service,
            charge_cents=17500,
            allowed_cents=12000,
            effective_from=SPRING,
            by=made.by,
        )
        old = fee_on(made.provider, made.payer, "90837", SPRING - timedelta(days=1))
        new = fee_on(made.provider, made.payer, "90837", SPRING)
        private = fee_on(made.provider, None, "90837", SPRING)
        assert old and new and private
        assert (old.charge_cents, new.charge_cents, private.charge_cents) == (15000, 17500, 16000)
        assert fee_on(made.provider, made.payer, "90837", date(2019, 12, 31)) is None


def test_a_fee_for_the_same_date_is_mended_not_doubled(made: Made) -> None:
    with made.inside():
        for charge in (100, 200):
            actions.set_fee(
                provider=made.provider,
                payer=None,
                service=made.services["90837"],
                charge_cents=charge,
                effective_from=SPRING,
                by=made.by,
            )
        assert Fee.objects.get(effective_from=SPRING).charge_cents == 200


@pytest.mark.parametrize(
    ("charge", "allowed", "words"),
    [(-1, None, "below zero"), (100, -1, "below zero"), (100, 101, "never pays")],
)
def test_amounts_that_cannot_be_are_refused(made: Made, charge: int, allowed: int, words: str) -> None:
    with made.inside(), pytest.raises(actions.Refused, match=words):
        actions.set_fee(
            provider=made.provider,
            payer=made.payer,
            service=made.services["90837"],
            charge_cents=charge,
            allowed_cents=allowed,
            effective_from=SPRING,
            by=made.by,
        )


def test_the_database_refuses_an_npi_with_a_wrong_check_digit(made: Made) -> None:
    with made.inside(), pytest.raises(IntegrityError, match="provider_npi_valid"), transaction.atomic():
        Provider.objects.filter(pk=made.provider.pk).update(npi="1234567890")


def test_one_npi_belongs_to_one_provider_of_a_practice(made: Made) -> None:
    values: dict[str, Any] = {
        "first_name": "Jo",
        "last_name": "Lind",
        "credentials": "PhD",
        "taxonomy": "103TC0700X",
        "zone": "America/Denver",
    }
    own: dict[str, Any] = {"organization_id": made.organization.pk, "by": made.by}
    with made.inside():
        with pytest.raises(actions.Refused, match="Another provider of the practice has this NPI"):
            actions.add_provider(**own, npi=made.provider.npi, **values)
        provider = actions.add_provider(**own, npi=an_npi(), **values)
        assert provider.signature_name == "Jo Lind, PhD"


def test_a_licence_counts_in_its_dates(made: Made) -> None:
    with made.inside():
        actions.add_licence(
            provider=made.provider, state="NJ", number="NJ-1", valid_from=SPRING, valid_to=SUMMER, by=made.by
        )
        assert licensed_states(made.provider, SPRING) == {"NY", "NJ"}
        assert licensed_states(made.provider, SUMMER + timedelta(days=1)) == {"NY"}
        with pytest.raises(actions.Refused, match="ends before it begins"):
            licence = Licence.objects.get(state="NJ")
            actions.update_licence(licence=licence, valid_to=SPRING - timedelta(days=1), by=made.by)


def test_terms_answer_like_the_single_questions_in_a_constant_number_of_queries(
    made: Made, django_assert_num_queries: object
) -> None:
    second = make_provider(made.organization)
    with made.inside():
        with django_assert_num_queries(6):  # type: ignore[operator]
            known = terms(made.organization.pk)
        for provider in (made.provider, second):
            for payer in (made.payer, None):
                payer_id = payer.pk if payer else None
                for day in (date(2019, 1, 1), SPRING):
                    row = fee_on(provider, payer, "90834", day)
                    fact = known.fee_on(provider.pk, payer_id, "90834", day)
                    assert (row and row.charge_cents) == (fact and fact.charge_cents)
                    assert (row is not None) == ("90834" in known.priced_codes(provider.pk, payer_id, day))
            licensed = {held.state for held in known.licences_of(provider.pk) if held.period.covers(SPRING)}
            assert licensed == licensed_states(provider, SPRING)
            contracted = any(p.covers(SPRING) for p in known.contracts_of(provider.pk, made.payer.pk))
            assert contracted == is_contracted(provider, made.payer, SPRING)
        assert known.rules_of(made.payer.pk) == rules_of(made.payer)
        assert known.services["90840"].units_for(105) == 2
        assert known.provider_facts(made.provider).has_npi


def test_terms_can_be_narrowed_to_providers_and_payers_and_keep_the_self_pay_fees(made: Made) -> None:
    other = make_payer(made.organization, name="Other")
    with made.inside():
        known = terms(made.organization.pk, provider_ids=[made.provider.pk], payer_ids=[other.pk])
    assert set(known.rules) == {other.pk}
    assert set(known.fees) == {(made.provider.pk, None)}


def test_a_phone_session_is_unpaid_only_where_the_payer_says_so(made: Made) -> None:
    with made.inside():
        actions.set_payer_rule(payer=made.payer, effective_from=SPRING, audio_paid=False, by=made.by)
        before, after = rules_of(made.payer)
    assert before.pays_audio_only and not after.pays_audio_only


def test_the_facts_a_claim_lacks_are_named(made: Made) -> None:
    made.organization.zip_code = "12401"
    facts = organization_facts(made.organization)
    assert not facts.has_zip_plus_four and facts.has_npi


def test_no_record_can_point_into_another_practice(made: Made) -> None:
    other = make_practice()
    with pytest.raises(IntegrityError, match="same_org"), transaction.atomic():
        with inside(made.organization.pk):
            Contract.objects.create(
                organization=made.organization,
                provider=made.provider,
                payer=other.payer,
                effective_from=SPRING,
            )
        from django.db import connection

        connection.check_constraints()
