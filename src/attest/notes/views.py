"""The pages of a session's note: write it, sign it, read it, add to it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from attest.calendar.models import Session
from attest.calendar.queries import session_for
from attest.core import audit, clock
from attest.core.access import MemberRequest, access, may
from attest.core.accounts import last_proof
from attest.core.ids import new_id
from attest.core.once import KeyReused
from attest.core.paper import Paper, paper_response
from attest.core.templatetags.times import in_zone, time_text
from attest.notes import actions
from attest.notes.definition import BadValues, Value, clean, complete
from attest.notes.editor import LATE_REASON, PREFIX, Editor, editor_for, typed_values
from attest.notes.models import Note
from attest.notes.printing import note_part
from attest.notes.problems import (
    Changed,
    Incomplete,
    LateReasonNeeded,
    NotADraft,
    NoteRefused,
    NothingToSign,
    NotSigned,
    StaleDraft,
    WordsNeeded,
)
from attest.notes.proof import is_fresh
from attest.notes.queries import (
    current_templates,
    digest_of,
    discarded_notes,
    note_of,
    signature_due_of,
    standings,
    template_by_key,
)
from attest.notes.reading import answers_of, reading_of
from attest.policy.chips import UNCONFIRMED
from attest.policy.deadlines import has_started
from attest.practice.form_page import SeeOther, next_of
from attest.practice.queries import policy_for

ADDITIONS = (
    ("addendum", "Addendum", "Something new that belongs to this session."),
    ("correction", "Correction", "Something in the note is wrong."),
    ("late_entry", "Late entry", "Something was left out at the time."),
)
ADDITION_FIELDS = {
    "kind": ("What is it?", "add-addendum"),
    "reason": ("Why you add it", "add-reason"),
    "text": ("What you add", "add-text"),
}
ELSEWHERE = "This note was changed in another tab. Below is what you typed, beside what was saved there."


@access("note.read")
@require_GET
def note(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """The note of a session as it stands: choose a template, go on writing, or read what was signed."""
    return _page(request, session_for(request.member, request.scope, session_id))


@access("note.read")
@require_GET
def pdf(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """The signed note as a PDF, with everything that was added to it."""
    session = session_for(request.member, request.scope, session_id)
    found = note_of(session)
    reading = reading_of(found) if found is not None else None
    if reading is None:
        raise Http404("no signed note")
    return paper_response(
        Paper(title=f"{reading.template_name} note", foot=request.practice.name, parts=(note_part(reading),)),
        name=f"note-{reading.version.header['date_of_service']}.pdf",
    )


@access("note.write")
def start(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Begin a draft in the chosen template."""
    session, here = _session(request, session_id)
    template = template_by_key(session.organization_id, request.POST.get("template", ""))
    if request.method != "POST" or template is None:
        return SeeOther(here)
    try:
        actions.start_draft(session=session, template=template, by_member=request.member)
    except NoteRefused as problem:
        messages.info(request, str(problem))
    return SeeOther(next_of(request) or here)


