"""Which template is offered for a note: the one that suits the session first, the others in the practice's order."""

from collections.abc import Iterable
from dataclasses import dataclass

from attest.calendar.models import KINDS, Session
from attest.notes.definition import Purpose
from attest.notes.header import NOT_HELD
from attest.notes.models import Note, NoteTemplate
from attest.notes.queries import current_templates


@dataclass(frozen=True, slots=True)
class Offer:
    """A template that can be chosen. Of all offers one is `suggested`, and `why` says so in a few words."""

    template: NoteTemplate
    suits: bool
    suggested: bool = False
    why: str = ""


def offers_for(session: Session, *, em: bool = False, billable: bool = False) -> list[Offer]:
    """The templates for a note of this session: the suggested one first, then those made for such a session, then the
    others, each in the practice's order.

    Among those made for it, the one that this author used last for this client is suggested, else the one they used
    last at all, else the first. `em`: an E/M code is chosen. `billable`: only those that can stand behind a claim.
    """
    templates = [
        template
        for template in current_templates(session.organization_id)
        if template.parsed.purpose is not Purpose.CONTACT and (template.parsed.billable or not billable)
    ]
    word = word_of(session, em=em)
    suiting = [template for template in templates if word in template.parsed.suits]
    last = _used_last(session, suiting or templates)
    first = last or next(iter(suiting or templates), None)
    if first is None:
        return []
    why = "as last time" if last and last.key == first.key else _because(word) if suiting else ""
    ordered = sorted(templates, key=lambda one: (one is not first, one not in suiting))
    return [
        Offer(one, suits=one in suiting, suggested=one is first, why=why if one is first else "")
        for one in ordered
    ]


def word_of(session: Session, *, em: bool = False) -> str:
    """By what a template is found to suit: an E/M code, a session that was not held, else the session's kind."""
    if session.chip in NOT_HELD:
        return "not_held"
    return "em" if em else str(session.kind)


def _because(word: str) -> str:
    if word == "em":
        return "for an E/M code"
    if word == "not_held":
        return "for a session that was not held"
    return f"for {dict(KINDS)[word].lower()}"


def _used_last(session: Session, templates: Iterable[NoteTemplate]) -> NoteTemplate | None:
    """The one of them that the session's provider used last for this client, else for anybody."""
    by_key = {template.key: template for template in templates}
    used = Note.objects.filter(
        organization_id=session.organization_id,
        author_id=session.provider_id,
        state="signed",
        template__key__in=list(by_key),
    ).order_by("-created_at", "-pk")
    for rows in (used.filter(client_id=session.client_id), used):
        if (key := rows.values_list("template__key", flat=True).first()) is not None:
            return by_key[key]
    return None
