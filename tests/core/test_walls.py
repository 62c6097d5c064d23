"""Nothing crosses the wall between organizations, and no table stands outside it by accident."""

import pytest

pytestmark = pytest.mark.django_db


def test_smoke():
    from attest.core.models import User
    assert User.objects.count() == 0
