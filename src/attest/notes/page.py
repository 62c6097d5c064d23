"""What a note's page shows: a choice of templates, the editor of a draft, or the signed note."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse

from attest.calendar.models import Session
from attest.core import audit, clock
from attest.core.access import MemberRequest
from attest.core.accounts import last_proof
from attest.core.ids import new_id
from attest.notes.actions import removable
from attest.notes.choosing import offers_for
from attest.notes.definition import Value
from attest.notes.editor import Editor, editor_for
from attest.notes.models import Note
from attest.notes.place import Place
from attest.notes.proof import is_fresh
from attest.notes.queries import discarded_notes, signature_due_of, standings, upload_of
from attest.notes.reading import answers_of, reading_of
from attest.policy.chips import UNCONFIRMED
from attest.policy.deadlines import has_started
from attest.practice.queries import policy_for

ADDITIONS = (
    ("addendum", "Addendum", "Something new that belongs to this session."),
    ("correction", "Correction", "Something in the note is wrong."),
    ("late_entry", "Late entry", "Something was left out at the time."),
)
SIDES = ("last", "checks")


def note_page(
    request: MemberRequest,
    place: Place,
    *,
    status: int = 200,
    typed: Mapping[str, Value] | None = None,
    errors: Mapping[str, str] | None = None,
    late_reason: str | None = None,
    conflict: str = "",
    **more: Any,
) -> HttpResponse:
    """The page of the note as it stands now. `typed` is what stands in the form instead of what is saved."""
    found, session = place.again(), place.session
    writes = place.is_written_by(request)
    context: dict[str, Any] = {
        "session": session,
        "client": place.client,
        "note": found,
        "note_zone": place.zone,
        "back_url": _back_url(request, place),
        "writes": writes,
        "discarded": _discarded(session) if writes and session is not None else [],
    }
    if found is not None and found.state == "signed":
        add = more.pop("add", None) or {"key": str(new_id())}
        context |= {
            "reading": reading_of(found),
            "author": place.author,
            "kinds": ADDITIONS,
            "add": add,
        } | more
        return TemplateResponse(request, "notes/signed.html", context, status=status)
    if found is not None and writes:
        context |= draft_context(
            request, place, found, typed=typed, errors=errors, late_reason=late_reason, conflict=conflict
        )
        if context["side"] == "last":
            record_last(request, context["editor"])
        return TemplateResponse(request, "notes/draft.html", context, status=status)
    assert session is not None  # a draft without a session is shown to its author alone
    if found is None and (upload := upload_of(session)) is not None:
        context |= {"upload": upload, "removable": writes and removable(session)}
        return TemplateResponse(request, "notes/uploaded.html", context, status=status)
    context |= {
        "offers": offers_for(session) if writes else [],
        "due": signature_due_of(session),
        "drafting": found is not None,
        "owed": standings(session.organization_id, [session])[session.pk].owed,
    }
    return TemplateResponse(request, "notes/start.html", context, status=status)


def draft_context(request: MemberRequest, place: Place, draft: Note, **shown: Any) -> dict[str, Any]:
    """What the editor of a draft and the pane beside it need."""
    now, session = clock.now(), place.session
    editor = editor_for(session, draft, member=request.member, scope=request.scope, now=now, **shown)
    wanted = request.GET.get("side")
    confirm_url = ""
    if session is not None and session.chip in UNCONFIRMED and has_started(session.starts_at, now):
        confirm_url = _url("confirmation:confirm", request.practice.slug, session.pk)
    return {
        "session": session,
        "editor": editor,
        "side": wanted if wanted in SIDES else "last" if editor.last else "checks",
        "asks_proof": not is_fresh(last_proof(request), policy_for(request.practice.pk)),
        "confirm_url": confirm_url,
    }


def record_last(request: MemberRequest, editor: Editor) -> None:
    """Showing the last note is reading it: the access log names its session."""
    if editor.last is None:
        return
    audit.record(
        "note.read",
        subject_type="session",
        subject_id=editor.last.session.pk,
        client_id=editor.last.session.client_id,
        organization_id=editor.last.session.organization_id,
        by=request.member.user_id,
        beside=str(editor.note.session_id),
    )


def client_address(request: MemberRequest, place: Place) -> str:
    """The client's page of plans and notes, or the front of the practice while no room shows clients."""
    return _url("workspace:client_tab", request.practice.slug, place.client.pk, "plan") or "/"


def proof_url(here: str) -> str:
    """Where the person proves who they are, and comes back from."""
    return f"{reverse('account_reauthenticate')}?next={quote(here)}"


def _back_url(request: MemberRequest, place: Place) -> str:
    if place.session is not None:
        return _url("workspace:session", request.practice.slug, place.session.pk)
    return _url("workspace:client_tab", request.practice.slug, place.client.pk, "plan")


def _discarded(session: Session) -> list[dict[str, Any]]:
    return [
        {"note": old, "answers": answers_of(old.template.parsed, old.content)}
        for old in discarded_notes(session)
    ]


def _url(name: str, slug: str, *ids: UUID | str) -> str:
    """The address of a page of a room above, or nothing where that room has no pages."""
    try:
        return reverse(name, args=[slug, *ids])
    except NoReverseMatch:
        return ""
