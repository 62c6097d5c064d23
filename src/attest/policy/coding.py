"""What may be billed together on one day, what an add-on needs, and which diagnoses a claim can carry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from .catalogue import Line, Service, ServiceKind

DIAGNOSES_MOST = 12
POINTERS_MOST = 4


class FindingKind(StrEnum):
    """What a coding check can find."""

    NOT_TOGETHER = "not_together"
    ONLY_IF_SEPARATE = "only_if_separate"
    LISTED_TWICE = "listed_twice"
    TOO_MANY_UNITS = "too_many_units"
    FEWER_UNITS = "fewer_units"
    ADDON_ALONE = "addon_alone"
    FACTOR_MISSING = "factor_missing"
    NO_DIAGNOSIS = "no_diagnosis"
    TOO_MANY_DIAGNOSES = "too_many_diagnoses"
    DIAGNOSIS_TWICE = "diagnosis_twice"
    DIAGNOSIS_UNKNOWN = "diagnosis_unknown"
    DIAGNOSIS_NOT_VALID = "diagnosis_not_valid"
    DIAGNOSIS_CATEGORY = "diagnosis_category"
    Z_CODE_FIRST = "z_code_first"
    RELEASE_NOT_LOADED = "release_not_loaded"
    UNSPECIFIED = "unspecified"
    TOO_MANY_POINTERS = "too_many_pointers"
    POINTER_TO_NOTHING = "pointer_to_nothing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, as a sentence; it blocks, or warns."""

    kind: FindingKind
    sentence: str
    blocks: bool


# -- services of one client, provider and date ----------------------------------------------------------


class PairVerdict(StrEnum):
    NEVER = "never"
    """Not billed together: blocks."""
    IF_SEPARATE = "if_separate"
    """Only when they were separate services at separate times: warns."""
    TOGETHER = "together"
    """Made to be billed together."""


_K = ServiceKind
_EVALUATIONS = (_K.DIAGNOSTIC_EVALUATION, _K.DIAGNOSTIC_EVALUATION_MEDICAL)
_THERAPIES = (_K.PSYCHOTHERAPY, _K.PSYCHOTHERAPY_WITH_EM)
_CRISES = (_K.CRISIS, _K.CRISIS_ADDITIONAL)
_GROUPS = (_K.GROUP, _K.MULTI_FAMILY_GROUP)
_FAMILIES = (_K.FAMILY_WITH_CLIENT, _K.FAMILY_WITHOUT_CLIENT)


def _pairs(
    ones: Iterable[_K], others: Iterable[_K], verdict: PairVerdict
) -> dict[frozenset[_K], PairVerdict]:
    others = tuple(others)
    return {frozenset((one, other)): verdict for one in ones for other in others}


PAIRS: Mapping[frozenset[ServiceKind], PairVerdict] = MappingProxyType(
    {
        **_pairs(_EVALUATIONS, (*_EVALUATIONS, _K.EM, *_THERAPIES, *_CRISES), PairVerdict.NEVER),
        **_pairs(_THERAPIES, _THERAPIES, PairVerdict.NEVER),
        **_pairs(_CRISES, (*_THERAPIES, _K.EM, _K.CRISIS), PairVerdict.NEVER),
        **_pairs(_FAMILIES, _FAMILIES, PairVerdict.NEVER),
        **_pairs(_GROUPS, _GROUPS, PairVerdict.NEVER),
        **_pairs((_K.PSYCHOTHERAPY,), (*_FAMILIES, *_GROUPS), PairVerdict.IF_SEPARATE),
        **{frozenset((kind,)): PairVerdict.IF_SEPARATE for kind in (*_THERAPIES, _K.EM)},
        frozenset((_K.CRISIS, _K.CRISIS_ADDITIONAL)): PairVerdict.TOGETHER,
    }
)
"""Kinds that meet on one date for one client and provider. A set of one kind is that kind twice, in two
sessions; within one session a kind is never billed twice. Pairs that are not listed go together."""


class ComplexityFactor(StrEnum):
    """What makes a session interactively complex. An interpreter alone does not."""

    COMMUNICATION = "communication"
    CAREGIVER = "caregiver"
    SENTINEL_EVENT = "sentinel_event"
    PLAY_EQUIPMENT = "play_equipment"

    @property
    def words(self) -> str:
        return _FACTOR_WORDS[self]


