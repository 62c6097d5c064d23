"""What has been typed into the confirm form so far, kept by revision so that no tab overwrites another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from attest.calendar.models import Session
from attest.confirmation.models import Details, DetailsDraft
from attest.confirmation.typed import prefilled
from attest.core import clock
from attest.core.models import save_fields
from attest.core.ready import ready


class StaleDetails(Exception):
    """Another tab or person saved newer details. `draft` is the state that counts."""

    def __init__(self, draft: DetailsDraft) -> None:
        super().__init__("These details were changed in another tab. Reload the page to see them.")
        self.draft = draft


def save_details(*, session: Session, changes: Mapping[str, Any], revision: int) -> DetailsDraft:
    """Keep what was typed so far. Raises StaleDetails when `revision` is not the one last saved."""
    with transaction.atomic():
        draft, _ = DetailsDraft.objects.select_for_update().get_or_create(
            organization_id=session.organization_id,
            session=session,
            defaults={"values": first_values(session)},
        )
        if draft.revision != revision:
            raise StaleDetails(draft)
        save_fields(
            draft, values={**draft.values, **changes}, revision=draft.revision + 1, saved_at=clock.now()
        )
    return draft


def draft_values(session: Session) -> tuple[dict[str, Any], int]:
    """The confirm form's values as they stand, and their revision: what was typed, else the prefill."""
    for draft in _draft(session.organization_id, session.pk):
        return draft.values, draft.revision
    return first_values(session), 0


@ready
def _draft(organization_id: UUID, session_id: UUID) -> QuerySet[DetailsDraft]:
    return DetailsDraft.objects.filter(organization_id=organization_id, session_id=session_id)


def draft_revision(session: Session) -> int:
    """The revision of what is saved; 0 before anything is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT revision FROM confirmation_detailsdraft WHERE organization_id = %s AND session_id = %s",
            [session.organization_id, session.pk],
        )
        row = cursor.fetchone()
    return row[0] if row else 0


def saved_at(session: Session) -> datetime | None:
    """When something was saved last; None before anything is."""
    saved = DetailsDraft.objects.filter(organization_id=session.organization_id, session=session)
    return saved.values_list("saved_at", flat=True).first()


def first_values(session: Session) -> dict[str, Any]:
    """What the form begins with: the schedule, the place as booked, the diagnoses of the client's last session."""
    last = (
        Details.objects.filter(
            organization_id=session.organization_id,
            confirmation__organization_id=session.organization_id,
            confirmation__session__client_id=session.client_id,
            confirmation__session__provider_id=session.provider_id,
            confirmation__active=True,
        )
        .order_by("-date_of_service")
        .values_list("diagnoses", flat=True)
        .first()
    )
    return {**prefilled(session), "diagnosis": list(last or [])}
