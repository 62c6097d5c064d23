"""Standard forms: versions of the practice, acknowledgements of clients."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from attest.clients.models import Client, FormAcknowledgement, FormDocument
from attest.clients.standard_forms import STANDARD_FORMS
from attest.core import audit, clock
from attest.policy.deadlines import local_date
from attest.practice.models import Organization
from attest.practice.refusal import Refused, saving

ACKNOWLEDGED = {"form_acknowledged_once": ("document", "The client has acknowledged this version already.")}
VERSION_TAKEN = {
    "form_version_once": ("body", "Somebody else has just published a version. Look at that first.")
}


def install_forms(organization: Organization, by: UUID) -> list[FormDocument]:
    """Give a new practice the standard forms, in force from today."""
    today = local_date(clock.now(), organization.zone)
    return [
        publish_form(
            organization_id=organization.pk,
            key=form.key,
            title=form.title,
            body=form.body,
            effective_from=today,
            by=by,
        )
        for form in STANDARD_FORMS
    ]


def publish_form(
    *,
    organization_id: UUID,
    key: str,
    title: str,
    body: str,
    effective_from: date,
    by: UUID,
    required: bool = True,
) -> FormDocument:
    """A new version of a form (or its first), in force from a date on. Earlier versions stay as they were.

    Every client must acknowledge a required form's version in force before a session can be confirmed.
    """
    last = (
        FormDocument.objects.filter(organization_id=organization_id, key=key)
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    document = FormDocument(
        organization_id=organization_id,
        key=key,
        version=(last or 0) + 1,
        title=title,
        body=body,
        required=required,
        effective_from=effective_from,
    )
    with saving(document, **VERSION_TAKEN):
        document.save(force_insert=True)
    audit.record(
        "form.published",
        subject_type="form",
        subject_id=document.pk,
        by=by,
        key=key,
        version=document.version,
    )
    return document


def record_acknowledgement(
    *,
    client: Client,
    document: FormDocument,
    typed_name: str,
    by: UUID,
    how: str = "paper",
    at: datetime | None = None,
) -> FormAcknowledgement:
    """The client (or who signs for them, `typed_name`) acknowledged this version, now by default.

    Raises Refused for a moment in the future, and when this version is acknowledged already.
    """
    moment = at or clock.now()
    if moment > clock.now():
        raise Refused({"acknowledged_on": "The date of the signature lies in the future."})
    acknowledgement = FormAcknowledgement(
        organization_id=client.organization_id,
        client=client,
        document=document,
        typed_name=typed_name.strip(),
        acknowledged_at=moment,
        recorded_by=by,
        how=how,
    )
    with saving(acknowledgement, **ACKNOWLEDGED):
        acknowledgement.save(force_insert=True)
    data: dict[str, Any] = {"key": document.key, "version": document.version, "how": how}
    audit.record(
        "form.acknowledged",
        subject_type="form",
        subject_id=document.pk,
        client_id=client.pk,
        by=by,
        **data,
    )
    return acknowledgement
