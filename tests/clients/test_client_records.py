"""Clients, their plans, payment methods, forms and diagnoses: what is kept, what is refused, who finds whom."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from attest.clients import actions
from attest.clients.folding import fold
from attest.clients.models import (
    ChartDiagnosis,
    Client,
    Coverage,
    FormAcknowledgement,
    FormDocument,
    PaymentMethod,
)
from attest.clients.queries import (
    ClientFile,
    Mark,
    client_for,
    file_of,
    files_of,
    forms_in_force,
    search,
    standing_of,
    visible_clients,
)
from attest.core import clock
from attest.core.access import Scope
from attest.core.models import AuditEvent
from attest.core.walls import inside
from attest.policy.payer import LineOfBusiness
from attest.policy.record import DEFAULT_POLICY
from tests.factories import (
    Made,
    acknowledge_forms,
    make_client,
    make_coverage,
    make_medicare,
    make_payer,
    make_practice,
    make_provider,
    today,
)

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"


@pytest.fixture
def made() -> Made:
    return make_practice()


def new(made: Made, **more: Any) -> Client:
    values: dict[str, Any] = {
        "legal_first_name": "Ana",
        "legal_last_name": "Núñez",
        "birth_date": date(1980, 1, 1),
    }
    return actions.create_client(organization_id=made.organization.pk, by=made.by, **values | more)


# -- clients ----------------------------------------------------------------------------------------------


def test_everything_wrong_with_a_new_client_is_said_at_once(made: Made) -> None:
    with made.inside(), pytest.raises(actions.Refused) as refusal:
        new(made, legal_first_name="", birth_date=None, zip_code="1", phone="555", email="nobody", sex="X")
    assert set(refusal.value.sentences) == {
        "legal_first_name",
        "birth_date",
        "zip_code",
        "phone",
        "email",
        "sex",
    }
    assert refusal.value.sentences["birth_date"] == "Birth date is needed."


@pytest.mark.parametrize(
    ("born", "words"), [(date(1899, 12, 31), "before 1900"), (date(2099, 1, 1), "future")]
)
def test_birth_dates_that_cannot_be_are_refused(made: Made, born: date, words: str) -> None:
    with made.inside(), pytest.raises(actions.Refused, match=words):
        new(made, birth_date=born)


def test_a_child_born_today_where_the_practice_is_can_be_entered(made: Made) -> None:
    # Half past eight in the evening in New York is already tomorrow in UTC.
    with clock.at(datetime(2026, 9, 17, 0, 30, tzinfo=UTC)), made.inside():
        assert new(made, birth_date=date(2026, 9, 16))
        with pytest.raises(actions.Refused, match="future"):
            new(made, birth_date=date(2026, 9, 17))


def test_a_new_name_is_found_at_once_and_the_old_one_no_longer(made: Made) -> None:
    with made.inside():
        client = new(made)
        actions.update_client(client=client, legal_last_name="Ørsted", preferred_name="Nano", by=made.by)
        found = visible_clients(made.admin, Scope.ALL)
        assert [c.pk for c in search(found, "orsted nano")] == [client.pk]
        assert not search(found, "nunez")


def test_what_was_done_to_a_client_is_in_the_audit_trail_without_a_name(made: Made) -> None:
    with made.inside():
        client = new(made)
        actions.update_client(client=client, city="Kingston", by=made.by)
        events = AuditEvent.objects.filter(client_id=client.pk).order_by("at")
        assert [event.kind for event in events] == ["client.created", "client.updated"]
        assert "Kingston" not in str([event.data for event in events])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("riv", ["Rivera Alex", "Rivers Bo"]),
        ("alex", ["Alexander Zoe", "Rivera Alex"]),
        ("ALEX RIV", ["Rivera Alex"]),
        ("rivera, alex", ["Rivera Alex"]),
        ("o'bri", ["O’Brien Sam"]),
        ("obrien", ["O’Brien Sam"]),
        ("garcia l", ["García-López Inés"]),
        ("lopez", ["García-López Inés"]),
        ("iver", []),
        ("%", ["Alexander Zoe", "García-López Inés", "O’Brien Sam", "Rivera Alex", "Rivers Bo"]),
        ("_iv", []),
    ],
)
def test_clients_are_found_by_how_their_names_begin(made: Made, typed: str, found: list[str]) -> None:
    for last, first in [("Rivers", "Bo"), ("Alexander", "Zoe"), ("O’Brien", "Sam"), ("García-López", "Inés")]:
        make_client(
            made.organization, made.provider, legal_last_name=last, legal_first_name=first, ready=False
        )
    with made.inside():
        rows = search(visible_clients(made.admin, Scope.ALL), typed)
        assert [f"{c.legal_last_name} {c.legal_first_name}" for c in rows] == found


@given(names=st.tuples(*[st.text(st.characters(codec="latin-1"), max_size=12)] * 3), cut=st.integers(1, 12))
def test_the_beginning_of_any_folded_word_is_the_beginning_of_a_word(
    names: tuple[str, str, str], cut: int
) -> None:
    folded = fold(" ".join(names))
    for word in folded.split():
        begin = word[:cut]
        assert folded.startswith(begin) or f" {begin}" in folded


def test_a_provider_sees_their_own_clients_and_an_admin_all_and_nobody_those_of_another_practice(
    made: Made,
) -> None:
    colleague = make_provider(made.organization)
    theirs = make_client(made.organization, colleague, ready=False)
    foreign = make_practice().client
    with made.inside():
        assert set(visible_clients(made.clinician, Scope.OWN)) == {made.client}
        assert set(visible_clients(made.admin, Scope.ALL)) == {made.client, theirs}
        assert not visible_clients(made.admin, Scope.OWN) and not visible_clients(made.admin, Scope.NONE)
        for hidden in (theirs, foreign):
            with pytest.raises(Http404):
                client_for(made.clinician, Scope.OWN, hidden.pk)


# -- plans ------------------------------------------------------------------------------------------------


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


# -- payment methods ----------------------------------------------------------------------------------------


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


# -- forms --------------------------------------------------------------------------------------------------


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


# -- diagnoses ----------------------------------------------------------------------------------------------


def test_a_diagnosis_is_kept_without_its_dot_with_the_tables_label_and_once_at_a_time(made: Made) -> None:
    with made.inside():
        row = actions.add_diagnosis(client=made.client, code="f41.1", by=made.by)
        assert (row.code, row.dotted, row.label) == ("F411", "F41.1", "Generalized anxiety disorder")
        with pytest.raises(actions.Refused, match="in the chart already"):
            actions.add_diagnosis(client=made.client, code="F411", by=made.by)
        actions.resolve_diagnosis(diagnosis=row, resolved=today(), by=made.by)
        again = actions.add_diagnosis(client=made.client, code="F411", by=made.by)
        assert ChartDiagnosis.objects.count() == 2 and again.resolved is None


@pytest.mark.parametrize(
    ("code", "words"),
    [("F43.2", "is a heading"), ("F41.7", "is not in the table"), ("banana", "not in the table")],
)
def test_headings_and_unknown_codes_are_refused(made: Made, code: str, words: str) -> None:
    with made.inside(), pytest.raises(actions.Refused, match=words):
        actions.add_diagnosis(client=made.client, code=code, by=made.by)


def test_a_diagnosis_begins_and_ends_in_order_and_not_in_the_future(made: Made) -> None:
    with made.inside():
        with pytest.raises(actions.Refused, match="future"):
            actions.add_diagnosis(
                client=made.client, code="F41.1", onset=today() + timedelta(days=1), by=made.by
            )
        row = actions.add_diagnosis(client=made.client, code="F41.1", onset=today(), by=made.by)
        for day, words in [
            (today() - timedelta(days=1), "before its onset"),
            (today() + timedelta(days=2), "future"),
        ]:
            with pytest.raises(actions.Refused, match=words):
                actions.resolve_diagnosis(diagnosis=row, resolved=day, by=made.by)


# -- how a client stands --------------------------------------------------------------------------------------


def standing(client: Client, **columns: Any) -> dict[str, tuple[Mark, str]]:
    with inside(client.organization_id):
        for name, value in columns.items():
            setattr(client, name, value)
        shown = standing_of(file_of(client, on=today()), DEFAULT_POLICY, NEW_YORK)
    return {part.name: (part.mark, part.reason) for part in shown.parts}


def test_a_ready_client_is_ready_in_all_three(made: Made) -> None:
    found = standing(made.client)
    assert {mark for mark, _ in found.values()} == {Mark.READY}
    assert found["Payment"][1] == "Visa ending 4242"


def test_a_bare_client_lacks_all_three_and_is_told_why(made: Made) -> None:
    found = standing(make_client(made.organization, made.provider, ready=False))
    assert found["Insurance"] == (Mark.MISSING, "No plan on file")
    assert found["Payment"] == (Mark.MISSING, "No payment method on file")
    assert found["Forms"] == (Mark.MISSING, "4 not acknowledged")


@pytest.mark.parametrize(
    ("plan", "mark", "words"),
    [
        ({"verification": "unverified", "verified_at": None}, Mark.WAITING, "is not verified yet"),
        ({"verification": "failed"}, Mark.MISSING, "could not be verified"),
        ({"verified_at": clock.now() - timedelta(days=31)}, Mark.WAITING, "verify again"),
        ({"verified_at": clock.now() - timedelta(days=29)}, Mark.READY, "verified"),
        ({"effective_to": date(2026, 1, 1)}, Mark.MISSING, "does not cover today"),
    ],
)
def test_insurance_says_what_is_wrong_with_the_plan(
    made: Made, plan: dict[str, Any], mark: Mark, words: str
) -> None:
    client = make_client(made.organization, made.provider)
    make_coverage(client, made.payer, **plan)
    found = standing(client)["Insurance"]
    assert found[0] is mark and words in found[1]


def test_who_pays_privately_or_wants_no_claim_needs_no_plan(made: Made) -> None:
    for flag in ("self_pay", "do_not_bill"):
        client = make_client(made.organization, made.provider)
        assert standing(client, **{flag: True})["Insurance"][0] is Mark.READY


def test_an_expired_card_is_missing_and_one_that_soon_expires_is_said_ahead(made: Made) -> None:
    with made.inside():
        for day, mark in [
            (today() - timedelta(days=1), Mark.MISSING),
            (today() + timedelta(days=5), Mark.WAITING),
        ]:
            PaymentMethod.objects.filter(client=made.client).update(expires_on=day)
            assert standing(made.client)["Payment"][0] is mark


def test_the_files_of_many_clients_take_as_many_queries_as_of_one(
    made: Made, django_assert_num_queries: Any
) -> None:
    clients = [made.client]
    for _ in range(5):
        clients.append(make_client(made.organization, made.provider, payer=made.payer))
    with made.inside():
        for some in (clients[:1], clients):
            with django_assert_num_queries(4):
                files = files_of(some, on=today())
            assert len(files) == len(some)
            assert all(file.facts.has_payment_method and not file.forms_missing for file in files.values())
        assert files_of([], on=today()) == {}


def test_the_lines_of_business_of_every_plan_count_whatever_its_dates(made: Made) -> None:
    medicare = make_medicare(made.organization)
    make_coverage(made.client, medicare, rank="secondary", effective_to=date(2021, 1, 1))
    with made.inside():
        file: ClientFile = file_of(made.client, on=today())
    assert file.lines_of_business == {LineOfBusiness.COMMERCIAL, LineOfBusiness.MEDICARE}
    assert file.primary_on(today()) and file.primary_on(date(2019, 1, 1)) is None


def test_consent_counts_from_its_day(made: Made) -> None:
    client = made.client
    with made.inside():
        actions.set_flags(
            client=client,
            self_pay=False,
            do_not_bill=False,
            part2_program=True,
            part2_consent_on=today() + timedelta(days=1),
            by=made.by,
        )
        assert not file_of(client, on=today()).facts.part2_consent
        assert file_of(client, on=today() + timedelta(days=1)).facts.part2_consent


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
