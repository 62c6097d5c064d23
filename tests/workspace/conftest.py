"""Business time stands still on a Tuesday afternoon: 11/24/2026, 1:10 PM in New York."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from attest.core import clock

NOW = datetime(2026, 11, 24, 18, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    """The moment at which every test of this folder happens."""
    with clock.at(NOW):
        yield NOW
