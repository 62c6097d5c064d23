"""Settings pages: who may see and change what, what happens to what was typed, and where one goes next."""

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from attest.core.walls import inside
from attest.practice import actions
from attest.practice.models import (
    Contract,
    Fee,
    Licence,
    Location,
    Member,
    Payer,
    PayerRule,
    Provider,
    ServiceCode,
)
from attest.practice.queries import policy_for
from tests.factories import PASSWORD, Made, an_npi, browser_of, make_member, make_payer, make_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Made:
    return make_practice()


def url(made: Made, name: str, *ids: object) -> str:
    return reverse(f"practice:{name}", args=[made.slug, *ids])


def every_page(made: Made) -> dict[str, tuple[str, str]]:
    """Every settings page of this room: name → (address, the right it asks for)."""
    with made.inside():
        licence, contract = Licence.objects.get(), Contract.objects.get()
    person, payer = made.provider.pk, made.payer.pk
    asked: dict[str, dict[str, list[UUID]]] = {
        "settings.view": {
            "settings": [], "organization": [], "locations": [], "members": [], "providers": [], "provider": [person],
            "payers": [], "payer": [payer], "services": [],
        },
        "settings.edit": {
            "policy": [], "signing_in": [], "location_new": [], "location": [made.location.pk],
            "provider_new": [], "provider_edit": [person], "licence_new": [person],
            "licence": [person, licence.pk], "service_new": [], "services_import": [],
            "service": [made.services["90837"].pk],
        },
        "member.edit": {"member_invite": [], "member": [made.clinician.pk]},
        "mail.view": {"mail": []},
        "payer.edit": {
            "payer_new": [], "payer_edit": [payer], "payer_rule_new": [payer], "contract_new": [person],
            "contract": [person, contract.pk], "fees": [person, payer],
        },
    }  # fmt: skip
    return {
        name: (url(made, name, *ids), right) for right, pages in asked.items() for name, ids in pages.items()
    }


