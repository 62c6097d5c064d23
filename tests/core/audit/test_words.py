"""Whatever the product records has words for people; nothing is shown as a code."""

import string

from attest.core.access import RIGHTS
from attest.core.audit.words import WORDS, Group, kinds_of
from tests.core.audit.kinds import recorded_kinds

MADE_OF_PARTS = {
    "core/access.py": {name for name, right in RIGHTS.items() if right.chart},
    "clients/actions/grants.py": {"grant.ended", "emergency.ended"},
}
"""Where the source does not spell the kind out: what it may be there."""


def test_every_kind_that_the_source_records_has_words() -> None:
    kinds, unclear = recorded_kinds()
    assert len(kinds) > 60
    assert not {kind: where for kind, where in kinds.items() if kind not in WORDS}
    assert {where.partition(":")[0] for where in unclear} <= set(MADE_OF_PARTS)
    assert not set().union(*MADE_OF_PARTS.values()) - set(WORDS)


def test_words_are_kept_only_for_what_is_recorded() -> None:
    kinds, _ = recorded_kinds()
    assert not set(WORDS) - set(kinds) - set().union(*MADE_OF_PARTS.values())


def test_every_phrase_is_filled_with_what_and_right_and_nothing_else() -> None:
    for kind, words in WORDS.items():
        for phrase in (words.phrase, words.alone):
            fields = {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}
            assert fields <= {"what", "right"}, kind
        assert "{what}" not in words.alone, kind
        said = words.said("the session of 11/24/2026", "note.read")
        assert said and said[0].islower() and "{" not in said, kind


def test_every_group_is_used_and_every_right_to_a_chart_is_a_read() -> None:
    assert all(kinds_of(group) for group in Group)
    assert {WORDS[name].group for name, right in RIGHTS.items() if right.chart} == {Group.READ}
