"""Rotation replaces every key in one go; what was sealed stays readable, what was signed verifies."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, connections, transaction

from attest.core.ids import new_id
from attest.core.keys import KeyMissing, masters, public_keys, seal, sealing, sign, unseal, verify
from attest.core.keys.models import DataKey, SigningKey, SiteKey
from attest.core.keys.problems import CannotRotate
from attest.core.keys.rotation import faults, forget, rotate, standing
from attest.core.walls import inside

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
ONE, OTHER = new_id(), new_id()
MESSAGE = b"message"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    settings.ATTEST_HOME = tmp_path
    sealing.forget_opened()
    yield tmp_path
    sealing.forget_opened()


class Kept:
    """Something sealed for two practices and the site, and a signature of each practice."""

    def __init__(self) -> None:
        self.sealed = {}
        self.signed = {}
        for owner in (ONE, OTHER, None):
            with inside(owner):
                self.sealed[owner] = seal(b"secret", purpose="p", organization_id=owner)
                if owner:
                    self.signed[owner] = sign(MESSAGE, organization_id=owner)

    def still_good(self) -> bool:
        """Whether all of it opens and verifies in a process that has opened nothing yet."""
        sealing.forget_opened()
        for owner, sealed in self.sealed.items():
            with inside(owner):
                if unseal(sealed, purpose="p", organization_id=owner) != b"secret":
                    return False
        for owner, signed in self.signed.items():
            with inside(owner):
                if not verify(MESSAGE, signed.signature, key_id=signed.key_id, organization_id=owner):
                    return False
        return True


def test_after_rotation_old_data_opens_and_new_data_is_under_new_keys() -> None:
    kept = Kept()
    first = masters.ring().active_id
    done = rotate()
    assert (done.wrapped_anew, done.practices, done.given_up) == (3, (ONE, OTHER), 0)
    assert kept.still_good()
    ring = masters.ring()
    assert [master.id for master in ring.masters] == [first, done.master.id]
    assert standing().wrapped == {done.master.id: 6}
    with inside(ONE):
        newer = seal(b"secret", purpose="p", organization_id=ONE)
        assert newer[1:17] != kept.sealed[ONE][1:17]
        signed = sign(MESSAGE, organization_id=ONE)
        assert signed.key_id != kept.signed[ONE].key_id
        old, new = public_keys(ONE)
        assert (old.id, new.id, new.until) == (kept.signed[ONE].key_id, signed.key_id, None)
        assert old.until == new.since
        assert bytes(SigningKey.objects.get(pk=old.id).private) == b""
    assert faults() == []


def test_a_master_key_is_forgotten_only_when_it_wraps_nothing() -> None:
    kept = Kept()
    assert forget() == []
    first = masters.ring().active
    rotate()
    assert forget() == [first]
    assert len(masters.ring().masters) == 1
    assert kept.still_good()
    assert forget() == []


def refuse_new_data_keys(refuse: bool) -> None:
    statement = (
        "CREATE TRIGGER broken BEFORE INSERT ON core_datakey FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        if refuse
        else "DROP TRIGGER broken ON core_datakey"
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


def test_a_rotation_that_fails_after_the_key_file_was_written_changes_nothing_and_is_taken_up_again() -> None:
    kept = Kept()
    before = standing()
    refuse_new_data_keys(True)
    try:
        with pytest.raises(DatabaseError):
            rotate()
    finally:
        refuse_new_data_keys(False)
    assert len(masters.ring().masters) == 2
    assert standing().wrapped == before.wrapped
    assert kept.still_good()
    assert rotate().master.id == masters.ring().active_id
    assert len(masters.ring().masters) == 2
    assert kept.still_good()


def test_a_rotation_killed_in_the_middle_leaves_everything_readable(own_home: Path) -> None:
    kept = Kept()
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL attest.upkeep = 'on'")
        cursor.execute("SELECT id FROM core_datakey FOR UPDATE")  # it gets as far as wrapping these anew
        process = subprocess.Popen(
            [sys.executable, "-c", ROTATE, str(own_home), connection.settings_dict["NAME"]],
            stderr=subprocess.PIPE,
        )
        wait_for_a_lock(cursor)
        assert process.poll() is None
        process.kill()
        process.communicate()
    assert len(masters.ring().masters) == 2
    assert kept.still_good()
    with inside(ONE):
        assert sign(MESSAGE, organization_id=ONE).key_id == kept.signed[ONE].key_id
    rotate()
    assert len(masters.ring().masters) == 2
    assert kept.still_good()


ROTATE = """
import sys
import django
from django.conf import settings
from django.db import connections
settings.ATTEST_HOME = sys.argv[1]
for entry in settings.DATABASES.values():
    entry["NAME"] = sys.argv[2]
