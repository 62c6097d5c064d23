"""Files of a practice: sealed, under a random name, outside anything the web server shows by itself.

The row says what the file is; its bytes lie in the storage of the settings (a folder of the data folder, or any
S3-compatible store through django-storages), encrypted with the practice's data key and bound to the row. They are
written before the row, so a row without bytes cannot exist; bytes without a row (a transaction that was undone) are
swept away after a day.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from attest.core import clock, keys
from attest.core.ids import new_id
from attest.core.walls import current_organization

ORPHANS_AFTER = timedelta(days=1)
_SHOWN_IN_PAGE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp"})


class Gone(Exception):
    """The file was removed on purpose, or its bytes cannot be found. The message is a sentence for a person."""


class StoredFile(models.Model):
    """One file. Its row stays when its bytes are removed: `gone_at` says since when, `sha256` what it was."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField()
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=120, help_text="As it is called when it is downloaded; names nobody.")
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=120)
    kept_at = models.DateTimeField(default=clock.now)
    kept_by = models.UUIDField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "id"], name="core_storedfile_own"),
            models.UniqueConstraint(fields=["stored_as"], name="stored_file_once"),
        ]


def keep(content: bytes, *, purpose: str, name: str, media_type: str, by: UUID | None) -> StoredFile:
    """Keep a file of the practice set for this transaction. `purpose` is the kind of file, `by` the user's id."""
    organization_id = current_organization()
    file = StoredFile(
        organization_id=organization_id,
        purpose=purpose,
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_as=f"{organization_id}/{secrets.token_hex(20)}",
        kept_by=by,
    )
    sealed = keys.seal(content, purpose=_bound_to(file), organization_id=organization_id)
    file.stored_as = default_storage.save(file.stored_as, ContentFile(sealed))
    file.save(force_insert=True)
    return file


def content_of(file: StoredFile) -> bytes:
    """The bytes as they were kept. Raises Gone, keys.Altered, keys.KeyMissing."""
    if file.gone_at is not None:
        raise Gone("This file was removed.")
    try:
        with default_storage.open(file.stored_as) as stored:
            sealed = stored.read()
    except FileNotFoundError:
        raise Gone("This file is missing from the file store. Restore it from a backup.") from None
    return keys.unseal(sealed, purpose=_bound_to(file), organization_id=file.organization_id)


def remove(file: StoredFile) -> None:
    """Remove the bytes once the current transaction has committed; the row stays and says so."""
    file.gone_at = clock.now()
    file.save(update_fields=["gone_at"])
    transaction.on_commit(partial(default_storage.delete, file.stored_as))


def download(file: StoredFile, *, in_page: bool = False) -> HttpResponse:
    """The file as an answer that no browser runs anything of. The caller has authorised the reader.

    `in_page` lets PDF and pictures open in the browser; everything else is always saved as a file.
    """
    shown = in_page and file.media_type in _SHOWN_IN_PAGE
    response = HttpResponse(content_of(file), content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(not shown, file.name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def sweep_orphans() -> int:
    """Delete bytes of the practice set for this transaction that no row names since a day; how many there were."""
    organization_id = current_organization()
    known = set(
        StoredFile.objects.filter(organization_id=organization_id).values_list("stored_as", flat=True)
    )
    orphans = [name for name in _stored(str(organization_id)) if name not in known and _is_old(name)]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)


def stored_folders() -> list[UUID]:
    """The practices that have bytes in the store."""
    if not default_storage.exists(""):
        return []
    folders, _ = default_storage.listdir("")
    return [UUID(name) for name in folders]


def _stored(folder: str) -> Iterator[str]:
    if default_storage.exists(folder):
        _, names = default_storage.listdir(folder)
        yield from (f"{folder}/{name}" for name in names)


def _is_old(name: str) -> bool:
    return clock.real_now() - default_storage.get_modified_time(name) > ORPHANS_AFTER


def _bound_to(file: StoredFile) -> str:
    return f"file {file.purpose} {file.pk}"
