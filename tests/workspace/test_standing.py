"""One button to press, whatever the session's state and whoever looks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.core.access import RIGHTS
from attest.policy.chips import ChipState
from attest.workspace.standing import CLOSED, Go, NoteStanding, Standing, others, primary, steps

PROVIDER = frozenset(
    {
        "session.view",
        "session.schedule",
        "session.confirm",
        "session.close",
        "note.read",
        "note.write",
        "claim.view",
        "client.view",
    }
)
ADMIN = PROVIDER - {"session.confirm", "note.read", "note.write"}
BILLER = frozenset({"session.view", "claim.view", "client.view"})
C, N = ChipState, NoteStanding

BUTTONS = [
    # who, shown chip, started, note, more → the button
    (PROVIDER, C.SCHEDULED, False, N.NONE, {}, ("Reschedule", Go.EDIT)),
    (PROVIDER, C.SCHEDULED, False, N.SIGNED, {}, ("Reschedule", Go.EDIT)),
    (PROVIDER, C.CONFIRM, True, N.NONE, {}, ("Confirm session", Go.CONFIRM)),
    (PROVIDER, C.CONFIRM, True, N.BEGUN, {}, ("Finish note", Go.CONFIRM)),
    (PROVIDER, C.CONFIRM, True, N.COMPLETE, {}, ("Confirm session", Go.CONFIRM)),
    (PROVIDER, C.SIGNED, True, N.SIGNED, {}, ("Confirm session", Go.CONFIRM)),
    (PROVIDER, C.EXPIRED, True, N.NONE, {}, ("Close as not billable", Go.CLOSE)),
    (PROVIDER, C.EXPIRED, True, N.COMPLETE, {}, ("Close as not billable", Go.CLOSE)),
    (PROVIDER, C.NOT_BILLABLE, True, N.BEGUN, {}, ("Finish note", Go.NOTE)),
    (PROVIDER, C.NOT_BILLABLE, True, N.COMPLETE, {}, ("Sign note", Go.NOTE)),
    (PROVIDER, C.NOT_BILLABLE, True, N.NONE, {}, ("Open client", Go.CLIENT)),
    (PROVIDER, C.NOTE_DUE, True, N.NONE, {"note_owed": True, "claim": True}, ("Write note", Go.NOTE)),
    (PROVIDER, C.NOTE_DUE, True, N.BEGUN, {"note_owed": True, "claim": True}, ("Finish note", Go.NOTE)),
    (PROVIDER, C.NOTE_DUE, True, N.COMPLETE, {"note_owed": True}, ("Sign note", Go.NOTE)),
    (PROVIDER, C.CONFIRMED, True, N.SIGNED, {"claim": True}, ("View note", Go.NOTE)),
    (PROVIDER, C.CONFIRMED, True, N.ELSEWHERE, {"claim": True}, ("View claim", Go.CLAIM)),
    (PROVIDER, C.SELF_PAY, True, N.SIGNED, {}, ("View note", Go.NOTE)),
    (PROVIDER, C.SELF_PAY, True, N.ELSEWHERE, {}, ("Open client", Go.CLIENT)),
    (PROVIDER, C.CLAIM_SENT, True, N.SIGNED, {"claim": True}, ("View note", Go.NOTE)),
    (PROVIDER, C.REJECTED, True, N.SIGNED, {"claim": True}, ("Look at the claim", Go.CLAIM)),
    (PROVIDER, C.CANCELLED, False, N.NONE, {}, ("Schedule again", Go.BOOK)),
    (PROVIDER, C.CANCELLED, True, N.BEGUN, {}, ("Finish note", Go.NOTE)),
    (PROVIDER, C.DID_NOT_TAKE_PLACE, True, N.NONE, {"reopens": True}, ("Schedule again", Go.BOOK)),
    (PROVIDER, C.SCHEDULED, True, N.NONE, {"billed": False}, ("Write note", Go.NOTE)),
    (PROVIDER, C.SCHEDULED, True, N.SIGNED, {"billed": False}, ("View note", Go.NOTE)),
    (ADMIN, C.SCHEDULED, False, N.NONE, {}, ("Reschedule", Go.EDIT)),
    (ADMIN, C.CONFIRM, True, N.NONE, {}, ("Open client", Go.CLIENT)),
    (ADMIN, C.EXPIRED, True, N.NONE, {}, ("Close as not billable", Go.CLOSE)),
    (ADMIN, C.CONFIRMED, True, N.SIGNED, {"claim": True}, ("View claim", Go.CLAIM)),
    (BILLER, C.SCHEDULED, False, N.NONE, {}, ("Open client", Go.CLIENT)),
    (BILLER, C.CONFIRM, True, N.BEGUN, {}, ("Open client", Go.CLIENT)),
    (BILLER, C.EXPIRED, True, N.NONE, {}, ("Open client", Go.CLIENT)),
    (BILLER, C.CLAIM_SENT, True, N.SIGNED, {"claim": True}, ("View claim", Go.CLAIM)),
]


@pytest.mark.parametrize(("may", "shown", "started", "note", "more", "expected"), BUTTONS)
def test_the_panel_has_the_one_button_that_the_state_calls_for(
    may: frozenset[str],
    shown: ChipState,
    started: bool,
    note: NoteStanding,
    more: dict[str, Any],
    expected: tuple[str, Go],
) -> None:
    button = primary(Standing(shown=shown, started=started, note=note, may=may, **more))
    assert (button.label, button.go) == expected


STANDINGS = st.builds(
    Standing,
    shown=st.sampled_from(sorted(ChipState)),
    started=st.booleans(),
    note=st.sampled_from(sorted(NoteStanding)),
    note_owed=st.booleans(),
    billed=st.booleans(),
    claim=st.booleans(),
    reopens=st.booleans(),
    may=st.frozensets(st.sampled_from(sorted(RIGHTS))),
)
NEEDS = {
    Go.CONFIRM: {"session.confirm"},
    Go.EDIT: {"session.schedule"},
    Go.CANCEL: {"session.schedule"},
    Go.NOT_HELD: {"session.schedule"},
    Go.TOOK_PLACE: {"session.schedule"},
    Go.BOOK: {"session.schedule"},
    Go.CLOSE: {"session.close"},
    Go.NOTE: {"note.read", "note.write"},
    Go.CLAIM: {"claim.view"},
    Go.CLIENT: {"client.view"},
    Go.CALENDAR: set(),
}


@given(STANDINGS)
def test_nobody_is_offered_what_they_have_no_right_to(standing: Standing) -> None:
    offered = {button.go for button in (primary(standing), *others(standing))}
    for go in offered | {step.go for step in steps(standing) if step.go}:
        assert not NEEDS[go] or NEEDS[go] & standing.may


@given(STANDINGS)
def test_no_destination_is_offered_twice(standing: Standing) -> None:
    offered = [button.go for button in (primary(standing), *others(standing))]
    assert len(offered) == len(set(offered))


@given(STANDINGS)
def test_a_session_that_is_closed_or_too_late_is_never_offered_to_be_confirmed(standing: Standing) -> None:
    if standing.shown in CLOSED or standing.shown is ChipState.EXPIRED or not standing.started:
        offered = {button.go for button in (primary(standing), *others(standing))}
        offered |= {step.go for step in steps(standing) if step.go}
        assert Go.CONFIRM not in offered


@given(STANDINGS)
def test_nothing_that_has_started_can_be_cancelled_and_nothing_to_come_did_not_take_place(
    standing: Standing,
) -> None:
    offered = {button.go for button in (primary(standing), *others(standing))}
    assert Go.CANCEL not in offered or not standing.started
    assert Go.NOT_HELD not in offered or standing.started


@given(STANDINGS)
def test_after_the_last_day_an_unconfirmed_session_is_closed_and_nothing_else(standing: Standing) -> None:
    if standing.shown is ChipState.EXPIRED and standing.billed and standing.started:
        offered = {button.go for button in (primary(standing), *others(standing))}
        assert not offered & {Go.CONFIRM, Go.EDIT, Go.CANCEL, Go.NOT_HELD, Go.TOOK_PLACE}


def test_the_five_steps_of_a_session_on_its_way() -> None:
    def states(**values: object) -> list[str]:
        return [step.state for step in steps(Standing(may=PROVIDER, **values))]  # type: ignore[arg-type]

    assert states(shown=C.SCHEDULED, started=False) == ["now", "todo", "todo", "todo", "todo"]
    assert states(shown=C.CONFIRM, started=True) == ["done", "now", "todo", "todo", "todo"]
    assert states(shown=C.CONFIRM, started=True, note=N.BEGUN) == ["done", "now", "todo", "todo", "todo"]
    assert states(shown=C.CONFIRMED, started=True, note=N.SIGNED, claim=True) == ["done"] * 3 + [
        "now",
        "todo",
    ]
    assert states(shown=C.NOTE_DUE, started=True, note_owed=True, claim=True) == [
        "done",
        "done",
        "now",
        "now",
        "todo",
    ]
    assert states(shown=C.PAID, started=True, note=N.SIGNED, claim=True) == ["done"] * 5
    assert states(shown=C.REJECTED, started=True, note=N.SIGNED, claim=True)[3] == "stopped"
    assert states(shown=C.DID_NOT_TAKE_PLACE, started=True) == ["stopped", "stopped", "todo", "todo", "todo"]
    assert states(shown=C.EXPIRED, started=True)[1] == "stopped"
