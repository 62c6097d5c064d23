"""All checks of one note at once, as the editor shows them beside the text: each with a tick or a place to go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .cloning import prose, same_text, share_used_before
from .criteria import CRITERIA, Criterion, Fact, Severity
from .fields import NoteField, Value, is_filled
from .risk import mentions
from .times import same_as_scheduled_in_a_row

USED_BEFORE = 0.6
"""Share of a note's runs of words found in one other note from which it looks copied."""
NOTES_COMPARED = 5
"""How many of the client's last notes are compared."""
NAMED_WORDS = 3
"""How many words that speak of danger are quoted."""


class CheckKind(StrEnum):
    """What a finding is about."""

    FILLED = "filled"
    """A field that signing asks for."""
    CRITERION = "criterion"
    """Something auditors look for."""
    REPEATS = "repeats"
    """A field that repeats the last note."""
    CLONED = "cloned"
    """The note as a whole resembles another one."""
    TIMES = "times"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class EarlierNote:
    """A signed note of the same client, or of another member of the same group session.

    `when` is how a person would name it, such as "11/16/2026"; `as_scheduled` whether its times equalled the schedule.
    """

    values: Mapping[str, Value]
    when: str
    as_scheduled: bool = False


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a review looks at.

    `fields` and `values` are the template's and what stands in them; `kind` the kind of session or note, `telehealth`
    whether by video or phone; `facts` what header and chart say already. `weights` come from `criteria.severities`.
    `earlier` are the client's last notes, newest first; `group` the notes of others in the same group session.
    `as_scheduled`: the actual times equal the schedule; None while nobody has stated them. `same_times_in_a_row` is
    the practice's limit for that.
    """

    fields: Sequence[NoteField]
    values: Mapping[str, Value]
    kind: str = "individual"
    telehealth: bool = False
    facts: frozenset[Fact] = frozenset()
    weights: Mapping[str, Severity] | None = None
    earlier: Sequence[EarlierNote] = ()
    group: Sequence[EarlierNote] = ()
    as_scheduled: bool | None = None
    same_times_in_a_row: int = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the note, with a tick (`ok`) or a place to go.

    `place` is the key of the field that satisfies it or where it is to be mended; empty when it is about the whole
    note or its header. `name` is the criterion's or the kind's.
    """

    kind: CheckKind
    name: str
    sentence: str
    ok: bool
    place: str = ""
    severity: Severity = Severity.WARNS

    @property
    def blocks_signing(self) -> bool:
        """Only what is required, and only while it is missing."""
        return not self.ok and self.severity is Severity.REQUIRED


def review(note: Reviewed) -> tuple[Finding, ...]:
    """Every finding: first what blocks signing, then what auditors look for, then what looks copied or forgotten.

    A note in which nothing stands yet is measured, but not compared with others.
    """
    found = [*_filled(note), *_criteria(note), *_risk(note)]
    if any(is_filled(note.values.get(field.key)) for field in note.fields):
        found += [*_repeats(note), *_cloned(note), *_times(note)]
    return tuple(sorted(found, key=_order))


def blocking(note: Reviewed) -> tuple[Finding, ...]:
    """What must be mended before this note can be signed. The same sentences that stand beside the text."""
    return tuple(finding for finding in (*_filled(note), *_criteria(note)) if finding.blocks_signing)


def _order(finding: Finding) -> tuple[bool, int]:
    """Open before ticked, the heavier first; otherwise as found (sorting keeps that)."""
    return (finding.ok, -finding.severity)


def _filled(note: Reviewed) -> list[Finding]:
    return [
        Finding(
            CheckKind.FILLED,
            CheckKind.FILLED,
            f"{field.label} is filled in." if filled else f"{field.label} is still empty.",
            filled,
            field.key,
            Severity.REQUIRED,
        )
        for field in note.fields
        if field.must_be_filled(note.values)
        for filled in [is_filled(note.values.get(field.key))]
    ]


