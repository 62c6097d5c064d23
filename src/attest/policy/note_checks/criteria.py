"""What auditors look for in a note, as named rules: what satisfies each, where it applies, how much it weighs.

The criteria are those that payers' record reviews ask for (Medicare contractors' checklists for psychotherapy,
Medicaid and commercial documentation standards), under the names that public compliance checkers use. How much one
weighs differs by payer and is data: a default per line of business here, tightened by the payer's dated rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from ..payer import LineOfBusiness


class Severity(IntEnum):
    """How much a missing criterion weighs; the heavier is the greater."""

    INFORMS = 0
    """Good to have. Nobody refuses payment for it alone."""
    WARNS = 1
    """A reviewer may take money back for it."""
    REQUIRED = 2
    """The note cannot be signed without it."""


class Fact(IntEnum):
    """What the header of a note, or the chart, can say by itself."""

    CLIENT = 1
    """Full name and birth date."""
    PROVIDER = 2
    """Name and credentials."""
    DATE = 3
    TIMES = 4
    """Start and stop that somebody has said are the actual ones."""
    MODALITY = 5
    PLACE = 6
    DIAGNOSIS = 7
    SERVICE = 8
    """A service code has been chosen."""
    PLAN = 9
    """A treatment plan is in force on the date of service."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing an auditor looks for.

    `fields` are keys of template fields: the first one filled satisfies it and is the place shown. `facts` are
    what the header must say; with both, the header alone is enough. `telehealth`: only by video or phone. `kinds`:
    only these kinds of session (empty: every kind); `unless`: not these.
    """

    name: str
    looks_for: str
    found: str
    missing: str
    fields: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    telehealth: bool = False
    kinds: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()

    def applies(self, *, kind: str, telehealth: bool) -> bool:
        """Whether a note about this kind of session is measured by it."""
        return (
            (telehealth or not self.telehealth)
            and (not self.kinds or kind in self.kinds)
            and kind not in self.unless
        )

    @property
    def can_be_required(self) -> bool:
        """Only what the author can write into the note may block signing: signing never waits for other records."""
        return bool(self.fields)


_NOT_TREATED = frozenset({"missed", "contact", "discharge", "plan"})
"""Kinds of note about something other than a treatment session."""

_ALL = (
    Criterion(
        "client_name_and_dob",
        "Whose record this is",
        "The client's full name and birth date stand on every page.",
        "The client's birth date or name is missing from the chart.",
        facts=(Fact.CLIENT,),
    ),
    Criterion(
        "provider_name_and_credentials",
        "Who wrote it",
        "Your name and credentials stand on every page.",
        "Your credentials are missing from the provider's record.",
        facts=(Fact.PROVIDER,),
    ),
    Criterion(
        "date_of_service",
        "When it was",
        "The date of service stands on every page.",
        "The date of service is not known.",
        facts=(Fact.DATE,),
    ),
    Criterion(
        "session_start_and_stop_times",
        "From when to when",
        "Actual start and stop are stated.",
        "The times are still those of the schedule: state the actual start and stop.",
        facts=(Fact.TIMES,),
        unless=_NOT_TREATED,
    ),
    Criterion(
        "service_modality",
        "In person, by video or by phone",
        "How you met is stated.",
        "How you met is not stated.",
        facts=(Fact.MODALITY,),
        unless=_NOT_TREATED,
    ),
    Criterion(
        "care_delivery_method",
        "Where it took place",
        "The place is stated.",
        "The place of the session is not stated.",
        facts=(Fact.PLACE,),
        unless=_NOT_TREATED,
    ),
    Criterion(
        "specific_services_rendered",
        "Which service",
        "The service is chosen.",
        "No service code is chosen yet.",
        facts=(Fact.SERVICE,),
        unless=_NOT_TREATED,
    ),
    Criterion(
        "diagnostic_statement_present",
        "The diagnosis treated",
        "A diagnosis is stated.",
        "No diagnosis is stated.",
        fields=("diagnosis_evidence", "dx_at_end"),
        facts=(Fact.DIAGNOSIS,),
        unless=frozenset({"missed", "contact"}),
    ),
    Criterion(
        "attendees",
        "Who took part",
        "Who took part is stated.",
        "Say who took part, by role.",
        fields=("attendees", "contact_with"),
        unless=frozenset({"missed", "discharge", "plan"}),
    ),
    Criterion(
        "client_location",
        "Where the client was",
        "Where the client was is confirmed.",
        "By video or phone: say where the client was.",
        fields=("client_location", "telehealth"),
        telehealth=True,
        unless=_NOT_TREATED,
    ),
    Criterion(
        "telehealth_consent",
        "Consent to telehealth, identity, privacy",
        "What was confirmed by video or phone is stated.",
        "By video or phone: say what you confirmed today (who, where, consent, who can overhear).",
        fields=("telehealth",),
        telehealth=True,
        unless=_NOT_TREATED,
    ),
    Criterion(
        "presenting_problem",
        "What the client brought",
        "What the client brought is described.",
        "Describe what the client brought today.",
        fields=("focus", "precipitant"),
        unless=_NOT_TREATED,
    ),
    Criterion(
        "current_symptoms_and_behaviors",
        "Symptoms and how they hinder daily life",
        "Symptoms and their effect are described.",
        "Describe the symptoms of today and what they make harder.",
        fields=("function", "current_episode", "urgency", "focus"),
        unless=_NOT_TREATED,
    ),
    Criterion(
        "mental_status_examination",
        "Mental status as observed",
        "Mental status is recorded.",
        "Record the mental status you observed, or that it was not assessed.",
        fields=("mental_status",),
        unless=_NOT_TREATED,
    ),
    Criterion(
        "risk_assessment",
        "Danger to the client or others",
        "Risk is addressed.",
        "Say whether danger to the client or others was asked about, and what you found.",
        fields=("risk", "missed_risk", "contact_risk", "plan_risk"),
    ),
    Criterion(
        "interventions_utilized",
        "What you did",
        "Your interventions are named.",
        "Name the method and the technique you used.",
        fields=("interventions",),
        unless=_NOT_TREATED | {"intake"},
    ),
    Criterion(
        "client_response_to_interventions",
        "How the client responded",
        "The client's response is described.",
        "Describe how the client responded.",
        fields=("response", "participation"),
        unless=_NOT_TREATED | {"intake"},
    ),
    Criterion(
        "goals_addressed_in_session",
        "Which goal was worked on",
        "A goal of the plan is named.",
        "Name the goal of the plan that you worked on.",
        fields=("goal_progress", "progress_detail"),
        unless=_NOT_TREATED | {"intake", "crisis"},
    ),
    Criterion(
        "progress_towards_goals",
        "Whether it helps",
        "Progress is stated.",
        "Say whether there was progress on the goal.",
        fields=("goal_progress", "progress"),
        unless=_NOT_TREATED | {"intake", "crisis"},
    ),
    Criterion(
        "measurable_goals",
        "Goals that can be measured, in a plan in force",
        "A treatment plan is in force.",
        "No treatment plan is in force on this date.",
        fields=(),
        facts=(Fact.PLAN,),
        unless=_NOT_TREATED | {"intake", "crisis"},
    ),
    Criterion(
        "medical_necessity",
        "Why care is needed",
        "The need for care is explained.",
        "Tie the diagnosis to what is hard, and say why treatment helps.",
        fields=("necessity",),
        unless=_NOT_TREATED,
    ),
    Criterion(
        "plan",
        "What comes next",
        "What comes next is stated.",
        "Say what comes next.",
        fields=("plan", "aftercare", "disposition"),
        unless=frozenset({"contact", "plan"}),
    ),
    Criterion(
        "intensive_level_of_care",
        "What made it a crisis, and how it ended",
        "What made it a crisis and how it ended are described.",
        "A crisis session: describe what was urgent and how the client left.",
        fields=("disposition",),
        kinds=frozenset({"crisis"}),
    ),
)
CRITERIA: Mapping[str, Criterion] = MappingProxyType({criterion.name: criterion for criterion in _ALL})

REQUIRABLE = tuple(criterion for criterion in _ALL if criterion.can_be_required)
"""What a payer's rules may demand before a note is signed."""


