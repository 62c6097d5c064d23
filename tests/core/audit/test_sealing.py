"""The sealer gives every committed event the next place, signs how far it came, and writes that beside the database."""

import json
import stat
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from attest.core import audit, keys
from attest.core.audit.journal import Journal
from attest.core.audit.sealing import Sealed, seal
from attest.core.audit.verifying import Verification
from attest.core.ids import new_id
from attest.core.models import AuditCheckpoint, AuditEvent, AuditLink
from attest.core.walls import inside
from tests.core.audit.tampering import differences, sealed_trail, write_events

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.ATTEST_HOME = tmp_path


def places(organization_id: UUID) -> list[tuple[int, UUID]]:
    with inside(organization_id):
        return list(AuditLink.objects.order_by("number").values_list("number", "event_id"))


def lines(organization_id: UUID) -> list[dict[str, Any]]:
    return [json.loads(text) for text in Journal(organization_id).path.read_text().splitlines()]


def test_events_get_places_without_gaps_in_the_order_in_which_they_were_written() -> None:
    practice = new_id()
    first = write_events(practice, 3)
    assert seal(practice) == Sealed(3, 0)
    second = write_events(practice, 2)
    assert seal(practice) == Sealed(2, 0)
    assert places(practice) == list(enumerate([*first, *second], start=1))
    assert seal(practice) == Sealed(0, 0)
    assert differences(practice) == []


def test_a_practice_without_events_is_left_alone() -> None:
    practice = new_id()
    assert seal(practice) == Sealed(0, 0)
    assert not Journal(practice).path.exists()
    assert differences(practice) == []


def test_practices_have_chains_of_their_own() -> None:
    one, other = sealed_trail(2), sealed_trail(3)
    assert [len(places(practice)) for practice in (one, other)] == [2, 3]
    assert differences(one) == differences(other) == []


def test_a_long_backlog_is_sealed_batch_by_batch_each_with_its_checkpoint() -> None:
    practice = new_id()
    write_events(practice, 25)
    assert seal(practice, batch=10).events == 25
    with inside(practice):
        numbers = list(AuditCheckpoint.objects.order_by("number").values_list("number", "count"))
    assert numbers == [(10, 10), (20, 10), (25, 5)]
    assert [line["number"] for line in lines(practice)] == [10, 20, 25]
    assert differences(practice) == []


def test_a_checkpoint_is_signed_with_the_practices_key_and_stands_in_the_file() -> None:
    practice = sealed_trail(4)
    with inside(practice):
        checkpoint = AuditCheckpoint.objects.get()
        (key,) = keys.public_keys(practice)
    (line,) = lines(practice)
    assert (line["number"], line["count"], line["digest"]) == (4, 4, checkpoint.digest)
    assert (line["key"], line["fingerprint"]) == (str(checkpoint.key_id), key.fingerprint)
    path = Journal(practice).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_event_of_a_slow_transaction_gets_its_place_later() -> None:
    practice, late = new_id(), new_id()
    write_events(practice, 2)
    seal(practice)
    with inside(practice):
        AuditEvent.objects.create(
            pk=late, organization_id=practice, kind="session.view", subject_type="session"
        )
    assert seal(practice).events == 1
    assert places(practice)[-1] == (3, late)


def test_what_is_older_than_any_transaction_lasts_is_found_by_the_thorough_run() -> None:
    practice = sealed_trail(1)
    old = UUID(int=new_id().int - (3 * 3600 * 1000 << 80))
    with inside(practice):
        AuditEvent.objects.create(
            pk=old, organization_id=practice, kind="session.view", subject_type="session"
        )
    assert seal(practice).events == 0
    assert seal(practice, thorough=True).events == 1
    assert differences(practice) == []


def test_a_crash_before_the_line_was_written_is_mended_by_the_next_run_and_said_in_the_trail() -> None:
    practice = sealed_trail(2, 2)
    path = Journal(practice).path
    whole = path.read_bytes()
    path.write_bytes(whole.splitlines(keepends=True)[0])
    assert differences(practice) == ["The checkpoint at event 4 has no line in the file that fits it."]
    assert seal(practice) == Sealed(1, 1)
    assert path.read_bytes().startswith(whole)
    with inside(practice):
        assert AuditEvent.objects.get(kind="audit.file_mended").data == {"lines": 1}
    assert differences(practice) == []


def test_a_line_that_a_crash_left_half_written_is_written_again() -> None:
    practice = sealed_trail(2, 2)
    path = Journal(practice).path
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert "Line 2" in differences(practice)[0]
    assert seal(practice).lines_added == 1
    assert path.read_bytes().startswith(whole)
    assert differences(practice) == []


def test_a_file_that_is_gone_is_found_and_made_anew() -> None:
    practice = sealed_trail(1, 1, 1)
    Journal(practice).path.unlink()
    (sentence,) = differences(practice)
    assert "is missing" in sentence
    assert seal(practice).lines_added == 3
    assert differences(practice) == []


def test_a_line_missing_in_the_middle_is_not_mended_in_silence() -> None:
    practice = sealed_trail(1, 1, 1)
    path = Journal(practice).path
    first, _, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + last)
    assert seal(practice).lines_added == 0
    assert differences(practice) == ["The checkpoint at event 2 has no line in the file that fits it."]


def test_verifying_says_how_many_events_have_no_place_yet() -> None:
    practice = sealed_trail(3)
    write_events(practice, 2)
    check = Verification(practice)
    assert list(check.differences()) == []
    assert (check.sealed, check.checkpoints, check.unsealed, check.found) == (3, 1, 2, 0)
    check.record()
    with inside(practice):
        assert AuditEvent.objects.get(kind="audit.verified").data == {"sealed": 3, "differences": 0}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_sealer_is_not_called_within_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        seal(new_id())


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_sealers_at_once_give_every_event_one_place() -> None:
    practice = new_id()
    write_events(practice, 60)
    done: list[int] = []

    def work() -> None:
        try:
            done.append(seal(practice, batch=7).events)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 60
    assert [number for number, _ in places(practice)] == list(range(1, 61))
    assert differences(practice) == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_is_not_committed_is_not_sealed_and_gets_its_place_afterwards() -> None:
    practice = new_id()
    write_events(practice, 2)
    with inside(practice):
        audit.record("session.view", subject_type="session", subject_id=None, by=None)
        sealed: list[int] = []

        def work() -> None:
            try:
                sealed.append(seal(practice).events)
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert sealed == [2]
    assert seal(practice).events == 1
    assert differences(practice) == []


def test_ten_thousand_events_are_sealed_in_under_two_seconds() -> None:
    practice = new_id()
    with inside(practice), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_auditevent (id, organization_id, at, kind, subject_type, data)"
            " SELECT gen_random_uuid(), %s, now(), 'session.view', 'session', '{\"a\": 1}'"
            " FROM generate_series(1, 10000)",
            [practice],
        )
    began = time.monotonic()
    assert seal(practice).events == 10_000
    assert time.monotonic() - began < 2
