"""A claim as its page shows it: what is (or was) sent, in words, and what stands in the way of writing it."""

from dataclasses import dataclass, field

from attest.claims.explain import Labels, Part, explain
from attest.claims.extract import segments_of
from attest.claims.models import Claim, Interchange
from attest.claims.sending import draft
from attest.claims.snapshot import to_x12
from attest.clients.icd import labels_of
from attest.core import clock
from attest.practice.models import Organization, ServiceCode
from attest.x12 import claim_837p as x12


@dataclass(frozen=True, slots=True)
class Shown:
    """`parts` are the claim's segments in words; there are none when something keeps it from being written.

    `problems` are those of the claim itself, `practice_problems` those of every file of the practice. `changes` are
    names and addresses that are sent with other characters than they are kept with.
    """

    parts: list[Part] = field(default_factory=list)
    changes: tuple[x12.FieldChange, ...] = ()
    problems: list[str] = field(default_factory=list)
    practice_problems: list[str] = field(default_factory=list)


def shown_claim(claim: Claim, organization: Organization, *, with_diagnoses: bool = True) -> Shown:
    """A sent claim comes from the very bytes that were sent, any other from its facts as they would be written now.

    Without diagnoses the segment that carries them is left out.
    """
    record = to_x12(claim.facts)
    try:
        text = _sent_text(claim) or _text_now(claim, organization)
    except x12.CannotWrite as refusal:
        said = [(p.claim, f"{p.field[0].upper()}{p.field[1:]}: {p.sentence}") for p in refusal.problems]
        return Shown(
            problems=[sentence for number, sentence in said if number],
            practice_problems=[sentence for number, sentence in said if not number],
        )
    segments = segments_of(text, claim.number)
    if not with_diagnoses:
        segments = [segment for segment in segments if not segment.startswith("HI*")]
    return Shown(explain(segments, _labels(claim)), x12.changes(record))


def _sent_text(claim: Claim) -> str:
    if claim.interchange_id is None:
        return ""
    return Interchange.objects.values_list("content", flat=True).get(
        organization_id=claim.organization_id, pk=claim.interchange_id
    )


def _text_now(claim: Claim, organization: Organization) -> str:
    return draft(organization, [claim], control_number=1, made_at=clock.now(), usage="T").text


def _labels(claim: Claim) -> Labels:
    codes = {line["procedure"] for line in claim.facts["lines"]}
    services = ServiceCode.objects.filter(organization_id=claim.organization_id, code__in=codes)
    return Labels(
        procedures=dict(services.values_list("code", "label")),
        diagnoses=labels_of(claim.facts["diagnoses"], claim.date_of_service),
    )
