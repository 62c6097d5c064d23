"""Services as rows of data: codes appear only as values of rows. What the rules know are kinds of
session, kinds of service and the minutes each row names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class SessionKind(StrEnum):
    """What a session was booked as."""

    INTAKE = "intake"
    INDIVIDUAL = "individual"
    FAMILY = "family"
    GROUP = "group"
    CRISIS = "crisis"
    MEDICATION = "medication"
    """Evaluation and management by a prescriber, with or without therapy."""
    CONSULTATION = "consultation"
    """A first talk: not confirmed and not billed."""


class ServiceKind(StrEnum):
    """What a service code stands for."""

    DIAGNOSTIC_EVALUATION = "diagnostic_evaluation"
    DIAGNOSTIC_EVALUATION_MEDICAL = "diagnostic_evaluation_medical"
    PSYCHOTHERAPY = "psychotherapy"
    PSYCHOTHERAPY_WITH_EM = "psychotherapy_with_em"
    EM = "em"
    CRISIS = "crisis"
    CRISIS_ADDITIONAL = "crisis_additional"
    FAMILY_WITH_CLIENT = "family_with_client"
    FAMILY_WITHOUT_CLIENT = "family_without_client"
    GROUP = "group"
    MULTI_FAMILY_GROUP = "multi_family_group"
    INTERACTIVE_COMPLEXITY = "interactive_complexity"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The kind in a sentence."""
        return _KIND_WORDS[self]


_KIND_WORDS = {
    ServiceKind.DIAGNOSTIC_EVALUATION: "a diagnostic evaluation",
    ServiceKind.DIAGNOSTIC_EVALUATION_MEDICAL: "a diagnostic evaluation with medical services",
    ServiceKind.PSYCHOTHERAPY: "individual therapy",
    ServiceKind.PSYCHOTHERAPY_WITH_EM: "therapy with an E/M code",
    ServiceKind.EM: "an E/M code",
    ServiceKind.CRISIS: "crisis therapy",
    ServiceKind.CRISIS_ADDITIONAL: "further crisis time",
    ServiceKind.FAMILY_WITH_CLIENT: "family therapy with the client",
    ServiceKind.FAMILY_WITHOUT_CLIENT: "family therapy without the client",
    ServiceKind.GROUP: "group therapy",
    ServiceKind.MULTI_FAMILY_GROUP: "multi-family group therapy",
    ServiceKind.INTERACTIVE_COMPLEXITY: "interactive complexity",
    ServiceKind.OTHER: "another service",
}

ADDON_BASES: Mapping[ServiceKind, frozenset[ServiceKind]] = MappingProxyType(
    {
        ServiceKind.PSYCHOTHERAPY_WITH_EM: frozenset({ServiceKind.EM}),
        ServiceKind.CRISIS_ADDITIONAL: frozenset({ServiceKind.CRISIS}),
        ServiceKind.INTERACTIVE_COMPLEXITY: frozenset(
            {
                ServiceKind.DIAGNOSTIC_EVALUATION,
                ServiceKind.DIAGNOSTIC_EVALUATION_MEDICAL,
                ServiceKind.PSYCHOTHERAPY,
                ServiceKind.PSYCHOTHERAPY_WITH_EM,
                ServiceKind.GROUP,
            }
        ),
    }
)
"""Kinds that are only ever added to another service, and to which. Interactive complexity goes with
evaluations, individual and group therapy; not with crisis, family therapy or an E/M code alone."""


@dataclass(frozen=True, slots=True)
class Service:
    """One row of the service catalogue.

    `minutes_from` and `minutes_to` are whole minutes, both included; None means no limit on that side.
    Outside them a `timed` service does not fit (too few block); an untimed one only warns.
    `minutes_each` makes a row count units: one from `minutes_from`, another for each further so many.
    `addon_to` overrides ADDON_BASES for this row. The row is in force from `effective_from` through
    `effective_to`.
    """

    code: str
    label: str
    kind: ServiceKind
    minutes_from: int | None = None
    minutes_to: int | None = None
    timed: bool = True
    addon_to: frozenset[ServiceKind] | None = None
    prescriber_only: bool = False
    minutes_each: int | None = None
    units_a_day: int | None = 1
    """At most so many units on one date; None: no limit."""
    effective_from: date | None = None
    effective_to: date | None = None

    @property
    def bases(self) -> frozenset[ServiceKind]:
        """The kinds it can be added to; empty when it stands alone."""
        return ADDON_BASES.get(self.kind, frozenset()) if self.addon_to is None else self.addon_to

    @property
    def is_addon(self) -> bool:
        return bool(self.bases)

    @property
    def bases_words(self) -> str:
        """The kinds it is added to, in a sentence: "individual therapy, group therapy or an E/M code"."""
        words = [kind.words for kind in ServiceKind if kind in self.bases]
        return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)

    @property
    def counts_therapy_minutes(self) -> bool:
        """Beside an E/M code the therapy minutes are a figure of their own, never counted twice."""
        return self.kind is ServiceKind.PSYCHOTHERAPY_WITH_EM

    @property
    def range_words(self) -> str:
        """Its minutes as a person reads them: "38–52 min", "53 min or more", or empty."""
        if self.minutes_from is not None and self.minutes_to is not None:
            return f"{self.minutes_from}–{self.minutes_to} min"
        if self.minutes_from is not None:
            return f"{self.minutes_from} min or more"
        return f"up to {self.minutes_to} min" if self.minutes_to is not None else ""

    def in_force_on(self, day: date) -> bool:
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )

    def units_for(self, spent: int) -> int:
        """How many units that many minutes carry: 0 below `minutes_from`, else 1, or more for a row
        with `minutes_each` (75 and 30: 75–104 is 1, 105–134 is 2)."""
        if spent < (self.minutes_from or 0):
            return 0
        return 1 if self.minutes_each is None else (spent - (self.minutes_from or 0)) // self.minutes_each + 1


@dataclass(frozen=True, slots=True)
class Line:
    """One service on a claim: its row, units, and which diagnoses it points to (from 1; empty: the first
    four)."""

    service: Service
    units: int = 1
    pointers: tuple[int, ...] = ()