@access("note.write")
def save(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Autosave: the changed fields and the revision they were typed upon. Answers JSON; a plain form is sent back."""
    session, here = _session(request, session_id)
    draft = note_of(session)
    if request.method != "POST":
        return SeeOther(here)
    if draft is None:
        return JsonResponse(
            {"message": "This draft was discarded in another tab. Copy what you need."}, status=409
        )
    definition = draft.template.parsed
    try:
        draft = actions.save_draft(
            note_id=draft.pk,
            values=typed_values(definition, request.POST),
            revision=_number(request.POST.get("revision")),
            by_member=request.member,
            late_reason=request.POST.get(LATE_REASON),
        )
    except BadValues as problem:
        errors = {_form_name(key): sentence for key, sentence in problem.sentences.items()}
        return JsonResponse({"errors": errors}, status=422)
    except NoteRefused as problem:
        return JsonResponse({"message": str(problem)}, status=409)
    saved = time_text(in_zone(draft.saved_at, request.member.zone))
    digest = digest_of(draft, draft.content)
    return JsonResponse({"revision": draft.revision, "saved": saved, "digest": digest})


@access("note.write")
def switch(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Move the draft to another template; what was typed is saved first."""
    session, here = _session(request, session_id)
    template = template_by_key(session.organization_id, request.POST.get("template", ""))
    draft = note_of(session)
    if request.method != "POST" or template is None or draft is None:
        return SeeOther(here)
    kept = _keep(request, session, draft)
    if isinstance(kept, HttpResponse):
        return kept
    actions.switch_template(note_id=kept.pk, template=template, by_member=request.member)
    messages.success(request, f"This note is now written in {template.name}. What you wrote came along.")
    return SeeOther(next_of(request) or here)


@access("note.write")
def discard(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Discard the draft on purpose."""
    session, here = _session(request, session_id)
    draft = note_of(session)
    if request.method != "POST" or draft is None or str(draft.pk) != request.POST.get("note_id"):
        return SeeOther(here)
    try:
        actions.discard_draft(note_id=draft.pk, by_member=request.member)
    except NotADraft as problem:
        messages.info(request, str(problem))
    else:
        messages.success(request, "Draft discarded. It stays in the history below.")
    return SeeOther(next_of(request) or here)


@access("note.write")
def sign(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Sign the note alone: exactly what stands in the form, or nothing."""
    session, here = _session(request, session_id)
    draft = note_of(session)
    if request.method != "POST":
        return SeeOther(here)
    if draft is None or draft.state != "draft":
        messages.info(request, str(NotADraft(draft) if draft else NothingToSign()))
        return SeeOther(here)
    kept = _keep(request, session, draft)
    if isinstance(kept, HttpResponse):
        return kept
    proof_at = last_proof(request)
    if proof_at is None or not is_fresh(proof_at, policy_for(session.organization_id)):
        messages.info(request, "Your draft is saved. After your password, press Sign note once more.")
        return SeeOther(_proof_url(here))
    try:
        actions.sign_alone(
            session_id=session.pk,
            seen_digest=digest_of(kept, kept.content),
            seen_header=request.POST.get("seen_header", ""),
            by_member=request.member,
            proof_at=proof_at,
            late_reason=kept.late_reason,
        )
    except Incomplete as problem:
        errors = {field.key: "Needed before you sign." for field in problem.missing}
        return _page(request, session, status=422, errors=errors)
    except LateReasonNeeded as problem:
        return _page(request, session, status=422, errors={"late_reason": str(problem)})
    except Changed as problem:
        return _page(request, session, status=409, conflict=str(problem))
    messages.success(request, "Note signed and locked.")
    return SeeOther(next_of(request) or here)


@access("note.draft")
def side(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Beside the draft: the last note or the checks. `again` marks a refresh after saving, which is no new reading."""
    session, here = _session(request, session_id)
    draft = note_of(session)
    if draft is None or draft.state != "draft" or not request.headers.get("HX-Request"):
        return SeeOther(here)
    context = _draft_context(request, session, draft)
    if context["side"] == "last" and "again" not in request.GET:
        _record_last(request, context["editor"])
    return TemplateResponse(request, "notes/_side.html", context)


@access("note.write")
def addendum(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Add a signed entry to the signed note."""
    session, here = _session(request, session_id)
    signed = note_of(session)
    if request.method != "POST" or signed is None:
        return SeeOther(here)
    typed = {name: request.POST.get(name, "") for name in ("kind", "reason", "text", "key")}
    proof_at = last_proof(request)
    if proof_at is None or not is_fresh(proof_at, policy_for(session.organization_id)):
        return _page(request, session, status=422, add=typed, proof_url=_proof_url(here))
    try:
        actions.add_addendum(
            note_id=signed.pk,
            kind=typed["kind"],
            reason=typed["reason"],
            text=typed["text"],
            key=typed["key"],
            by_member=request.member,
            proof_at=proof_at,
        )
    except WordsNeeded as problem:
        label, place = ADDITION_FIELDS[problem.field]
        row = {"href": place, "label": label, "text": str(problem)}
        return _page(request, session, status=422, add=typed, add_errors=[row])
    except KeyReused as problem:
        row = {"href": "", "label": "", "text": str(problem)}
        return _page(request, session, status=422, add=typed | {"key": str(new_id())}, add_errors=[row])
    except NotSigned as problem:
        messages.info(request, str(problem))
        return SeeOther(here)
    messages.success(request, "Added and signed.")
    return SeeOther(here)


def _session(request: MemberRequest, session_id: UUID) -> tuple[Session, str]:
    """The member's own session, and the address of its note."""
    session = session_for(request.member, request.scope, session_id)
    return session, reverse("notes:note", args=[request.practice.slug, session.pk])


def _keep(request: MemberRequest, session: Session, draft: Note) -> Note | HttpResponse:
    """Save the whole form as posted, so that nothing typed is lost; or the page again, saying why that cannot be."""
    definition = draft.template.parsed
    raw = typed_values(definition, request.POST)
    late_reason = request.POST.get(LATE_REASON)
    try:
        sent = clean(definition, raw)
        shown_on = (request.POST.get("note_id"), request.POST.get("note_template"))
        if shown_on != (str(draft.pk), str(draft.template_id)):
            return _page(
                request, session, status=409, typed=sent, late_reason=late_reason, conflict=ELSEWHERE
            )
        whole = complete(definition, sent)
        return actions.save_draft(
            note_id=draft.pk,
            values=whole,
            revision=_number(request.POST.get("note_revision")),
            by_member=request.member,
            late_reason=late_reason,
        )
    except BadValues as problem:
        shown = {key: value for key, value in raw.items() if isinstance(value, (str, list))}
        return _page(
            request, session, status=422, typed=shown, late_reason=late_reason, errors=problem.sentences
        )
    except StaleDraft:
        return _page(request, session, status=409, typed=whole, late_reason=late_reason, conflict=ELSEWHERE)
    except NotADraft as problem:
        messages.info(request, str(problem))
        return SeeOther(reverse("notes:note", args=[request.practice.slug, session.pk]))


def _page(
    request: MemberRequest,
    session: Session,
    *,
    status: int = 200,
    typed: Mapping[str, Value] | None = None,
    errors: Mapping[str, str] | None = None,
    late_reason: str | None = None,
    conflict: str = "",
    **more: Any,
) -> HttpResponse:
    found = note_of(session)
    writes = may(request.member, "note.write") and request.member.provider_id == session.provider_id
    context: dict[str, Any] = {
        "session": session,
        "session_url": _url("workspace:session", request, session),
        "writes": writes,
        "discarded": _discarded(session) if writes else [],
    }
    if found is not None and found.state == "signed":
        add = more.pop("add", None) or {"key": str(new_id())}
        context |= {"reading": reading_of(found), "kinds": ADDITIONS, "add": add} | more
        return TemplateResponse(request, "notes/signed.html", context, status=status)
    if found is not None and writes:
        context |= _draft_context(
            request, session, found, typed=typed, errors=errors, late_reason=late_reason, conflict=conflict
        )
        if context["side"] == "last":
            _record_last(request, context["editor"])
        return TemplateResponse(request, "notes/draft.html", context, status=status)
    context |= {
        "templates": current_templates(session.organization_id) if writes else [],
        "due": signature_due_of(session),
        "drafting": found is not None,
        "owed": standings(session.organization_id, [session])[session.pk].owed,
    }
    return TemplateResponse(request, "notes/start.html", context, status=status)


def _draft_context(request: MemberRequest, session: Session, draft: Note, **shown: Any) -> dict[str, Any]:
    now = clock.now()
    editor = editor_for(session, draft, member=request.member, scope=request.scope, now=now, **shown)
    wanted = request.GET.get("side")
    confirmable = session.chip in UNCONFIRMED and has_started(session.starts_at, now)
    return {
        "session": session,
        "editor": editor,
        "side": wanted if wanted in ("last", "checks") else "last" if editor.last else "checks",
        "asks_proof": not is_fresh(last_proof(request), policy_for(session.organization_id)),
        "confirm_url": _url("confirmation:confirm", request, session) if confirmable else "",
    }


def _discarded(session: Session) -> list[dict[str, Any]]:
    return [
        {"note": old, "answers": answers_of(old.template.parsed, old.content)}
        for old in discarded_notes(session)
    ]


def _record_last(request: MemberRequest, editor: Editor) -> None:
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
        beside=str(editor.session.pk),
    )


def _proof_url(here: str) -> str:
    return f"{reverse('account_reauthenticate')}?next={quote(here)}"


def _form_name(key: str) -> str:
    return LATE_REASON if key == "late_reason" else PREFIX + key


def _number(text: str | None) -> int:
    """A revision as sent; what is none fits no draft."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _url(name: str, request: MemberRequest, session: Session) -> str:
    """The address of a page of a room above, or nothing where that room has no pages."""
    try:
        return reverse(name, args=[request.practice.slug, session.pk])
    except NoReverseMatch:
        return ""
