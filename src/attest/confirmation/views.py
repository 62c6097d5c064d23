"""The confirm page: everything typed is saved as it is typed; one button signs and confirms."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attest.calendar.models import Session
from attest.calendar.queries import session_for
from attest.confirmation import actions
from attest.confirmation.drafts import StaleDetails, draft_values, save_details
from attest.confirmation.fixes import place_on_page, with_fixes
from attest.confirmation.forms import DetailsForm
from attest.confirmation.page import Page, may_sign, page
from attest.confirmation.typed import clean, read
from attest.core import clock, once
from attest.core.access import MemberRequest, access
from attest.core.accounts import last_proof
from attest.core.templatetags.times import in_zone, time_text
from attest.notes.editor import editor_for
from attest.notes.queries import current_templates
from attest.policy.chips import UNCONFIRMED


def _own_session(request: MemberRequest, session_id: UUID) -> Session:
    session = session_for(request.member, request.scope, session_id)
    if not may_sign(request.member, session):
        raise Http404("only its provider confirms a session")
    return session


@access("session.confirm")
@require_http_methods(["GET", "POST"])
def confirm(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """The confirm page; posting signs and confirms."""
    session = _own_session(request, session_id)
    panel = reverse("workspace:session", args=[request.practice.slug, session.pk])
    if session.chip not in UNCONFIRMED:
        messages.info(request, "This session is already taken care of.")
        return HttpResponseRedirect(panel)
    if request.method == "GET":
        return _shown(request, session)
    posted = clean(request.POST)
    stale = _keep_posted(request, session, posted)
    if stale:
        return _shown(request, session, problem=str(stale), status=409)
    try:
        confirmation = actions.sign_and_confirm(
            session_id=session.pk,
            values=posted,
            seen=actions.Seen(
                note=request.POST.get("seen_note", ""),
                revision=draft_values(session)[1],
                consequences=request.POST.get("seen_consequences", ""),
            ),
            acting=actions.Acting(request.member, last_proof(request)),
            key=request.POST.get("key", "")[:80] or str(uuid4()),
        )
    except actions.ProofNeeded:
        here = reverse("confirmation:confirm", args=[request.practice.slug, session.pk])
        messages.info(request, "Everything is saved. Prove that it is you, then press the button once more.")
        return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?next={here}")
    except actions.Blocked as blocked:
        places = (place_on_page(r) for r in blocked.roadblocks)
        return _shown(
            request,
            session,
            problem=_count(len(blocked.roadblocks)),
            go_to=next(filter(None, places), ""),
            status=422,
        )
    except (actions.Changed, once.KeyReused) as changed:
        return _shown(request, session, problem=str(changed), status=409)
    signed = "Note signed and session confirmed." if confirmation.note_id else "Session confirmed."
    messages.success(request, signed)
    return HttpResponseRedirect(panel)


@access("session.confirm")
@require_POST
def save(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Autosave of changed fields: the new revision, or 409 when another tab was there first."""
    session = _own_session(request, session_id)
    if session.chip not in UNCONFIRMED:
        return JsonResponse({"message": "This session is already confirmed or closed."}, status=409)
    names = set(request.POST)
    changes = {name: value for name, value in clean(request.POST).items() if name in names}
    try:
        draft = save_details(session=session, changes=changes, revision=_revision(request))
    except StaleDetails as stale:
        return JsonResponse({"message": str(stale)}, status=409)
    saved = time_text(in_zone(draft.saved_at, request.member.zone))
    return JsonResponse({"revision": draft.revision, "saved": saved})


@access("session.confirm")
@require_GET
def preview(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """The right side and the codes, as they follow from what is saved: refreshed after each save."""
    session = _own_session(request, session_id)
    return TemplateResponse(request, "confirmation/_preview.html", _context(request, session))


def _keep_posted(request: HttpRequest, session: Session, posted: dict[str, Any]) -> Exception | None:
    """Save what was posted, so that nothing typed is lost whatever happens; the problem when another tab was first."""
    values, revision = draft_values(session)
    if _revision(request) == revision and all(values.get(name) == value for name, value in posted.items()):
        return None
    try:
        save_details(session=session, changes=posted, revision=_revision(request))
    except StaleDetails as stale:
        return stale
    return None


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() else -1


def _count(blocking: int) -> str:
    if blocking == 1:
        return "One thing is still missing. Nothing was signed yet."
    return f"{blocking} things are still missing. Nothing was signed yet."


def _shown(
    request: MemberRequest, session: Session, *, problem: str = "", go_to: str = "", status: int = 200
) -> HttpResponse:
    """The page; `go_to` is the section that something is missing from, scrolled to at once."""
    context = _context(request, session) | {"problem": problem, "go_to": go_to, "key": str(uuid4())}
    return TemplateResponse(request, "confirmation/confirm.html", context, status=status)


def _context(request: MemberRequest, session: Session) -> dict[str, Any]:
    values, revision = draft_values(session)
    shown: Page = page(session, values, revision, now=clock.now())
    slug = request.practice.slug
    here = reverse("confirmation:confirm", args=[slug, session.pk])
    note = shown.case.behind.note
    editor = None
    if note is not None and note.state == "draft":
        editor = editor_for(session, note, member=request.member, scope=request.scope, now=shown.case.now)
    return {
        "session": session,
        "page": shown,
        "form": DetailsForm(shown.values, shown.case),
        "values": shown.values,
        "typed": read(session, shown.values),
        "outcome": shown.outcome,
        "due": shown.case.signature_due,
        "late": shown.case.signature_due.is_late(shown.case.now),
        "blocking": with_fixes(shown.blocking, session, slug, request.member, here),
        "warnings": with_fixes(shown.warnings, session, slug, request.member, here),
        "note": note,
        "editor": editor,
        "templates": current_templates(session.organization_id),
        "side": "last",
        "next_url": here,
    }
