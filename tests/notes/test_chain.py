"""Whoever gets at the rows behind the product's back is found out: each signature covers the one before it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connections, transaction

from attest.core import clock
from attest.notes.actions import add_addendum
from attest.notes.chain import Fault, digest_of, verify_chain
from attest.notes.models import Signature
from attest.notes.signed import canonical
from tests.factories import Made, make_practice, make_session
from tests.notes.conftest import drafted, signed


def signed_thrice(made: Made) -> list[UUID]:
    """Two signed notes with an addendum between them; the ids of the notes."""
    notes = []
    for day in (2, 1):
        session = make_session(made.client, starts_at=clock.now() - timedelta(days=day))
        with made.inside():
            note = drafted(made, session)
            signed(made, note)
            notes.append(note.pk)
            if day == 2:
                add_addendum(
                    note_id=note.pk, kind="correction", reason="A slip.", text="Four, not five, nights.",
                    by_member=made.clinician, proof_at=clock.real_now(), key="slip",
                )  # fmt: skip
    return notes


@pytest.mark.django_db
def test_a_chain_that_nobody_touched_holds(made: Made) -> None:
    signed_thrice(made)
    with made.inside():
        assert verify_chain(made.organization.pk, made.provider.pk) == ()


@pytest.mark.django_db
def test_each_provider_has_a_chain_of_their_own(made: Made) -> None:
    from tests.factories import make_member, make_provider

    signed_thrice(made)
    other = make_provider(made.organization, first_name="Sam")
    colleague = make_member(made.organization, "provider", provider=other)
    session = make_session(made.client, provider=other)
    theirs = Made(
        made.organization, made.admin, colleague, other, made.location, made.payer, made.services, made.client
    )
    with made.inside():
        signed(theirs, drafted(theirs, session), by_member=colleague)
        numbers = list(Signature.objects.order_by("number").values_list("signer_id", "number"))
        assert sorted(number for signer, number in numbers if signer == made.provider.pk) == [1, 2, 3]
        assert [number for signer, number in numbers if signer == other.pk] == [1]


TAMPERING = {
    "the content of a note": (
        "UPDATE notes_noteversion SET content = jsonb_set(content, '{plan}', '\"Other.\"')"
        " WHERE note_id = %(first)s",
        [1],
    ),
    "the header of a note": (
        "UPDATE notes_noteversion SET header = jsonb_set(header, '{times,minutes}', '60') WHERE note_id = %(last)s",
        [3],
    ),
    "whether it was late": (
        "UPDATE notes_noteversion SET due_at = due_at + interval '1 h' WHERE note_id = %(last)s",
        [3],
    ),
    "when the version says it was signed": (
        "UPDATE notes_noteversion SET signed_at = signed_at - interval '1 h' WHERE note_id = %(last)s",
        [3],
    ),
    "the practice's signature": ("UPDATE notes_signature SET signature = sha512(signature) WHERE number = 2", [2]),
    "the name of the key": ("UPDATE notes_signature SET key_id = gen_random_uuid() WHERE number = 2", [2]),
    "signatures exchanged": (
        "UPDATE notes_signature SET signature = (SELECT signature FROM notes_signature WHERE number = 1)"
        " WHERE number = 3",
        [3],
    ),
    "when it was signed": ("UPDATE notes_signature SET signed_at = signed_at - interval '1 h' WHERE number = 3", [3]),
    "who signed": ("UPDATE notes_signature SET signed_as = 'Somebody Else, MD' WHERE number = 2", [2]),
    "an addendum": ("UPDATE notes_addendum SET text = 'Five nights.'", [2]),
    "the session of a note": (
        "UPDATE notes_note SET session_id = (SELECT session_id FROM notes_note WHERE id = %(last)s)"
        " WHERE id = %(first)s",
        [1],
    ),
    "the labels of the template": (
        "UPDATE notes_notetemplate SET definition = jsonb_set(definition, '{name}', '\"Other\"') WHERE key = 'soap'",
        [1, 3],
    ),
    "a digest": ("UPDATE notes_signature SET digest = repeat('0', 64) WHERE number = 1", [1, 2]),
    "a signature taken out of the middle": ("DELETE FROM notes_signature WHERE number = 2", [3, None]),
    "the last signature taken off": ("DELETE FROM notes_signature WHERE number = 3", [None]),
    "all signatures gone": ("DELETE FROM notes_signature", [None, None, None]),
}  # fmt: skip
TABLES = ("notes_noteversion", "notes_signature", "notes_addendum", "notes_note", "notes_notetemplate")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_tampering_by_the_owner_of_the_tables_is_found_at_its_place() -> None:
    made = make_practice()
    first, last = signed_thrice(made)
    for what, (statement, places) in TAMPERING.items():
        found = faults_after(made, statement, {"first": first, "last": last})
        assert [fault.number for fault in found] == places, what
    with made.inside():
        assert verify_chain(made.organization.pk, made.provider.pk) == ()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", TABLES)
def test_even_the_owner_of_the_tables_is_refused_while_the_guards_stand(table: str, change: str) -> None:
    signed_thrice(make_practice())
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL attest.upkeep = 'on'")
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0
        with pytest.raises(DatabaseError, match=r"only grows|does not change"):
            cursor.execute(change.format(table))
        transaction.set_rollback(True, using="owner")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_whoever_computes_all_digests_anew_lacks_the_practices_key() -> None:
    """Even the owner of the tables, who changes a note and every digest from there on."""
    made = make_practice()
    first, _ = signed_thrice(made)
    found = faults_after(
        made,
        "UPDATE notes_noteversion SET content = jsonb_set(content, '{plan}', '\"Other.\"') WHERE note_id = %(first)s",
        {"first": first},
        then=recompute_all,
    )
    assert [(fault.number, fault.sentence) for fault in found] == [
        (number, "This was not signed with the practice's key.") for number in (1, 2, 3)
    ]


def recompute_all(cursor: Any, made: Made) -> None:
    """Every digest as it would be, had the rows always been as they are now."""
    previous = ""
    for signature in Signature.objects.using("owner").order_by("number"):
        signature.previous_digest = previous
        previous = digest_of(signature)
        cursor.execute(
            "UPDATE notes_signature SET digest = %s, previous_digest = %s WHERE id = %s",
            [previous, signature.previous_digest, signature.pk],
        )


def faults_after(
    made: Made, statement: str, values: dict[str, Any], then: Callable[[Any, Made], None] | None = None
) -> tuple[Fault, ...]:
    """What verifying finds after the owner, past every guard, ran `statement`; it is undone again."""
    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute("SET LOCAL attest.upkeep = 'on'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("DROP INDEX IF EXISTS note_one_a_session")
        cursor.execute(statement, values)
        assert cursor.rowcount > 0
        if then:
            then(cursor, made)
        found = verified_by(owner, made)
        transaction.set_rollback(True, using="owner")
    return found


def verified_by(owner: Any, made: Made) -> tuple[Fault, ...]:
    """`verify_chain` over the owner's connection, within its open transaction."""
    default = connections["default"]
    try:
        connections["default"] = owner
        return verify_chain(made.organization.pk, made.provider.pk)
    finally:
        connections["default"] = default


def test_canonical_json_has_one_spelling_and_takes_only_json() -> None:
    assert canonical({"b": 1, "a": ["é", True, None]}) == '{"a":["é",true,null],"b":1}'.encode()
    for value in ({"at": clock.real_now()}, {"x": float("nan")}, {"s": {1}}):
        with pytest.raises((TypeError, ValueError)):
            canonical(value)
