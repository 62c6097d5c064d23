"""Everything the readiness of a session depends on, as plain values.

One function of the caller gathers these from its records; the same facts then serve the calendar badge
(`details` None, days ahead), the session panel, the confirm form and the last check before confirming.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from ..catalogue import Line, Service, SessionKind
from ..coding import ComplexityFactor, Diagnosis
from ..deadlines import date_of_service, local_date
from ..minutes import Interval, minutes
from ..payer import LineOfBusiness, PayerRule, rule_on
from ..place import Setting
from .roadblock import FixTarget, Owner


@dataclass(frozen=True, slots=True)
class Period:
    """From one date through another; None is open on that side."""

    starts_on: date | None = None
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )


class SessionStatus(StrEnum):
    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    NO_SHOW = "no_show"
    DID_NOT_TAKE_PLACE = "did_not_take_place"
    NOT_BILLABLE = "not_billable"


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The session as it was booked. `zone` is the IANA name kept on it. `self_pay` and
    `do_not_bill_insurance` are its own marks; the client may carry the same."""

    status: SessionStatus
    kind: SessionKind
    scheduled_start: datetime
    scheduled_stop: datetime
    zone: str
    setting: Setting
    self_pay: bool = False
    do_not_bill_insurance: bool = False
    entered_afterwards: bool = False


@dataclass(frozen=True, slots=True)
class ClientFacts:
    has_payment_method: bool
    forms_missing: tuple[str, ...] = ()
    """Names of standard forms not acknowledged in their current version."""
    has_address: bool = True
    has_birth_date: bool = True
    has_sex_for_claim: bool = True
    self_pay: bool = False
    do_not_bill_insurance: bool = False
    part2_program: bool = False
    """A client of a substance-use program under 42 CFR Part 2."""
    part2_consent: bool = False


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence to practise in one state (two letters)."""

    state: str
    period: Period = Period()


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    licences: tuple[Licence, ...]
    prescriber: bool = False
    has_npi: bool = True
    has_taxonomy: bool = True


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """What a claim needs of the practice itself."""

    has_npi: bool = True
    has_tax_id: bool = True
    has_taxonomy: bool = True
    has_zip_plus_four: bool = True
    has_submitter_id: bool = True


class Verification(StrEnum):
    """What is known of a plan from its payer's last answer."""

    NEVER = "never"
    PENDING = "pending"
    ACTIVE = "active"
    INACTIVE = "inactive"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Authorization:
    """Leave given by a plan ahead of time; `sessions_left` None when it counts none."""

    number: str
    period: Period = Period()
    sessions_left: int | None = None


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """The client's first plan on the date of service, and how the provider stands with its payer.

    `contracts` are the periods of the provider's contracts with the payer, `rules` the payer's dated
    rows, `priced_codes` the services with a fee on that date (None: not looked up).
    """

    payer_name: str
    line_of_business: LineOfBusiness
    verification: Verification
    verified_on: date | None
    period: Period = Period()
    contracts: tuple[Period, ...] = ()
    rules: tuple[PayerRule, ...] = ()
    has_payer_id: bool = True
    has_member_id: bool = True
    subscriber_complete: bool = True
    """False when the client is a dependent and a fact of the subscriber is missing."""
    needs_authorization: bool = False
    authorization: Authorization | None = None
    priced_codes: frozenset[str] | None = None


class NoteChoice(StrEnum):
    """How a session is documented."""

    TEMPLATE = "template"
    UPLOAD = "upload"
    ELSEWHERE = "elsewhere"
    OWED = "owed"


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """The session's note. `signing` is True when the press being judged signs the draft as well."""

    choice: NoteChoice | None = None
    draft: bool = False
    """A draft in a template exists that is neither signed nor discarded."""
    signed: bool = False
    signing: bool = False
    empty_required: tuple[str, ...] = ()
    """Labels of fields the template wants filled before signing."""
    declared: bool = False
    """For an upload or a note elsewhere: its author and signature date are declared (and the file is there)."""
    late_reason: str = ""
    not_billable: bool = False
    """The draft is in a template that stands behind no claim, such as one for a missed appointment."""


@dataclass(frozen=True, slots=True)
class ClaimProblem:
    """Something that keeps the session's claim from being written: what it is, who mends it and where."""

    sentence: str
    owner: Owner
    fix: FixTarget