MAY = {
    "admin": {"settings.view", "settings.edit", "member.edit", "mail.view", "payer.edit"},
    "biller": {"settings.view", "payer.edit"},
    "provider": {"settings.view"},
    "auditor": {"settings.view"},
    "support": set(),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_opens_the_pages_of_its_rights_and_no_other(made: Made, role: str) -> None:
    browser = made.browser(role)
    for name, (address, right) in every_page(made).items():
        expected = 200 if right in MAY[role] else 403
        assert browser.get(address).status_code == expected, name


NO_SETTINGS = {"support", "support_end", "notices", "notices_read", "notice"}
"""Pages of this room that are no settings; `test_support.py` and `test_notices.py` open them."""
BUTTONS = {"invite_again", "withdraw", "stop_recovery", "recover", "mail_test", "mail_again"}
"""Only pressed, never opened: `test_invitations.py`, `test_recovery.py` and `test_mail_page.py` press them."""


def test_the_table_above_names_every_page() -> None:
    from attest.practice.urls import urlpatterns

    assert (
        set(every_page(make_practice())) == {pattern.name for pattern in urlpatterns} - NO_SETTINGS - BUTTONS
    )


def test_another_practices_settings_are_not_there(made: Made) -> None:
    other = make_practice()
    browser = other.browser("admin")
    for name, (address, _) in every_page(made).items():
        assert browser.get(address).status_code == 404, name
    # The own practice's address with the other practice's ids finds nothing either.
    for name, (address, _) in every_page(made).items():
        own = address.replace(f"/o/{made.slug}/", f"/o/{other.slug}/")
        has_ids = any(part.count("-") == 4 for part in own.split("/"))
        assert browser.get(own).status_code == (404 if has_ids else 200), name


def test_pages_list_nothing_of_another_practice(made: Made) -> None:
    other = make_practice(name="Summit Counseling")
    with inside(other.organization.pk):
        Payer.objects.filter(pk=other.payer.pk).update(name="Foreign Payer")
        Location.objects.update(name="Foreign Office")
        Provider.objects.update(last_name="Foreigner")
        ServiceCode.objects.filter(code="90837").update(label="Foreign hour")
    browser = made.browser("admin")
    for name, (address, _) in every_page(made).items():
        assert b"Foreign" not in browser.get(address).content, name


def test_a_refused_form_keeps_what_was_typed_says_why_and_changes_nothing(made: Made) -> None:
    browser = made.browser("admin")
    typed = {
        "name": "Annex", "place_of_service": "11", "line1": "", "city": "Kingston", "state": "NY", "zip_code": "1240",
        "npi": "1234567890", "active": "on",
    }  # fmt: skip
    answer = browser.post(url(made, "location_new"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Street address is needed." in page and 'value="Annex"' in page
    typed["line1"] = "3 Side Street"
    page = browser.post(url(made, "location_new"), typed).content.decode()
    assert "A ZIP has five or nine digits." in page
    assert "check digit of NPI 1234567890 is wrong" in page
    assert 'value="3 Side Street"' in page
    with made.inside():
        assert Location.objects.count() == 1


def test_punctuation_people_use_is_taken(made: Made) -> None:
    browser = made.browser("admin")
    with made.inside():
        before = made.organization
    fields = ["name", "zone", "npi", "taxonomy", "tax_id_kind", "line1", "city", "state", "contact_name"]
    typed = {
        name: getattr(before, name) for name in [*fields, "submitter_id", "receiver_id", "receiver_name"]
    }
    typed |= {"tax_id": "12-3456789", "zip_code": "12401-0099", "phone": "(845) 555-0199"}
    answer = browser.post(url(made, "organization"), typed)
    assert (answer.status_code, answer["Location"]) == (303, url(made, "settings"))
    made.organization.refresh_from_db()
    assert made.organization.tax_id == "123456789"
    assert made.organization.zip_code == "124010099"
    assert made.organization.phone == "8455550199"


def test_after_saving_one_returns_to_where_one_came_from_but_never_to_another_site(made: Made) -> None:
    browser = made.browser("admin")
    back = f"/o/{made.slug}/settings/?tab=1"
    typed = {"state": "NJ", "number": "NJ-77", "valid_from": "01/31/2026"}
    address = url(made, "licence_new", made.provider.pk)
    assert f'name="next" value="{back}"' in browser.get(address, {"next": back}).content.decode()
    assert browser.post(address, typed | {"next": back})["Location"] == back
    for foreign in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
    ):
        typed["state"] = "CT" if foreign.startswith("https") else "PA"
        answer = browser.post(address, typed | {"next": foreign})
        assert answer["Location"] == url(made, "provider", made.provider.pk)
    with made.inside():
        assert f"{Licence.objects.get(state='NJ').valid_from}" == "2026-01-31"


def test_a_provider_gets_licence_contract_and_fees_on_their_page(made: Made) -> None:
    browser = made.browser("admin")
    new = {
        "first_name": "Jo", "last_name": "Lind", "credentials": "PhD", "npi": an_npi(), "taxonomy": "103TC0700X",
        "zone": "America/Denver", "location": made.location.pk, "active": "on",
    }  # fmt: skip
    assert browser.post(url(made, "provider_new"), new).status_code == 303
    with made.inside():
        jo = Provider.objects.get(last_name="Lind")
    assert "Licence, contract, fees" in browser.get(url(made, "providers")).content.decode()
    licence = {"state": "CO", "number": "1", "valid_from": "2026-01-01"}
    assert browser.post(url(made, "licence_new", jo.pk), licence).status_code == 303
    contract = {"payer": made.payer.pk, "effective_from": "2026-01-01"}
    assert browser.post(url(made, "contract_new", jo.pk), contract).status_code == 303
    twice = browser.post(url(made, "contract_new", jo.pk), contract)
    assert twice.status_code == 422 and b"already covers some of these dates" in twice.content
    fees = {"effective_from": "2026-01-01", "charge_90837": "$175.00", "allowed_90837": "120"}
    refused = browser.post(url(made, "fees", jo.pk, made.payer.pk), fees | {"charge_90834": "a lot"})
    assert refused.status_code == 422 and b"Write an amount such as 150.00." in refused.content
    assert b'value="a lot"' in refused.content
    assert browser.post(url(made, "fees", jo.pk, made.payer.pk), fees).status_code == 303
    assert browser.post(url(made, "fees", jo.pk, "self-pay"), fees).status_code == 303
    with made.inside():
        rows = {(f.payer_id, f.charge_cents, f.allowed_cents) for f in Fee.objects.filter(provider=jo)}
    assert rows == {(made.payer.pk, 17500, 12000), (None, 17500, None)}
    page = browser.get(url(made, "provider", jo.pk)).content.decode()
    assert "1 of 16 codes" in page and "In force" in page


def test_saving_the_fees_as_they_are_makes_no_new_rows(made: Made) -> None:
    browser = made.browser("biller")
    typed = {"effective_from": "2026-06-01"}
    for code in made.services:
        typed |= {f"charge_{code}": "150.00", f"allowed_{code}": "110"}
    with made.inside():
        before = Fee.objects.count()
    assert browser.post(url(made, "fees", made.provider.pk, made.payer.pk), typed).status_code == 303
    with made.inside():
        assert Fee.objects.count() == before
    typed["charge_90837"] = ""
    refused = browser.post(url(made, "fees", made.provider.pk, made.payer.pk), typed)
    assert refused.status_code == 422 and b"90837: the charge is needed." in refused.content


def test_new_rules_of_a_payer_begin_with_the_last_ones_and_close_them(made: Made) -> None:
    browser = made.browser("biller")
    address = url(made, "payer_rule_new", made.payer.pk)
    assert 'value="90"' in browser.get(address).content.decode()
    typed = {
        "effective_from": "2026-10-01", "filing_kind": "calendar_years", "filing_amount": "1",
        "requires_signed_note": "on", "telehealth_pos_home": "10", "telehealth_pos_other": "02",
        "video_modifier": "95", "audio_modifier": "93", "audio_paid": "on", "correction_method": "reopening",
    }  # fmt: skip
    assert browser.post(address, typed).status_code == 303
    with made.inside():
        assert f"{PayerRule.objects.get(effective_from='2020-01-01').effective_to}" == "2026-09-30"
    page = browser.get(url(made, "payer", made.payer.pk)).content.decode()
    assert "1 calendar year, measured at receipt" in page and "waits for the signed note" in page


def test_services_are_imported_from_a_file_or_refused_line_by_line_keeping_the_text(made: Made) -> None:
    browser = made.browser("admin")
    address = url(made, "services_import")
    good = SimpleUploadedFile("s.csv", "\ufeffcode,label,kind\n98001,Café talk,other\n".encode())
    assert browser.post(address, {"file": good})["Location"] == url(made, "services")
    wrong = "code,label,kind\n98002,Fine,other\n98003,Wrong,dance\n"
    answer = browser.post(address, {"text": wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "One line to mend, nothing was saved" in page and "Line 3: “dance” is not a kind" in page
    assert "98002,Fine,other" in page
    assert "Choose a file, or paste the table" in browser.post(address, {}).content.decode()
    with made.inside():
        assert ServiceCode.objects.get(code="98001").label == "Café talk"
        assert not ServiceCode.objects.filter(code="98002").exists()


def test_policy_numbers_looser_than_the_default_are_refused_beside_their_field(made: Made) -> None:
    browser = made.browser("admin")
    answer = browser.post(url(made, "policy"), {"confirm_days": "45", "edit_hours": "24"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Days to confirm a session: 45 is outside 1 to 30." in page and 'value="24"' in page
    assert browser.post(url(made, "policy"), {"confirm_days": "20", "edit_hours": ""}).status_code == 303
    with made.inside():
        assert policy_for(made.organization.pk).confirm_days == 20


def test_the_last_admin_cannot_be_shut_out_and_a_member_who_was_may_not_enter(made: Made) -> None:
    browser = made.browser("admin")
    own = url(made, "member", made.admin.pk)
    for typed in ({"roles": ["biller"], "active": "on"}, {"roles": ["admin"]}):
        answer = browser.post(own, typed)
        assert answer.status_code == 422 and b"at least one active admin" in answer.content
    second = make_member(made.organization, "admin")
    assert browser.post(own, {"roles": ["admin"]}).status_code == 303
    assert browser.get(url(made, "settings")).headers["Location"].startswith("/accounts/login/")
    assert browser_of(made.admin).get(url(made, "settings")).status_code == 404
    assert browser_of(second).get(url(made, "settings")).status_code == 200


def test_the_checklist_of_a_fresh_practice_shrinks_as_things_are_done() -> None:
    organization = actions.create_organization(
        name="Fresh", slug="fresh", zone="America/Denver", admin_email="a@fresh.example", admin_name="Ana",
        admin_password=PASSWORD,
    )  # fmt: skip
    admin = Member.objects.get(organization=organization)
    page = browser_of(admin).get("/o/fresh/settings/").content.decode()
    assert "10 of 11 steps left" in page  # the standard forms are there
    assert "Billing facts of the practice" in page and "A first client" in page
    complete = make_practice()
    page = complete.browser("admin").get(f"/o/{complete.slug}/settings/").content.decode()
    assert "steps left" not in page


def test_who_may_not_change_settings_is_told_whom_to_ask(made: Made) -> None:
    page = made.browser("provider").get(url(made, "settings")).content.decode()
    assert "To change something, ask Robin Vale." in page
    page = made.browser("provider").get(url(made, "provider", made.provider.pk)).content.decode()
    assert "Add a licence" not in page


def test_a_retired_payer_is_no_longer_offered(made: Made) -> None:
    make_payer(made.organization, name="Old Payer", active=False)
    page = made.browser("admin").get(url(made, "contract_new", made.provider.pk)).content.decode()
    assert "Bluestem Health" in page and "Old Payer" not in page


def test_a_provider_sees_the_billing_facts_and_whom_to_ask_and_cannot_change_them(made: Made) -> None:
    browser = made.browser("provider")
    page = browser.get(url(made, "organization"), {"next": "/o/x/"}).content.decode()
    assert made.organization.npi in page and "ask Robin Vale" in page and 'href="/o/x/"' in page
    assert browser.post(url(made, "organization"), {"name": "Mine"}).status_code == 403
    made.organization.refresh_from_db()
    assert made.organization.name == "Harbor Light Counseling"


def test_the_way_back_to_a_session_survives_the_page_in_between(made: Made) -> None:
    page = (
        made.browser("admin")
        .get(url(made, "provider", made.provider.pk), {"next": "/o/x/?a=1"})
        .content.decode()
    )
    assert f"{url(made, 'licence_new', made.provider.pk)}?next=%2Fo%2Fx%2F%3Fa%3D1" in page
    assert 'href="/o/x/?a=1"' in page
    page = (
        made.browser("admin")
        .get(url(made, "provider", made.provider.pk), {"next": "//evil"})
        .content.decode()
    )
    assert "evil" not in page
