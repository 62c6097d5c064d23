"""The audit trail: one function that writes it."""

from typing import Any
from uuid import UUID

from attest.core.models import AuditEvent, insert
from attest.core.walls import current_organization


def record(
    kind: str,
    *,
    subject_type: str,
    subject_id: UUID | None,
    by: UUID | None,
    client_id: UUID | None = None,
    organization_id: UUID | None = None,
    **data: Any,
) -> AuditEvent:
    """Write one event in the current transaction.

    `kind` is a dotted word such as ``session.confirmed``; `by` is the acting user's id, None for the product itself.
    `data` holds ids, counts and codes of decisions, never names, note text or diagnoses.
    """
    event = AuditEvent(
        organization_id=organization_id or current_organization(),
        user_id=by,
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        client_id=client_id,
        data=data,
    )
    insert(event)
    return event