_FACTOR_WORDS = {
    ComplexityFactor.COMMUNICATION: "Difficult communication among those present had to be managed",
    ComplexityFactor.CAREGIVER: "A caregiver's emotions or behaviour got in the way of the plan",
    ComplexityFactor.SENTINEL_EVENT: "A reportable event came up and the mandated report was discussed",
    ComplexityFactor.PLAY_EQUIPMENT: "Play or other equipment was needed where language is not yet developed",
}


def check_services(
    lines: Sequence[Line],
    *,
    same_day: Iterable[Service] = (),
    complexity_factors: Iterable[ComplexityFactor] = (),
) -> tuple[Finding, ...]:
    """Pairs, repetitions, daily units, add-ons without their base, and complexity without a factor.

    `same_day` are the services already confirmed for the same client, provider and date of service in
    other sessions. Whether the minutes fit is `minutes.fits`.
    """
    found: list[Finding] = []
    earlier = tuple(same_day)
    for position, line in enumerate(lines):
        for later in lines[position + 1 :]:
            found.extend(_within(line.service, later.service))
        for other in earlier:
            found.extend(_same_day(line.service, other))
        found.extend(_line(line, lines))
    complex_line = next((o for o in lines if o.service.kind is ServiceKind.INTERACTIVE_COMPLEXITY), None)
    if complex_line is not None and not tuple(complexity_factors):
        words = f"Say what made the session complex: {complex_line.service.code} needs at least one factor."
        found.append(Finding(FindingKind.FACTOR_MISSING, words, True))
    return tuple(found)


def _line(line: Line, lines: Sequence[Line]) -> Iterable[Finding]:
    service = line.service
    if service.units_a_day is not None and line.units > service.units_a_day:
        most = "once" if service.units_a_day == 1 else f"{service.units_a_day} times"
        words = f"{service.code} can be billed {most} a day; this is {line.units}."
        yield Finding(FindingKind.TOO_MANY_UNITS, words, True)
    if service.is_addon and not any(other.service.kind in service.bases for other in lines):
        yield Finding(
            FindingKind.ADDON_ALONE, f"{service.code} is only added to {service.bases_words}.", True
        )


def _within(one: Service, other: Service) -> Iterable[Finding]:
    if one.code == other.code:
        yield Finding(FindingKind.LISTED_TWICE, f"{one.code} is listed twice.", True)
        return
    verdict = PAIRS.get(frozenset((one.kind, other.kind)))
    if verdict is PairVerdict.NEVER or (one.kind is other.kind and one.kind is not ServiceKind.OTHER):
        words = f"{one.code} and {other.code} cannot both be billed for one session."
        yield Finding(FindingKind.NOT_TOGETHER, words, True)
    elif verdict is PairVerdict.IF_SEPARATE:
        words = f"{one.code} and {other.code} are only paid together when they were at separate times."
        yield Finding(FindingKind.ONLY_IF_SEPARATE, words, False)


def _same_day(one: Service, other: Service) -> Iterable[Finding]:
    verdict = PAIRS.get(frozenset((one.kind, other.kind)))
    if verdict is PairVerdict.NEVER:
        words = f"{one.code} cannot be billed: {other.code} is already confirmed for this client that day."
        yield Finding(FindingKind.NOT_TOGETHER, words, True)
    elif verdict is PairVerdict.IF_SEPARATE:
        words = (
            f"{other.code} is already confirmed for this client that day. Most plans pay only one of them."
        )
        yield Finding(FindingKind.ONLY_IF_SEPARATE, words, False)


