"""An exported note proves itself: whatever is changed in the file, it is found and told in plain words."""

import base64
import copy
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from attest.core import clock, keys
from attest.core.ed25519 import fingerprint, read_published
from attest.core.keys.publishing import published
from attest.core.keys.rotation import rotate
from attest.notes.actions import add_addendum
from attest.notes.export.checking import Checked, check
from attest.notes.export.form import marks, seal_message, signed_part, spelled
from attest.notes.export.writing import CannotExport, exported
from attest.notes.models import Note
from attest.notes.signed import digest_over, message
from tests.factories import Made, make_practice, make_session
from tests.notes.conftest import drafted, signed
from tests.notes.test_plans import written

ADDED = (
    ("correction", "Four nights, not five."),
    ("late_entry", "The client called."),
    ("addendum", "Agreed by phone."),
)


def export_of(made: Made, *, added: int = 3, **how: Any) -> tuple[bytes, Note]:
    """The export of a note with so many additions."""
    session = make_session(made.client)
    with made.inside():
        note = drafted(made, session)
        signed(made, note, **how)
        for number, (kind, text) in enumerate(ADDED[:added]):
            add_addendum(
                note_id=note.pk, kind=kind, reason="A reason.", text=text, by_member=made.clinician,
                proof_at=clock.real_now(), key=f"added-{number}",
            )  # fmt: skip
        return exported(note, at=clock.now()), note


@pytest.fixture
def whole(made: Made, db: None) -> bytes:
    return export_of(made)[0]


def said(data: bytes, publish: str | None = None) -> tuple[str, ...]:
    return check(data, read_published(publish) if publish else None).problems


def edited(data: bytes, edit: Callable[[Any], Any]) -> bytes:
    """The file after an edit by somebody who knows its spelling."""
    file = json.loads(data)
    edit(file)
    return spelled(file)


@pytest.mark.django_db
def test_a_whole_file_passes_and_says_who_signed_what(made: Made, whole: bytes) -> None:
    checked = check(whole)
    assert checked.whole
    assert not checked.compared
    assert [re.split(" by |, ", fact)[0] for fact in checked.facts] == [
        f"Note {json.loads(whole)['note']['note']}.", "Signed", "Correction", "Late entry", "Addendum", "Exported",
    ]  # fmt: skip
    with made.inside():
        (key,) = keys.public_keys(made.organization.pk)
        assert checked.fingerprints == (key.fingerprint,)
        text = published(made.organization.pk, made.organization.name)
    assert check(whole, read_published(text)).whole
    assert b"Rivera" in whole  # a whole record, but its client is not named where a check is told
    assert "Rivera" not in "".join(checked.facts)


STRIDE = 61


@pytest.mark.django_db
def test_every_byte_matters(whole: bytes) -> None:
    """Every byte of the seal, which no signature covers, and of the rest other ones each time."""
    seal = whole.index(b'"seal"')
    places = [*range(seal, whole.index(b"}", seal) + 1), *range(random.randrange(STRIDE), len(whole), STRIDE)]
    for place in places:
        change = random.choice((1, 32))  # another letter, or the same one in capitals
        changed = whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :]
        shorter = whole[:place] + whole[place + 1 :]
        assert said(changed), (place, change)
        assert said(shorter), place


@pytest.mark.django_db
def test_any_changes_anywhere_are_found(whole: bytes) -> None:
    @settings(max_examples=100)
    @given(
        changes=st.lists(
            st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 2), st.binary(min_size=1, max_size=4)),
            min_size=1,
            max_size=3,
        )
    )
    def found(changes: list[tuple[int, int, bytes]]) -> None:
        changed = bytearray(whole)
        for place, length, put in changes:
            changed[place : place + length] = put
        assert (said(bytes(changed)) == ()) == (bytes(changed) == whole)

    found()


