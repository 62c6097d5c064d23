"""Writing a file of claims: the hierarchy of billing providers, subscribers and patients around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from attest.x12 import envelope as env
from attest.x12.charset import Change
from attest.x12.claim_837p import fields, parts
from attest.x12.claim_837p.claims import Claims
from attest.x12.claim_837p.parts import Parts
from attest.x12.claim_837p.records import Claim, ClaimInterchange
from attest.x12.envelope import CannotWrite, Problem

GUIDE: Final = "005010X222A1"
MOST_CLAIMS_A_SET: Final = 5000
MOST_CLAIMS_A_PATIENT: Final = 100


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A name or address that is sent differently from how it is kept, for a preview."""

    field: str
    kept: str
    sent: str
    changes: tuple[Change, ...]


class _Family:
    """The claims of one subscriber: their own, or those of their dependents by the dependent's segments."""

    __slots__ = ("dependents", "own")

    def __init__(self) -> None:
        self.own: list[str] = []
        self.dependents: dict[str, list[str]] = {}


_Tree = dict[str, dict[str, _Family]]


def problems(claim: Claim) -> tuple[Problem, ...]:
    """Every reason why this claim cannot be written; () when it can. For previews and readiness checks."""
    pieces = Parts()
    _place(claim, pieces, Claims(pieces), {})
    return tuple(pieces.problems)


def changes(claim: Claim) -> tuple[FieldChange, ...]:
    """The names, addresses and remarks of a claim that are sent in other characters than they are kept."""
    found = fields.BILLING.changes(parts.billing_values(claim.billing))
    if claim.rendering is not None:
        found += fields.RENDERING.changes(parts.rendering_values(claim.rendering))
    if claim.facility is not None:
        found += fields.FACILITY.changes(parts.facility_values(claim.facility))
    found += fields.PAYER.changes((claim.payer.name, claim.payer.id, claim.payer.id_kind))
    subscriber = claim.subscriber
    if claim.patient is None and subscriber.address is not None:
        values = parts.subscriber_as_patient_values(subscriber, subscriber.address)
        found += fields.SUBSCRIBER_AS_PATIENT.changes(values)
    else:
        found += fields.SUBSCRIBER.changes(parts.subscriber_values(subscriber))
    if claim.patient is not None:
        found += fields.PATIENT.changes(parts.patient_values(claim.patient))
    found += fields.NOTE.changes((claim.note,))
    return tuple(FieldChange(*entry) for entry in found)


def write(interchange: ClaimInterchange) -> str:
    """Write a 005010X222A1 interchange holding all these claims, in one line, without line breaks.

    Claims are grouped under their billing provider and subscriber (a patient's claims stay in the order they
    were given), a transaction set holds at most 5,000 claims and a patient at most 100 in one place, as the
    guide demands. The rendering provider is left out when the NPI is the billing provider's.

    Raises CannotWrite with every problem of every claim; then nothing is written.
    """
    claims = tuple(interchange.claims)  # kept alive: what is written once is remembered by identity
    pieces = Parts()
    found = pieces.problems
    found += env.envelope_problems(interchange.envelope)
    found += env.control_number_problems("group control number", interchange.group_control_number)
    sets = max(1, -(-len(claims) // MOST_CLAIMS_A_SET))
    for number in (interchange.transaction_control_number, interchange.transaction_control_number + sets - 1):
        found += env.control_number_problems("transaction control number", number)
    if not claims:
        found.append(Problem("missing", "claims", "There is no claim to send. Choose at least one."))
    reference = fields.REFERENCE.clean(interchange.reference, found, "")
    submitter, receiver = pieces.submitter(interchange.submitter), pieces.receiver(interchange.receiver)
    _check_unique(claims, pieces)
    writer = Claims(pieces)
    trees: list[_Tree] = []
    for start in range(0, len(claims), MOST_CLAIMS_A_SET):
        tree: _Tree = {}
        for claim in claims[start : start + MOST_CLAIMS_A_SET]:
            _place(claim, pieces, writer, tree)
        trees.append(tree)
    if found:
        raise CannotWrite(dict.fromkeys(found))
    created = interchange.envelope.created
    out = [
        env.open_interchange(interchange.envelope),
        env.open_group(interchange.envelope, "HC", GUIDE, interchange.group_control_number),
    ]
    for number, tree in enumerate(trees, interchange.transaction_control_number):
        begin = f"ST*837*{number:04}*{GUIDE}~BHT*0019*00*{reference}*{created:%Y%m%d*%H%M}*CH~"
        body = "".join((begin, submitter or "", receiver or "", *_hierarchy(tree)))
        out.append(f"{body}SE*{body.count('~') + 1}*{number:04}~")
    out.append(env.close_group(len(trees), interchange.group_control_number))
    out.append(env.close_interchange(1, interchange.envelope))
    return "".join(out)


def _check_unique(claims: Sequence[Claim], pieces: Parts) -> None:
    if len({claim.control_number for claim in claims}) == len(claims):
        return
    seen: set[str] = set()
    for claim in claims:
        number = claim.control_number
        if number in seen:
            pieces.problem(
                "duplicate", "claim control number", "Another claim of this file has the same number.", number
            )
        seen.add(number)


def _place(claim: Claim, pieces: Parts, writer: Claims, tree: _Tree) -> None:
    """Write one claim and hang it under its billing provider, subscriber and patient."""
    billing = pieces.billing(claim.billing, claim.control_number)
    subscriber = pieces.subscriber(claim)
    patient = pieces.patient(claim.patient, claim.control_number) if claim.patient is not None else ""
    text = writer.write(claim)
    if billing is None or subscriber is None or patient is None or text is None:
        return
    families = tree.get(billing)
    if families is None:
        families = tree[billing] = {}
    family = families.get(subscriber)
    if family is None:
        family = families[subscriber] = _Family()
    if claim.patient is None:
        family.own.append(text)
    else:
        family.dependents.setdefault(patient, []).append(text)


def _hierarchy(tree: _Tree) -> list[str]:
    """The HL levels and everything below them; numbers start at 1 in each transaction set."""
    out: list[str] = []
    level = 0
    for billing, families in tree.items():
        level += 1
        provider = level
        out.append(f"HL*{provider}**20*1~{billing}")
        for subscriber, family in families.items():
            own = family.own
            for start in range(0, len(own), MOST_CLAIMS_A_PATIENT):
                level += 1
                out.append(f"HL*{level}*{provider}*22*0~{subscriber}")
                out += own[start : start + MOST_CLAIMS_A_PATIENT]
            if family.dependents:
                level += 1
                member = level
                out.append(f"HL*{member}*{provider}*22*1~{subscriber}")
                for patient, texts in family.dependents.items():
                    for start in range(0, len(texts), MOST_CLAIMS_A_PATIENT):
                        level += 1
                        out.append(f"HL*{level}*{member}*23*0~{patient}")
                        out += texts[start : start + MOST_CLAIMS_A_PATIENT]
    return out
