"""Settings of forms and diagnosis codes: who changes them, and what they tell."""

import pytest

from tests.clients.hands import url
from tests.factories import (
    Made,
    today,
)

pytestmark = pytest.mark.django_db


def test_a_new_version_of_a_form_keeps_the_old_one_readable(made: Made) -> None:
    browser = made.browser("admin")
    address = url(made, "form_version", "privacy-notice")
    assert "keeps a record of my care" in browser.get(address).content.decode()
    typed = {"title": "Privacy", "body": "", "effective_from": f"{today()}", "required": "on"}
    refused = browser.post(address, typed)
    assert refused.status_code == 422 and b"Text is needed." in refused.content
    assert browser.post(address, typed | {"body": "New words."}).status_code == 303
    page = browser.get(url(made, "settings_forms")).content.decode()
    assert "New words." in page and "keeps a record of my care" in page and "Replaced" in page
    assert browser.get(url(made, "form_version", "no-such-form")).status_code == 404
    new = typed | {"body": "Words.", "key": "privacy-notice"}
    assert b"this short name is there already" in browser.post(url(made, "form_new"), new).content
    assert browser.post(url(made, "form_new"), new | {"key": "minors"}).status_code == 303


def test_forms_are_changed_by_an_admin_and_seen_by_everybody(made: Made) -> None:
    for role in ("provider", "biller", "auditor"):
        browser = made.browser(role)
        assert browser.get(url(made, "settings_forms")).status_code == 200
        assert browser.get(url(made, "diagnosis_codes")).status_code == 200
        assert browser.get(url(made, "form_new")).status_code == 403
        assert browser.post(url(made, "form_version", "privacy-notice"), {"body": "x"}).status_code == 403


def test_a_missing_release_of_codes_is_one_notice_in_the_settings(made: Made) -> None:
    from attest.clients.models import IcdRelease

    browser = made.browser("admin")
    assert "missing" not in browser.get(f"/o/{made.slug}/settings/").content.decode()
    IcdRelease.objects.update(effective_from="2020-04-01", effective_to="2020-09-30", name="April 2020")
    assert browser.get(f"/o/{made.slug}/settings/").content.decode().count("missing</span>") == 1
    page = browser.get(url(made, "diagnosis_codes")).content.decode()
    assert "is not loaded" in page and "04/01/2020 – 09/30/2020" in page
