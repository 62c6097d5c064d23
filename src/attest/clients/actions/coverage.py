"""A client's plans, and what was learnt when they were verified."""

from datetime import datetime
from typing import Any
from uuid import UUID

from attest.clients.models import Client, Coverage
from attest.core import audit, clock
from attest.core.models import save_fields
from attest.practice.models import Payer
from attest.practice.refusal import WHOLE, Refused, problems_of, saving

TAKEN = {
    "coverage_dates": ("effective_to", "The plan ends before it begins."),
    "coverage_subscriber_known": ("subscriber_last_name", "Name the subscriber and their birth date."),
}
IDENTITY = frozenset(
    {
        "payer",
        "member_id",
        "relation",
        "subscriber_first_name",
        "subscriber_last_name",
        "subscriber_birth_date",
    }
)
"""Facts under which a payer looks a plan up: when one changes, what was verified no longer holds."""
TERMS = frozenset(
    {"copay_cents", "coinsurance_percent", "deductible_left_cents", "out_of_pocket_left_cents", "qmb"}
)
SUBSCRIBER = ("subscriber_first_name", "subscriber_last_name", "subscriber_birth_date", "subscriber_sex")


def add_coverage(*, client: Client, payer: Payer, by: UUID, **values: Any) -> Coverage:
    """A plan of the client, not verified yet. Needed: `member_id`, `effective_from`; of a dependent the subscriber too.

    Raises Refused when another plan of the same rank covers some of the same dates.
    """
    coverage = Coverage(organization_id=client.organization_id, client=client, payer=payer, **values)
    _check(coverage)
    with saving(coverage, **TAKEN):
        coverage.save(force_insert=True)
    _record("coverage.added", coverage, by)
    return coverage


def update_coverage(*, coverage: Coverage, by: UUID, **values: Any) -> Coverage:
    """Mend a plan. When a fact changes under which the payer knows it, it counts as not verified until it is again."""
    before = {name: getattr(coverage, name) for name in values}
    for column, value in values.items():
        setattr(coverage, column, value)
    changed = {name for name, value in before.items() if value != getattr(coverage, name)}
    changed |= {name for name in _clear_subscriber(coverage) if name not in values}
    if changed & IDENTITY and coverage.verification != "unverified":
        coverage.verification, coverage.verified_at = "unverified", None
        changed |= {"verification", "verified_at"}
    _check(coverage)
    names = set(values) | changed
    with saving(coverage, **TAKEN):
        save_fields(coverage, **{name: getattr(coverage, name) for name in names})
    _record("coverage.updated", coverage, by, fields=sorted(changed))
    return coverage


def verify_coverage(
    *, coverage: Coverage, result: str, by: UUID, at: datetime | None = None, **terms: Any
) -> Coverage:
    """Record what the payer said about the plan: "verified" or "failed", when (now by default), and its terms.

    `terms`: copay_cents, coinsurance_percent, deductible_left_cents, out_of_pocket_left_cents, qmb. Raises Refused
    for a moment that lies in the future.
    """
    if result not in ("verified", "failed"):
        raise Refused({"result": "Say whether the plan is active."})
    if unknown := set(terms) - TERMS:
        raise TypeError(f"not terms of a plan: {sorted(unknown)}")
    moment = at or clock.now()
    if moment > clock.now():
        raise Refused({"verified_at": "The moment of the verification lies in the future."})
    values = {**terms, "verification": result, "verified_at": moment}
    for column, value in values.items():
        setattr(coverage, column, value)
    if (coverage.coinsurance_percent or 0) > 100:
        raise Refused({"coinsurance_percent": "Coinsurance is a percentage from 0 to 100."})
    with saving(coverage, **TAKEN):
        save_fields(coverage, **values)
    _record("coverage.verified" if result == "verified" else "coverage.failed", coverage, by)
    return coverage


def _clear_subscriber(coverage: Coverage) -> list[str]:
    """A client who is the subscriber needs no other; returns the columns that were emptied."""
    emptied = []
    if coverage.relation == "self":
        for name in SUBSCRIBER:
            empty = None if name == "subscriber_birth_date" else ""
            if getattr(coverage, name) != empty:
                setattr(coverage, name, empty)
                emptied.append(name)
    return emptied


def _check(coverage: Coverage) -> None:
    """What is wrong with a plan, all at once."""
    _clear_subscriber(coverage)
    problems = problems_of(coverage)
    start, end = coverage.effective_from, coverage.effective_to
    if coverage.relation != "self":
        for name, words in [
            ("subscriber_first_name", "Name the subscriber: the client is a dependent."),
            ("subscriber_last_name", "Name the subscriber: the client is a dependent."),
            ("subscriber_birth_date", "The subscriber's birth date is needed."),
        ]:
            if not getattr(coverage, name):
                problems.setdefault(name, words)
    if start and end and end < start:
        problems["effective_to"] = "The plan ends before it begins."
    if not problems and start and (other := _overlapping(coverage)):
        problems[WHOLE] = (
            f"{other.payer.name} is the {other.rank} plan for some of these dates already. "
            "End that plan first, or choose another rank."
        )
    if problems:
        raise Refused(problems)


def _overlapping(coverage: Coverage) -> Coverage | None:
    """Another plan of the client of the same rank whose dates overlap."""
    # Both would read no overlap at the same moment; the client's row makes them take turns.
    Client.objects.select_for_update().only("pk").get(
        organization_id=coverage.organization_id, pk=coverage.client_id
    )
    others = (
        Coverage.objects.filter(
            organization_id=coverage.organization_id, client_id=coverage.client_id, rank=coverage.rank
        )
        .exclude(pk=coverage.pk)
        .select_related("payer")
    )
    start, end = coverage.effective_from, coverage.effective_to
    for other in others:
        starts_before_end = end is None or other.effective_from <= end
        ends_after_start = other.effective_to is None or other.effective_to >= start
        if starts_before_end and ends_after_start:
            return other
    return None


def _record(kind: str, coverage: Coverage, by: UUID, **data: Any) -> None:
    audit.record(
        kind, subject_type="coverage", subject_id=coverage.pk, client_id=coverage.client_id, by=by, **data
    )
