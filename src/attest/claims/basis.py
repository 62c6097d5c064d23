"""What a confirmation hands over when a claim is built from it."""

from dataclasses import dataclass
from datetime import date, datetime

from attest.calendar.models import Session
from attest.clients.models import Coverage
from attest.policy import deadlines
from attest.policy.payer import PayerRule
from attest.policy.record import Policy
from attest.policy.release import NoteStanding
from attest.practice.models import Location, Organization, Payer, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedLine:
    """One service. `charge_cents` is the charge of the whole line, all units together; `pointers` count the
    diagnoses from 1, the one treated most first."""

    code: str
    charge_cents: int
    modifiers: tuple[str, ...] = ()
    units: int = 1
    pointers: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimBasis:
    """The records and decisions behind one claim. `session.client` is loaded.

    `rule` is the payer's row in force on the date of service, None when there is none: then no filing limit and
    no signature are assumed. `location` is None for telehealth. `diagnoses` are codes without their dot, the
    principal one first.
    """

    session: Session
    provider: Provider
    coverage: Coverage
    payer: Payer
    rule: PayerRule | None
    location: Location | None
    organization: Organization
    date_of_service: date
    place_of_service: str
    diagnoses: tuple[str, ...]
    lines: tuple[ClaimedLine, ...]
    confirmed_at: datetime
    note_standing: NoteStanding
    policy: Policy

    @property
    def total_cents(self) -> int:
        """The sum of the lines' charges."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def file_by(self) -> date | None:
        """The last day on which the payer may receive the claim; None when its limit is not known."""
        rule = self.rule.filing_rule if self.rule else None
        return deadlines.file_by(rule, self.date_of_service) if rule else None
