"""A signed note is added to by its author: dated, with a reason, signed, once, beside an untouched original."""

from typing import Any
from uuid import uuid4

import pytest

from attest.calendar.models import Session
from attest.core import clock
from attest.core.models import AuditEvent
from attest.core.once import KeyReused
from attest.notes.actions import add_addendum
from attest.notes.models import Addendum, NoteVersion, Signature
from attest.notes.problems import NotSigned, NotYours, WordsNeeded
from attest.notes.queries import addenda_of, signatures_of
from tests.factories import Made, make_member, make_provider
from tests.notes.conftest import drafted, signed

pytestmark = pytest.mark.django_db


def added(made: Made, note: Any, **changes: Any) -> Addendum:
    arguments: dict[str, Any] = {
        "note_id": note.pk,
        "kind": "addendum",
        "reason": "Left out a phone call.",
        "text": "The client's mother called after the session.",
        "by_member": made.clinician,
        "proof_at": clock.real_now(),
        "key": str(uuid4()),
    }
    return add_addendum(**arguments | changes)


@pytest.mark.parametrize("kind", ["addendum", "correction", "late_entry"])
def test_an_addition_is_signed_and_chained_and_the_original_untouched(
    made: Made, session: Session, kind: str
) -> None:
    with made.inside():
        note = drafted(made, session)
        version = signed(made, note)
        addendum = added(made, note, kind=kind)
        assert addenda_of(note) == [addendum]
        first, second = Signature.objects.order_by("number")
        assert (second.addendum_id, second.previous_digest) == (addendum.pk, first.digest)
        assert second.signed_as == "Morgan Reyes, LCSW"
        assert set(signatures_of(note)) == {version.pk, addendum.pk}
        assert NoteVersion.objects.get().content == version.content
        assert AuditEvent.objects.filter(kind="note.addendum", subject_id=note.pk).count() == 1


def test_pressing_twice_adds_once(made: Made, session: Session) -> None:
    with made.inside():
        note = drafted(made, session)
        signed(made, note)
        first = added(made, note, key="form-1")
        assert added(made, note, key="form-1") == first
        assert Addendum.objects.count() == 1
        with pytest.raises(KeyReused):
            added(made, note, key="form-1", text="Something else.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "rewrite"}, "kind"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"text": " \n-"}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "a\x00b"}, "text"),
    ],
)
def test_an_addition_says_what_and_why(
    made: Made, session: Session, changes: dict[str, Any], field: str
) -> None:
    with made.inside():
        note = drafted(made, session)
        signed(made, note)
        with pytest.raises(WordsNeeded) as refused:
            added(made, note, **changes)
        assert refused.value.field == field
        assert not Addendum.objects.exists()


def test_a_draft_is_not_added_to(made: Made, session: Session) -> None:
    with made.inside(), pytest.raises(NotSigned):
        added(made, drafted(made, session))


def test_nobody_but_the_author_adds(made: Made, session: Session) -> None:
    colleague = make_member(made.organization, "provider", provider=make_provider(made.organization))
    with made.inside():
        note = drafted(made, session)
        signed(made, note)
        for stranger in (colleague, made.admin):
            with pytest.raises(NotYours):
                added(made, note, by_member=stranger)
        assert not Addendum.objects.exists()
