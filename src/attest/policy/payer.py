"""What differs by payer, as dated rows of data: never a branch on a payer's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .deadlines import FilingRule


class LineOfBusiness(StrEnum):
    """What sort of plan pays. Medicare and Medicaid each count both fee-for-service and managed."""

    COMMERCIAL = "commercial"
    MEDICARE = "medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    MEDICAID = "medicaid"
    MEDICAID_MANAGED = "medicaid_managed"
    TRICARE = "tricare"
    EMPLOYEE_ASSISTANCE = "employee_assistance"

    @property
    def is_medicare(self) -> bool:
        return self in (LineOfBusiness.MEDICARE, LineOfBusiness.MEDICARE_ADVANTAGE)

    @property
    def is_medicaid(self) -> bool:
        return self in (LineOfBusiness.MEDICAID, LineOfBusiness.MEDICAID_MANAGED)

    @property
    def has_strict_signing(self) -> bool:
        """Notes are due sooner (48 instead of 72 hours) for Medicare and Medicaid."""
        return self.is_medicare or self.is_medicaid


def signs_strictly(lines_of_business: Iterable[LineOfBusiness]) -> bool:
    """Whether any coverage known at the moment makes the note due sooner."""
    return any(line.has_strict_signing for line in lines_of_business)


class CorrectionMethod(StrEnum):
    """How a payer takes the correction of a claim it has adjudicated."""

    REPLACEMENT = "replacement"
    """Frequency 7 (replace) or 8 (void), with the payer's own control number."""
    REOPENING = "reopening"
    """A reopening request on paper or portal."""
    NEW_CLAIM = "new_claim"
    """Returned as unprocessable: a new claim."""


@dataclass(frozen=True, slots=True)
class PayerRule:
    """What one payer asks for, from `effective_from` through `effective_to` (None: until further notice)."""

    effective_from: date
    effective_to: date | None = None
    filing_rule: FilingRule | None = None
    """None: the limit is not known, nothing is assumed."""
    requires_signed_note: bool = False
    """The claim is held until the note is signed (usual for Medicare and Medicaid)."""
    telehealth_pos_home: str = "10"
    """Place of service when the client is at home."""
    telehealth_pos_other: str = "02"
    """Place of service when the client is elsewhere."""
    video_modifier: str = "95"
    """Empty: none is sent."""
    audio_modifier: str | None = "93"
    """Empty: none is sent. None: audio-only sessions are not paid."""
    correction_method: CorrectionMethod = CorrectionMethod.REPLACEMENT
    required_criteria: tuple[str, ...] = ()
    """What of `note_checks.CRITERIA` a note must hold before it is signed."""

    @property
    def pays_audio_only(self) -> bool:
        return self.audio_modifier is not None

    def in_force_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


def rule_on(rules: Iterable[PayerRule], day: date) -> PayerRule | None:
    """The row in force on that date of service; of several, the one that began last. None: no row."""
    in_force = [rule for rule in rules if rule.in_force_on(day)]
    return max(in_force, key=lambda rule: rule.effective_from, default=None)
