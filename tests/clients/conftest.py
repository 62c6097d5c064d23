"""What every test of clients begins with."""

import pytest

from tests.factories import Made, make_practice


@pytest.fixture
def made() -> Made:
    return make_practice()
