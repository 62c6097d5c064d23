"""The pages of a note, of a session or about a client: write it, sign it, read it, add to it."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from attest.clients.queries import client_for
from attest.core.access import MemberRequest, access
from attest.core.accounts import last_proof
from attest.core.ids import new_id
from attest.core.once import KeyReused
from attest.core.paper import Paper, paper_response
from attest.core.templatetags.times import in_zone, time_text
from attest.notes import actions
from attest.notes.definition import BadValues, clean, complete
from attest.notes.editor import LATE_REASON, PREFIX, typed_values
from attest.notes.models import Note
from attest.notes.page import client_address, draft_context, note_page, proof_url, record_last
from attest.notes.place import Place, address, place_of
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
    digest_of,
    template_by_key,
)
from attest.notes.reading import reading_of
from attest.practice.form_page import SeeOther, next_of
from attest.practice.queries import policy_for

ADDITION_FIELDS = {
    "kind": ("What is it?", "add-addendum"),
    "reason": ("Why you add it", "add-reason"),
    "text": ("What you add", "add-text"),
}
ELSEWHERE = "This note was changed in another tab. Below is what you typed, beside what was saved there."


@access("note.read")
@require_GET
def note(request: MemberRequest, **ids: UUID) -> HttpResponse:
    """The note of a session as it stands: choose a template, go on writing, or read what was signed."""
    return note_page(request, place_of(request, **ids))


@access("note.read")
@require_GET
def pdf(request: MemberRequest, **ids: UUID) -> HttpResponse:
    """The signed note as a PDF, with everything that was added to it."""
    found = place_of(request, **ids).note
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
    place = place_of(request, session_id=session_id)
    session, here = place.session, place.here
    template = template_by_key(request.practice.pk, request.POST.get("template", ""))
    if request.method != "POST" or template is None or session is None:
        return SeeOther(here)
    try:
        actions.start_draft(session=session, template=template, by_member=request.member)
    except NoteRefused as problem:
        messages.info(request, str(problem))
    return SeeOther(next_of(request) or here)


@access("note.write")
def start_for_client(request: MemberRequest, client_id: UUID) -> HttpResponse:
    """Begin a note about the client without a session; `review` takes over the plan in force."""
    client = client_for(request.member, request.scope, client_id)
    template = template_by_key(request.practice.pk, request.POST.get("template", ""))
    back = next_of(request) or "/"
    if request.method != "POST" or template is None:
        return SeeOther(back)
    try:
        draft = actions.start_client_note(
            client=client,
            template=template,
            by_member=request.member,
            review=request.POST.get("review") == "yes",
        )
    except NoteRefused as problem:
        messages.info(request, str(problem))
        return SeeOther(back)
    return SeeOther(address(request.practice.slug, draft))


@access("note.write")
def save(request: MemberRequest, **ids: UUID) -> HttpResponse:
    """Autosave: the changed fields and the revision they were typed upon. Answers JSON; a plain form is sent back."""
    place = place_of(request, **ids)
    draft = place.note
    if request.method != "POST":
        return SeeOther(place.here)
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
def switch(request: MemberRequest, **ids: UUID) -> HttpResponse:
    """Move the draft to another template; what was typed is saved first."""
    place = place_of(request, **ids)
    template = template_by_key(request.practice.pk, request.POST.get("template", ""))
    draft = place.note
    if request.method != "POST" or template is None or draft is None:
        return SeeOther(place.here)
    kept = _keep(request, place, draft)
    if isinstance(kept, HttpResponse):
        return kept
    actions.switch_template(note_id=kept.pk, template=template, by_member=request.member)
    messages.success(request, f"This note is now written in {template.name}. What you wrote came along.")
    return SeeOther(next_of(request) or place.here)


@access("note.write")
def discard(request: MemberRequest, **ids: UUID) -> HttpResponse:
    """Discard the draft on purpose."""
    place = place_of(request, **ids)
    draft = place.note
    if request.method != "POST" or draft is None or str(draft.pk) != request.POST.get("note_id"):
        return SeeOther(place.here)
    try:
        actions.discard_draft(note_id=draft.pk, by_member=request.member)
    except NotADraft as problem:
        messages.info(request, str(problem))
    else:
        below = " It stays in the history below." if place.session else ""
        messages.success(request, f"Draft discarded.{below}")
    return SeeOther(next_of(request) or (place.here if place.session else client_address(request, place)))


@access("note.write")
def sign(request: MemberRequest, **ids: UUID) -> HttpResponse:
    """Sign the note alone: exactly what stands in the form, or nothing."""
    place = place_of(request, **ids)
    draft, here = place.note, place.here
    if request.method != "POST":
        return SeeOther(here)
    if draft is None or draft.state != "draft":
        messages.info(request, str(NotADraft(draft) if draft else NothingToSign()))
        return SeeOther(here)
    kept = _keep(request, place, draft)
    if isinstance(kept, HttpResponse):
        return kept
    proof_at = last_proof(request)
    if proof_at is None or not is_fresh(proof_at, policy_for(request.practice.pk)):
        messages.info(request, "Your draft is saved. Say who you are, then press Sign note once more.")
        return SeeOther(proof_url(here))
    try:
        _sign(request, place, kept, proof_at)
    except Incomplete as problem:
        errors = {field.key: "Needed before you sign." for field in problem.missing}
        return note_page(request, place, status=422, errors=errors)
    except LateReasonNeeded as problem:
        return note_page(request, place, status=422, errors={"late_reason": str(problem)})
    except Changed as problem:
        return note_page(request, place, status=409, conflict=str(problem))
    messages.success(request, "Note signed and locked.")
    return SeeOther(next_of(request) or here)


@access("note.draft")
def side(request: MemberRequest, **ids: UUID) -> HttpResponse:
    """Beside the draft: the last note or the checks. `again` marks a refresh after saving, which is no new reading."""
    place = place_of(request, **ids)
    draft = place.note
    if draft is None or draft.state != "draft" or not request.headers.get("HX-Request"):
        return SeeOther(place.here)
    context = draft_context(request, place, draft)
    if context["side"] == "last" and "again" not in request.GET:
        record_last(request, context["editor"])
    return TemplateResponse(request, "notes/_side.html", context)


@access("note.write")
def addendum(request: MemberRequest, **ids: UUID) -> HttpResponse:
    """Add a signed entry to the signed note."""
    place = place_of(request, **ids)
    signed, here = place.note, place.here
    if request.method != "POST" or signed is None:
        return SeeOther(here)
    typed = {name: request.POST.get(name, "") for name in ("kind", "reason", "text", "key")}
    proof_at = last_proof(request)
    if proof_at is None or not is_fresh(proof_at, policy_for(request.practice.pk)):
        return note_page(request, place, status=422, add=typed, proof_url=proof_url(here))
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
        label, anchor = ADDITION_FIELDS[problem.field]
        row = {"href": anchor, "label": label, "text": str(problem)}
        return note_page(request, place, status=422, add=typed, add_errors=[row])
    except KeyReused as problem:
        row = {"href": "", "label": "", "text": str(problem)}
        return note_page(request, place, status=422, add=typed | {"key": str(new_id())}, add_errors=[row])
    except NotSigned as problem:
        messages.info(request, str(problem))
        return SeeOther(here)
    messages.success(request, "Added and signed.")
    return SeeOther(here)


def _sign(request: MemberRequest, place: Place, draft: Note, proof_at: datetime) -> None:
    seen_digest, seen_header = digest_of(draft, draft.content), request.POST.get("seen_header", "")
    if place.session is None:
        actions.sign_client_note(
            note_id=draft.pk,
            seen_digest=seen_digest,
            seen_header=seen_header,
            by_member=request.member,
            proof_at=proof_at,
        )
        return
    actions.sign_alone(
        session_id=place.session.pk,
        seen_digest=seen_digest,
        seen_header=seen_header,
        by_member=request.member,
        proof_at=proof_at,
        late_reason=draft.late_reason,
    )


def _keep(request: MemberRequest, place: Place, draft: Note) -> Note | HttpResponse:
    """Save the whole form as posted, so that nothing typed is lost; or the page again, saying why that cannot be."""
    definition = draft.template.parsed
    raw = typed_values(definition, request.POST)
    late_reason = request.POST.get(LATE_REASON)
    try:
        sent = clean(definition, raw)
        shown_on = (request.POST.get("note_id"), request.POST.get("note_template"))
        if shown_on != (str(draft.pk), str(draft.template_id)):
            return note_page(
                request, place, status=409, typed=sent, late_reason=late_reason, conflict=ELSEWHERE
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
        return note_page(
            request, place, status=422, typed=shown, late_reason=late_reason, errors=problem.sentences
        )
    except StaleDraft:
        return note_page(request, place, status=409, typed=whole, late_reason=late_reason, conflict=ELSEWHERE)
    except NotADraft as problem:
        messages.info(request, str(problem))
        return SeeOther(place.here)


def _form_name(key: str) -> str:
    return LATE_REASON if key == "late_reason" else PREFIX + key


def _number(text: str | None) -> int:
    """A revision as sent; what is none fits no draft."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else -1