CHANGES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a word of the note": (
        lambda file: file["note"]["content"].update(plan="Other."),
        "Changed in the note: «Plan»",
    ),
    "an answer of checks": (lambda file: file["note"]["content"]["attendees"].append("partner"), "«"),
    "the client": (
        lambda file: file["note"]["header"]["client"].update(name="Somebody Else"),
        "Changed in the note: the client's name.",
    ),
    "the minutes": (
        lambda file: file["note"]["header"]["times"].update(minutes=60),
        "Changed in the note: the minutes.",
    ),
    "the attestation": (
        lambda file: file["note"].update(attestation="I was not there."),
        "Changed in the note: the attestation.",
    ),
    "the label": (lambda file: file["note"].update(label="Signed late"), "Changed in the note: the label."),
    "the words as they are read": (
        lambda file: file["answers"][0]["answers"][0].update(text="Nobody"),
        "Changed in the note as it is read: «",
    ),
    "an addition": (
        lambda file: file["additions"][1].update(text="The client did not call."),
        "Changed in addition 2, the late entry: the text.",
    ),
    "the kind of an addition": (
        lambda file: file["additions"][0].update(kind="addendum"),
        "Changed in addition 1, the addendum: the kind of entry.",
    ),
    "an addition removed": (lambda file: file["additions"].pop(1), "Taken out: the addition "),
    "the last addition removed": (lambda file: file["additions"].pop(), "Taken out: the addition "),
    "all additions removed": (lambda file: file["additions"].clear(), "Taken out: the addition "),
    "additions in another order": (
        lambda file: file["additions"].reverse(),
        "The additions do not stand in the order in which they were exported.",
    ),
    "an addition put in": (
        lambda file: file["additions"].append(
            file["additions"][0] | {"id": "0198c2a4-0000-7000-8000-000000000000"}
        ),
        "Put in after the export: addition 4, the correction.",
    ),
    "an addition doubled": (
        lambda file: file["additions"].append(copy.deepcopy(file["additions"][0])),
        "The same addition stands in the file twice.",
    ),
    "signatures exchanged": (
        lambda file: swap(file["additions"][0], file["additions"][2], "signature"),
        "Changed in addition 1, the correction: its signature (the digest).",
    ),
    "the moment of a signature": (
        lambda file: file["note"]["signature"].update(signed_at="2026-01-01T00:00:00.000000+00:00"),
        "Changed in the note: its signature (when it was signed).",
    ),
    "the template": (
        lambda file: file["template"]["definition"].update(name="Other"),
        "Changed in the template: its labels and options.",
    ),
    "the time of the export": (
        lambda file: file["about"].update(exported_at="2026-01-01T00:00:00.000000+00:00"),
        "Changed about this file: when it was exported.",
    ),
    "a fact added": (lambda file: file["note"]["header"].update(more="x"), "Added in the note: more."),
    "a field removed": (lambda file: file["note"]["content"].pop("plan"), "Taken out in the note: «Plan"),
    "a fingerprint of a part": (
        lambda file: file["marks"].update({"note.content.plan": "0" * 16}),
        "The list of fingerprints was changed; what was signed is as it was.",
    ),
    "more in the seal": (lambda file: file["seal"].update(more="x"), "The seal over the whole file does not hold"),
    "the seal in capitals": (
        lambda file: file["seal"].update(signature=file["seal"]["signature"].upper()),
        "is not built as it was written",
    ),
    "the seal": (lambda file: file["seal"].update(signature="00" * 64), "The seal over the whole file does not hold"),
    "the public key": (
        lambda file: file["keys"][0].update(public=base64.b64encode(bytes(32)).decode()),
        "the key itself.",
    ),
    "since when a key is used": (
        lambda file: file["keys"][0].update(since="2020-01-01T00:00:00.000000+00:00"),
        "since when it is used.",
    ),
}  # fmt: skip


def swap(one: Any, other: Any, name: str) -> None:
    one[name], other[name] = other[name], one[name]


@pytest.mark.django_db
def test_each_kind_of_change_is_named_where_it_was_made(whole: bytes) -> None:
    for what, (edit, sentence) in CHANGES.items():
        problems = said(edited(whole, edit))
        assert any(sentence in problem for problem in problems), (what, problems)


@pytest.mark.django_db
def test_whoever_also_computes_fingerprints_and_digests_anew_lacks_the_key(whole: bytes) -> None:
    for what, (edit, _) in CHANGES.items():
        changed = edited(edited(whole, edit), digested)
        assert said(changed) or changed == whole, what


def digested(file: Any) -> None:
    """Every digest and fingerprint as it would be, had the file been written so."""
    for entry in (file["note"], *file["additions"]):
        entry["signature"]["digest"] = digest_over(entry["signature"], signed_part(entry))
    file["marks"] = marks(file)


