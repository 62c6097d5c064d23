"""A session is protected by a signed template note, late or not, and by nothing else."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.policy.protection import NotePath, ProtectionState, protection

S = ProtectionState
PATHS = st.builds(NotePath, **{field.name: st.booleans() for field in fields(NotePath)})


@pytest.mark.parametrize(
    ("path", "state", "changes"),
    [
        (NotePath(signed=True), S.PROTECTED, False),
        (NotePath(signed=True, late=True), S.LATE, False),
        (NotePath(draft=True), S.MISSING, True),
        (NotePath(uploaded=True), S.NO_TEMPLATE, True),
        (NotePath(uploaded=True, confirmed=True), S.NO_TEMPLATE, False),
        (NotePath(elsewhere=True, confirmed=True), S.NO_TEMPLATE, True),
        (NotePath(), S.MISSING, True),
        (NotePath(overdue=True, confirmed=True), S.MISSING, True),
    ],
)
def test_the_standing_and_whether_something_would_change_it(
    path: NotePath, state: ProtectionState, changes: bool
) -> None:
    found = protection(path)
    assert found.state is state
    assert bool(found.change) is changes
    assert found.reason.endswith(".")


def test_a_note_that_is_late_already_is_told_so() -> None:
    assert "labelled as signed late" in protection(NotePath(draft=True, overdue=True)).change
    assert "before it is late" in protection(NotePath()).change


@given(PATHS)
def test_only_a_signed_template_note_protects(path: NotePath) -> None:
    assert protection(path).state.protects is path.signed


@given(PATHS)
def test_lateness_never_removes_it(path: NotePath) -> None:
    late, in_time = (protection(replace(path, signed=True, late=late)) for late in (True, False))
    assert late.state.protects and in_time.state.protects
