"""An invented practice, its clients and their claims, for the tests of the X12 library."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from attest.x12.claim_837p import (
    Address,
    BillingProvider,
    Claim,
    ClaimInterchange,
    Dependent,
    Envelope,
    Payer,
    Receiver,
    RenderingProvider,
    ServiceFacility,
    ServiceLine,
    Submitter,
    Subscriber,
    write,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SESSION_DAY = date(2026, 11, 10)
CODES = frozenset(("F411", "F331", "F4323", "F900", "Z630", "F32A"))

STREET = Address(line1="14 Harbor Ln", line2="Suite 2", city="Albany", state="NY", postal_code="12207-1234")
HOME = Address(line1="9 Cedar St", city="Troy", state="NY", postal_code="12180")

BILLING = BillingProvider(
    name="Harbor Lane Counseling",
    npi="1234567893",
    tax_id="12-3456789",
    tax_id_kind="EI",
    taxonomy="261QM0801X",
    address=STREET,
)
SOLO = BillingProvider(
    name="Okonkwo",
    first_name="Ada",
    npi="1987654328",
    tax_id="219-09-9999",
    tax_id_kind="SY",
    taxonomy="1041C0700X",
    address=STREET,
)
RENDERING = RenderingProvider(last_name="Reyes", first_name="Inés", npi="1679576722", taxonomy="1041C0700X")
FACILITY = ServiceFacility(
    name="Harbor Lane West",
    address=Address(line1="3 Dock Rd", city="Troy", state="NY", postal_code="121801111"),
    npi="1245319599",
)
PAYER = Payer(name="Invented Health Plan", id="INV01")
MEMBER = Subscriber(
    last_name="Núñez",
    first_name="Zoë",
    member_id="W123456789",
    birth_date=date(1984, 2, 29),
    sex="F",
    address=HOME,
    group_number="G-77",
)
PARENT = Subscriber(last_name="O'Brien", first_name="Pat", member_id="W555000111", group_name="Dock Workers")
CHILD = Dependent(
    last_name="O'Brien",
    first_name="Sam",
    relationship="19",
    birth_date=date(2012, 5, 6),
    sex="M",
    address=HOME,
)
THERAPY = ServiceLine(
    procedure="90837",
    charge_cents=15000,
    date=SESSION_DAY,
    control_number="S1-1",
    diagnosis_pointers=(1, 2),
    modifiers=("95",),
)
COMPLEXITY = ServiceLine(
    procedure="90785", charge_cents=2550, date=SESSION_DAY, control_number="S1-2", diagnosis_pointers=(1,)
)
OWN_CLAIM = Claim(
    control_number="A-1",
    billing=BILLING,
    payer=PAYER,
    subscriber=MEMBER,
    claim_filing_indicator="CI",
    place_of_service="10",
    diagnoses=("F41.1", "F33.1"),
    lines=(THERAPY, COMPLEXITY),
    rendering=RENDERING,
    amount_paid_cents=2500,
    onset=date(2026, 9, 1),
)
CHILD_CLAIM = Claim(
    control_number="A-2",
    billing=BILLING,
    payer=PAYER,
    subscriber=PARENT,
    patient=CHILD,
    claim_filing_indicator="BL",
    place_of_service="11",
    diagnoses=("F43.23",),
    lines=(replace(THERAPY, diagnosis_pointers=(1,), modifiers=(), control_number="S2-1"),),
    rendering=RENDERING,
    facility=FACILITY,
    authorization="AUTH 9",
)
ENVELOPE = Envelope(
    sender_id="HARBORLANE",
    receiver_id="CLEARING",
    created=datetime(2026, 11, 12, 9, 5),
    control_number=42,
    usage="T",
)


def interchange(claims: Sequence[Claim], **changed: Any) -> ClaimInterchange:
    """A file of these claims from the invented practice."""
    values: dict[str, Any] = {
        "envelope": ENVELOPE,
        "group_control_number": 7,
        "transaction_control_number": 1,
        "reference": "BATCH-1",
        "submitter": Submitter(
            name="Harbor Lane Counseling",
            id="HL001",
            contact_name="Noor Haddad",
            phone="(518) 555-0100",
            email="billing@harborlane.example",
        ),
        "receiver": Receiver(name="Invented Clearinghouse", id="CLEAR1"),
        "claims": claims,
    }
    return ClaimInterchange(**(values | changed))


def text_of(*claims: Claim) -> str:
    """The file as written."""
    return write(interchange(claims))


def segments(text: str) -> list[str]:
    """The segments of a file, without terminators."""
    return text.removesuffix("~").split("~")


def recounted(text: str) -> str:
    """The file with SE01 made right again after segments were added or removed."""
    out: list[str] = []
    since = 0
    for segment in segments(text):
        if segment.startswith("ST*"):
            since = len(out)
        if segment.startswith("SE*"):
            _, _, number = segment.split("*")
            segment = f"SE*{len(out) - since + 1}*{number}"
        out.append(segment)
    return "~".join(out) + "~"


def changed(text: str, old: str, new: str) -> str:
    """The file with one thing changed; `old` must stand in it exactly once."""
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    return recounted(text.replace(old, new))
