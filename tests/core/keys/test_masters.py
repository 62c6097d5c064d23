"""The key file: made once, private, replaced in one step, never made anew over data it cannot open."""

import json
import threading
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connections

from attest.core.ids import new_id
from attest.core.keys import KeyMissing, masters, seal, sealing, unseal
from attest.core.keys.models import DataKey, SiteKey
from attest.core.walls import inside

ONE = new_id()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: LazySettings) -> Path:
    """A data folder without keys."""
    settings.ATTEST_HOME = tmp_path
    sealing.forget_opened()
    return tmp_path


def test_the_first_ring_is_a_private_file_and_stays_the_same(own_home: Path) -> None:
    assert masters.ring() == masters.NO_RING
    first = masters.first_ring()
    assert masters.first_ring() == masters.ring() == first
    assert masters.key_file().stat().st_mode & 0o777 == 0o600
    assert json.loads(masters.key_file().read_text())["active"] == first.active_id
    assert first.active.fingerprint in {master.fingerprint for master in masters.ring().masters}
    assert first.active.secret.hex() not in repr(first)


def test_many_who_begin_at_once_get_one_ring() -> None:
    found: list[masters.Ring] = []
    start = threading.Barrier(6)

    def begin() -> None:
        start.wait()
        found.append(masters.first_ring())

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len({ring.active_id for ring in found}) == 1


def test_a_half_written_scratch_file_is_no_key_file(own_home: Path) -> None:
    first = masters.first_ring()
    (own_home / "keys.json.new").write_text('{"active"')
    assert masters.ring() == first
    masters.keep(first.with_another())
    assert len(masters.ring().masters) == 2
    assert sorted(path.name for path in own_home.iterdir()) == ["keys.json", "keys.lock"]


TOO_SHORT = {"active": "a", "keys": [{"id": "a", "key": "AAAA", "made_at": "2026-01-01T00:00+00:00"}]}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"active": "a", "keys": []}', json.dumps(TOO_SHORT)])
def test_a_damaged_key_file_is_told_and_left_as_it_is(text: str) -> None:
    masters.key_file().write_text(text)
    with pytest.raises(KeyMissing, match=r"does not hold complete master keys\. Put a backup of it back\."):
        masters.first_ring()
    assert masters.key_file().read_text() == text


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    masters.first_ring()
    held = masters.NO_RING.with_another()
    monkeypatch.setenv("ATTEST_KEYS", held.as_text(lines=False))
    assert masters.ring() == masters.first_ring() == held
    with pytest.raises(KeyMissing, match="ATTEST_KEYS; change it there"):
        masters.keep(held)


@pytest.mark.django_db
def test_a_lost_key_file_is_said_and_never_made_anew() -> None:
    with inside(ONE):
        sealed = seal(b"secret", purpose="p", organization_id=ONE)
        key_id = masters.ring().active_id
        kept = masters.key_file().read_text()
        masters.key_file().unlink()
        sealing.forget_opened()
        for attempt in (
            lambda: unseal(sealed, purpose="p", organization_id=ONE),
            lambda: seal(b"more", purpose="p", organization_id=ONE),
            lambda: seal(b"more", purpose="p", organization_id=None),
        ):
            with pytest.raises(
                KeyMissing, match=f"The master key {key_id} is not in the key file .* Put a backup"
            ):
                attempt()
        assert not masters.key_file().exists()
        masters.key_file().write_text(kept)
        assert unseal(sealed, purpose="p", organization_id=ONE) == b"secret"


@pytest.mark.django_db
def test_another_key_file_makes_no_keys_for_further_practices_either() -> None:
    seal(b"secret", purpose="p", organization_id=None)
    masters.key_file().unlink()
    masters.first_ring()
    other = new_id()
    with inside(other), pytest.raises(KeyMissing):
        seal(b"secret", purpose="p", organization_id=other)
    with inside(other):
        assert not DataKey.objects.exists()


@pytest.mark.django_db
def test_a_master_key_of_that_name_with_another_content_is_noticed() -> None:
    sealed = seal(b"secret", purpose="p", organization_id=None)
    held = json.loads(masters.key_file().read_text())
    held["keys"][0]["key"] = json.loads(masters.NO_RING.with_another().as_text())["keys"][0]["key"]
    masters.key_file().write_text(json.dumps(held))
    sealing.forget_opened()
    with pytest.raises(KeyMissing, match="does not open the data key"):
        unseal(sealed, purpose="p", organization_id=None)


@pytest.mark.django_db(transaction=True)
def test_two_who_make_the_first_key_at_once_end_with_the_same() -> None:
    """Whoever comes second waits until the first is done, and takes the same key."""
    sealed: list[bytes] = []
    start = threading.Barrier(4)

    def begin() -> None:
        try:
            start.wait()
            with inside(ONE):
                sealed.append(seal(b"secret", purpose="p", organization_id=ONE))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealing.forget_opened()
    with inside(ONE):
        assert [unseal(each, purpose="p", organization_id=ONE) for each in sealed] == [b"secret"] * 4
        assert DataKey.objects.count() == 1
    assert SiteKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_made_in_a_transaction_that_is_undone_seals_nothing_afterwards() -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), inside(ONE):
        seal(b"secret", purpose="p", organization_id=ONE)
        raise Undone
    with inside(ONE):
        sealed = seal(b"secret", purpose="p", organization_id=ONE)
    sealing.forget_opened()
    with inside(ONE):
        assert unseal(sealed, purpose="p", organization_id=ONE) == b"secret"