# -- diagnoses ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis of the session as the code table knows it.

    `valid_from` and `valid_to` are the dates between which the code can be billed (None: open on that
    side); `is_category` when more specific codes exist below it; `known` is False when the table used
    has no such code.
    """

    code: str
    valid_from: date | None = None
    valid_to: date | None = None
    is_category: bool = False
    known: bool = True

    @property
    def plain(self) -> str:
        """The code as claims carry it: upper case, without the dot."""
        return self.code.replace(".", "").strip().upper()

    @property
    def is_z_code(self) -> bool:
        """Factors that influence health (chapter Z): a reason for contact, not an illness."""
        return self.plain.startswith("Z")

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


NUDGED: Mapping[str, str] = MappingProxyType(
    {
        "F329": "unspecified",
        "F32A": "unspecified",
        "F419": "unspecified",
        "F439": "unspecified",
        "F99": "unspecified",
        "R69": "unspecified",
        "Z0389": "only an observation",
    }
)
"""Codes that payers question: a more specific one, where true, is safer."""


def check_diagnoses(
    diagnoses: Sequence[Diagnosis], *, on: date, release_loaded: bool, insurance: bool
) -> tuple[Finding, ...]:
    """None at all, too many, repeated, not valid on the date of service, categories, Z codes first.

    `release_loaded` says whether the code release in force on that date was used. When it was not, the
    newest one stands in: one warning, and nothing found against that release blocks. A Z code first
    blocks only when insurance is billed.
    """
    if not diagnoses:
        return (Finding(FindingKind.NO_DIAGNOSIS, "Choose a diagnosis.", True),)
    found: list[Finding] = []
    if len(diagnoses) > DIAGNOSES_MOST:
        words = f"A claim has room for {DIAGNOSES_MOST} diagnoses; these are {len(diagnoses)}."
        found.append(Finding(FindingKind.TOO_MANY_DIAGNOSES, words, True))
    seen: set[str] = set()
    for diagnosis in diagnoses:
        if diagnosis.plain in seen:
            found.append(Finding(FindingKind.DIAGNOSIS_TWICE, f"{diagnosis.code} is listed twice.", True))
            continue
        seen.add(diagnosis.plain)
        found.extend(_validity(diagnosis, on, release_loaded))
    first = diagnoses[0]
    if insurance and first.is_z_code:
        words = f"{first.code} cannot come first: insurance pays for an illness. Put another diagnosis first."
        found.append(Finding(FindingKind.Z_CODE_FIRST, words, True))
    if not release_loaded:
        words = f"The diagnosis codes for {on:%m/%d/%Y} are not loaded; the newest ones were used."
        found.append(Finding(FindingKind.RELEASE_NOT_LOADED, words, False))
    if reason := NUDGED.get(first.plain):
        words = f"{first.code} is {reason}. A more specific diagnosis, if it is true, is questioned less."
        found.append(Finding(FindingKind.UNSPECIFIED, words, False))
    return tuple(found)


def _validity(diagnosis: Diagnosis, on: date, release_loaded: bool) -> tuple[Finding, ...]:
    code = diagnosis.code
    if not diagnosis.known:
        words = f"{code} is not in the table of diagnosis codes."
        return (Finding(FindingKind.DIAGNOSIS_UNKNOWN, words, release_loaded),)
    if diagnosis.is_category:
        words = f"{code} is a heading: choose one of the more specific codes below it."
        return (Finding(FindingKind.DIAGNOSIS_CATEGORY, words, release_loaded),)
    if not diagnosis.valid_on(on):
        words = f"{code} could not be used on {on:%m/%d/%Y}."
        if diagnosis.valid_to is not None and diagnosis.valid_to < on:
            words = f"{code} ended on {diagnosis.valid_to:%m/%d/%Y}, before this session."
        elif diagnosis.valid_from is not None and diagnosis.valid_from > on:
            words = f"{code} began on {diagnosis.valid_from:%m/%d/%Y}, after this session."
        return (Finding(FindingKind.DIAGNOSIS_NOT_VALID, words, release_loaded),)
    return ()


def pointers_of(line: Line, diagnosis_count: int) -> tuple[int, ...]:
    """The diagnoses a line points to, from 1: its own, or the first four of the session."""
    return line.pointers or tuple(range(1, min(diagnosis_count, POINTERS_MOST) + 1))


def check_pointers(lines: Iterable[Line], diagnosis_count: int) -> tuple[Finding, ...]:
    """At most four pointers a line, each to a diagnosis that is there."""
    found: list[Finding] = []
    for line in lines:
        code = line.service.code
        if len(line.pointers) > POINTERS_MOST:
            words = f"{code} points to {len(line.pointers)} diagnoses; {POINTERS_MOST} is the most."
            found.append(Finding(FindingKind.TOO_MANY_POINTERS, words, True))
        if any(not 1 <= pointer <= diagnosis_count for pointer in line.pointers):
            words = f"{code} points to a diagnosis that is not on the session."
            found.append(Finding(FindingKind.POINTER_TO_NOTHING, words, True))
    return tuple(found)