@dataclass(frozen=True, slots=True)
class ActualTimes:
    """One interval as typed. `ambiguous` when a typed local time happened twice and nobody said which."""

    start: datetime | None
    stop: datetime | None
    ambiguous: bool = False

    @property
    def interval(self) -> Interval | None:
        if self.start is None or self.stop is None:
            return None
        return Interval(self.start, self.stop)


@dataclass(frozen=True, slots=True)
class Details:
    """What is typed to confirm a session. `setting` None: as booked.

    `other_sessions` are the provider's other confirmed actual times, leaving out members of the same
    group; `same_day_services` those confirmed for this client by this provider on the same date.
    """

    times: tuple[ActualTimes, ...] = ()
    unreadable: tuple[str, ...] = ()
    """What was typed and says nothing, by the words of its field: the date, the minutes to leave out."""
    breaks: tuple[Interval, ...] = ()
    excluded: timedelta = timedelta(0)
    affirmed: bool = False
    """The provider said that these are the actual times."""
    date_reason: str = ""
    setting: Setting | None = None
    lines: tuple[Line, ...] = ()
    therapy_minutes: int | None = None
    client_present: bool = True
    complexity_factors: tuple[ComplexityFactor, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    code_release_loaded: bool = True
    other_sessions: tuple[Interval, ...] = ()
    same_day_services: tuple[Service, ...] = ()
    last_evaluation_on: date | None = None
    """Date of service of the client's last confirmed diagnostic evaluation by this provider."""
    same_minutes_in_a_row: int = 0
    """How many sessions in a row, this one included, kept the very same scheduled times as actual."""

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The intervals that have both a start and a stop, as typed."""
        return tuple(i for t in self.times if (i := t.interval) is not None)

    @property
    def spent(self) -> int | None:
        """Whole minutes, or None while the times are missing or run backwards."""
        intervals = self.intervals
        if not intervals or len(intervals) < len(self.times) or any(i.stop <= i.start for i in intervals):
            return None
        return minutes(intervals, breaks=self.breaks, excluded=self.excluded)

    @property
    def start(self) -> datetime | None:
        """The first actual start."""
        return min((t.start for t in self.times if t.start is not None), default=None)

    @property
    def stop(self) -> datetime | None:
        """The last actual stop."""
        return max((t.stop for t in self.times if t.stop is not None), default=None)


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. `coverage` None: no plan for the date of service. `details` None: nothing typed yet.

    `lines_of_business` are those of every coverage known at this moment, whatever its rank: they decide
    how soon the note is due. `self_pay_codes` are the services with a fee for self-pay (None: not looked
    up).
    """

    session: SessionFacts
    client: ClientFacts
    provider: ProviderFacts
    organization: OrganizationFacts
    coverage: CoverageFacts | None
    note: NoteFacts = NoteFacts()
    details: Details | None = None
    lines_of_business: frozenset[LineOfBusiness] = frozenset()
    self_pay_codes: frozenset[str] | None = None
    claim_problems: tuple[ClaimProblem, ...] = ()
    """What writing the claim of these details would meet; looked up once there is a claim to write."""

    @property
    def bills_insurance(self) -> bool:
        """No mark of self-pay, and none that keeps it from insurance, on the session or the client."""
        return not (
            self.session.self_pay
            or self.session.do_not_bill_insurance
            or self.client.self_pay
            or self.client.do_not_bill_insurance
        )

    @property
    def setting(self) -> Setting:
        """Where it took place: as typed, before that as booked."""
        if self.details is not None and self.details.setting is not None:
            return self.details.setting
        return self.session.setting

    @property
    def scheduled_date(self) -> date:
        return local_date(self.session.scheduled_start, self.session.zone)

    @property
    def date_of_service(self) -> date:
        """The local date of the actual start; the scheduled date stands in until it is known."""
        start = None if self.details is None else self.details.start
        return self.scheduled_date if start is None else date_of_service(start, self.session.zone)

    @property
    def payer_rule(self) -> PayerRule | None:
        """The payer's row in force on the date of service, when insurance is billed."""
        if self.coverage is None or not self.bills_insurance:
            return None
        return rule_on(self.coverage.rules, self.date_of_service)
