"""No address of a practice opens, or changes, a record of another practice or of a colleague's client."""

from typing import Any
from uuid import UUID

import pytest
from django.db.models import Model
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from attest.clients.actions import grant_chart
from attest.clients.models import ChartDiagnosis, ChartGrant, Coverage, PaymentMethod
from attest.core.models import AuditEvent
from attest.practice.actions import invite, open_for_support, start_recovery
from attest.practice.models import Contract, Fee, Licence, Member, Notice, PayerRule, SupportOpening
from tests.claims.making import held_claim
from tests.factories import Made, browser_of, make_diagnosis, make_member, make_practice, make_provider
from tests.notes.test_plans import written
from tests.practice.letters import letters_to

pytestmark = pytest.mark.django_db
OF_THE_CHART = {"session_id", "client_id", "claim_id"}


def addresses_with_ids() -> list[tuple[str, tuple[str, ...]]]:
    """Every address of a practice that names a record: (its name, the names of its ids)."""
    found = []

    def look(resolver: URLResolver, space: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                if space or "<slug:practice>" in str(entry.pattern):
                    look(entry, f"{entry.namespace}:" if entry.namespace else space)
            elif isinstance(entry, URLPattern) and entry.name:
                ids = tuple(name for name in entry.pattern.converters if name.endswith("_id"))
                if ids:
                    found.append((f"{space}{entry.name}", ids))

    look(get_resolver(), "")
    return found


ADDRESSES = addresses_with_ids()
WORDS: dict[str, dict[str, Any]] = {
    "workspace:client_tab": {"tab": "sessions"},
    "practice:fees": {"payer": "self-pay"},
}
"""What else an address names."""


def ids_of(made: Made) -> dict[str, UUID]:
    """A record of each sort."""
    claim = held_claim(made)
    make_diagnosis(made.client)
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    helper = make_member(made.organization, "support")
    with made.inside():
        grant_chart(
            member=colleague, client=made.client, by_member=made.admin, reason="Stands in while I am away."
        )
        open_for_support(member=helper, category="fault", reason="A page does not open for them.")

        invited = invite(
            organization=made.organization,
            email="ines@practice.example",
            name="Ines Ortega",
            roles=["biller"],
            by=made.admin.user,
        )
        lost = start_recovery(member=made.clinician, by=made.admin)
        message = letters_to("ines@practice.example")[-1]

        def first(model: type[Model]) -> UUID:
            row = model._default_manager.filter(organization_id=made.organization.pk).first()
            assert row is not None, model
            pk: UUID = row.pk
            return pk

        return {
            "session_id": claim.session_id,
            "client_id": made.client.pk,
            "claim_id": claim.pk,
            "coverage_id": first(Coverage),
            "method_id": first(PaymentMethod),
            "diagnosis_id": first(ChartDiagnosis),
            "provider_id": made.provider.pk,
            "licence_id": first(Licence),
            "location_id": made.location.pk,
            "payer_id": made.payer.pk,
            "rule_id": first(PayerRule),
            "contract_id": first(Contract),
            "fee_id": first(Fee),
            "service_id": next(iter(made.services.values())).pk,
            "member_id": first(Member),
            "grant_id": first(ChartGrant),
            "opening_id": first(SupportOpening),
            "notice_id": first(Notice),
            "invitation_id": invited.pk,
            "recovery_id": lost.pk,
            "message_id": message.pk,
            "note_id": written(made).note_id,
        }


def answers(
    browser: Browser, slug: str, ids: dict[str, UUID], names: list[Any]
) -> dict[str, tuple[int, int]]:
    """What a GET and a POST of each address are answered with."""
    found = {}
    for name, wanted in names:
        named = {key: ids[key] for key in wanted} | WORDS.get(name, {})
        address = reverse(name, kwargs={"practice": slug, **named})
        found[name] = (browser.get(address).status_code, browser.post(address).status_code)
    return found


def test_every_address_with_an_id_is_tried() -> None:
    assert len(ADDRESSES) > 40


@pytest.mark.parametrize("role", ["admin", "provider"])
def test_a_record_of_another_practice_is_not_there(role: str) -> None:
    made, other = make_practice(), make_practice()
    ids = ids_of(made)
    tried = answers(other.browser(role), other.slug, ids, ADDRESSES)
    opened = {name: pair for name, pair in tried.items() if not {*pair} <= {403, 404, 405}}
    assert not opened
    assert any(404 in pair for pair in tried.values())
    with made.inside():
        assert not AuditEvent.objects.filter(user_id__in=[other.by, other.admin.user_id]).exists()


def test_a_session_client_or_claim_of_a_colleague_is_not_there() -> None:
    made = make_practice()
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    of_the_chart = [(name, wanted) for name, wanted in ADDRESSES if OF_THE_CHART & {*wanted}]
    assert len(of_the_chart) > 20
    tried = answers(browser_of(colleague), made.slug, ids_of(made), of_the_chart)
    assert not {name: pair for name, pair in tried.items() if not {*pair} <= {403, 404, 405}}
