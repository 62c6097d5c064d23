"""Turning records into segments: providers, payers and people.

Every method returns the text of its segments, or None after adding to `problems`. Records that many claims
share (providers, payers, places) are written once and remembered for the length of one file.
"""

import re
from datetime import date
from typing import Final

from attest.x12 import npi
from attest.x12.claim_837p import fields
from attest.x12.claim_837p.records import (
    Address,
    BillingProvider,
    Claim,
    Dependent,
    Payer,
    Receiver,
    RenderingProvider,
    ServiceFacility,
    Submitter,
    Subscriber,
)
from attest.x12.codes import CLAIM_FILING_INDICATORS
from attest.x12.envelope import Problem

PO_BOX: Final = re.compile(r"\bP\.? ?O\.? ?BOX\b|\bPOST OFFICE BOX\b|\bLOCK ?BOX\b|^BOX \d")
_SSN: Final = re.compile(r"(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}")
_EMAIL: Final = re.compile(r"[A-Za-z0-9!#$%&'+/=?_.\-]+@[A-Za-z0-9.\-]+")


def _place_values(address: Address) -> tuple[str, str, str, str]:
    return address.line1, address.line2, address.city, address.state


def _zip(address: Address) -> str:
    return address.postal_code.replace("-", "")


def submitter_values(s: Submitter) -> tuple[str, ...]:
    """The values in the order of `fields.SUBMITTER`; likewise the functions below."""
    return s.name, s.contact_name, s.id


def billing_values(b: BillingProvider) -> tuple[str, ...]:
    return (
        b.name,
        b.first_name,
        b.middle_name,
        b.suffix,
        *_place_values(b.address),
        _zip(b.address),
        b.npi,
        b.taxonomy,
        b.tax_id.replace("-", ""),
        b.tax_id_kind,
    )


def rendering_values(r: RenderingProvider) -> tuple[str, ...]:
    return r.last_name, r.first_name, r.middle_name, r.suffix, r.npi, r.taxonomy


def facility_values(f: ServiceFacility) -> tuple[str, ...]:
    return f.name, *_place_values(f.address), _zip(f.address), f.npi


def subscriber_values(s: Subscriber) -> tuple[str, ...]:
    return (
        s.last_name,
        s.first_name,
        s.middle_name,
        s.suffix,
        s.group_name,
        s.member_id,
        s.group_number,
    )


def subscriber_as_patient_values(s: Subscriber, address: Address) -> tuple[str, ...]:
    return (
        s.last_name,
        s.first_name,
        s.middle_name,
        s.suffix,
        s.group_name,
        address.line1,
        address.line2,
        address.city,
        address.state,
        s.member_id,
        s.group_number,
        address.postal_code.replace("-", ""),
        s.sex or "",
    )


def patient_values(p: Dependent) -> tuple[str, ...]:
    address = p.address
    return (
        p.last_name,
        p.first_name,
        p.middle_name,
        p.suffix,
        address.line1,
        address.line2,
        address.city,
        address.state,
        address.postal_code.replace("-", ""),
        p.sex,
        p.relationship,
    )


def _n3_n4(line1: str, line2: str, city: str, state: str, zip_code: str) -> str:
    return f"N3*{line1}{'*' + line2 if line2 else ''}~N4*{city}*{state}*{zip_code}~"


def _name(
    entity: str, last: str, first: str, middle: str, suffix: str, id_kind: str = "", id_value: str = ""
) -> str:
    """An NM1 of a person, without empty elements at its end."""
    start = f"NM1*{entity}*1*{last}*{first}"
    if id_value:
        return f"{start}*{middle}**{suffix}*{id_kind}*{id_value}~"
    if suffix:
        return f"{start}*{middle}**{suffix}~"
    return f"{start}*{middle}~" if middle else (f"{start}~" if first else f"NM1*{entity}*1*{last}~")


