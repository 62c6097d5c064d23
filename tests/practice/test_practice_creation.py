"""A new practice: its first admin, what it starts with, and what is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest

from attest.clients.models import FormDocument
from attest.core import clock
from attest.core.models import AuditEvent, User
from attest.core.walls import inside
from attest.notes.models import NoteTemplate
from attest.practice import actions
from attest.practice.models import Location, Member, Organization, Payer, Provider, ServiceCode
from attest.practice.queries import policy_for
from tests.factories import PASSWORD, make_organization, make_practice

pytestmark = pytest.mark.django_db

NEW: dict[str, Any] = {
    "name": "Harbor Light",
    "slug": "harbor-light",
    "zone": "America/New_York",
    "admin_email": "Robin@Practice.example",
    "admin_name": "Robin Vale",
    "admin_password": PASSWORD,
}


def test_it_starts_with_an_admin_the_standard_forms_and_note_templates_and_nothing_else() -> None:
    with clock.at(datetime(2026, 9, 16, 2, tzinfo=UTC)):
        organization = actions.create_organization(**NEW)
    member = Member.objects.get(organization=organization)
    assert member.roles == ["admin"]
    assert member.user.email == "robin@practice.example"
    assert member.user.check_password(PASSWORD)
    with inside(organization.pk):
        forms = FormDocument.objects.all()
        assert {form.key for form in forms} == {
            "assignment-of-benefits",
            "financial-responsibility",
            "telehealth-consent",
            "privacy-notice",
        }
        # Two o'clock in London is still the evening before in New York.
        assert {f"{form.effective_from}" for form in forms} == {"2026-09-15"}
        assert NoteTemplate.objects.exists()
        assert AuditEvent.objects.filter(kind="organization.created", user_id=member.user_id).count() == 1
        for empty in (Location, Provider, Payer, ServiceCode):
            assert not empty.objects.exists()


def test_everything_wrong_is_said_at_once_and_nothing_is_made() -> None:
    wrong = {"slug": "Harbor Light", "name": "", "admin_password": "short", "admin_email": "nobody"}
    with pytest.raises(actions.Refused) as refusal:
        actions.create_organization(**NEW | wrong)
    assert set(refusal.value.sentences) == {"slug", "name", "password", "email"}
    assert refusal.value.sentences["name"] == "Name is needed."
    assert not Organization.objects.exists() and not User.objects.exists()


def test_an_address_that_is_taken_is_refused() -> None:
    actions.create_organization(**NEW)
    with pytest.raises(actions.Refused) as refusal:
        actions.create_organization(**NEW | {"admin_email": "other@practice.example"})
    assert refusal.value.sentences == {"slug": "Another practice has this address already."}
    assert not User.objects.filter(email="other@practice.example").exists()


def test_somebody_who_can_already_sign_in_keeps_their_password() -> None:
    actions.create_organization(**NEW)
    actions.create_organization(**NEW | {"slug": "second", "admin_password": "another long password"})
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert user.memberships.count() == 2


def test_rooms_above_give_a_new_practice_its_rows_inside_its_wall_once() -> None:
    seen = []

    def welcome(organization: Organization, by: object) -> None:
        seen.append((organization.slug, Location.objects.count()))

    from attest.practice.actions import organization as module

    actions.on_new_organization(welcome)
    actions.on_new_organization(welcome)
    try:
        make_practice()
        actions.create_organization(**NEW)
    finally:
        module._welcomes.remove(welcome)
    assert seen[-1] == ("harbor-light", 0)
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("npi", "1234567890", "check digit"),
        ("npi", "3234567893", "starts with 1 or 2"),
        ("tax_id", "12345678", "nine digits"),
        ("zip_code", "12401", "nine digits"),
        ("phone", "845555", "ten digits"),
        ("state", "ZZ", "choose one of the list"),
        ("name", "x" * 61, "room for 60"),
    ],
)
def test_billing_facts_that_a_claim_could_not_carry_are_refused(
    column: str, value: str, sentence: str
) -> None:
    organization = make_organization()
    before = Organization.objects.values().get()
    with inside(organization.pk), pytest.raises(actions.Refused) as refusal:
        actions.update_organization(organization=organization, by=organization.pk, **{column: value})
    assert sentence in refusal.value.sentences[column]
    assert Organization.objects.values().get() == before


def test_policy_numbers_may_only_be_tighter_and_the_newest_record_counts() -> None:
    made = make_practice()
    organization_id = made.organization.pk
    with made.inside():
        assert policy_for(organization_id).confirm_days == 30
        numbers = {"confirm_days": "14", "edit_hours": "48"}
        actions.set_policy_numbers(organization_id=organization_id, numbers=numbers, by=made.by)
        assert policy_for(organization_id).confirm_days == 14
        with pytest.raises(actions.Refused) as refusal:
            actions.set_policy_numbers(
                organization_id=organization_id,
                numbers={"confirm_days": "31", "sign_hours": "soon", "zeal": "1"},
                by=made.by,
            )
        assert set(refusal.value.sentences) == {"confirm_days", "sign_hours", "zeal"}
        actions.set_policy_numbers(organization_id=organization_id, numbers={}, by=made.by)
        assert policy_for(organization_id).confirm_days == 30
