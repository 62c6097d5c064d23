"""How the note stands in the way of confirming, and that nothing else stands in the way of signing."""

from datetime import date, datetime, timedelta

import pytest

from attest.policy.payer import LineOfBusiness, PayerRule
from attest.policy.readiness import NoteChoice, NoteFacts, RoadblockCode, note_due, signing_roadblocks
from attest.policy.record import DEFAULT_POLICY
from tests.policy.rows import NOW, at, ready
from tests.policy.test_readiness import CASES, EVERYTHING_WRONG, codes

C = RoadblockCode
LATE = at("2026-11-27 14:50:01")
MEDICARE_LATE = at("2026-11-26 14:50:01")


@pytest.mark.parametrize(
    ("note", "found"),
    [
        pytest.param(NoteFacts(signed=True), [], id="signed already"),
        pytest.param(NoteFacts(choice=NoteChoice.ELSEWHERE, declared=True), [], id="elsewhere, declared"),
        pytest.param(NoteFacts(choice=NoteChoice.UPLOAD, declared=True), [], id="uploaded, declared"),
        pytest.param(NoteFacts(choice=NoteChoice.OWED), [], id="owed"),
        pytest.param(
            NoteFacts(choice=NoteChoice.OWED, draft=True), [C.NOTE_UNSIGNED], id="owed with a draft"
        ),
    ],
)
def test_how_a_session_may_be_documented(note: NoteFacts, found: list[C]) -> None:
    assert codes(ready(note=note)) == found


def test_an_owed_note_warns_only_where_the_payer_asks_for_a_signature() -> None:
    owed = NoteFacts(choice=NoteChoice.OWED)
    asks = (PayerRule(date(2020, 1, 1), requires_signed_note=True),)
    assert codes(ready(note=owed)) == []
    assert codes(ready(note=owed, coverage__rules=asks)) == [C.CLAIM_WAITS_FOR_NOTE]


@pytest.mark.parametrize(
    ("lines", "now", "late"),
    [
        ({LineOfBusiness.COMMERCIAL}, LATE - timedelta(seconds=1), False),
        ({LineOfBusiness.COMMERCIAL}, LATE, True),
        ({LineOfBusiness.COMMERCIAL, LineOfBusiness.MEDICAID}, MEDICARE_LATE - timedelta(seconds=1), False),
        ({LineOfBusiness.COMMERCIAL, LineOfBusiness.MEDICAID}, MEDICARE_LATE, True),
    ],
)
def test_a_late_signature_needs_a_reason(lines: set[LineOfBusiness], now: datetime, late: bool) -> None:
    facts = ready(lines_of_business=frozenset(lines))
    assert codes(facts, now) == ([C.LATE_REASON_MISSING] if late else [])
    assert note_due(facts, DEFAULT_POLICY).strict is (len(lines) == 2)


def test_roadblocks_stop_confirming_and_never_signing() -> None:
    for case in CASES:
        found = {r.code for r in signing_roadblocks(case.facts, now=NOW, policy=DEFAULT_POLICY)}
        assert found <= {C.NOTE_INCOMPLETE}, case.code
    long_after = {
        r.code
        for r in signing_roadblocks(EVERYTHING_WRONG, now=at("2027-06-01 12:00"), policy=DEFAULT_POLICY)
    }
    assert long_after == {C.LATE_REASON_MISSING}


def test_signing_alone_asks_for_empty_sections_and_a_late_reason_together() -> None:
    facts = ready(note__empty_required=("Risk", "Plan"), details=None)
    found = signing_roadblocks(facts, now=at("2026-12-30 12:00"), policy=DEFAULT_POLICY)
    assert [r.sentence for r in found] == [
        "Still empty in the note: Risk, Plan.",
        "The note is past its due time: say why it is signed late.",
    ]