class Parts:
    """Writes the records of one file and remembers what it has written."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._written: dict[int, str | None] = {}
        self._subscribers: dict[tuple[int, int, str, bool], str | None] = {}
        self._dates: dict[date, str] = {}

    def day(self, value: date) -> str:
        """CCYYMMDD."""
        text = self._dates.get(value)
        if text is None:
            text = self._dates[value] = value.isoformat()[:10].replace("-", "")
        return text

    def problem(self, code: str, field: str, sentence: str, claim: str) -> None:
        self.problems.append(Problem(code, field, sentence, claim))

    def submitter(self, s: Submitter) -> str | None:
        """Loop 1000A."""
        before = len(self.problems)
        name, contact, identity = fields.SUBMITTER.clean(submitter_values(s), self.problems, "")
        digits = re.sub(r"[ ().+\-]", "", s.phone).removeprefix("1")
        if s.phone and not re.fullmatch(r"[0-9]{10}", digits):
            self.problem("invalid", "submitter phone", f"“{s.phone}” is not a ten-digit phone number.", "")
        if s.email and not _EMAIL.fullmatch(s.email):
            self.problem("invalid", "submitter e-mail", f"“{s.email}” is not an e-mail address.", "")
        if not (s.phone or s.email):
            self.problem("missing", "submitter phone", "Give a phone number or an e-mail address.", "")
        if len(self.problems) > before:
            return None
        reach = (f"*TE*{digits}" if s.phone else "") + (f"*EM*{s.email}" if s.email else "")
        return f"NM1*41*2*{name}*****46*{identity}~PER*IC*{contact}{reach}~"

    def receiver(self, r: Receiver) -> str | None:
        """Loop 1000B."""
        before = len(self.problems)
        name, identity = fields.RECEIVER.clean((r.name, r.id), self.problems, "")
        return None if len(self.problems) > before else f"NM1*40*2*{name}*****46*{identity}~"

    def billing(self, b: BillingProvider, claim: str) -> str | None:
        """Loops 2000A (without its HL) and 2010AA."""
        key = id(b)
        if key in self._written:
            return self._written[key]
        before = len(self.problems)
        name, first, middle, suffix, line1, line2, city, state, zip_code, number, taxonomy, tax, kind = (
            fields.BILLING.clean(billing_values(b), self.problems, claim)
        )
        self._npi("billing provider NPI", number, claim)
        if PO_BOX.search(line1) or PO_BOX.search(line2):
            self.problem(
                "po-box",
                "billing provider address",
                "A PO box is not allowed here. Give the street address.",
                claim,
            )
        if kind == "SY" and len(tax) == 9 and not _SSN.fullmatch(tax):
            self.problem(
                "invalid", "billing provider tax id", "This is not a possible Social Security number.", claim
            )
        text = None
        if len(self.problems) == before:
            if first:
                nm1 = _name("85", name, first, middle, suffix, "XX", number)
            else:
                nm1 = f"NM1*85*2*{name}*****XX*{number}~"
            address = _n3_n4(line1, line2, city, state, zip_code)
            text = f"PRV*BI*PXC*{taxonomy}~{nm1}{address}REF*{kind}*{tax}~"
        self._written[key] = text
        return text

    def _npi(self, field: str, number: str, claim: str) -> None:
        if len(number) == 10 and (sentence := npi.problem(number)):
            self.problem("npi", field, sentence, claim)

    def rendering(self, r: RenderingProvider, claim: str) -> str | None:
        """Loop 2310B."""
        key = id(r)
        if key in self._written:
            return self._written[key]
        before = len(self.problems)
        last, first, middle, suffix, number, taxonomy = fields.RENDERING.clean(
            rendering_values(r), self.problems, claim
        )
        self._npi("rendering provider NPI", number, claim)
        text = None
        if len(self.problems) == before:
            text = f"{_name('82', last, first, middle, suffix, 'XX', number)}PRV*PE*PXC*{taxonomy}~"
        self._written[key] = text
        return text

    def facility(self, f: ServiceFacility, claim: str) -> str | None:
        """Loop 2310C."""
        key = id(f)
        if key in self._written:
            return self._written[key]
        before = len(self.problems)
        name, line1, line2, city, state, zip_code, number = fields.FACILITY.clean(
            facility_values(f), self.problems, claim
        )
        if number:
            self._npi("service facility NPI", number, claim)
        text = None
        if len(self.problems) == before:
            identity = f"*****XX*{number}" if number else ""
            text = f"NM1*77*2*{name}{identity}~{_n3_n4(line1, line2, city, state, zip_code)}"
        self._written[key] = text
        return text

    def payer(self, p: Payer, claim: str) -> str | None:
        """Loop 2010BB."""
        key = id(p)
        if key in self._written:
            return self._written[key]
        before = len(self.problems)
        name, identity, kind = fields.PAYER.clean((p.name, p.id, p.id_kind), self.problems, claim)
        text = f"NM1*PR*2*{name}*****{kind}*{identity}~" if len(self.problems) == before else None
        self._written[key] = text
        return text

    def subscriber(self, claim: Claim) -> str | None:
        """Loops 2000B (without its HL), 2010BA and 2010BB."""
        subscriber, filing, is_patient = claim.subscriber, claim.claim_filing_indicator, claim.patient is None
        key = (id(subscriber), id(claim.payer), filing, is_patient)
        if key in self._subscribers:
            return self._subscribers[key]
        number = claim.control_number
        before = len(self.problems)
        payer = self.payer(claim.payer, number)
        if filing not in CLAIM_FILING_INDICATORS:
            self.problem(
                "invalid",
                "claim filing indicator",
                f"“{filing}” is not a kind of plan. Use CI, BL, HM, 16, MB, MC or another code of SBR09.",
                number,
            )
        if is_patient:
            person = self._subscriber_as_patient(subscriber, filing, number)
        else:
            last, first, middle, suffix, group_name, member, group = fields.SUBSCRIBER.clean(
                subscriber_values(subscriber), self.problems, number
            )
            person = (
                f"SBR*P**{group}*{'' if group else group_name}*****{filing}~"
                f"NM1*IL*1*{last}*{first}*{middle}**{suffix}*MI*{member}~"
            )
        text = None
        if len(self.problems) == before and person is not None and payer is not None:
            text = person + payer
        self._subscribers[key] = text
        return text

    def _subscriber_as_patient(self, s: Subscriber, filing: str, number: str) -> str | None:
        address, born = s.address, s.birth_date
        if address is None or born is None or s.sex is None:
            for field, value in (("address", address), ("birth date", born), ("sex", s.sex)):
                if value is None:
                    self.problem(
                        "missing",
                        f"subscriber {field}",
                        "It is needed because the subscriber is the patient. Fill it in.",
                        number,
                    )
            return None
        last, first, middle, suffix, group_name, line1, line2, city, state, member, group, zip_code, sex = (
            fields.SUBSCRIBER_AS_PATIENT.clean(
                subscriber_as_patient_values(s, address), self.problems, number
            )
        )
        return (
            f"SBR*P*18*{group}*{'' if group else group_name}*****{filing}~"
            f"NM1*IL*1*{last}*{first}*{middle}**{suffix}*MI*{member}~"
            f"N3*{line1}{'*' + line2 if line2 else ''}~N4*{city}*{state}*{zip_code}~"
            f"DMG*D8*{self.day(born)}*{sex}~"
        )

    def patient(self, p: Dependent, claim: str) -> str | None:
        """Loops 2000C (without its HL) and 2010CA."""
        key = id(p)
        if key in self._written:
            return self._written[key]
        before = len(self.problems)
        last, first, middle, suffix, line1, line2, city, state, zip_code, sex, relationship = (
            fields.PATIENT.clean(patient_values(p), self.problems, claim)
        )
        text = None
        if len(self.problems) == before:
            text = (
                f"PAT*{relationship}~{_name('QC', last, first, middle, suffix)}"
                f"{_n3_n4(line1, line2, city, state, zip_code)}DMG*D8*{self.day(p.birth_date)}*{sex}~"
            )
        self._written[key] = text
        return text