def places_demanded(names: Iterable[str], *, kind: str, telehealth: bool) -> tuple[tuple[str, ...], ...]:
    """For each criterion that a payer demands of this kind of session, the fields of which one must be filled."""
    asked = (CRITERIA[name] for name in names if name in CRITERIA)
    return tuple(one.fields for one in asked if one.fields and one.applies(kind=kind, telehealth=telehealth))


_USUAL: Mapping[str, Severity] = MappingProxyType(
    {
        "client_name_and_dob": Severity.WARNS,
        "provider_name_and_credentials": Severity.WARNS,
        "date_of_service": Severity.WARNS,
        "session_start_and_stop_times": Severity.WARNS,
        "diagnostic_statement_present": Severity.WARNS,
        "presenting_problem": Severity.WARNS,
        "risk_assessment": Severity.WARNS,
        "interventions_utilized": Severity.WARNS,
        "client_response_to_interventions": Severity.WARNS,
        "plan": Severity.WARNS,
        "intensive_level_of_care": Severity.WARNS,
        "medical_necessity": Severity.WARNS,
    }
)
"""For every payer; what is not named informs."""

_STRICT: Mapping[str, Severity] = MappingProxyType(
    {
        "measurable_goals": Severity.WARNS,
        "goals_addressed_in_session": Severity.WARNS,
        "progress_towards_goals": Severity.WARNS,
        "current_symptoms_and_behaviors": Severity.WARNS,
        "mental_status_examination": Severity.WARNS,
        "specific_services_rendered": Severity.WARNS,
        "attendees": Severity.WARNS,
        "client_location": Severity.WARNS,
        "telehealth_consent": Severity.WARNS,
    }
)
"""Beyond that for Medicare and Medicaid, fee-for-service and managed: their audits take back for these."""


def severities(lines: Iterable[LineOfBusiness] = (), required: Iterable[str] = ()) -> Mapping[str, Severity]:
    """How much each criterion weighs for a session, by name: the strictest of the client's plans counts.

    `lines` are the lines of business of the coverages known; `required` are the criteria that a payer's dated rule
    demands before signing. Raises LookupError for a name that is none, ValueError for one that no author can write.
    """
    found = {name: _USUAL.get(name, Severity.INFORMS) for name in CRITERIA}
    if any(line.has_strict_signing for line in lines):
        found.update({name: max(found[name], weight) for name, weight in _STRICT.items()})
    for name in required:
        if not CRITERIA[name].can_be_required:
            raise ValueError(f"{name} is not written in the note, so it cannot be required for signing.")
        found[name] = Severity.REQUIRED
    return MappingProxyType(found)
