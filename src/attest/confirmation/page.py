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
from attest.confirmation.facts import Case, empty_fields
from attest.confirmation.fixes import SECTIONS, place_on_page, section_of
from attest.confirmation.note_header import header_of
from attest.confirmation.typed import TimeQuestion, Typed, parts_of, read, time_questions
from attest.core.access import Role
from attest.notes.editor import PREFIX
from attest.notes.header import header_for, statement
from attest.notes.models import Note, UploadedNote
from attest.notes.queries import upload_of
from attest.policy.catalogue import ServiceKind, SessionKind
from attest.policy.coding import ComplexityFactor
from attest.policy.minutes import Suggestion, suggest
from attest.policy.picker import Choice, choices
from attest.policy.readiness import NoteChoice, Roadblock, RoadblockCode

MOST_PICKS = 6


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section of the page: its key is its id, `missing` are sentences."""

    number: int
    key: str
    missing: tuple[str, ...]


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
    picks: tuple[dict[str, Any], ...]
    roadblocks: tuple[Roadblock, ...]
    follows: bool
    """No code was chosen: the one shown follows the minutes."""

    @property
    def signing(self) -> bool:
        """True when the press signs a drafted note as well."""
        return self.case.facts.note.signing

    @property
    def upload(self) -> UploadedNote | None:
        """The file that was handed in as the note."""
        return upload_of(self.case.session) if self.case.facts.note.choice is NoteChoice.UPLOAD else None

    @property
    def draft(self) -> Note | None:
        """The note, while it is a draft."""
        note = self.case.behind.note
        return note if note is not None and note.state == "draft" else None

    @property
    def late(self) -> bool:
        """The note is past its due time."""
        return self.case.signature_due.is_late(self.case.now)

    @property
    def empty_note_keys(self) -> list[str]:
        """The keys of the drafted note's required fields that are still empty."""
        if self.draft is None:
            return []
        case = self.case
        empty = empty_fields(case.behind, self.draft, case.typed, case.facts.date_of_service)
        return [field.key for field in empty]

    @property
    def empty_note_field(self) -> str:
        """The id of the first of them, or ''."""
        return f"{PREFIX}{keys[0]}" if (keys := self.empty_note_keys) else ""

    @property
    def blocking(self) -> tuple[Roadblock, ...]:
        return tuple(r for r in self.roadblocks if r.blocks)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The numbered sections of the page, each with what is still missing in it."""
        where = [(section_of(r), r.sentence) for r in self.blocking]
        return tuple(
            Section(number, key, tuple(sentence for section, sentence in where if section == key))
            for number, key in enumerate(SECTIONS, start=1)
        )

    @property
    def section(self) -> dict[str, Section]:
        """The same by key."""
        return {section.key: section for section in self.sections}

    @property
    def chosen_code(self) -> Choice | None:
        """The service that stands alone and is chosen, or the suggested one while none is."""
        code = self.values.get("code", "")
        return next((c for c in self.choices if c.service.code == code and not c.service.is_addon), None)

    @property
    def suggested_code(self) -> Choice | None:
        """The service the minutes suggest."""
        return next((c for c in self.choices if c.suggested and not c.service.is_addon), None)

    @property
    def other_codes(self) -> tuple[Choice, ...]:
        """Every other service that stands alone, those that can be chosen first: an order that choosing keeps."""
        rest = (c for c in self.choices if not c.service.is_addon and not c.suggested)
        return tuple(sorted(rest, key=lambda c: (not c.can_be_chosen, c.service.code)))

    @property
    def go_to(self) -> str:
        """The id of the first place on the page where something is missing, or ''."""
        places = (place_on_page(r, self.empty_note_field) for r in self.blocking)
        return next(filter(None, places), "")

    @property
    def parts(self) -> range:
        """The numbers of further parts a session in several parts may have."""
        return parts_of(self.case.session)[1:]

    @property
    def followed(self) -> str:
        """The code and add-ons that are shown without having been chosen, in one word each."""
        return " ".join([self.values.get("code", ""), *self.values["addon"]]) if self.follows else ""

    @property
    def warnings(self) -> tuple[Roadblock, ...]:
        """What is worth a look; that a code release is not loaded stands with the diagnosis instead."""
        return tuple(
            r for r in self.roadblocks if not r.blocks and r.code is not RoadblockCode.CODE_RELEASE_NOT_LOADED
        )

    @property
    def other_release(self) -> str:
        """A sentence when the diagnosis codes of that date are not loaded and the newest ones stand in."""
        found = (r for r in self.roadblocks if r.code is RoadblockCode.CODE_RELEASE_NOT_LOADED)
        return next((r.sentence for r in found), "")

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
    def hour_unknown(self) -> bool:
        """A typed time happened twice and nobody said which is meant: the minutes are not known yet."""
        return self.case.typed is not None and any(times.ambiguous for times in self.case.typed.times)

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
    follows = not typed.code
    if follows and suggestion and suggestion.code:
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
        roadblocks=case.roadblocks,
        follows=follows,
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


def _picks(behind: Background, typed: Typed) -> tuple[dict[str, Any], ...]:
    """The client's diagnoses, the one used last first, each with whether it is chosen."""
    rows = ChartDiagnosis.objects.filter(
        organization_id=behind.client.organization_id, client_id=behind.client.pk, resolved__isnull=True
    )
    ordered = sorted(rows, key=lambda d: d.last_used_at or d.added_at, reverse=True)
    return tuple(
        {"value": d.code, "code": d.dotted, "label": d.label, "chosen": d.code in typed.diagnoses}
        for d in ordered[:MOST_PICKS]
    )


def may_sign(member: Any, session: Session) -> bool:
    """Only the session's own provider writes, signs and confirms."""
    return Role.PROVIDER in member.role_names and member.provider_id == session.provider_id
