"""A note that was written outside: handed in as a file, and taken back."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from attest.calendar.models import Session
from attest.core import audit, clock, files
from attest.core.inspection import inspect
from attest.notes.actions.locks import locked_session
from attest.notes.header import NOT_HELD
from attest.notes.models import UploadedNote
from attest.notes.problems import NotNow, UploadedAlready, WordsNeeded
from attest.notes.queries import note_of, upload_of
from attest.policy.chips import UNCONFIRMED, ChipState
from attest.policy.deadlines import local_date

PURPOSE = "uploaded note"
_NOT_CONFIRMED = UNCONFIRMED | NOT_HELD | {ChipState.NOT_BILLABLE}
Listener = Callable[[Session, UploadedNote, UUID], None]
_listeners: list[Listener] = []


def when_uploaded(listener: Listener) -> None:
    """A room above is told when a note was handed in, within the same transaction: an owed one may release a claim."""
    _listeners.append(listener)


def upload_note(
    *, session_id: UUID, content: bytes, author: str, signed_on: date, by_member: Any
) -> UploadedNote:
    """Keep a file as the session's note; who wrote it and when it was signed are declared.

    The name it had on somebody's machine is forgotten: such names often name clients. Raises inspection.Refused with
    the reason a file is not taken, WordsNeeded naming the field, NotNow when a template's note or another file is
    there already, NotYours.
    """
    author = " ".join(author.split())
    if not author:
        raise WordsNeeded("author", "Say who wrote and signed it.")
    found = inspect(content)
    with transaction.atomic():
        session = locked_session(session_id, by_member)
        now = clock.now()
        if signed_on < local_date(session.starts_at, session.zone):
            raise WordsNeeded("signed_on", "That is before the session.")
        if signed_on > local_date(now, session.zone):
            raise WordsNeeded("signed_on", "That day has not come yet.")
        written = note_of(session)
        if written is not None:
            raise NotNow(
                "This session has a signed note already. Add to it instead."
                if written.state == "signed"
                else "A draft is begun for this session. Sign it or discard it first."
            )
        if upload_of(session) is not None:
            raise UploadedAlready
        upload = UploadedNote.objects.create(
            organization_id=session.organization_id,
            session=session,
            file=files.keep(
                content,
                purpose=PURPOSE,
                name=f"note-{local_date(session.starts_at, session.zone)}.{found.kind.extension}",
                media_type=found.kind.media_type,
                by=by_member.user_id,
            ),
            author=author,
            signed_on=signed_on,
            uploaded_at=now,
            uploaded_by=by_member.user_id,
            scanned=found.scanned,
        )
        _record("note.uploaded", upload, by_member, sha256=upload.file.sha256, form=found.kind.extension)
        for listener in _listeners:
            listener(session, upload, by_member.user_id)
    return upload


def withdraw_upload(*, session_id: UUID, reason: str, by_member: Any) -> None:
    """Take back a file that was handed in by mistake, while the session is not confirmed with it.

    The file stays in the store, marked as withdrawn, with the reason: part of a record never disappears. Raises NotNow
    when there is none or the session rests on it, WordsNeeded without a reason, NotYours.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise WordsNeeded("reason", "Say why the file is removed.")
    with transaction.atomic():
        session = locked_session(session_id, by_member)
        upload = upload_of(session)
        if upload is None:
            raise NotNow("There is no file to remove.")
        if not removable(session):
            raise NotNow("The session was confirmed with this file, so it stays.")
        upload.withdrawn_at, upload.withdrawn_reason = clock.now(), reason[:300]
        upload.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        _record("note.upload_withdrawn", upload, by_member)


def removable(session: Session) -> bool:
    """Whether the session's file can still be taken back: nothing was confirmed with it."""
    return session.chip in _NOT_CONFIRMED


def _record(event: str, upload: UploadedNote, by_member: Any, **data: object) -> None:
    audit.record(
        event,
        subject_type="session",
        subject_id=upload.session_id,
        client_id=upload.session.client_id,
        organization_id=upload.organization_id,
        by=by_member.user_id,
        upload=str(upload.pk),
        **data,
    )
