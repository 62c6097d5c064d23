"""Whatever is pressed in whatever order, from two tabs: notes do what a small model of them says, and verify."""

import copy
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from attest.calendar.models import Session
from attest.core import clock
from attest.notes.actions import add_addendum, discard_draft, save_draft, start_draft, switch_template
from attest.notes.chain import verify_chain
from attest.notes.definition import Definition, Values, complete
from attest.notes.models import Addendum, Note, NoteVersion, Signature
from attest.notes.problems import Changed, Incomplete, NotADraft, NotSigned, StaleDraft
from attest.notes.queries import digest_of, discarded_notes, note_of, template_by_key
from attest.policy.note_checks import missing_required
from tests.factories import Made
from tests.notes.conftest import COMPLETE, signed

TABS = st.sampled_from(["left", "right"])
PIECES: st.SearchStrategy[Values] = st.one_of(
    st.just(dict(COMPLETE)),
    st.fixed_dictionaries({"focus": st.sampled_from(["", "Sleep.", "Work."])}),
    st.fixed_dictionaries({"risk": st.sampled_from(["", "denied", "present"])}),
    st.fixed_dictionaries({"mental_status": st.sampled_from([[], ["oriented"]])}),
)


class Notes(RuleBasedStateMachine):
    """One session, two tabs that each remember what they last saw. The model is plain values beside the rows."""

    made: Made
    session: Session

    @initialize()
    def nothing_yet(self) -> None:
        self.savepoint = transaction.savepoint()
        self.live: dict[str, Any] | None = None
        self.tabs: dict[str, tuple[Note, Values, int]] = {}
        self.discarded = 0
        self.signed: list[tuple[Any, Values]] = []
        self.addenda = 0
        self.key = 0

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    def look(self, tab: str) -> None:
        """The tab loads the page."""
        note = note_of(self.session)
        if note is None:
            self.tabs.pop(tab, None)
        else:
            self.tabs[tab] = (note, copy.deepcopy(note.content), note.revision)

    @rule(tab=TABS, key=st.sampled_from(["soap", "dap"]))
    def start(self, tab: str, key: str) -> None:
        template = template_by_key(self.made.organization.pk, key)
        assert template is not None
        if self.live and self.live["signed"]:
            with pytest.raises(NotADraft):
                start_draft(session=self.session, template=template, by_member=self.made.clinician)
        else:
            note = start_draft(session=self.session, template=template, by_member=self.made.clinician)
            if self.live is None:
                content = complete(Definition.parse(template.definition), {})
                self.live = {"note": note.pk, "content": content, "revision": 0, "signed": False, "key": key}
            assert note.pk == self.live["note"]
        self.look(tab)

    @rule(tab=TABS)
    def reload(self, tab: str) -> None:
        self.look(tab)

    @precondition(lambda self: self.tabs)
    @rule(tab=TABS, piece=PIECES)
    def type(self, tab: str, piece: Values) -> None:
        if tab not in self.tabs:
            return
        note, values, revision = self.tabs[tab]
        values.update(piece)
        if self.live is None or note.pk != self.live["note"] or self.live["signed"]:
            with pytest.raises(NotADraft):
                self.save(note, piece, revision)
            return
        merged = self.live["content"] | piece
        if merged == self.live["content"]:
            assert self.save(note, piece, revision).revision == self.live["revision"]
        elif revision != self.live["revision"]:
            with pytest.raises(StaleDraft) as refused:
                self.save(note, piece, revision)
            assert refused.value.note.content == self.live["content"]
        else:
            self.live["content"], self.live["revision"] = merged, revision + 1
            kept = self.save(note, piece, revision)
            self.tabs[tab] = (kept, values, kept.revision)

    def save(self, note: Note, piece: Values, revision: int) -> Note:
        return save_draft(note_id=note.pk, values=piece, revision=revision, by_member=self.made.clinician)

    @precondition(lambda self: self.live and not self.live["signed"])
    @rule(key=st.sampled_from(["soap", "dap"]))
    def switch(self, key: str) -> None:
        assert self.live
        template = template_by_key(self.made.organization.pk, key)
        assert template is not None
        moved = switch_template(note_id=self.live["note"], template=template, by_member=self.made.clinician)
        if key != self.live["key"]:
            self.live["revision"] += 1
        self.live["key"] = key
        assert moved.content == self.live["content"]

    @precondition(lambda self: self.live)
    @rule()
    def discard(self) -> None:
        assert self.live
        if self.live["signed"]:
            with pytest.raises(NotADraft):
                discard_draft(note_id=self.live["note"], by_member=self.made.clinician)
            return
        discard_draft(note_id=self.live["note"], by_member=self.made.clinician)
        self.live = None
        self.discarded += 1

    @precondition(lambda self: self.tabs)
    @rule(tab=TABS)
    def sign(self, tab: str) -> None:
        if tab not in self.tabs:
            return
        note, values, _ = self.tabs[tab]
        seen = digest_of(note, values)
        if self.live is None or note.pk != self.live["note"] or self.live["signed"]:
            expected: type[Exception] | None = NotADraft
        elif values != self.live["content"] or note.template.key != self.live["key"]:
            expected = Changed
        elif missing_required(Definition.parse(note.template.definition).fields, values):
            expected = Incomplete
        else:
            expected = None
        if expected:
            with pytest.raises(expected):
                signed(self.made, note, seen_digest=seen)
            return
        assert self.live
        version = signed(self.made, note, seen_digest=seen)
        self.live["signed"] = True
        self.signed.append((version.pk, dict(values)))

    @precondition(lambda self: self.live and not self.live["signed"])
    @rule(tab=TABS)
    def load_write_all_and_sign(self, tab: str) -> None:
        self.look(tab)
        self.type(tab, dict(COMPLETE))
        self.sign(tab)
        assert self.live
        assert self.live["signed"]

    @precondition(lambda self: self.live)
    @rule(twice=st.booleans())
    def add(self, twice: bool) -> None:
        assert self.live
        self.key += 1
        arguments: dict[str, Any] = {
            "note_id": self.live["note"],
            "kind": "addendum",
            "reason": "Left out.",
            "text": f"Entry {self.key}.",
            "by_member": self.made.clinician,
            "proof_at": clock.real_now(),
            "key": f"form {self.key}",
        }
        if not self.live["signed"]:
            with pytest.raises(NotSigned):
                add_addendum(**arguments)
            return
        first = add_addendum(**arguments)
        if twice:
            assert add_addendum(**arguments) == first
        self.addenda += 1

    @invariant()
    def the_rows_are_what_the_model_says(self) -> None:
        if not hasattr(self, "tabs"):
            return
        note = note_of(self.session)
        assert (note is None) == (self.live is None)
        if note is not None and self.live is not None:
            assert (note.pk, note.state == "signed") == (self.live["note"], self.live["signed"])
            assert (note.content, note.revision) == (self.live["content"], self.live["revision"])
        assert discarded_notes(self.session).count() == self.discarded
        assert list(NoteVersion.objects.order_by("pk").values_list("pk", "content")) == self.signed
        assert Addendum.objects.count() == self.addenda
        assert Signature.objects.count() == len(self.signed) + self.addenda
        assert verify_chain(self.made.organization.pk, self.made.provider.pk) == ()


@pytest.mark.django_db
def test_notes_do_what_their_model_says(made: Made, session: Session) -> None:
    machine = type("NotesOfOneSession", (Notes,), {"made": made, "session": session})
    with made.inside():
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=20,
                stateful_step_count=15,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
