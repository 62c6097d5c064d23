"""Checks of providers: NPIs, taxonomies, tax numbers, addresses, and who may stand beside whom."""

import re
from collections.abc import Iterator
from typing import Final

from attest.x12 import npi
from attest.x12.claim_837p.parts import PO_BOX
from attest.x12.finding import Finding, Severity
from attest.x12.guide.facts import ClaimFile, ClaimLoop, Level, Party, first

_TAXONOMY: Final = re.compile(r"[0-9A-Z]{9}X")
_NINE_DIGITS: Final = re.compile(r"[0-9]{9}")
_BILLING: Final = "billing provider"

_ROLES: Final = {
    "85": "billing provider",
    "82": "rendering provider",
    "77": "service facility",
    "DQ": "supervising provider",
    "DN": "referring provider",
    "P3": "primary care provider",
    "DK": "ordering provider",
    "QB": "purchased service provider",
}


def npis(file: ClaimFile) -> Iterator[Finding]:
    """Every NPI has ten digits and the right check digit (45 CFR 162.406)."""
    for party, where in file.all_parties():
        if party.name.get(8) == "XX" and (sentence := npi.problem(party.name.get(9))):
            role = _ROLES.get(party.role, party.role)
            yield Finding("npi-check-digit", sentence, party.name.no, f"{where}, NPI of the {role}")


def taxonomies(file: ClaimFile) -> Iterator[Finding]:
    """A taxonomy code has ten capitals and digits and ends with X."""
    found = [(s, _BILLING) for level in file.levels for s in level.segments if s.tag == "PRV"]
    found += [(s, where) for party, where in file.all_parties() for s in party.details if s.tag == "PRV"]
    for segment, where in found:
        if segment.get(2) == "PXC" and not _TAXONOMY.fullmatch(segment.get(3)):
            yield Finding(
                "taxonomy",
                f"“{segment.get(3)}” is not a taxonomy code (ten capitals and digits ending in X). Take it from "
                "the provider's NPI registration.",
                segment.no,
                f"{where}, PRV03",
            )


def billing(level: Level) -> Iterator[Finding]:
    """The billing provider has an NPI, a tax number, a street address and a nine-digit ZIP code."""
    party = level.party("85")
    if level.code != "20" or party is None:
        return
    if not party.npi:
        yield Finding(
            "billing-npi-missing",
            "The billing provider has no NPI. Give the NPI of the practice (NM108 XX, NM109).",
            party.name.no,
            _BILLING,
        )
    yield from _zip("billing-zip", party, _BILLING)
    street = party.first("N3")
    if street is not None and any(PO_BOX.search(street.get(n).upper()) for n in (1, 2)):
        yield Finding(
            "billing-po-box",
            "The billing provider's address is a PO box. Give the street address; a PO box may only be the "
            "pay-to address.",
            street.no,
            _BILLING,
        )
    for kind in ("EI", "SY"):
        tax = first(party.details, "REF", kind)
        if tax is not None and not _NINE_DIGITS.fullmatch(tax.get(2)):
            yield Finding(
                "tax-id",
                f"“{tax.get(2)}” is not a tax number: it needs nine digits without a hyphen.",
                tax.no,
                f"{_BILLING}, REF02",
            )


def _zip(code: str, party: Party, where: str) -> Iterator[Finding]:
    city = party.first("N4")
    if city is not None and not city.get(4) and not _NINE_DIGITS.fullmatch(city.get(3)):
        yield Finding(
            code,
            f"The ZIP code “{city.get(3)}” must have all nine digits here (ZIP+4), without a hyphen. Look the "
            "last four up at the postal service.",
            city.no,
            f"{where}, N403",
        )


def of_claim(claim: ClaimLoop) -> Iterator[Finding]:
    """Rendering, supervising and billing providers differ; a service facility has a nine-digit ZIP code."""
    level = claim.level.above("20")
    payee = level.party("85") if level is not None else None
    paid, rendering, supervising = payee.npi if payee else "", claim.party("82"), claim.party("DQ")
    if rendering is not None and rendering.npi and rendering.npi == paid:
        yield Finding(
            "rendering-equals-billing",
            "The rendering provider is the billing provider. Leave loop 2310B out; it may only name somebody "
            "else.",
            rendering.name.no,
            f"{claim.where}, rendering provider",
        )
    if payee is not None and payee.name.get(2) == "2" and rendering is None and not _rendered_by_line(claim):
        yield Finding(
            "rendering-missing",
            "The billing provider is an organization, and nobody is named who held the session. Add the "
            "rendering provider.",
            claim.header.no,
            claim.where,
            Severity.WARNING,
        )
    who = rendering.npi if rendering is not None else paid
    if supervising is not None and supervising.npi and supervising.npi == who:
        yield Finding(
            "supervising-equals-rendering",
            "The supervising provider is the one who held the session. Leave the supervising provider out.",
            supervising.name.no,
            f"{claim.where}, supervising provider",
        )
    for party in claim.parties:
        if party.role == "77":
            yield from _zip("facility-zip", party, f"{claim.where}, service facility")
    for line in claim.lines:
        for party in line.parties:
            if party.role == "77":
                yield from _zip(
                    "facility-zip", party, f"{claim.where}, line {line.header.get(1)}, service facility"
                )


def _rendered_by_line(claim: ClaimLoop) -> bool:
    return bool(claim.lines) and all(any(p.role == "82" for p in line.parties) for line in claim.lines)
