"""Client pages: whose clients one sees and changes, what happens to what was typed, and where one goes next."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from attest.clients.models import (
    ChartDiagnosis,
    Client,
    Coverage,
    FormAcknowledgement,
    FormDocument,
    PaymentMethod,
)
from attest.core.models import AuditEvent
from tests.clients.hands import url
from tests.factories import (
    Made,
    browser_of,
    make_client,
    make_diagnosis,
    make_member,
    make_payer,
    make_practice,
    make_provider,
    today,
)

pytestmark = pytest.mark.django_db


def client_home(made: Made, client: Client | None = None) -> str:
    return reverse("workspace:client", args=[made.slug, (client or made.client).pk])


def pages_of(made: Made, client: Client) -> dict[str, tuple[str, str]]:
    """Every page about one client that is opened with GET: name → (address, right)."""
    with made.inside():
        plan = Coverage.objects.filter(client=client).first()
    asked: dict[str, dict[str, list[Any]]] = {
        "diagnosis.view": {"diagnoses": [client.pk]},
        "client.edit": {
            "edit": [client.pk], "coverage_new": [client.pk], "payment_method_new": [client.pk], "forms": [client.pk],
        },
    }  # fmt: skip
    if plan:
        asked["client.edit"]["coverage_edit"] = [client.pk, plan.pk]
    return {
        name: (url(made, name, *ids), right) for right, rows in asked.items() for name, ids in rows.items()
    }


MAY = {
    "admin": {"client.view", "client.edit", "diagnosis.view"},
    "biller": {"client.view", "client.edit", "diagnosis.view"},
    "auditor": {"client.view", "diagnosis.view"},
    "support": set(),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_opens_the_pages_of_its_rights_and_no_other(made: Made, role: str) -> None:
    browser = made.browser(role)
    for name, (address, right) in pages_of(made, made.client).items():
        assert browser.get(address).status_code == (200 if right in MAY[role] else 403), name
    # Support is asked for a reason first.
    assert browser.get(url(made, "list")).status_code == (200 if "client.view" in MAY[role] else 302)


def test_a_provider_opens_their_own_clients_and_a_colleagues_are_not_there(made: Made) -> None:
    theirs = make_client(made.organization, make_provider(made.organization), payer=made.payer)
    browser = made.browser("provider")
    for name, (address, _) in pages_of(made, made.client).items():
        assert browser.get(address).status_code == 200, name
    for name, (address, _) in pages_of(made, theirs).items():
        assert browser.get(address).status_code == 404, name
    with made.inside():
        method = PaymentMethod.objects.get(client=theirs)
        diagnosis = make_diagnosis(theirs)
    changes = [
        (url(made, "edit", theirs.pk), {"legal_first_name": "X"}),
        (url(made, "payment_method_remove", theirs.pk, method.pk), {}),
        (url(made, "payment_method_default", theirs.pk, method.pk), {}),
        (url(made, "diagnosis_add", theirs.pk), {"code": "F41.1"}),
        (url(made, "diagnosis_resolve", theirs.pk, diagnosis.pk), {}),
    ]
    for address, typed in changes:
        assert browser.post(address, typed).status_code == 404, address
    with made.inside():
        assert PaymentMethod.objects.get(pk=method.pk).active
        assert ChartDiagnosis.objects.get(pk=diagnosis.pk).resolved is None


def test_another_practices_clients_are_not_there_under_either_address(made: Made) -> None:
    other = make_practice()
    browser = other.browser("admin")
    for name, (address, _) in pages_of(made, made.client).items():
        assert browser.get(address).status_code == 404, name
        assert browser.get(address.replace(made.slug, other.slug)).status_code == 404, name
    page = browser.get(url(other, "list")).content.decode()
    assert page.count("row-link") == 1


def test_opening_a_clients_page_is_in_the_audit_trail(made: Made) -> None:
    made.browser("auditor").get(url(made, "diagnoses", made.client.pk))
    with made.inside():
        assert AuditEvent.objects.filter(kind="diagnosis.view", client_id=made.client.pk).exists()


# -- the list -----------------------------------------------------------------------------------------------


def test_the_list_shows_how_each_client_stands_and_finds_by_name(made: Made) -> None:
    make_client(made.organization, None, legal_last_name="Bare", legal_first_name="Bea", ready=False)
    browser = made.browser("admin")
    page = browser.get(url(made, "list")).content.decode()
    assert "Alex Rivera" in page and "Bea Bare" in page
    assert "No plan on file" in page and "No payment method on file" in page and "Nobody yet" in page
    page = browser.post(url(made, "list"), {"q": "bare be"}).content.decode()
    assert "Bea Bare" in page and "Alex Rivera" not in page
    assert "Nobody by that name" in browser.post(url(made, "list"), {"q": "zzz"}).content.decode()


def test_no_address_holds_the_name_that_was_looked_for(made: Made) -> None:
    browser = made.browser("admin")
    assert 'method="post"' in browser.get(url(made, "list")).content.decode().split('role="search"')[1][:80]
    assert "Alex Rivera" in browser.get(url(made, "list"), {"q": "zzz"}).content.decode()


def test_a_provider_sees_only_their_own_in_the_list(made: Made) -> None:
    make_client(made.organization, make_provider(made.organization), legal_last_name="Hidden", ready=False)
    page = made.browser("provider").get(url(made, "list")).content.decode()
    assert "Rivera" in page and "Hidden" not in page


def test_the_list_is_paged_and_costs_the_same_with_one_client_or_thirty(
    made: Made, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_client(made.organization, made.provider, legal_last_name=f"Name{number:02d}", payer=made.payer)
    browser = made.browser("admin")
    with django_assert_max_num_queries(30):
        page = browser.get(url(made, "list")).content.decode()
    assert page.count("row-link") == 25 and "of 31 clients" in page
    assert browser.get(url(made, "list"), {"page": 2}).content.decode().count("row-link") == 6
    assert browser.get(url(made, "list"), {"page": "nonsense"}).status_code == 200


def test_a_former_client_leaves_the_list_and_is_found_among_the_former(made: Made) -> None:
    with made.inside():
        Client.objects.update(active=False)
    browser = made.browser("admin")
    assert "Rivera" not in browser.get(url(made, "list")).content.decode()
    assert "Rivera" in browser.get(url(made, "list"), {"former": "1"}).content.decode()


def test_an_empty_practice_is_told_how_to_get_the_first_client(made: Made) -> None:
    lonely = make_member(made.organization, "provider", provider=make_provider(made.organization))
    page = browser_of(lonely).get(url(made, "list")).content.decode()
    assert "No clients yet" in page and url(made, "new") in page


# -- a client -------------------------------------------------------------------------------------------------

ANA = {"legal_first_name": "Ana", "legal_last_name": "Núñez", "birth_date": "03/04/1980", "sex": "F"}


def test_a_refused_client_keeps_every_word_and_nothing_is_saved(made: Made) -> None:
    browser = made.browser("admin")
    wrong = ANA | {"birth_date": "31/31/1980", "zip_code": "12", "phone": "555-0100", "city": "Kingston"}
    answer = browser.post(url(made, "new"), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Birth date: write a date as MM/DD/YYYY." in page
    assert 'value="31/31/1980"' in page and 'value="Núñez"' in page and 'value="Kingston"' in page
    page = browser.post(url(made, "new"), wrong | {"birth_date": "03/04/1980"}).content.decode()
    assert "A ZIP has five or nine digits." in page and "A phone number has ten digits." in page
    with made.inside():
        assert Client.objects.count() == 1


def test_a_providers_new_client_is_their_own_whatever_is_sent(made: Made) -> None:
    colleague = make_provider(made.organization)
    answer = made.browser("provider").post(url(made, "new"), ANA | {"provider": colleague.pk})
    with made.inside():
        ana = Client.objects.get(legal_first_name="Ana")
        assert ana.provider_id == made.provider.pk
    assert (answer.status_code, answer["Location"]) == (303, client_home(made, ana))


def test_an_admin_chooses_among_the_providers_of_the_practice_only(made: Made) -> None:
    foreign = make_practice().provider
    browser = made.browser("admin")
    answer = browser.post(url(made, "new"), ANA | {"provider": foreign.pk})
    assert answer.status_code == 422 and b"Provider: choose one of the list." in answer.content
    assert browser.post(url(made, "new"), ANA | {"provider": made.provider.pk}).status_code == 303


def test_mending_the_address_returns_to_the_session_it_was_missing_for(made: Made) -> None:
    back = f"/o/{made.slug}/calendar/"
    address = url(made, "edit", made.client.pk)
    browser = made.browser("provider")
    assert f'name="next" value="{back}"' in browser.get(address, {"next": back}).content.decode()
    typed = {
        "legal_first_name": "Alex", "legal_last_name": "Rivera", "birth_date": "1990-05-17", "sex": "F",
        "line1": "9 New Street", "city": "Albany", "state": "NY", "zip_code": "12207-0001", "active": "on",
    }  # fmt: skip
    assert browser.post(address, typed | {"next": back})["Location"] == back
    assert browser.post(address, typed | {"next": "https://evil.example"})["Location"] == client_home(made)
    with made.inside():
        client = Client.objects.get(pk=made.client.pk)
        assert (client.line1, client.zip_code, client.provider_id) == (
            "9 New Street",
            "122070001",
            made.provider.pk,
        )


# -- plans ------------------------------------------------------------------------------------------------------


def test_a_plan_is_entered_and_verified_on_one_page(made: Made) -> None:
    client = make_client(made.organization, made.provider, ready=False)
    browser = made.browser("biller")
    typed: dict[str, Any] = {
        "payer": made.payer.pk, "rank": "primary", "member_id": "XY12", "effective_from": "2026-01-01",
        "relation": "child", "result": "verified", "copay_cents": "$25", "deductible_left_cents": "",
    }  # fmt: skip
    address = url(made, "coverage_new", client.pk)
    refused = browser.post(address, typed)
    page = refused.content.decode()
    assert refused.status_code == 422 and "Name the subscriber: the client is a dependent." in page
    assert 'value="XY12"' in page and 'value="$25"' in page
    typed |= {
        "subscriber_first_name": "Pat", "subscriber_last_name": "Rivera", "subscriber_birth_date": "1960-02-29",
        "verified_at": f"{today() - timedelta(days=3)}",
    }  # fmt: skip
    assert browser.post(address, typed)["Location"] == client_home(made, client)
    with made.inside():
        plan = Coverage.objects.get(client=client)
    assert (plan.verification, plan.copay_cents, plan.deductible_left_cents) == ("verified", 2500, 0)
    assert plan.verified_at and plan.verified_at.date() == today() - timedelta(days=3)


def test_a_future_verification_leaves_the_plan_as_it_was(made: Made) -> None:
    with made.inside():
        before = Coverage.objects.values().get()
    typed = {
        "payer": made.payer.pk, "rank": "primary", "member_id": "CHANGED", "effective_from": "2020-01-01",
        "relation": "self", "result": "verified", "verified_at": f"{today() + timedelta(days=2)}",
    }  # fmt: skip
    address = url(made, "coverage_edit", made.client.pk, before["id"])
    answer = made.browser("admin").post(address, typed)
    assert answer.status_code == 422 and b"verification lies in the future" in answer.content
    with made.inside():
        assert Coverage.objects.values().get() == before


def test_changing_the_member_id_asks_for_a_new_verification(made: Made) -> None:
    with made.inside():
        plan = Coverage.objects.get()
    typed = {
        "payer": made.payer.pk, "rank": "primary", "member_id": "CHANGED", "effective_from": "2020-01-01",
        "relation": "self", "copay_cents": "25.00", "result": "",
    }  # fmt: skip
    browser = made.browser("admin")
    address = url(made, "coverage_edit", made.client.pk, plan.pk)
    assert browser.post(address, typed).status_code == 303
    with made.inside():
        assert Coverage.objects.get().verification == "unverified"
    assert "Not verified yet" in browser.get(address).content.decode()


def test_the_link_of_a_roadblock_leads_to_the_plan_that_counts_or_to_a_new_one(made: Made) -> None:
    browser = made.browser("provider")
    with made.inside():
        plan = Coverage.objects.get()
    answer = browser.get(url(made, "coverage", made.client.pk), {"next": f"/o/{made.slug}/"})
    expected = url(made, "coverage_edit", made.client.pk, plan.pk)
    assert answer["Location"] == f"{expected}?next=%2Fo%2F{made.slug}%2F"
    bare = make_client(made.organization, made.provider, ready=False)
    answer = browser.get(url(made, "coverage", bare.pk), {"next": "https://evil.example"})
    assert answer["Location"] == url(made, "coverage_new", bare.pk)


def test_a_plan_of_another_client_is_not_mended_under_this_ones_address(made: Made) -> None:
    second = make_client(made.organization, made.provider, payer=made.payer)
    with made.inside():
        plan = Coverage.objects.get(client=second)
    assert made.browser("admin").get(url(made, "coverage_edit", made.client.pk, plan.pk)).status_code == 404


def test_a_payer_of_another_practice_cannot_be_chosen(made: Made) -> None:
    make_payer(make_practice().organization, name="Foreign Payer")
    page = made.browser("admin").get(url(made, "coverage_new", made.client.pk)).content.decode()
    assert "Bluestem Health" in page and "Foreign Payer" not in page


# -- payment methods, forms -----------------------------------------------------------------------------------


def test_a_card_is_kept_by_brand_last_digits_and_the_end_of_its_month(made: Made) -> None:
    client = make_client(made.organization, made.provider, ready=False)
    browser = made.browser("provider")
    address = url(made, "payment_method_new", client.pk)
    typed = {"kind": "card", "brand": "Visa", "last4": "42", "expires_on": "13/28", "is_default": "on"}
    page = browser.post(address, typed).content.decode()
    assert "Write the month as on the card, such as 05/28." in page and 'value="13/28"' in page
    page = browser.post(address, typed | {"expires_on": "02/28"}).content.decode()
    assert "Four digits." in page
    assert browser.post(address, typed | {"expires_on": "02/28", "last4": "4242"}).status_code == 303
    with made.inside():
        card = PaymentMethod.objects.get(client=client)
    assert (f"{card.expires_on}", card.is_default) == ("2028-02-29", True)


def test_a_payment_method_is_removed_only_by_pressing(made: Made) -> None:
    with made.inside():
        card = PaymentMethod.objects.get()
    address = url(made, "payment_method_remove", made.client.pk, card.pk)
    browser = made.browser("admin")
    assert browser.get(address).status_code == 405
    assert browser.post(address)["Location"] == client_home(made)
    with made.inside():
        assert not PaymentMethod.objects.get().active


def test_forms_signed_on_paper_are_recorded_together(made: Made) -> None:
    client = make_client(made.organization, made.provider, ready=False)
    browser = made.browser("biller")
    address = url(made, "forms", client.pk)
    assert "Not acknowledged in this version" in browser.get(address).content.decode()
    with made.inside():
        documents = [document.pk for document in FormDocument.objects.all()]
    typed = {"documents": documents[:3], "typed_name": "Alex Rivera", "acknowledged_on": f"{today()}"}
    refused = browser.post(address, typed | {"documents": []})
    assert refused.status_code == 422 and b"Tick the forms that were signed." in refused.content
    future = browser.post(address, typed | {"acknowledged_on": f"{today() + timedelta(days=1)}"})
    assert future.status_code == 422 and b"lies in the future" in future.content
    with made.inside():
        assert not FormAcknowledgement.objects.filter(client=client).exists()
    assert browser.post(address, typed).status_code == 303
    assert browser.post(address, typed | {"documents": documents[3:]}).status_code == 303
    page = browser.get(address).content.decode()
    assert "Everything is acknowledged." in page and "Signed on paper by Alex Rivera" in page


# -- diagnoses ------------------------------------------------------------------------------------------------


def test_the_provider_adds_and_resolves_diagnoses_and_others_only_look(made: Made) -> None:
    browser = made.browser("provider")
    add = url(made, "diagnosis_add", made.client.pk)
    wrong = browser.post(add, {"code": "F43.2", "onset": "2020-01-01"})
    assert (
        wrong.status_code == 422
        and b"is a heading" in wrong.content
        and b'value="2020-01-01"' in wrong.content
    )
    assert b"Choose a diagnosis from the list." in browser.post(add, {}).content
    assert browser.post(add, {"code": "F411", "onset": "2020-01-01"}).status_code == 303
    with made.inside():
        row = ChartDiagnosis.objects.get()
    page = browser.get(url(made, "diagnoses", made.client.pk)).content.decode()
    assert "F41.1" in page and "since 01/01/2020" in page
    resolve = url(made, "diagnosis_resolve", made.client.pk, row.pk)
    for nonsense in ("yesterday", "2019-01-01"):
        browser.post(resolve, {"resolved": nonsense})
        with made.inside():
            assert ChartDiagnosis.objects.get().resolved is None
    for role in ("admin", "biller", "auditor"):
        looking = made.browser(role)
        assert looking.post(resolve).status_code == 403
        assert (
            "added and resolved by the client"
            in looking.get(url(made, "diagnoses", made.client.pk)).content.decode()
        )
    browser.post(resolve, {"resolved": f"{today()}"})
    with made.inside():
        assert ChartDiagnosis.objects.get().resolved == today()


def test_a_stranger_is_asked_to_sign_in_and_comes_back(made: Made) -> None:
    answer = Browser().get(url(made, "edit", made.client.pk))
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=/o/")
