"""A key acts once."""

from uuid import UUID, uuid4

import pytest

from attest.core import once
from attest.core.walls import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> UUID:
    return uuid4()


def test_pressing_twice_gives_the_first_result(organization: UUID) -> None:
    first, second = uuid4(), uuid4()
    with inside(organization):
        assert once.claim(organization, "k", "content", first) == first
        assert once.claim(organization, "k", "content", second) == first


def test_the_same_key_with_other_content_is_refused(organization: UUID) -> None:
    with inside(organization):
        once.claim(organization, "k", "content", uuid4())
        with pytest.raises(once.KeyReused):
            once.claim(organization, "k", "other", uuid4())


def test_a_key_is_free_again_when_its_action_was_undone(organization: UUID) -> None:
    with pytest.raises(RuntimeError), inside(organization):
        once.claim(organization, "k", "content", uuid4())
        raise RuntimeError
    again = uuid4()
    with inside(organization):
        assert once.claim(organization, "k", "content", again) == again


def test_two_organizations_may_use_the_same_key() -> None:
    for _ in range(2):
        organization, result = uuid4(), uuid4()
        with inside(organization):
            assert once.claim(organization, "k", "content", result) == result


def test_a_fingerprint_depends_on_content_and_not_on_spelling() -> None:
    assert once.fingerprint({"a": 1, "b": 2}) == once.fingerprint({"b": 2, "a": 1})
    assert once.fingerprint("a", "b") != once.fingerprint("ab")
