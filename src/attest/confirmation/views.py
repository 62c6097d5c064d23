"""The confirm page: everything typed is saved as it is typed; one button signs and confirms."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attest.calendar.models import Session
from attest.calendar.queries import session_for
from attest.confirmation import actions
from attest.confirmation.drafts import StaleDetails, draft_values, save_details, saved_at
from attest.confirmation.fixes import with_fixes
from attest.confirmation.forms import DetailsForm
from attest.confirmation.page import Page, may_sign, page
from attest.confirmation.typed import clean, read, whole
from attest.core import clock, once
from attest.core.access import MemberRequest, access
from attest.core.accounts import last_proof
from attest.core.templatetags.times import in_zone, time_text
from attest.notes.choosing import offers_for
from attest.notes.editor import editor_for
from attest.notes.header import facts_of, header_digest, header_for
from attest.notes.models import Note
from attest.notes.proof import is_fresh
from attest.policy.chips import CHIPS, UNCONFIRMED, ChipState
from attest.policy.deadlines import local_date
from attest.practice.form_page import SeeOther

FOLLOWED = "followed"
"""Names what the page suggested while nothing had been chosen: sent back the same, it stays a suggestion."""


def _own_session(request: MemberRequest, session_id: UUID) -> Session:
    session = session_for(request.member, request.scope, session_id)
    if not may_sign(request.member, session):
        raise Http404("only its provider confirms a session")
    return session


@access("session.confirm")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """The confirm page; posting signs and confirms."""
    session = _own_session(request, session_id)
    if session.chip not in UNCONFIRMED:
        return _nothing_to_confirm(request, session)
    if request.method != "POST":
        return _shown(request, session)
    values = whole(request.POST)
    try:
        revision = _keep(request, session, values)
        confirmation = actions.sign_and_confirm(
            session_id=session.pk,
            values=values,
            seen=actions.Seen(
                note=request.POST.get("seen_note", ""),
                revision=revision,
                consequences=request.POST.get("seen_consequences", ""),
            ),
            acting=actions.Acting(request.member, last_proof(request)),
            key=clean_key(request.POST.get("key", "")),
        )
    except StaleDetails:
        return _stopped(request, session, "These details were changed in another tab. Nothing was signed:"
                        " this is how they are now.", status=409)  # fmt: skip
    except actions.ProofNeeded:
        messages.info(request, "Everything is saved. Say who you are, then press the button once more.")
        return SeeOther(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")
    except actions.Blocked as blocked:
        return _stopped(request, session, _count(len(blocked.roadblocks)), status=422, pressed=True)
    except (actions.Changed, once.KeyReused) as changed:
        return _stopped(request, session, str(changed), status=409)
    signed = "Note signed and session confirmed." if confirmation.note_id else "Session confirmed."
    messages.success(request, signed)
    return SeeOther(_panel(request, session))


@access("session.confirm")
@require_POST
def save(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Autosave of changed fields: the new revision, or 409 when another tab was there first.

    Whatever is typed is kept as it is; `errors` are the sentences beside fields that cannot be read that way.
    """
    session = _own_session(request, session_id)
    if session.chip not in UNCONFIRMED:
        return JsonResponse({"message": _taken_care_of(session)}, status=409)
    names = set(request.POST)
    changes = {name: value for name, value in clean(request.POST).items() if name in names}
    if "addon" in changes and "code" not in changes:
        changes |= _code_of(session)
    try:
        draft = save_details(session=session, changes=changes, revision=_revision(request))
    except StaleDetails as stale:
        return JsonResponse({"message": str(stale)}, status=409)
    sentences = read(session, draft.values).sentences(local_date(draft.saved_at, session.zone))
    saved = time_text(in_zone(draft.saved_at, request.member.zone))
    return JsonResponse({"revision": draft.revision, "saved": saved, "errors": sentences})


