"""What the rules are told about a draft, so that they can say what auditors would look for."""

from collections.abc import Sequence
from datetime import date

from attest.calendar.models import Session
from attest.core.templatetags.times import date_text, in_zone
from attest.notes.definition import Purpose, Values
from attest.notes.header import NOT_HELD, Header, TimesFrom
from attest.notes.models import Note, NoteVersion
from attest.notes.plans import plan_in_force
from attest.notes.queries import criteria_required, lines_of_business, notes_of_the_group
from attest.policy.note_checks import (
    EarlierNote,
    Fact,
    Finding,
    Reviewed,
    places_demanded,
    review,
    severities,
)
from attest.practice.queries import policy_for

_AS_SCHEDULED = {
    TimesFrom.SCHEDULE: None,
    TimesFrom.AFFIRMED: True,
    TimesFrom.TYPED: False,
    TimesFrom.NONE: None,
}
TELEHEALTH = ("video", "audio_only")
"""Modalities by which the client is not in the room."""


def findings(
    session: Session | None,
    note: Note,
    values: Values,
    header: Header,
    earlier: Sequence[NoteVersion],
) -> tuple[Finding, ...]:
    """Every finding about what stands in the fields now. `earlier` are the client's last signed notes, newest first.

    `session` is None for a note about the client alone.
    """
    organization_id, definition = note.organization_id, note.template.parsed
    return review(
        Reviewed(
            fields=list(definition.fields),
            values=values,
            kind=kind_of(session, definition.purpose),
            telehealth=header["modality"] in TELEHEALTH,
            facts=facts_in(header) | _plan(note, header),
            weights=severities(
                lines_of_business(organization_id, note.client_id),
                criteria_required(
                    organization_id, note.client_id, date.fromisoformat(header["date_of_service"])
                ),
            ),
            earlier=[_as_earlier(version) for version in earlier],
            group=[_as_earlier(version) for version in notes_of_the_group(session)] if session else [],
            as_scheduled=_AS_SCHEDULED[TimesFrom(header["times"]["from"])],
            same_times_in_a_row=policy_for(organization_id).same_times_in_a_row,
        )
    )


def demanded_of(note: Note, header: Header) -> tuple[tuple[str, ...], ...]:
    """The fields of which payers demand one each, for this note with this header (see `missing_required`)."""
    day = date.fromisoformat(header["date_of_service"])
    return places_demanded(
        criteria_required(note.organization_id, note.client_id, day),
        kind=kind_of(note.session, note.template.parsed.purpose),
        telehealth=header["modality"] in TELEHEALTH,
    )


_OF_PURPOSE = {Purpose.PLAN: "plan", Purpose.DISCHARGE: "discharge", Purpose.CONTACT: "contact"}


def kind_of(session: Session | None, purpose: Purpose) -> str:
    """By what a note is measured: what record it is, else the session's kind, unless it did not take place."""
    if session is None or purpose in _OF_PURPOSE:
        return _OF_PURPOSE.get(purpose, "contact")
    if purpose is Purpose.MISSED or session.chip in NOT_HELD:
        return "missed"
    return str(session.kind)


def facts_in(header: Header) -> frozenset[Fact]:
    """What the header of a note says by itself."""
    said = {
        Fact.CLIENT: header["client"]["name"] and header["client"]["birth_date"],
        Fact.PROVIDER: header["provider"]["name"] and header["provider"]["credentials"],
        Fact.DATE: header["date_of_service"],
        Fact.TIMES: header["times"]["from"] != TimesFrom.SCHEDULE,
        Fact.MODALITY: header["modality"],
        Fact.PLACE: header["place"],
        Fact.DIAGNOSIS: header["diagnoses"],
        Fact.SERVICE: header["services"],
    }
    return frozenset(fact for fact, there in said.items() if there)


def _plan(note: Note, header: Header) -> frozenset[Fact]:
    """Whether a treatment plan was in force on the date of service."""
    day = date.fromisoformat(header["date_of_service"])
    in_force = plan_in_force(note.organization_id, note.client_id, day) is not None
    return frozenset({Fact.PLAN}) if in_force else frozenset()


def _as_earlier(version: NoteVersion) -> EarlierNote:
    session = version.note.session
    return EarlierNote(
        values=version.content,
        when=date_text(in_zone(session.starts_at, session.zone).date()),
        as_scheduled=version.header["times"]["from"] == TimesFrom.AFFIRMED,
    )