django.setup()
from attest.core.keys.rotation import rotate
rotate()
"""


def wait_for_a_lock(cursor: Any) -> None:
    """Return once somebody waits for a lock in this database; fail after a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database()"
        )
        if cursor.fetchone()[0]:
            return
    pytest.fail("nobody waits")


def test_who_makes_a_key_while_all_are_replaced_waits_and_gets_one_under_the_new_master() -> None:
    Kept()
    third, sealed = new_id(), []

    def begin() -> None:
        try:
            with inside(third):
                sealed.append(seal(b"secret", purpose="p", organization_id=third))
        finally:
            connections.close_all()

    with transaction.atomic(using="owner"):
        sealing.hold_still(alone=True, using="owner")
        thread = threading.Thread(target=begin)
        thread.start()
        with connections["owner"].cursor() as cursor:
            wait_for_a_lock(cursor)
        masters.keep(masters.ring().with_another())
    thread.join()
    assert sealed
    assert standing().wrapped[masters.ring().active_id] == 1


def test_with_a_lost_master_key_nothing_is_rotated_unless_that_is_wanted() -> None:
    kept = Kept()
    lost, copy = masters.ring().active_id, masters.key_file().read_text()
    masters.key_file().unlink()
    with pytest.raises(KeyMissing, match=lost):
        rotate()
    assert not masters.key_file().exists()
    assert len(faults()) == 3  # the master key once, and the signing key of each practice

    assert rotate(give_up_lost=True).given_up == 3
    assert faults() == []
    sealing.forget_opened()
    for owner in (ONE, None):
        with inside(owner):
            with pytest.raises(KeyMissing, match=lost):
                unseal(kept.sealed[owner], purpose="p", organization_id=owner)
            fresh = seal(b"new", purpose="p", organization_id=owner)
            assert unseal(fresh, purpose="p", organization_id=owner) == b"new"
    with inside(ONE):
        old = kept.signed[ONE]
        assert verify(MESSAGE, old.signature, key_id=old.key_id, organization_id=ONE)
        assert sign(MESSAGE, organization_id=ONE).key_id != old.key_id

    # A copy of the lost key turns up after all: both go into one file.
    found = masters._parsed(copy)
    now = masters.ring()
    masters.keep(masters.Ring(now.active_id, (*found.masters, *now.masters)))
    rotate()
    forget()
    assert kept.still_good()


def test_keys_in_the_environment_are_rotated_once_a_new_one_is_put_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = masters.NO_RING.with_another()
    monkeypatch.setenv("ATTEST_KEYS", first.as_text())
    kept = Kept()
    with pytest.raises(CannotRotate, match="attest keys next"):
        rotate()
    monkeypatch.setenv("ATTEST_KEYS", first.with_another().as_text(lines=False))
    assert rotate().wrapped_anew == 3
    assert kept.still_good()
    with pytest.raises(CannotRotate, match=first.active_id):
        forget()
    assert not masters.key_file().exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_signingkey SET public = '\\x00'",
        "UPDATE core_signingkey SET private = '\\x00'",
        "UPDATE core_signingkey SET retired_at = now()",
        "UPDATE core_datakey SET number = 7",
        "UPDATE core_sitekey SET id = gen_random_uuid()",
        "DELETE FROM core_signingkey",
        "DELETE FROM core_datakey",
        "DELETE FROM core_sitekey",
    ],
)
def test_even_the_owner_of_the_tables_is_refused_what_would_lose_a_key(statement: str) -> None:
    Kept()
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(using="owner"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute("SET LOCAL attest.upkeep = 'on'")
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["core_datakey", "core_sitekey", "core_signingkey"])
def test_the_application_may_only_add_keys(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT has_table_privilege('{table}', 'update, delete, truncate')")
        assert cursor.fetchone() == (False,)


def test_a_signing_key_that_was_exchanged_behind_our_back_is_found() -> None:
    Kept()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE core_signingkey DISABLE TRIGGER same")
        with transaction.atomic(using="owner"):
            cursor.execute("SET LOCAL attest.upkeep = 'on'")
            cursor.execute(
                "UPDATE core_signingkey SET public = sha256(public) WHERE organization_id = %s", [ONE]
            )
            assert cursor.rowcount == 1
        cursor.execute("ALTER TABLE core_signingkey ENABLE TRIGGER same")
    (fault,) = faults()
    assert "do not belong together" in fault


def test_nothing_at_all_to_rotate_makes_the_first_keys() -> None:
    done = rotate()
    assert (done.wrapped_anew, done.practices) == (0, ())
    assert SiteKey.objects.count() == 1
    assert not DataKey.objects.exists()
    assert faults() == []
