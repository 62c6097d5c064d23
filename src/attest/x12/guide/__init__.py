"""Our own checks of professional claim files: what the syntax check passes and payers reject.

Each check reads the file's text and knows nothing of how it was made, so it holds for any sender's file. The
rules are those of the guide 005010X222A1 and of the edits clearinghouses publish.
"""

import re
from datetime import datetime
from typing import Final

from attest.x12 import wire
from attest.x12.finding import Finding, Severity
from attest.x12.guide import claims, lines, people, providers
from attest.x12.guide.claims import Diagnoses
from attest.x12.guide.facts import ClaimFile, gather
from attest.x12.segment import base_guide

__all__ = ["Diagnoses", "check", "check_document"]

_PROFESSIONAL: Final = "005010X222"
_FOREIGN: Final = re.compile(r"[^\x20-\x7e]")


def check(text: str, *, diagnoses: Diagnoses | None, now: datetime) -> list[Finding]:
    """Check the claims of a file, and its envelopes.

    `diagnoses` is the set of valid ICD-10-CM codes (see `Diagnoses`); None leaves that one check out. `now` is
    the present moment with a time zone: a date of service after its local date lies in the future. Transaction
    sets other than professional claims get only the checks of their envelopes. Never raises for the text;
    raises ValueError for a `now` without a time zone.
    """
    try:
        document = wire.read(text)
    except wire.NotX12 as refusal:
        return [Finding("not-x12", str(refusal), 0, "file")]
    return check_document(document, diagnoses=diagnoses, now=now)


def check_document(document: wire.Document, *, diagnoses: Diagnoses | None, now: datetime) -> list[Finding]:
    """The same for a file already read; what `wire` found odd is included."""
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    findings = [*document.findings, *_characters(document), *_guides(document)]
    files = [
        gather(transaction, interchange.delimiters)
        for interchange, group, transaction in document.transactions()
        if transaction.kind == "837" and _is_professional(transaction, group)
    ]
    for file in files:
        findings += _check_file(file, diagnoses, now)
    findings += claims.numbers(files)
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.segment_no)


def _is_professional(transaction: wire.Transaction, group: wire.Group) -> bool:
    named = base_guide(transaction.guide) or base_guide(group.header.get(8))
    return named in (_PROFESSIONAL, "")


def _check_file(file: ClaimFile, diagnoses: Diagnoses | None, now: datetime) -> list[Finding]:
    component, today = file.delimiters.component, now.date()
    findings = [*providers.npis(file), *providers.taxonomies(file), *people.hierarchy(file)]
    for level in file.levels:
        findings += providers.billing(level)
        findings += people.subscriber(level)
        findings += people.birth_dates(level, today)
    for claim in file.claims():
        findings += providers.of_claim(claim)
        findings += claims.diagnoses(claim, component, diagnoses)
        findings += claims.total(claim)
        findings += claims.frequency(claim, component)
        findings += claims.onset(claim)
        findings += lines.of_claim(claim, component, today)
    return findings


def _characters(document: wire.Document) -> list[Finding]:
    """Characters outside X12's sets: letters with accents, typographic marks, control characters."""
    findings: list[Finding] = []
    for interchange in document.interchanges:
        separators = set(interchange.delimiters)
        for segment in interchange.segments:
            for position, element in enumerate(segment.elements):
                foreign = [c for c in dict.fromkeys(_FOREIGN.findall(element)) if c not in separators]
                if foreign:
                    shown = " ".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in foreign)
                    findings.append(
                        Finding(
                            "character",
                            f"X12 has no {shown}. Write it with plain letters (Ñ as N, é as E).",
                            segment.no,
                            f"{segment.tag}{position:02}",
                        )
                    )
    return findings


def _guides(document: wire.Document) -> list[Finding]:
    """ST03 and GS08 name the same guide."""
    return [
        Finding(
            "guide-mismatch",
            f"ST03 names {transaction.header.get(3)} but GS08 names {group.header.get(8)}; they must be the same.",
            transaction.header.no,
            "ST03",
            Severity.ERROR,
        )
        for _, group, transaction in document.transactions()
        if transaction.header.get(3) and transaction.header.get(3) != group.header.get(8)
    ]
