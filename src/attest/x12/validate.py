"""Everything that can be said about a file before it is sent: syntax and our own checks together."""

from datetime import datetime

from attest.x12 import guide, syntax, wire
from attest.x12.finding import Finding, Severity
from attest.x12.guide import Diagnoses

__all__ = ["Diagnoses", "Finding", "Severity", "passes", "validate"]


def validate(text: str, *, diagnoses: Diagnoses | None, now: datetime) -> list[Finding]:
    """Check a file's syntax with pyx12 and its content with `guide`; findings in the order of the file.

    Arguments as in `guide.check`. An empty list means that nothing was found. Never raises for the text,
    whatever it is; raises ValueError for a `now` without a time zone.
    """
    try:
        document = wire.read(text)
    except wire.NotX12 as refusal:
        return [Finding("not-x12", str(refusal), 0, "file")]
    findings = guide.check_document(document, diagnoses=diagnoses, now=now)
    odd = {(finding.segment_no, finding.where) for finding in findings if finding.code == "character"}
    for finding in syntax.check_document(document):
        place = finding.where.rpartition(", ")[2]
        if finding.code == "element-6" and (finding.segment_no, place) in odd:
            continue  # the same character, which the guide check names
        findings.append(finding)
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.segment_no)


def passes(findings: list[Finding]) -> bool:
    """True when nothing found is an error; warnings do not keep a file from being sent."""
    return all(finding.severity is not Severity.ERROR for finding in findings)
