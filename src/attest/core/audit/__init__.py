"""The audit trail: who read, changed or was refused what, written at once and sealed soon after.

`record` inserts an event into the transaction it belongs to and takes no lock. Every minute the sealer (`sealing`)
chains what has been committed, signs a checkpoint and writes it into a file beside the database (`journal`);
`verifying` finds whatever was altered, taken out or moved since. What each kind of event is called for people stands
in `words`.
"""

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

    `kind` is a dotted word such as ``session.confirmed`` with an entry in `words.WORDS`; `by` is the acting user's
    id, None for the product itself. `data` holds ids, counts and codes of decisions, never names, note text or
    diagnoses.
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
