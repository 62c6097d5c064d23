import pytest
from django.urls import get_resolver
from tests.factories import browser_of, make_practice, make_member, make_organization
pytestmark = pytest.mark.django_db
def test_smoke():
    m = make_practice()
    b = browser_of(m.admin)
    for name in ["", "practice/", "policy/", "locations/", "locations/new/", "members/", "members/new/", "providers/", "providers/new/", f"providers/{m.provider.pk}/", f"providers/{m.provider.pk}/edit/", f"providers/{m.provider.pk}/fees/self-pay/", f"providers/{m.provider.pk}/fees/{m.payer.pk}/", "payers/", f"payers/{m.payer.pk}/", f"payers/{m.payer.pk}/rules/new/", "services/", "services/new/", "services/import/", f"services/{m.services['90837'].pk}/", f"members/{m.admin.pk}/", f"locations/{m.location.pk}/"]:
        r = b.get(f"/o/{m.slug}/settings/{name}")
        assert r.status_code == 200, (name, r.status_code, r.content[:2000])