def _criteria(note: Reviewed) -> list[Finding]:
    asked = {field.key for field in note.fields if field.must_be_filled(note.values)}
    weights = note.weights or {}
    found = []
    for criterion in CRITERIA.values():
        if not criterion.applies(kind=note.kind, telehealth=note.telehealth):
            continue
        ok, place = _satisfied(note, criterion)
        if not ok and place in asked:
            continue  # "… is still empty" says it already
        found.append(
            Finding(
                CheckKind.CRITERION,
                criterion.name,
                criterion.found if ok else criterion.missing,
                ok,
                place,
                weights.get(criterion.name, Severity.INFORMS),
            )
        )
    return found


def _satisfied(note: Reviewed, criterion: Criterion) -> tuple[bool, str]:
    """Whether the criterion is met, and by which field; or the field of this template where it can be."""
    if criterion.facts and set(criterion.facts) <= note.facts:
        return True, ""
    there = {field.key for field in note.fields}
    places = [key for key in criterion.fields if key in there]
    for key in places:
        if is_filled(note.values.get(key)):
            return True, key
    return False, places[0] if places else ""


def _risk(note: Reviewed) -> list[Finding]:
    """Danger in the text that the risk fields do not answer, or a risk that no plan follows."""
    risk_keys = {field.key for field in note.fields if field.risk}
    if not risk_keys:
        return []
    written = [value for key, value in note.values.items() if key not in risk_keys and isinstance(value, str)]
    spoken = [word for text in written for word in mentions(text)]
    answered = " ".join(
        value for key in risk_keys if isinstance(value := note.values.get(key), str) and " " in value.strip()
    )
    present = note.values.get("risk") == "present"
    place = "risk_detail" if "risk_detail" in risk_keys else min(risk_keys)
    found = []
    if spoken and not answered.strip():
        quoted = ", ".join(f"“{word}”" for word in list(dict.fromkeys(spoken))[:NAMED_WORDS])
        found.append(
            Finding(
                CheckKind.RISK,
                "risk_mentioned_without_plan",
                f"The text speaks of danger ({quoted}): say in Risk what you found, did and agreed.",
                False,
                place,
            )
        )
    if present and not any(
        word in answered.casefold() for word in ("plan", "safety", "contact", "call", "988")
    ):
        found.append(
            Finding(
                CheckKind.RISK,
                "risk_present_without_plan",
                "Risk is present: say which safety steps you agreed on.",
                False,
                place,
            )
        )
    return found


def _repeats(note: Reviewed) -> list[Finding]:
    if not note.earlier:
        return []
    last = note.earlier[0].values
    return [
        Finding(
            CheckKind.REPEATS,
            CheckKind.REPEATS,
            f"{field.label} repeats the last note: write it anew for this session."
            if field.risk
            else f"{field.label} is word for word the same as in the last note.",
            False,
            field.key,
        )
        for field in note.fields
        if same_text(note.values.get(field.key), last.get(field.key))
    ]


def _cloned(note: Reviewed) -> list[Finding]:
    text = prose(note.values)
    others = [(other, "the note of") for other in note.earlier[:NOTES_COMPARED]]
    others += [(other, "another member’s note of") for other in note.group]
    if not others:
        return []
    share, other, whose = max(
        ((share_used_before(text, prose(other.values)), other, whose) for other, whose in others),
        key=lambda found: found[0],
    )
    if share < USED_BEFORE:
        sentence = "This note has its own words."
        return [Finding(CheckKind.CLONED, CheckKind.CLONED, sentence, True)] if text.strip() else []
    return [
        Finding(
            CheckKind.CLONED,
            CheckKind.CLONED,
            f"About {round(share * 100)}% of this text stands in {whose} {other.when}: write what was different.",
            False,
        )
    ]


def _times(note: Reviewed) -> list[Finding]:
    row = same_as_scheduled_in_a_row([one.as_scheduled for one in note.earlier], bool(note.as_scheduled))
    if row < note.same_times_in_a_row:
        return []
    return [
        Finding(
            CheckKind.TIMES,
            "times_always_as_scheduled",
            f"{row} sessions in a row kept the scheduled times to the minute: check that these are the actual ones.",
            False,
        )
    ]
