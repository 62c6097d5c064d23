"""What the client, the plan, the payer, the provider's standing and the practice must bring; and warnings."""

from collections.abc import Mapping
from types import MappingProxyType

from .roadblock import Explained, Owner
from .roadblock import FixTarget as F
from .roadblock import RoadblockCode as C

PROVIDER, CLIENT, ORGANIZATION, PAYER = Owner.PROVIDER, Owner.CLIENT, Owner.ORGANIZATION, Owner.PAYER

PEOPLE: Mapping[C, Explained] = MappingProxyType(
    {
        C.NO_PAYMENT_METHOD: Explained(
            CLIENT,
            F.CLIENT_PAYMENT_METHOD,
            "The client's share is charged the day after you confirm, so a payment method must be there "
            "first. The client can add one, or you can for them.",
        ),
        C.FORMS_MISSING: Explained(
            CLIENT,
            F.CLIENT_FORMS,
            "The standard forms, such as consent and billing terms, are acknowledged in their current "
            "version before a session can be confirmed.",
        ),
        C.ADDRESS_MISSING: Explained(
            CLIENT,
            F.CLIENT_ADDRESS,
            "Claims carry the client's address, and in telehealth it is where help would be sent.",
        ),
        C.CLIENT_DETAILS_MISSING: Explained(
            CLIENT,
            F.CLIENT_DETAILS,
            "Plans find their member by birth date and the sex they have on file. A claim without them is "
            "returned.",
        ),
        C.PART2_CONSENT_MISSING: Explained(
            CLIENT,
            F.CLIENT_FORMS,
            "Records of a substance-use program (42 CFR Part 2) go to a plan only with the client's written "
            "consent. Without it, the session can be self-pay.",
        ),
        C.NO_COVERAGE: Explained(
            CLIENT,
            F.COVERAGE,
            "A claim needs a plan that covers the client on the date of service. Add the plan, or mark the "
            "session as self-pay.",
        ),
        C.COVERAGE_NOT_IN_FORCE: Explained(
            CLIENT,
            F.COVERAGE,
            "Plans begin and end, with the year or a job. The one on file must cover the date of service.",
        ),
        C.PLAN_NOT_VERIFIED: Explained(
            ORGANIZATION,
            F.COVERAGE,
            "The plan is asked whether the client is covered before a session is confirmed. It protects you "
            "from sessions nobody pays for.",
        ),
        C.PLAN_VERIFICATION_PENDING: Explained(
            PAYER,
            F.COVERAGE,
            "The plan has been asked whether the client is covered. Answers mostly come within minutes.",
        ),
        C.PLAN_VERIFICATION_OLD: Explained(
            ORGANIZATION,
            F.COVERAGE,
            "Cover can change from one month to the next, so a plan's answer counts only for a limited time.",
        ),
        C.PLAN_INACTIVE: Explained(
            CLIENT,
            F.COVERAGE,
            "The plan answered that the client is not covered. Often there is a new plan or a new member "
            "number; the client knows.",
        ),
        C.PLAN_NOT_FOUND: Explained(
            CLIENT,
            F.COVERAGE,
            "The plan has nobody with this member number, name and birth date. The card shows how they are "
            "written.",
        ),
        C.COVERAGE_INCOMPLETE: Explained(
            CLIENT,
            F.COVERAGE,
            "Claims carry the member number, and for a dependent the name and birth date of the person "
            "who holds the plan.",
        ),
        C.AUTHORIZATION_MISSING: Explained(
            ORGANIZATION,
            F.COVERAGE,
            "This plan pays only for sessions it has authorized ahead. The number it gave goes on the claim.",
        ),
        C.AUTHORIZATION_USED_UP: Explained(
            ORGANIZATION,
            F.COVERAGE,
            "An authorization covers a number of sessions. Ask the plan for more before the next one.",
        ),
        C.AUTHORIZATION_EXPIRED: Explained(
            ORGANIZATION,
            F.COVERAGE,
            "An authorization covers a span of dates, and the date of service must lie within it.",
        ),
        C.NO_LICENCE: Explained(
            PROVIDER,
            F.LICENCE,
            "Care counts as given where the client is, and needs a licence there on that day.",
        ),
        C.NOT_CONTRACTED: Explained(
            ORGANIZATION,
            F.CONTRACT,
            "A plan pays providers who are contracted with it on the date of service.",
        ),
        C.PROVIDER_DETAILS_MISSING: Explained(
            ORGANIZATION,
            F.PROVIDER_DETAILS,
            "Claims name the provider who held the session by number (NPI) and specialty (taxonomy).",
        ),
        C.PAYER_ID_MISSING: Explained(
            ORGANIZATION,
            F.PAYER_DETAILS,
            "The payer id is the address of a claim: without it nobody can deliver it.",
        ),
        C.ORGANIZATION_DETAILS_MISSING: Explained(
            ORGANIZATION,
            F.ORGANIZATION_DETAILS,
            "Claims name the practice that is paid. These facts are entered once, in Settings.",
        ),
        C.CLAIM_NOT_WRITABLE: Explained(
            ORGANIZATION,
            F.NOTHING,
            "The claim is written the moment you confirm. Something it must carry does not fit: a name in other "
            "letters than Latin ones, a number with a digit too many, a PO box where a street is asked.",
        ),
    }
)

WARNINGS: Mapping[C, Explained] = MappingProxyType(
    {
        C.DATE_DIFFERS: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "Days to confirm count from the earlier of the two dates, and the record keeps your reason.",
        ),
        C.ENTERED_AFTERWARDS: Explained(
            PROVIDER,
            F.SESSION,
            "Sessions are scheduled in advance. One entered after it was held is flagged in the record.",
        ),
        C.SAME_TIMES: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "The very same minutes time after time look filled in by a machine, and auditors ask about them.",
        ),
        C.MINUTES_UNUSUAL: Explained(
            PROVIDER,
            F.CODE,
            "The code can be used, but another may describe the time better, or the times may hold a slip.",
        ),
        C.FEWER_UNITS: Explained(
            PROVIDER, F.CODE, "The minutes cover more units than are billed. That is allowed, and costs you."
        ),
        C.CODES_IF_SEPARATE: Explained(
            PROVIDER,
            F.CODE,
            "Plans pay both only when they were separate services at separate times, and the notes say so.",
        ),
        C.EVALUATION_AGAIN: Explained(
            PROVIDER,
            F.CODE,
            "Many plans pay a diagnostic evaluation once in a while, not for every new start.",
        ),
        C.CODE_RELEASE_NOT_LOADED: Explained(
            ORGANIZATION,
            F.DIAGNOSIS_CODES,
            "Diagnosis codes change every October 1. The table for this date is not loaded here, so the "
            "newest one was used; it is nearly always the same.",
        ),
        C.DIAGNOSIS_UNSPECIFIED: Explained(
            PROVIDER,
            F.DIAGNOSIS,
            "Plans question unspecified diagnoses more often. Use one only while nothing more is known.",
        ),
        C.NOTE_LATE: Explained(
            PROVIDER,
            F.NOTE,
            "Notes are due within days of the session. Late ones are allowed; the lateness stays visible.",
        ),
        C.CLAIM_WAITS_FOR_NOTE: Explained(
            PROVIDER,
            F.NOTE,
            "This plan takes claims only for sessions with a signed note. The session can be confirmed; "
            "the claim leaves when the note is signed.",
        ),
        C.MEDICAID_SELF_PAY: Explained(
            PROVIDER,
            F.COVERAGE,
            "In most states a client who has Medicaid cannot be charged for a service that Medicaid covers. "
            "Ask before you charge.",
        ),
    }
)
