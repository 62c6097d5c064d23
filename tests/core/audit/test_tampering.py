"""Whoever changes, deletes or moves a sealed event, its place, a checkpoint or a line of the file is found out."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from attest.core import audit
from attest.core.audit.chain import COLUMNS, checkpoint_message, digest
from attest.core.audit.sealing import seal
from attest.core.audit.verifying import places
from attest.core.ids import new_id
from attest.core.models import AuditCheckpoint, AuditEvent, AuditLink
from attest.core.walls import inside
from tests.core.audit.tampering import as_owner, differences, sealed_trail, write_events

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

OTHER_VALUE = {
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "{column} + interval '1 microsecond'",
    "character varying": "translate({column}, 'abcdef0123456789', 'bcdefa1234567890')",
    "bigint": "{column} + 1000",
    "integer": "{column} + 1000",
    "jsonb": "jsonb_set({column}, '{{share}}', '0.10')",
    "bytea": "set_byte({column}, 7, (get_byte({column}, 7) + 1) %% 256)",
}
"""Another value of each type, the nearest there is."""


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.ATTEST_HOME = tmp_path
    return tmp_path


@pytest.fixture
def trail(home: Path) -> UUID:
    """Thirty sealed events under three checkpoints."""
    return sealed_trail(10, 10, 10)


def test_any_column_of_any_row_that_is_changed_is_found(trail: UUID) -> None:
    assert differences(trail) == []
    for model, at in ((AuditEvent, "kind"), (AuditLink, "number"), (AuditCheckpoint, "number")):
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            with as_owner() as cursor:
                cursor.execute(
                    "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
                    [table, field.column],
                )
                value = OTHER_VALUE[cursor.fetchone()[0]].format(column=field.column)
                key = model._meta.pk.column
                cursor.execute(
                    f"UPDATE {table} SET {field.column} = {value} WHERE {key} ="
                    f" (SELECT {key} FROM {table} WHERE organization_id = %s ORDER BY {at}, {key} OFFSET 1 LIMIT 1)",
                    [trail],
                )
                assert cursor.rowcount == 1
                assert differences(trail), f"{table}.{field.column}"
    assert differences(trail) == []


def test_every_column_of_an_event_is_part_of_what_is_hashed() -> None:
    assert {*COLUMNS, "organization_id"} == {field.column for field in AuditEvent._meta.concrete_fields}


def test_a_value_that_was_empty_and_is_filled_in_is_found(home: Path) -> None:
    practice = new_id()
    with inside(practice):
        audit.record("client.searched", subject_type="client", subject_id=None, by=None)
    seal(practice)
    for column in ("subject_id", "client_id", "user_id"):
        with as_owner() as cursor:
            cursor.execute(f"UPDATE core_auditevent SET {column} = gen_random_uuid()")
            assert len(differences(practice)) == 1, column


LAST_TEN = (
    "DELETE FROM core_auditevent WHERE id IN (SELECT event_id FROM core_auditlink WHERE number > 20)",
    "DELETE FROM core_auditlink WHERE number > 20",
    "DELETE FROM core_auditcheckpoint WHERE number > 20",
)
STATEMENTS: dict[str, tuple[tuple[str, ...], str]] = {
    "an event deleted": (
        ("DELETE FROM core_auditevent WHERE id = (SELECT event_id FROM core_auditlink WHERE number = 5)",),
        "Event 5 (",
    ),
    "a place deleted": (
        ("DELETE FROM core_auditlink WHERE number = 5",),
        "Event 5 are missing with their places in the chain.",
    ),
    "a checkpoint deleted": (
        ("DELETE FROM core_auditcheckpoint WHERE number = 20",),
        "The checkpoint at event 30 does not follow the one before it: a checkpoint between them is missing.",
    ),
    "the last ten events deleted": (LAST_TEN[:1], "Event 21 ("),
    "the last ten deleted with their places": (
        LAST_TEN[:2],
        "Events 21 to 30 are missing with their places in the chain.",
    ),
    "the last ten deleted with places and checkpoint": (
        LAST_TEN,
        "Line 3 of the file: it says that events up to 30 were sealed; the database has no such checkpoint.",
    ),
    "the newest checkpoint deleted": (
        LAST_TEN[2:],
        "Events 21 to 30 have places in the chain that no checkpoint covers.",
    ),
    "everything deleted": (
        ("DELETE FROM core_auditevent", "DELETE FROM core_auditlink", "DELETE FROM core_auditcheckpoint"),
        "Line 1 of the file: it says that events up to 10 were sealed",
    ),
    "two events exchanged": (
        (
            "CREATE TEMP TABLE two ON COMMIT DROP AS SELECT event_id, number FROM core_auditlink"
            " WHERE number IN (14, 15)",
            "UPDATE core_auditlink SET event_id = gen_random_uuid() WHERE number IN (14, 15)",
            "UPDATE core_auditlink l SET event_id = two.event_id FROM two WHERE l.number = 29 - two.number",
        ),
        "Event 14 (",
    ),
    "an event put in at the end": (
        (
            "INSERT INTO core_auditlink (event_id, organization_id, number, digest)"
            " SELECT gen_random_uuid(), organization_id, 31, repeat('0', 64) FROM core_auditlink LIMIT 1",
        ),
        "Event 31 have places in the chain that no checkpoint covers.",
    ),
}


def test_what_is_taken_out_put_in_or_moved_is_named(trail: UUID) -> None:
    for what, (statements, sentence) in STATEMENTS.items():
        with as_owner() as cursor:
            for statement in statements:
                cursor.execute(statement)
            found = differences(trail)
        assert any(one.startswith(sentence) for one in found), (what, found)
    assert differences(trail) == []


def test_one_changed_event_is_one_line_and_does_not_blame_those_after_it(trail: UUID) -> None:
    with as_owner() as cursor:
        cursor.execute(
            "UPDATE core_auditevent SET kind = 'session.edit'"
            " WHERE id = (SELECT event_id FROM core_auditlink WHERE number = 5)"
        )
        (sentence,) = differences(trail)
        assert sentence.startswith("Event 5 (")
        assert sentence.endswith(") was changed or moved after it was sealed.")
    with as_owner() as cursor:
        cursor.execute("UPDATE core_auditlink SET digest = repeat('0', 64) WHERE number = 5")
        assert len(differences(trail)) == 1


def chain_made_anew(cursor: Any, practice: UUID) -> None:
    """Digests and checkpoints as they would be had the events always been like that; the key is not known."""
    previous = ""
    for number, event_id, _, event in list(places(practice, 30)):
        assert event
        previous = digest(event, organization_id=practice, number=number, previous=previous)
        cursor.execute("UPDATE core_auditlink SET digest = %s WHERE event_id = %s", [previous, event_id])
    cursor.execute(
        "UPDATE core_auditcheckpoint c SET digest = l.digest FROM core_auditlink l WHERE l.number = c.number"
    )


def test_a_chain_that_was_made_anew_after_a_change_is_betrayed_by_the_signatures(trail: UUID) -> None:
    with as_owner() as cursor:
        cursor.execute(
            "UPDATE core_auditevent SET user_id = gen_random_uuid()"
            " WHERE id = (SELECT event_id FROM core_auditlink WHERE number = 15)"
        )
        chain_made_anew(cursor, trail)
        found = differences(trail)
    assert "The checkpoint at event 20 was changed: its signature does not hold." in found
    assert "The checkpoint at event 10 was changed: its signature does not hold." not in found


def test_a_superuser_with_a_key_of_their_own_is_betrayed_by_the_file(trail: UUID) -> None:
    with as_owner() as cursor:
        cursor.execute(
            "UPDATE core_auditevent SET user_id = gen_random_uuid()"
            " WHERE id = (SELECT event_id FROM core_auditlink WHERE number = 15)"
        )
        chain_made_anew(cursor, trail)
        private, raw = another_key()
        cursor.execute("UPDATE core_signingkey SET public = %s WHERE organization_id = %s", [raw, trail])
        with inside(trail):
            for row in AuditCheckpoint.objects.all():
                message = checkpoint_message(
                    checkpoint_id=row.pk, organization_id=trail, number=row.number,
                    digest=row.digest, count=row.count, at=row.at,
                )  # fmt: skip
                cursor.execute(
                    "UPDATE core_auditcheckpoint SET signature = %s WHERE id = %s",
                    [private.sign(message), row.pk],
                )
        found = differences(trail)
    replaced = "the key that signed it is not in the database any more, or was replaced there."
    assert f"Line 2 of the file: {replaced}" in found
    assert not any(sentence.startswith("Event") for sentence in found)


def another_key() -> tuple[Any, bytes]:
    private = Ed25519PrivateKey.generate()
    return private, private.public_key().public_bytes_raw()


def test_events_of_one_practice_cannot_be_moved_into_another(trail: UUID, home: Path) -> None:
    other = sealed_trail(3)
    with as_owner() as cursor:
        cursor.execute(
            "UPDATE core_auditlink SET organization_id = %s WHERE organization_id = %s AND number = 30",
            [other, trail],
        )
        assert any(s.startswith("Event 30 are missing") for s in differences(trail))
        assert any("no checkpoint covers" in s for s in differences(other))


def test_what_was_deleted_stays_found_when_more_has_been_sealed_since(home: Path) -> None:
    practice = sealed_trail(20, 10)
    with as_owner(keep=True) as cursor:
        for statement in LAST_TEN:
            cursor.execute(statement)
    write_events(practice, 10)
    assert seal(practice).events == 10
    found = differences(practice)
    assert (
        "Line 2 of the file: the database has another checkpoint at event 30 than was written here." in found
    )
    assert any("goes back to event 30" in sentence for sentence in found)
