"""A practice signs with its own key; every signature names the key that made it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attest.core.ids import new_id
from attest.core.keys import public_key, public_keys, sign, verify
from attest.core.walls import inside

pytestmark = pytest.mark.django_db
ONE, OTHER = new_id(), new_id()


def test_the_first_signature_makes_the_practices_key_and_the_second_uses_it() -> None:
    with inside(ONE):
        first, second = (sign(message, organization_id=ONE) for message in (b"one", b"two"))
        assert first.key_id == second.key_id
        assert len(first.signature) == 64
        assert verify(b"one", first.signature, key_id=first.key_id, organization_id=ONE)
        assert not verify(b"two", first.signature, key_id=first.key_id, organization_id=ONE)
        (key,) = public_keys(ONE)
        assert key == public_key(first.key_id, ONE)
        assert (len(key.raw), len(key.fingerprint), key.until) == (32, 64, None)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=st.binary(max_size=60), place=st.integers(0, 63), change=st.integers(1, 255))
def test_any_changed_byte_of_a_signature_is_noticed(message: bytes, place: int, change: int) -> None:
    with inside(ONE):
        signed = sign(message, organization_id=ONE)
        wrong = bytearray(signed.signature)
        wrong[place] ^= change
        assert not verify(message, bytes(wrong), key_id=signed.key_id, organization_id=ONE)
        assert not verify(message + b"\0", signed.signature, key_id=signed.key_id, organization_id=ONE)


def test_the_key_of_another_practice_verifies_nothing() -> None:
    with inside(ONE):
        signed = sign(b"message", organization_id=ONE)
    with inside(OTHER):
        assert sign(b"message", organization_id=OTHER).key_id != signed.key_id
        assert not verify(b"message", signed.signature, key_id=signed.key_id, organization_id=OTHER)
        assert public_key(signed.key_id, OTHER) is None
