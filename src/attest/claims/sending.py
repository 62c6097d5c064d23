"""Claims as an X12 interchange: from whom to whom, the text itself, and everything wrong with it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from attest.claims.models import Claim
from attest.claims.snapshot import to_x12
from attest.clients.icd import codes_valid_on, plain
from attest.core import clock
from attest.practice.models import Organization
from attest.x12 import claim_837p as x12
from attest.x12.validate import Diagnoses, Finding, Severity, validate


@dataclass(frozen=True, slots=True)
class Draft:
    """An interchange as text, in the characters of X12 alone."""

    text: str

    @property
    def content(self) -> bytes:
        """The bytes that leave."""
        return self.text.encode("ascii")


def draft(
    organization: Organization,
    claims: Sequence[Claim],
    *,
    control_number: int,
    made_at: datetime,
    usage: Literal["T", "P"],
) -> Draft:
    """One interchange with these claims, from the practice to its clearinghouse.

    The group carries the interchange's number, transaction sets count from 1, and date and time are those of the
    practice's zone. Raises `CannotWrite` with everything that keeps it from being written.
    """
    shared: dict[Any, Any] = {}
    return Draft(
        x12.write(
            x12.ClaimInterchange(
                envelope=x12.Envelope(
                    sender_id=organization.submitter_id,
                    receiver_id=organization.receiver_id,
                    created=made_at.astimezone(ZoneInfo(organization.zone)),
                    control_number=control_number,
                    usage=usage,
                ),
                group_control_number=control_number,
                transaction_control_number=1,
                reference=f"{control_number:09}",
                submitter=x12.Submitter(
                    name=organization.name,
                    id=organization.submitter_id,
                    contact_name=organization.contact_name or organization.name,
                    phone=organization.phone,
                ),
                receiver=x12.Receiver(name=organization.receiver_name, id=organization.receiver_id),
                claims=[to_x12(claim.facts, shared) for claim in claims],
            )
        )
    )


def findings_of(
    organization: Organization, claims: Sequence[Claim]
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Everything that keeps these claims from leaving: about any file of the practice, and by claim number.

    Claims are checked together first, which is quick when nothing is wrong, and one by one when something is, so
    that each is told its own.
    """
    diagnoses = valid_diagnoses(claims)
    try:
        if not _errors(organization, claims, diagnoses):
            return (), {}
    except x12.CannotWrite as refusal:
        whole = tuple(f"{p.field}: {p.sentence}" for p in refusal.problems if not p.claim)
        if whole:
            return whole, {}
    found: dict[str, tuple[str, ...]] = {}
    for claim in claims:
        try:
            errors = _errors(organization, [claim], diagnoses)
            sentences = [f"{_place(finding, claim)}: {finding.sentence}" for finding in errors]
        except x12.CannotWrite as refusal:
            sentences = [f"{p.field}: {p.sentence}" for p in refusal.problems]
        if sentences:
            found[claim.number] = tuple(sentences)
    return (), found


def valid_diagnoses(claims: Iterable[Claim]) -> Diagnoses | None:
    """Whether a code of these claims (without its dot) is complete and known on a date of service.

    By the release for that date, or the newest one where that is not loaded; None when there is no release at all.
    """
    asked: dict[date, set[str]] = defaultdict(set)
    for claim in claims:
        asked[claim.date_of_service].update(claim.facts["diagnoses"])
    valid: set[tuple[str, date]] = set()
    for day, codes in asked.items():
        ordered = sorted(codes)
        known = codes_valid_on(ordered, day)
        if known.release is None:
            return None
        valid.update(
            (plain(code), day)
            for code, found in zip(ordered, known.diagnoses, strict=True)
            if found.known and not found.is_category
        )
    return lambda code, day: (code, day) in valid


def _errors(
    organization: Organization, claims: Sequence[Claim], diagnoses: Diagnoses | None
) -> list[Finding]:
    """What the checks find in a file of these claims that would keep it from being accepted."""
    now = clock.now().astimezone(ZoneInfo(organization.zone))
    text = draft(organization, claims, control_number=1, made_at=now, usage="T").text
    return [
        finding
        for finding in validate(text, diagnoses=diagnoses, now=now)
        if finding.severity is Severity.ERROR
    ]


def _place(finding: Finding, claim: Claim) -> str:
    return finding.where.removeprefix(f"claim {claim.number}, ")
