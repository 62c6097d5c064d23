"""The standard forms a new practice starts with, in our own words. A practice replaces them with its own versions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StandardForm:
    """A form as a new practice gets it."""

    key: str
    title: str
    body: str


STANDARD_FORMS = (
    StandardForm(
        "assignment-of-benefits",
        "Assignment of benefits",
        """\
I have health insurance, or another program that pays for my care, and I want this practice to be paid by it directly.

I allow the practice to send my plan what it needs to pay for my sessions: my name and birth date, my member number, \
the dates and kinds of service, and my diagnosis. Notes are sent only when the plan asks for them to decide about \
payment.

I assign to the practice the payments my plan makes for these sessions. If a payment reaches me instead, I will pass \
it on.

I can take this back in writing at any time. It then no longer holds for later sessions.
""",
    ),
    StandardForm(
        "financial-responsibility",
        "Financial responsibility",
        """\
I understand that I pay what my plan leaves to me: copays, coinsurance and what is left of my deductible. Before the \
plan has answered, the practice can only estimate my share. When the plan's answer differs, I am charged or refunded \
the difference, and told first when I owe more.

I keep a payment method on file. It is charged no earlier than the day after my therapist has confirmed a session, \
and each charge names the date of the session.

If my insurance changes, I tell the practice before my next session. If my plan does not pay because it was no longer \
mine, I may owe the fee for the session.

When I pay privately, the fee is agreed with me before the session and I receive an estimate in writing.

I am told the practice's rules about missed sessions before they apply to me. Missed sessions are never billed to \
insurance.
""",
    ),
    StandardForm(
        "telehealth-consent",
        "Consent to telehealth",
        """\
Some of my sessions may take place by video or phone. I agree to this and can change my mind at any time without \
losing my care.

I know that a connection can fail. We agree at the start of each session how to reach each other if it does, and I \
say where I am, because my therapist must hold a licence there and must be able to send help in an emergency.

I choose a place where I am not overheard. Neither of us records the session unless we have both agreed to it in \
writing.

Telehealth is not for emergencies. If I am in danger I call 911, or call or text 988.
""",
    ),
    StandardForm(
        "privacy-notice",
        "Notice of privacy practices",
        """\
This practice keeps a record of my care. It uses it to treat me, to be paid, and to run the practice, and shares no \
more than each of these needs.

Without asking me again it shares my information only where the law asks for it: for example when a life is in \
danger, when a child or a dependent adult is being harmed, or on a court's order. For anything else it asks me first, \
and I can take my permission back.

I can read my record and get a copy, ask for a correction, ask who has seen it, and ask that certain things are not \
shared. If I pay for a session myself, I can ask that my plan is not told about it.

If I believe that my privacy was not kept, I can complain to the practice and to the U.S. Department of Health and \
Human Services. Nobody may treat me differently for it.

I have been offered a copy of this notice.
""",
    ),
)
