"""What is sealed opens for its own purpose and practice only, and not at all once a byte of it was changed."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attest.core.ids import new_id
from attest.core.keys import Altered, KeyMissing, seal, unseal
from attest.core.walls import inside

pytestmark = pytest.mark.django_db
ONE, OTHER = new_id(), new_id()
some = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("organization_id", [ONE, None])
@some
@given(plain=st.binary(max_size=300), purpose=st.text(max_size=20))
def test_what_was_sealed_comes_back(organization_id: UUID | None, plain: bytes, purpose: str) -> None:
    with inside(organization_id):
        sealed = seal(plain, purpose=purpose, organization_id=organization_id)
        assert plain == unseal(sealed, purpose=purpose, organization_id=organization_id)
        assert len(plain) < 16 or plain not in sealed
        assert seal(plain, purpose=purpose, organization_id=organization_id) != sealed


@some
@given(data=st.data(), plain=st.binary(max_size=60))
def test_any_changed_byte_is_refused(data: st.DataObject, plain: bytes) -> None:
    with inside(ONE):
        sealed = bytearray(seal(plain, purpose="letter", organization_id=ONE))
        place = data.draw(st.integers(0, len(sealed) - 1))
        sealed[place] ^= data.draw(st.integers(1, 255))
        with pytest.raises((Altered, KeyMissing)):
            unseal(bytes(sealed), purpose="letter", organization_id=ONE)


@some
@given(cut=st.integers(0, 60))
def test_what_was_cut_short_or_added_to_is_refused(cut: int) -> None:
    with inside(ONE):
        sealed = seal(b"sixteen bytes or", purpose="letter", organization_id=ONE)
        for other in (sealed[:cut], sealed + bytes(cut + 1)):
            with pytest.raises(Altered):
                unseal(other, purpose="letter", organization_id=ONE)


def test_another_purpose_or_practice_does_not_open_it() -> None:
    with inside(ONE):
        sealed = seal(b"secret", purpose="upload", organization_id=ONE)
        with pytest.raises(Altered):
            unseal(sealed, purpose="uploads", organization_id=ONE)
        with pytest.raises(KeyMissing):
            unseal(sealed, purpose="upload", organization_id=None)
    with inside(OTHER), pytest.raises(KeyMissing):
        unseal(sealed, purpose="upload", organization_id=OTHER)
