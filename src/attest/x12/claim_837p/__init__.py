"""Professional claims: the records, and writing them as an X12 837P file (guide 005010X222A1)."""

from attest.x12.claim_837p.records import (
    Address,
    BillingProvider,
    Claim,
    ClaimInterchange,
    Dependent,
    Payer,
    Receiver,
    RenderingProvider,
    ServiceFacility,
    ServiceLine,
    Submitter,
    Subscriber,
)
from attest.x12.claim_837p.writing import FieldChange, changes, problems, write
from attest.x12.envelope import CannotWrite, Envelope, Problem

__all__ = [
    "Address",
    "BillingProvider",
    "CannotWrite",
    "Claim",
    "ClaimInterchange",
    "Dependent",
    "Envelope",
    "FieldChange",
    "Payer",
    "Problem",
    "Receiver",
    "RenderingProvider",
    "ServiceFacility",
    "ServiceLine",
    "Submitter",
    "Subscriber",
    "changes",
    "problems",
    "write",
]
