"""What a provider mends on the session itself: its times, place, code, diagnosis and note."""

from collections.abc import Mapping
from types import MappingProxyType

from .roadblock import Explained, Owner
from .roadblock import FixTarget as F
from .roadblock import RoadblockCode as C

PROVIDER, ORGANIZATION = Owner.PROVIDER, Owner.ORGANIZATION

SESSION: Mapping[C, Explained] = MappingProxyType(
    {
        C.SESSION_CANCELLED: Explained(
            PROVIDER,
            F.SESSION,
            "A cancelled session is not billed. If it took place after all, schedule it again for the time "
            "it was held; a note can be written and signed either way.",
        ),
        C.DID_NOT_TAKE_PLACE: Explained(
            PROVIDER,
            F.SESSION,
            "A session that did not take place is never sent to insurance. Your practice's own policy "
            "decides whether the client owes a fee for it.",
        ),
        C.CLOSED_NOT_BILLABLE: Explained(
            PROVIDER,
            F.NOTHING,
            "This session was closed without billing. No claim and no charge come from it. Its note can "
            "still be written and signed.",
        ),
        C.ALREADY_CONFIRMED: Explained(
            PROVIDER,
            F.SESSION,
            "A session is confirmed once. Its details can be modified for a limited time after that; later "
            "changes go through a request.",
        ),
        C.CONSULTATION: Explained(
            PROVIDER,
            F.SESSION,
            "A consultation is a first talk to see whether you and the client fit. It is not confirmed and "
            "nobody is billed. If it turned into a session, book it as one.",
        ),
        C.TOO_LATE: Explained(
            PROVIDER,
            F.NOTHING,
            "Sessions are confirmed within a fixed number of days of the date of service, so that the plan "
            "can be checked and the claim arrives in time. After that nobody can confirm it. It can be "
            "closed as not billable, and its note can still be signed.",
        ),
        C.NOT_STARTED: Explained(
            PROVIDER,
            F.NOTHING,
            "A session is confirmed with the times it really had, so it must have been held first.",
        ),
        C.NOT_READABLE: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "What you type is kept as it is, but nothing is confirmed from something that can be read in two "
            "ways. Dates look like 11/24/2026, minutes are whole numbers.",
        ),
        C.TIMES_MISSING: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "Plans pay therapy by the minutes spent with the client. The actual start and stop decide the "
            "code and belong in the record.",
        ),
        C.TIME_AMBIGUOUS: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "On the night clocks go back one hour happens twice. Which of the two was meant changes the "
            "length of the session, so it is asked and never guessed.",
        ),
        C.TIMES_REVERSED: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "The minutes run from the start to the stop. A session past midnight stops on the next date.",
        ),
        C.TIMES_IN_FUTURE: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "Only time that has passed can be confirmed. If the session is still going, confirm it when it "
            "has ended.",
        ),
        C.TIMES_TOO_LONG: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "Times this far apart are nearly always a slip of the date or of AM and PM.",
        ),
        C.TIMES_OVERLAP_EACH_OTHER: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "A session in several parts needs parts that follow each other; time is never counted twice.",
        ),
        C.TIMES_ON_SEVERAL_DATES: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "A claim carries one date of service. Parts on different dates are different sessions.",
        ),
        C.TIMES_NOT_AFFIRMED: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "The times were filled in from the schedule. Sessions rarely keep it to the minute, and auditors "
            "know; so you say once that these are the actual ones.",
        ),
        C.DATE_REASON_MISSING: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "The session was held on another date than it was scheduled for. That is allowed, but the record "
            "should say why.",
        ),
        C.OVERLAP: Explained(
            PROVIDER,
            F.SESSION_TIMES,
            "A provider cannot be in two sessions at once, except with members of one group. Sessions may "
            "touch: one may start the minute another stops.",
        ),
        C.LOCATION_MISSING: Explained(
            PROVIDER,
            F.SESSION_PLACE,
            "The location says the place of service on the claim and the state whose licence counts.",
        ),
        C.CLIENT_STATE_MISSING: Explained(
            PROVIDER,
            F.SESSION_PLACE,
            "By telehealth, care happens where the client is. Their state decides whose licence counts, and "
            "help can be sent if it is needed.",
        ),
        C.HOME_NOT_SAID: Explained(
            PROVIDER,
            F.SESSION_PLACE,
            "Claims tell telehealth at the client's home from telehealth elsewhere, and plans may pay "
            "them differently.",
        ),
        C.AUDIO_NOT_PAID: Explained(
            PROVIDER,
            F.SESSION_PLACE,
            "Some plans pay for video and not for audio alone. If the session had video, say so; otherwise "
            "this plan will not pay for it.",
        ),
        C.NO_CODE: Explained(
            PROVIDER,
            F.CODE,
            "The service code tells the plan what was done and for how long. One is suggested from the "
            "minutes; you decide.",
        ),
        C.CODE_NOT_IN_FORCE: Explained(
            PROVIDER,
            F.CODE,
            "Codes begin and end on fixed dates. The date of service must lie between them.",
        ),
        C.CODE_FOR_PRESCRIBERS: Explained(
            PROVIDER,
            F.CODE,
            "Some services include medical work and are paid only to providers who prescribe.",
        ),
        C.CODE_AND_PRESENCE: Explained(
            PROVIDER,
            F.CODE,
            "Whether the client was there for most of the session decides which codes can be used.",
        ),
        C.TOO_FEW_MINUTES: Explained(
            PROVIDER,
            F.CODE,
            "Timed codes start at a fixed number of whole minutes. Billing more time than was spent has to "
            "be paid back, so a code that needs more minutes cannot be used.",
        ),
        C.THERAPY_MINUTES_MISSING: Explained(
            PROVIDER,
            F.CODE,
            "Beside an E/M code only the minutes of therapy count for the therapy code. They are written "
            "down on their own and never counted twice.",
        ),
        C.THERAPY_MINUTES_TOO_MANY: Explained(
            PROVIDER,
            F.CODE,
            "The E/M work is a service of its own and needs time of its own, so therapy cannot fill the "
            "whole session.",
        ),
        C.CODES_NOT_TOGETHER: Explained(
            PROVIDER,
            F.CODE,
            "Plans treat some services as part of each other when the same provider gives them to the same "
            "client on one day, and refuse the second.",
        ),
        C.CODE_TWICE: Explained(
            PROVIDER,
            F.CODE,
            "A code stands on a claim once, with a number of units. Take the second one away.",
        ),
        C.TOO_MANY_UNITS: Explained(
            PROVIDER,
            F.CODE,
            "Units must be covered by the minutes spent, and most services count once a day.",
        ),
        C.ADDON_ALONE: Explained(
            PROVIDER,
            F.CODE,
            "An add-on describes something extra about another service and needs it beside it.",
        ),
        C.FACTOR_MISSING: Explained(
            PROVIDER,
            F.CODE,
            "Interactive complexity is paid when something specific made communication harder, and the "
            "record names it. Extra time or an interpreter alone is not enough.",
        ),
        C.NO_FEE: Explained(
            ORGANIZATION,
            F.FEES,
            "Without a fee for this service there is no amount to charge. Your practice enters it once for "
            "each provider, plan and code.",
        ),
        C.NO_DIAGNOSIS: Explained(
            PROVIDER,
            F.DIAGNOSIS,
            "The diagnosis says why the service was needed. A claim without one is returned.",
        ),
        C.TOO_MANY_DIAGNOSES: Explained(
            PROVIDER, F.DIAGNOSIS, "Keep the ones this session dealt with; the chart can hold all of them."
        ),
        C.DIAGNOSIS_TWICE: Explained(
            PROVIDER, F.DIAGNOSIS, "Claims that repeat a diagnosis are returned. Take one of them away."
        ),
        C.DIAGNOSIS_UNKNOWN: Explained(
            PROVIDER,
            F.DIAGNOSIS,
            "Only codes of the official table (ICD-10-CM) are taken. Search by words to find the one meant.",
        ),
        C.DIAGNOSIS_CATEGORY: Explained(
            PROVIDER,
            F.DIAGNOSIS,
            "Codes form a tree, and only its ends can be billed. A heading has more specific codes below it.",
        ),
        C.DIAGNOSIS_NOT_VALID: Explained(
            PROVIDER,
            F.DIAGNOSIS,
            "Diagnosis codes change every October 1. The table in force on the date of service counts.",
        ),
        C.Z_CODE_FIRST: Explained(
            PROVIDER,
            F.DIAGNOSIS,
            "Z codes describe circumstances, such as trouble at work, not an illness. Plans pay for treating "
            "an illness; a Z code may follow as a second diagnosis.",
        ),
        C.POINTERS: Explained(
            PROVIDER,
            F.DIAGNOSIS,
            "Each service names up to four of the session's diagnoses as its reason.",
        ),
        C.NOTE_NOT_CHOSEN: Explained(
            PROVIDER,
            F.NOTE,
            "Every session needs a progress note. Write it here, say where it is kept, or say that it is "
            "still owed.",
        ),
        C.NOTE_UNSIGNED: Explained(
            PROVIDER,
            F.NOTE,
            "A note begun in a template is signed before the session is confirmed, or discarded on purpose. "
            "A discarded draft stays in the history.",
        ),
        C.NOTE_NOT_BILLABLE: Explained(
            PROVIDER,
            F.NOTE,
            "A note about a missed appointment or a contact says that no session was provided. Change its template "
            "(what you wrote comes along), or close the session as not billable.",
        ),
        C.NOTE_INCOMPLETE: Explained(
            PROVIDER,
            F.NOTE,
            "The template marks what a note must contain. Auditors look for the same things.",
        ),
        C.NOTE_NOT_DECLARED: Explained(
            PROVIDER,
            F.NOTE,
            "For a note that is not written here, its author and the date it was signed are declared, so "
            "that the claim rests on a signed note.",
        ),
        C.NOTE_NOT_UPLOADED: Explained(
            PROVIDER,
            F.NOTE,
            "A note written outside is handed in as a file, with its author and the date it was signed, before the "
            "session is confirmed with it.",
        ),
        C.LATE_REASON_MISSING: Explained(
            PROVIDER,
            F.NOTE,
            "A note can be signed at any time. After its due time it needs a reason, and it is labelled as "
            "signed late for good.",
        ),
    }
)
