"""What the confirm page shows: the form as typed, the codes with their reasons, diagnoses, and what happens next."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from attest.calendar.models import Session
from attest.clients.icd import dotted
from attest.clients.models import ChartDiagnosis
from attest.confirmation import facts
from attest.confirmation.background import Background, background
from attest.confirmation.claiming import with_claim_problems
from attest.confirmation.consequences import Consequences, consequences
from attest.confirmation.facts import Case
from attest.confirmation.note_header import header_of
from attest.confirmation.typed import TimeQuestion, Typed, read, time_questions
from attest.core.access import Role
from attest.notes.header import header_for, statement
from attest.policy.catalogue import ServiceKind, SessionKind
from attest.policy.coding import ComplexityFactor
from attest.policy.minutes import Suggestion, suggest
from attest.policy.picker import Choice, choices
from attest.policy.readiness import Roadblock, RoadblockCode

MOST_PICKS = 6


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the confirm page needs, computed from the stored values in one go."""

    values: dict[str, Any]
    revision: int
    case: Case
    suggestion: Suggestion | None
    choices: tuple[Choice, ...]
    outcome: Consequences | None
    diagnoses: tuple[dict[str, str], ...]
    picks: tuple[dict[str, str], ...]

    @property
    def signing(self) -> bool:
        """True when the press signs a drafted note as well."""
        return self.case.facts.note.signing

    @property
    def blocking(self) -> tuple[Roadblock, ...]:
        return tuple(r for r in self.case.roadblocks if r.blocks)

    @property
    def warnings(self) -> tuple[Roadblock, ...]:
        """What is worth a look; that a code release is not loaded stands with the diagnosis instead."""
        return tuple(
            r
            for r in self.case.roadblocks
            if not r.blocks and r.code is not RoadblockCode.CODE_RELEASE_NOT_LOADED
        )

    @property
    def other_release(self) -> str:
        """A sentence when the diagnosis codes of that date are not loaded and the newest ones stand in."""
        found = (r for r in self.case.roadblocks if r.code is RoadblockCode.CODE_RELEASE_NOT_LOADED)
        return next((r.sentence for r in found), "")

    @property
    def mains(self) -> tuple[Choice, ...]:
        """Services that stand alone: those that can be chosen first."""
        return tuple(
            sorted(
                (c for c in self.choices if not c.service.is_addon),
                key=lambda c: (not c.suggested, not c.can_be_chosen, c.service.code),
            )
        )

    @property
    def complex(self) -> bool:
        """True when interactive complexity was added: it asks for what made the session complex."""
        kinds = {c.service.code: c.service.kind for c in self.choices}
        return any(
            kinds.get(code) is ServiceKind.INTERACTIVE_COMPLEXITY for code in self.values.get("addon", [])
        )

    @property
    def open_addons(self) -> tuple[Choice, ...]:
        """Add-ons that can be chosen now, or are chosen."""
        chosen = self.values.get("addon", [])
        return tuple(
            c for c in self.choices if c.service.is_addon and (c.can_be_chosen or c.service.code in chosen)
        )

    @property
    def factors(self) -> tuple[tuple[str, str], ...]:
        """What can make a session complex: value and words."""
        return tuple((str(factor), factor.words) for factor in ComplexityFactor)

    @property
    def date_differs(self) -> bool:
        """True when the actual date is not the scheduled one: the form asks why."""
        return self.case.facts.date_of_service != self.case.facts.scheduled_date

    @property
    def time_questions(self) -> tuple[TimeQuestion, ...]:
        """Typed times that happened twice that day, with the two to choose from."""
        return time_questions(self.case.session, self.values)

    @property
    def attestation(self) -> str:
        """Word for word what is attested by signing."""
        return statement(header_for(self.case.session, header_of(self.case)), self.case.now)

    @property
    def beside_em(self) -> bool:
        """True when an E/M code is chosen: therapy minutes are then a field of their own."""
        kinds = {c.service.code: c.service.kind for c in self.choices}
        return kinds.get(self.values.get("code", "")) is ServiceKind.EM


def page(session: Session, values: dict[str, Any], revision: int, *, now: datetime) -> Page:
    """The page for these stored values. A code that was never chosen follows the suggestion."""
    behind = background(session, now=now)
    typed = read(session, values)
    suggestion = suggested(behind, typed)
    if not typed.code and suggestion and suggestion.code:
        values = {**values, "code": suggestion.code, "addon": [a.code for a in suggestion.addons]}
        typed = replace(typed, code=suggestion.code, addons=tuple(a.code for a in suggestion.addons))
    signing = behind.note is not None and behind.note.state == "draft"
    case = facts.case(behind, now=now, typed=typed, signing=signing)
    outcome = consequences(case)
    case = with_claim_problems(case, outcome)
    return Page(
        values=values,
        revision=revision,
        case=case,
        suggestion=suggestion,
        choices=_choices(case, suggestion),
        outcome=outcome,
        diagnoses=_chosen(typed, case),
        picks=_picks(behind, typed),
    )


def suggested(behind: Background, typed: Typed) -> Suggestion | None:
    """The code the minutes suggest; None while the times are not known."""
    if typed.spent is None:
        return None
    return suggest(
        SessionKind(behind.session.kind),
        typed.spent,
        behind.terms.catalogue,
        prescriber=behind.provider.prescriber,
        client_present=typed.client_present,
        therapy_minutes=typed.therapy_minutes,
        contracted_codes=behind.priced_codes_on(typed.day),
        on=typed.day,
    )


def _choices(case: Case, suggestion: Suggestion | None) -> tuple[Choice, ...]:
    details, typed = case.facts.details, case.typed
    assert details is not None and typed is not None
    return choices(
        case.behind.terms.catalogue,
        spent=details.spent,
        suggestion=suggestion,
        chosen_kinds=frozenset(line.service.kind for line in details.lines),
        therapy_minutes=typed.therapy_minutes,
        prescriber=case.behind.provider.prescriber,
        client_present=typed.client_present,
        contracted_codes=case.behind.priced_codes_on(typed.day),
        on=case.facts.date_of_service,
        policy=case.behind.policy,
    )


def _chosen(typed: Typed, case: Case) -> tuple[dict[str, str], ...]:
    return tuple(
        {"value": code, "code": dotted(code), "label": case.labels.get(code, "Not in the table of codes")}
        for code in typed.diagnoses
    )


def _picks(behind: Background, typed: Typed) -> tuple[dict[str, str], ...]:
    """The client's diagnoses that are not chosen yet, the one used last first."""
    rows = ChartDiagnosis.objects.filter(
        organization_id=behind.client.organization_id, client_id=behind.client.pk, resolved__isnull=True
    )
    ordered = sorted(rows, key=lambda d: d.last_used_at or d.added_at, reverse=True)
    return tuple(
        {"value": d.code, "code": d.dotted, "label": d.label}
        for d in ordered
        if d.code not in typed.diagnoses
    )[:MOST_PICKS]


def may_sign(member: Any, session: Session) -> bool:
    """Only the session's own provider writes, signs and confirms."""
    return Role.PROVIDER in member.role_names and member.provider_id == session.provider_id
