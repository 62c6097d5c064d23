"""A roadblock: one thing that stands between a session and its confirmation, and who mends it where."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Owner(StrEnum):
    """Who must act."""

    PROVIDER = "provider"
    CLIENT = "client"
    ORGANIZATION = "organization"
    PAYER = "payer"


class Severity(StrEnum):
    BLOCKS = "blocks"
    WARNS = "warns"


class FixTarget(StrEnum):
    """Where a roadblock is mended; the caller turns it into an address."""

    NOTHING = "nothing"
    """Nobody can mend it."""
    SESSION = "session"
    SESSION_TIMES = "session_times"
    SESSION_PLACE = "session_place"
    CODE = "code"
    DIAGNOSIS = "diagnosis"
    NOTE = "note"
    CLIENT_PAYMENT_METHOD = "client_payment_method"
    CLIENT_FORMS = "client_forms"
    CLIENT_ADDRESS = "client_address"
    CLIENT_DETAILS = "client_details"
    COVERAGE = "coverage"
    LICENCE = "licence"
    PROVIDER_DETAILS = "provider_details"
    CONTRACT = "contract"
    FEES = "fees"
    PAYER_DETAILS = "payer_details"
    ORGANIZATION_DETAILS = "organization_details"
    LOCATIONS = "locations"
    DIAGNOSIS_CODES = "diagnosis_codes"
    """Settings: the code releases that are loaded."""


class RoadblockCode(StrEnum):
    """Every roadblock, in the order in which they are reported."""

    # the session itself
    SESSION_CANCELLED = "session_cancelled"
    DID_NOT_TAKE_PLACE = "did_not_take_place"
    CLOSED_NOT_BILLABLE = "closed_not_billable"
    ALREADY_CONFIRMED = "already_confirmed"
    CONSULTATION = "consultation"
    TOO_LATE = "too_late"
    NOT_STARTED = "not_started"
    # times
    NOT_READABLE = "not_readable"
    TIMES_MISSING = "times_missing"
    TIME_AMBIGUOUS = "time_ambiguous"
    TIMES_REVERSED = "times_reversed"
    TIMES_IN_FUTURE = "times_in_future"
    TIMES_TOO_LONG = "times_too_long"
    TIMES_OVERLAP_EACH_OTHER = "times_overlap_each_other"
    TIMES_ON_SEVERAL_DATES = "times_on_several_dates"
    TIMES_NOT_AFFIRMED = "times_not_affirmed"
    DATE_REASON_MISSING = "date_reason_missing"
    OVERLAP = "overlap"
    # place
    LOCATION_MISSING = "location_missing"
    CLIENT_STATE_MISSING = "client_state_missing"
    HOME_NOT_SAID = "home_not_said"
    AUDIO_NOT_PAID = "audio_not_paid"
    # code
    NO_CODE = "no_code"
    CODE_NOT_IN_FORCE = "code_not_in_force"
    CODE_FOR_PRESCRIBERS = "code_for_prescribers"
    CODE_AND_PRESENCE = "code_and_presence"
    TOO_FEW_MINUTES = "too_few_minutes"
    THERAPY_MINUTES_MISSING = "therapy_minutes_missing"
    THERAPY_MINUTES_TOO_MANY = "therapy_minutes_too_many"
    CODES_NOT_TOGETHER = "codes_not_together"
    CODE_TWICE = "code_twice"
    TOO_MANY_UNITS = "too_many_units"
    ADDON_ALONE = "addon_alone"
    FACTOR_MISSING = "factor_missing"
    NO_FEE = "no_fee"
    # diagnosis
    NO_DIAGNOSIS = "no_diagnosis"
    TOO_MANY_DIAGNOSES = "too_many_diagnoses"
    DIAGNOSIS_TWICE = "diagnosis_twice"
    DIAGNOSIS_UNKNOWN = "diagnosis_unknown"
    DIAGNOSIS_CATEGORY = "diagnosis_category"
    DIAGNOSIS_NOT_VALID = "diagnosis_not_valid"
    Z_CODE_FIRST = "z_code_first"
    POINTERS = "pointers"
    # note
    NOTE_NOT_CHOSEN = "note_not_chosen"
    NOTE_UNSIGNED = "note_unsigned"
    NOTE_NOT_BILLABLE = "note_not_billable"
    NOTE_INCOMPLETE = "note_incomplete"
    NOTE_NOT_DECLARED = "note_not_declared"
    NOTE_NOT_UPLOADED = "note_not_uploaded"
    LATE_REASON_MISSING = "late_reason_missing"
    # client
    NO_PAYMENT_METHOD = "no_payment_method"
    FORMS_MISSING = "forms_missing"
    ADDRESS_MISSING = "address_missing"
    CLIENT_DETAILS_MISSING = "client_details_missing"
    PART2_CONSENT_MISSING = "part2_consent_missing"
    # plan
    NO_COVERAGE = "no_coverage"
    COVERAGE_NOT_IN_FORCE = "coverage_not_in_force"
    PLAN_NOT_VERIFIED = "plan_not_verified"
    PLAN_VERIFICATION_PENDING = "plan_verification_pending"
    PLAN_VERIFICATION_OLD = "plan_verification_old"
    PLAN_INACTIVE = "plan_inactive"
    PLAN_NOT_FOUND = "plan_not_found"
    COVERAGE_INCOMPLETE = "coverage_incomplete"
    AUTHORIZATION_MISSING = "authorization_missing"
    AUTHORIZATION_USED_UP = "authorization_used_up"
    AUTHORIZATION_EXPIRED = "authorization_expired"
    # provider, payer and practice
    NO_LICENCE = "no_licence"
    NOT_CONTRACTED = "not_contracted"
    PROVIDER_DETAILS_MISSING = "provider_details_missing"
    PAYER_ID_MISSING = "payer_id_missing"
    ORGANIZATION_DETAILS_MISSING = "organization_details_missing"
    CLAIM_NOT_WRITABLE = "claim_not_writable"
    # warnings
    DATE_DIFFERS = "date_differs"
    ENTERED_AFTERWARDS = "entered_afterwards"
    SAME_TIMES = "same_times"
    MINUTES_UNUSUAL = "minutes_unusual"
    FEWER_UNITS = "fewer_units"
    CODES_IF_SEPARATE = "codes_if_separate"
    EVALUATION_AGAIN = "evaluation_again"
    CODE_RELEASE_NOT_LOADED = "code_release_not_loaded"
    DIAGNOSIS_UNSPECIFIED = "diagnosis_unspecified"
    NOTE_LATE = "note_late"
    CLAIM_WAITS_FOR_NOTE = "claim_waits_for_note"
    MEDICAID_SELF_PAY = "medicaid_self_pay"


class Explained(NamedTuple):
    """What is the same for every roadblock of one code."""

    owner: Owner
    fix: FixTarget
    what: str


@dataclass(frozen=True, slots=True)
class Roadblock:
    """One roadblock as a person meets it.

    `sentence` says what is so; `what` explains it in a paragraph. Neither names the client.
    """

    code: RoadblockCode
    sentence: str
    owner: Owner
    severity: Severity
    fix: FixTarget
    what: str

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCKS


ORDER = {code: position for position, code in enumerate(RoadblockCode)}
"""The order of reporting within one severity."""