def signed_anew(file: Any, key: Ed25519PrivateKey) -> None:
    """The whole file signed with somebody's own key, under the name of the practice's."""
    raw = key.public_key().public_bytes_raw()
    for held in file["keys"]:
        held.update(public=base64.b64encode(raw).decode(), fingerprint=fingerprint(raw))
    digested(file)
    for entry in (file["note"], *file["additions"]):
        entry["signature"]["signature"] = key.sign(message(entry["signature"]["digest"])).hex()
    file["marks"] = marks(file)
    file["seal"]["signature"] = key.sign(seal_message(file)).hex()


@pytest.mark.django_db
def test_a_file_signed_anew_with_another_key_fails_against_the_published_one(made: Made) -> None:
    whole, _ = export_of(made, added=0)
    with made.inside():
        keys_of_practice = published(made.organization.pk, made.organization.name)
    own = Ed25519PrivateKey.generate()

    def forge(file: Any) -> None:
        file["note"]["content"]["plan"] = "Other."
        signed_anew(file, own)

    forged = edited(whole, forge)
    checked = check(forged)
    assert checked.whole  # it holds together; that is why a key is published
    assert checked.fingerprints == (fingerprint(own.public_key().public_bytes_raw()),)
    assert said(forged, keys_of_practice) == (
        f"It was signed with the key {checked.fingerprints[0]}, which is not among the published ones.",
    )


@pytest.mark.django_db
def test_a_note_signed_late_says_so_in_the_file(made: Made) -> None:
    session = make_session(made.client)
    with made.inside():
        note = drafted(made, session)
        signed(made, note, now=session.ends_at + timedelta(days=5), late_reason="Ill.")
        whole = exported(note, at=clock.now())
    file = json.loads(whole)
    assert (file["note"]["label"], file["note"]["late"], file["note"]["late_reason"]) == (
        "Signed late",
        True,
        "Ill.",
    )
    assert check(whole).facts[1].startswith("Signed late by Morgan Reyes, LCSW, ")

    def on_time(file: Any) -> None:
        file["note"].update(late=False, late_reason="", label="Signed")
        signed_anew(file, Ed25519PrivateKey.generate())

    (problem,) = said(edited(whole, on_time))
    assert "labelled as signed late" in problem


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_signatures_of_a_retired_key_hold_in_a_file_sealed_by_the_next() -> None:
    made = make_practice()
    first, note = export_of(made, added=1)
    rotate()
    with made.inside():
        add_addendum(
            note_id=note.pk, kind="addendum", reason="A reason.", text="More.", by_member=made.clinician,
            proof_at=clock.real_now(), key="after",
        )  # fmt: skip
        second = exported(note, at=clock.now())
        text = published(made.organization.pk, made.organization.name)
    assert len(check(second).fingerprints) == 2
    for whole in (first, second):
        assert check(whole, read_published(text)).whole


@pytest.mark.django_db
def test_a_note_about_the_client_without_a_session_is_exported_like_any_other(made: Made) -> None:
    with made.inside():
        whole = exported(written(made).note, at=clock.now())
    assert check(whole).whole
    file = json.loads(whole)
    assert file["note"]["session"] == f"none, client {made.client.pk}"
    assert "Answer the telephone" in json.dumps(file["answers"])
    changed = edited(whole, lambda file: file["note"]["content"]["plan_goals"].append("One more"))
    assert said(changed)[0] == "Changed in the note: «Goals»."


@pytest.mark.django_db
def test_a_draft_is_not_exported(made: Made) -> None:
    session = make_session(made.client)
    with made.inside(), pytest.raises(CannotExport, match="not signed"):
        exported(drafted(made, session), at=clock.now())


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[]", b"{}", b'{"form": "attest note export 1"}', b"1e999", b"[" * 100_000]
)
def test_what_is_no_export_is_said_to_be_none(data: bytes) -> None:
    assert check(data) == Checked(
        ("This is not an exported note, or it was changed so much that it cannot be read.",)
    )


def test_checking_needs_neither_settings_nor_a_database(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("{}")
    done = subprocess.run(
        [sys.executable, "-m", "attest.cli.main", "notes", "verify", str(tmp_path / "file")],
        capture_output=True, text=True, check=False, env={"ATTEST_HOME": str(tmp_path / "home"), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 1
    assert "not an exported note" in done.stdout
    assert not (tmp_path / "home").exists()
