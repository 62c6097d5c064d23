"""`attest notes check`: all chains of a practice, and what the audit trail remembers of signatures that are gone."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connections, transaction

from attest.cli.main import main
from attest.core.audit import record
from attest.core.keys.publishing import published
from attest.notes.verifying import check_practice
from tests.factories import Made, make_practice, make_session
from tests.notes.conftest import drafted, signed

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def two_notes() -> Iterator[tuple[Made, list[Any]]]:
    """Two signed notes; whatever a command sets in its process is put back."""
    made = make_practice()
    notes = []
    for _ in range(2):
        session = make_session(made.client)
        with made.inside():
            note = drafted(made, session)
            signed(made, note)
            notes.append(note.pk)
    before = dict(os.environ)
    yield made, notes
    os.environ.clear()
    os.environ.update(before)


def as_owner(made: Made, *statements: str) -> None:
    """Past every guard, for good."""
    tables = ("notes_signature", "notes_noteversion", "notes_note", "core_auditevent")
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL attest.upkeep = 'on'")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount > 0
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_the_last_note_removed_with_its_signature_is_missed_by_the_audit_trail(
    two_notes: tuple[Made, list[Any]],
) -> None:
    made, (_, last) = two_notes
    assert check_practice(made.organization.pk).sentences == ()
    as_owner(
        made,
        "DELETE FROM notes_signature WHERE number = 2",
        f"DELETE FROM notes_noteversion WHERE note_id = '{last}'",
        f"DELETE FROM notes_note WHERE id = '{last}'",
    )
    checked = check_practice(made.organization.pk)
    (sentence,) = checked.sentences
    assert sentence.startswith(f"Note {last}: the audit trail says that it was signed with the fingerprint ")
    assert checked.signatures == 1


def test_the_command_names_provider_and_place_and_ends_with_1(two_notes: tuple[Made, list[Any]]) -> None:
    made, _ = two_notes
    done = CliRunner().invoke(main, ["notes", "check"])
    assert (done.exit_code, done.stdout) == (0, f"{made.slug}: 2 signatures checked.\n")
    as_owner(made, "UPDATE notes_noteversion SET attestation = 'Nothing.'")
    done = CliRunner().invoke(main, ["notes", "check", "--practice", made.slug])
    assert done.exit_code == 1
    assert f"{made.slug}: Morgan Reyes, LCSW, signature 1: What was signed" in done.stdout


def test_export_and_verify_from_the_command_line(two_notes: tuple[Made, list[Any]], tmp_path: Path) -> None:
    made, (first, last) = two_notes
    out, published_keys = tmp_path / "note.json", tmp_path / "keys.json"
    run = CliRunner().invoke
    assert run(main, ["notes", "export", str(first), "--out", str(out)]).exit_code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert str(first) in out.read_text()
    assert run(main, ["notes", "export", "latest", "--out", str(out), "--practice", made.slug]).exit_code == 0
    assert str(last) in out.read_text()

    done = run(main, ["notes", "verify", str(out)])
    assert done.exit_code == 0
    assert "It was not compared with a published key" in done.stdout
    assert run(main, ["keys", "public", made.slug, "--out", str(published_keys)]).exit_code == 0
    with made.inside():
        assert published_keys.read_text() == published(made.organization.pk, made.organization.name)
    done = run(main, ["notes", "verify", str(out), "--key", str(published_keys)])
    assert (done.exit_code, "It was compared with the published keys" in done.stdout) == (0, True)

    out.write_text(out.read_text().replace("Morgan", "Jordan"))
    done = run(main, ["notes", "verify", str(out), "--key", str(published_keys)])
    assert done.exit_code == 1
    assert "Changed in the note: the provider's name." in done.stdout


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (
            ["notes", "export", "latest", "--out", "x", "--practice", "nobody"],
            "There is no practice called nobody.",
        ),
        (["notes", "export", "1", "--out", "x"], "There is no note 1 in this practice."),
        (["notes", "verify", "nowhere"], "The file nowhere cannot be read: No such file or directory."),
        (["notes", "verify", __file__, "--key", __file__], "This is no file of published keys"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    two_notes: tuple[Made, list[Any]], command: list[str], sentence: str
) -> None:
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 1
    assert sentence in done.stderr


def test_an_event_without_a_digest_says_nothing_about_signatures(two_notes: tuple[Made, list[Any]]) -> None:
    made, (first, _) = two_notes
    with made.inside():
        record("note.addendum", subject_type="note", subject_id=first, by=None)
    assert check_practice(made.organization.pk).sentences == ()
