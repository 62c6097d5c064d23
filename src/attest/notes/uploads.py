"""The pages of a note that was written outside: hand it in, look at it, take it back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from attest.calendar.models import Session
from attest.calendar.queries import session_for
from attest.core import files
from attest.core.access import MemberRequest, access
from attest.core.inspection import KINDS, LARGEST, inspection_words
from attest.core.inspection import Refused as FileRefused
from attest.core.templatetags.times import in_zone
from attest.notes import actions
from attest.notes.models import UploadedNote
from attest.notes.problems import NoteRefused, WordsNeeded
from attest.notes.queries import upload_of
from attest.practice.fields import DayField, PlainForm
from attest.practice.form_page import SeeOther, form_page, next_of
from attest.practice.refusal import Refused

ACCEPT = ",".join(f".{kind.extension}" for kind in KINDS) + ",.jpeg"


class UploadForm(PlainForm):
    """The file, and what is declared about it."""

    file = forms.FileField(
        label="File",
        help_text=inspection_words(),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Choose the file.", "empty": "This file is empty. Choose another one."},
    )
    author = forms.CharField(label="Who wrote and signed it", max_length=100, help_text="With credentials.")
    signed_on = DayField(label="Signed on", help_text="The date beside the signature on the document.")


@access("note.write")
def upload(request: MemberRequest, session_id: UUID) -> HttpResponseBase:
    """Hand in a file as the session's note."""
    session = session_for(request.member, request.scope, session_id)
    existing = upload_of(session)
    if existing is not None and request.method != "POST":
        return _shown(request, session, existing)
    sent = request.method == "POST"
    day = in_zone(session.starts_at, session.zone).date()
    form = UploadForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={"author": session.provider.signature_name, "signed_on": day},
    )

    def save(values: dict[str, Any]) -> None:
        file = values["file"]
        if file.size > LARGEST:
            raise Refused(
                {"file": f"This file is larger than {LARGEST // 1024**2} MB. Make it smaller, or split it."}
            )
        try:
            actions.upload_note(
                session_id=session.pk,
                content=file.read(),
                author=values["author"],
                signed_on=values["signed_on"],
                by_member=request.member,
            )
        except FileRefused as refusal:
            raise Refused({"file": str(refusal)}) from refusal
        except WordsNeeded as refusal:
            raise Refused({refusal.field: str(refusal)}) from refusal
        except NoteRefused as refusal:
            raise Refused(str(refusal)) from refusal

    return form_page(
        request,
        form,
        save,
        title="Upload a note",
        then=reverse("notes:note", args=[request.practice.slug, session.pk]),
        said="The note is kept with the session.",
        template="notes/upload.html",
        submit="Upload",
        session=session,
        client=session.client,
    )


@access("note.read")
@require_GET
def uploaded(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """The file itself, opened in the browser where that is safe."""
    session = session_for(request.member, request.scope, session_id)
    found = upload_of(session)
    if found is None:
        raise Http404("no file")
    return files.download(found.file, in_page=True)


@access("note.write")
@require_POST
def withdraw(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Take the file back, with a reason."""
    session = session_for(request.member, request.scope, session_id)
    try:
        actions.withdraw_upload(
            session_id=session.pk, reason=request.POST.get("reason", ""), by_member=request.member
        )
    except NoteRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The file was removed from this session. It is kept, marked as withdrawn.")
    return SeeOther(next_of(request) or reverse("notes:note", args=[request.practice.slug, session.pk]))


def _shown(request: MemberRequest, session: Session, existing: UploadedNote) -> HttpResponse:
    context = {
        "session": session,
        "client": session.client,
        "upload": existing,
        "next": next_of(request),
        "removable": actions.removable(session) and session.provider_id == request.member.provider_id,
    }
    return TemplateResponse(request, "notes/uploaded.html", context)
