"""The facts of professional claims, as plain records. Nothing is checked here; `problems` and `write` do.

Amounts are integer cents, dates are local dates of service, identifiers are text. Names and addresses may
hold any letters (they are transliterated on writing), identifiers only what X12 allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from attest.x12.envelope import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address in the United States. `postal_code` has 5 or 9 digits; a hyphen in it is ignored."""

    line1: str
    city: str
    state: str
    postal_code: str
    line2: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitter:
    """Who sends the file (loop 1000A). `id` is the clearinghouse's number; a phone or e-mail is needed."""

    name: str
    id: str
    contact_name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who gets the file (loop 1000B): the clearinghouse, or the payer itself."""

    name: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingProvider:
    """Who is paid (loops 2000A, 2010AA).

    An organization has only `name`; a person in private practice has `first_name` too, `name` being the last
    name. `tax_id` has nine digits (hyphens are ignored) and is an EIN (`EI`) or a Social Security number
    (`SY`). The address is a street address, no PO box, with a nine-digit ZIP code.
    """

    name: str
    npi: str
    tax_id: str
    tax_id_kind: Literal["EI", "SY"]
    taxonomy: str
    address: Address
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderingProvider:
    """Who held the session (loop 2310B). Left out of the file when the NPI is the billing provider's."""

    last_name: str
    first_name: str
    npi: str
    taxonomy: str
    middle_name: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacility:
    """Where the session took place (loop 2310C), nine-digit ZIP code.

    Left out of the file when the address is the billing provider's. For telehealth give none.
    """

    name: str
    address: Address
    npi: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The plan that is asked to pay (loop 2010BB). `id_kind` is `PI`, or `XV` for a national plan id."""

    name: str
    id: str
    id_kind: Literal["PI", "XV"] = "PI"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """The member (loops 2000B, 2010BA).

    Birth date, sex (`F`, `M`, `U`) and address are needed, and sent, only when the subscriber is the patient.
    `group_name` is sent only when there is no `group_number`.
    """

    last_name: str
    first_name: str
    member_id: str
    middle_name: str = ""
    suffix: str = ""
    birth_date: date | None = None
    sex: Literal["F", "M", "U"] | None = None
    address: Address | None = None
    group_number: str = ""
    group_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """A patient who is not the subscriber and has no member id of their own (loops 2000C, 2010CA).

    `relationship` is the patient's to the subscriber: 01 spouse, 19 child, 53 life partner, G8 other, …
    A dependent with a member id of their own is sent as a subscriber instead.
    """

    last_name: str
    first_name: str
    relationship: str
    birth_date: date
    sex: Literal["F", "M", "U"]
    address: Address
    middle_name: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """One service (loop 2400).

    `diagnosis_pointers` count the claim's diagnoses from 1, the most important first, at most four.
    `control_number` (REF 6R) comes back in the remittance and is unique within the claim.
    `place_of_service` is sent only when it differs from the claim's ("": as the claim).
    """

    procedure: str
    charge_cents: int
    date: date
    control_number: str
    diagnosis_pointers: tuple[int, ...] = (1,)
    modifiers: tuple[str, ...] = ()
    units: int = 1
    place_of_service: str = ""
    authorization: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim to the patient's first payer (loop 2300).

    `control_number` (CLM01, at most 20 characters) comes back in every answer and is unique for ever.
    `patient` is None when the subscriber is the patient. `diagnoses` are ICD-10-CM codes, with or without
    their dot, the principal one first, at most twelve. `frequency` is 1 original, 7 replacement, 8 void; the
    latter two need the payer's own number of the claim they replace. The total is the sum of the lines.
    `amount_paid_cents` is what the patient has already paid toward these services (AMT F5).
    """

    control_number: str
    billing: BillingProvider
    payer: Payer
    subscriber: Subscriber
    claim_filing_indicator: str
    place_of_service: str
    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    patient: Dependent | None = None
    rendering: RenderingProvider | None = None
    facility: ServiceFacility | None = None
    frequency: Literal["1", "7", "8"] = "1"
    payer_claim_control_number: str = ""
    note: str = ""
    authorization: str = ""
    medical_record_number: str = ""
    amount_paid_cents: int = 0
    onset: date | None = None
    accepts_assignment: Literal["A", "B", "C"] = "A"
    benefits_assigned: Literal["Y", "N", "W"] = "Y"
    release_of_information: Literal["Y", "I"] = "Y"

    @property
    def total_cents(self) -> int:
        """CLM02: the sum of the lines' charges."""
        return sum(line.charge_cents for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimInterchange:
    """A file of claims: one interchange, one group, as many transaction sets as are needed.

    All control numbers come from the caller. A transaction set holds at most 5,000 claims; with more
    claims the sets are numbered from `transaction_control_number` (ST02) upward. `reference` (BHT03) names
    the batch.
    """

    envelope: Envelope
    group_control_number: int
    transaction_control_number: int
    reference: str
    submitter: Submitter
    receiver: Receiver
    claims: Sequence[Claim]
