"""The therapist's hands in the demo: writes a note and presses the button, through the same actions as the page."""

from datetime import timedelta
from random import Random
from typing import Any

from attest.calendar.models import Session
from attest.confirmation import actions as confirmation
from attest.confirmation.drafts import save_details
from attest.confirmation.page import page
from attest.core import clock
from attest.demo.cast import Cast
from attest.demo.people import DemoClient
from attest.demo.words import note_content
from attest.notes import actions as notes
from attest.notes.definition import Definition, Values
from attest.notes.header import NOT_HELD, facts_of, header_digest, header_for
from attest.notes.models import Note
from attest.notes.plans import goals_in_force
from attest.notes.queries import content_digest, note_of, template_by_key
from attest.policy.deadlines import local

_KEYS = {
    "intake": "intake",
    "family": "family",
    "group": "group",
    "crisis": "crisis",
    "medication": "em_therapy",
}
"""The template for a kind of session; individual ones are written in the provider's favorite."""


def write_note(
    cast: Cast,
    session: Session,
    who: DemoClient,
    random: Random,
    *,
    half: bool = False,
    sign: bool = False,
    late: bool = False,
) -> Note:
    """Begin the session's note in the template made for it, fill it (or half of it), perhaps sign it alone.

    For individual sessions that is the provider's favorite.
    """
    member = cast.member_of(session.provider_id)
    key = _KEYS.get(session.kind, cast.template_of(session.provider_id))
    if session.chip in NOT_HELD:
        key = "missed"
    template = template_by_key(session.organization_id, key)
    assert template is not None
    note = notes.start_draft(session=session, template=template, by_member=member)
    note = notes.save_draft(
        note_id=note.pk,
        values=_content(session, template.parsed, who, random, half=half),
        revision=note.revision,
        by_member=member,
        late_reason="Out sick for three days; written from the day's own jottings." if late else None,
    )
    if sign:
        fresh = Session.objects.select_related("client", "provider", "location").get(pk=session.pk)
        notes.sign_alone(
            session_id=session.pk,
            seen_digest=content_digest(note),
            seen_header=header_digest(header_for(fresh, facts_of(fresh))),
            by_member=member,
            proof_at=clock.real_now(),
        )
    return note


def _content(
    session: Session, definition: Definition, who: DemoClient, random: Random, *, half: bool
) -> Values:
    day = local(session.starts_at, session.zone).date()
    goals = [goal.text for goal in goals_in_force(session.organization_id, session.client_id, day)]
    values = note_content(
        random,
        definition,
        telehealth=session.modality != "in_person",
        attendees=["client", "partner"] if who.kind == "family" else ["client"],
        goals=goals,
        first_part=half,
    )
    if "therapy_minutes" in definition.by_key() and not half:
        values["therapy_minutes"] = str(random.choice([16, 17]))
    return values


def press_confirm(
    cast: Cast, session: Session, who: DemoClient, random: Random, *, path: str, late: bool
) -> None:
    """Type the actual times, choose the diagnosis, write the note and press the button."""
    member = cast.member_of(session.provider_id)
    if path == "template":
        write_note(cast, session, who, random, late=late)
    draft = save_details(session=session, changes=_typed(session, who, random, path=path), revision=0)
    shown = page(session, draft.values, draft.revision, now=clock.now())
    note = note_of(session)
    confirmation.sign_and_confirm(
        session_id=session.pk,
        values=shown.values,
        seen=confirmation.Seen(
            note=content_digest(note) if note and note.state == "draft" else "",
            revision=draft.revision,
            consequences=shown.outcome.digest if shown.outcome else "",
        ),
        acting=confirmation.Acting(member, clock.real_now()),
        key=f"demo-{session.pk}",
    )


def _typed(session: Session, who: DemoClient, random: Random, *, path: str) -> dict[str, Any]:
    start = local(session.starts_at + timedelta(minutes=random.choice([0, 1, 2, 3, 5])), session.zone)
    stop = local(session.ends_at + timedelta(minutes=random.choice([-2, 0, 0, 1, 3])), session.zone)
    typed: dict[str, Any] = {
        "start_1": f"{start:%-I:%M %p}",
        "stop_1": f"{stop:%-I:%M %p}",
        "affirmed": "on",
        "diagnosis": [code.replace(".", "") for code in who.diagnoses],
        "note_choice": path if path == "template" else "none",
        "none_kind": "" if path == "template" else path,
    }
    if who.kind == "medication":
        typed |= {"code": "99213", "addon": []}
    if path == "elsewhere":
        typed |= {"elsewhere_author": session.provider.full_name, "elsewhere_signed_on": f"{stop:%m/%d/%Y}"}
    return typed