@access("session.draft")
@require_safe
def preview(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """The right side and the codes, as they follow from what is saved: refreshed after each save."""
    session = _own_session(request, session_id)
    context = _context(request, session) | {"pressed": "pressed" in request.GET}
    return TemplateResponse(request, "confirmation/_preview.html", context)


def _keep(request: HttpRequest, session: Session, values: dict[str, Any]) -> int:
    """Save what was sent, so that nothing typed is lost whatever happens; the revision it then has.

    Raises StaleDetails when another tab was first. A suggested code that was sent as suggested stays one, and
    follows the times when they are corrected.
    """
    stored, revision = draft_values(session)
    kept = values
    followed = [text for text in request.POST.get(FOLLOWED, "").split(" ") if text]
    if not stored.get("code") and followed == [values.get("code", ""), *values["addon"]]:
        kept = {name: value for name, value in values.items() if name not in ("code", "addon")}
    if all((stored.get(name) or "") == (value or "") for name, value in kept.items()):
        return revision
    return save_details(session=session, changes=kept, revision=_revision(request)).revision


def _code_of(session: Session) -> dict[str, Any]:
    """The code that stood on the page when an add-on was ticked: from then on it is chosen and no longer follows."""
    values, revision = draft_values(session)
    if values.get("code"):
        return {}
    return {"code": page(session, values, revision, now=clock.now()).values.get("code", "")}


def _revision(request: HttpRequest) -> int:
    """The revision the typed values build on; what is none fits nothing."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def clean_key(text: str) -> str:
    """The key of one press; without one that can be kept, a new one."""
    key = text.replace("\0", "").strip()[:80]
    return key or str(uuid4())


def _count(blocking: int) -> str:
    if blocking == 1:
        return "One thing is still missing. Nothing was signed yet."
    return f"{blocking} things are still missing. Nothing was signed yet."


def _panel(request: MemberRequest, session: Session) -> str:
    return reverse("workspace:session", args=[request.practice.slug, session.pk])


def _taken_care_of(session: Session) -> str:
    return f"There is nothing to confirm: this session is marked “{CHIPS[ChipState(session.chip)].word}”."


def _nothing_to_confirm(request: MemberRequest, session: Session) -> HttpResponse:
    messages.info(request, _taken_care_of(session))
    return SeeOther(_panel(request, session))


def _stopped(
    request: MemberRequest, session: Session, problem: str, *, status: int, pressed: bool = False
) -> HttpResponse:
    """The page as things are now, with what stopped the press; or the session, when it was confirmed or closed."""
    session.refresh_from_db(fields=["chip"])
    if session.chip not in UNCONFIRMED:
        return _nothing_to_confirm(request, session)
    return _shown(request, session, problem=problem, pressed=pressed, status=status)


def _shown(
    request: MemberRequest, session: Session, *, problem: str = "", pressed: bool = False, status: int = 200
) -> HttpResponse:
    """The page; after a press that was stopped, the first thing missing is scrolled to."""
    context = _context(request, session)
    shown: Page = context["page"]
    if shown.draft is not None:
        context |= _editor(request, session, shown, shown.draft, pressed)
    context |= {
        "problem": problem,
        "pressed": pressed,
        "go_to": shown.go_to if pressed else "",
        "key": str(uuid4()),
        "saved_at": saved_at(session),
        "form": DetailsForm(shown.values, shown.case),
        "offers": [] if shown.case.behind.note else offers_for(session, em=shown.beside_em, billable=True),
        "panel_url": _panel(request, session),
    }
    return TemplateResponse(request, "confirmation/confirm.html", context, status=status)


def _editor(
    request: MemberRequest, session: Session, shown: Page, draft: Note, pressed: bool
) -> dict[str, Any]:
    """The note's editor; after a press that was stopped, with a sentence beside each field it waits for."""
    errors = {}
    if pressed:
        errors = dict.fromkeys(shown.empty_note_keys, "Needed before you sign.")
        if shown.late and not draft.late_reason:
            errors["late_reason"] = "Say why, in a few words."
    editor = editor_for(
        session, draft, member=request.member, scope=request.scope, now=shown.case.now, errors=errors
    )
    return {
        "editor": editor,
        "side": "last" if editor.last else "checks",
        "asks_proof": not is_fresh(last_proof(request), shown.case.behind.policy),
    }


def _context(request: MemberRequest, session: Session) -> dict[str, Any]:
    """What the page and its refreshed parts share."""
    values, revision = draft_values(session)
    shown = page(session, values, revision, now=clock.now())
    slug = request.practice.slug
    here = reverse("confirmation:confirm", args=[slug, session.pk])
    field = shown.empty_note_field
    return {
        "session": session,
        "page": shown,
        "form": DetailsForm(shown.values, shown.case),
        "values": shown.values,
        "typed": shown.case.typed,
        "outcome": shown.outcome,
        "due": shown.case.signature_due,
        "late": shown.late,
        "blocking": with_fixes(shown.blocking, session, slug, request.member, here, field),
        "warnings": with_fixes(shown.warnings, session, slug, request.member, here, field),
        "note": shown.case.behind.note,
        "seen_header": header_digest(header_for(session, facts_of(session))) if shown.draft else "",
        "next_url": f"{here}#note",
    }
