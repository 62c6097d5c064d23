"""Addresses of what a session's buttons and roadblocks lead to."""

from uuid import UUID

from django.urls import reverse

from attest.calendar.models import Session
from attest.workspace.standing import Go


def session_url(slug: str, session_id: UUID) -> str:
    """The session's panel."""
    return reverse("workspace:session", args=[slug, session_id])


def url_of(go: Go, slug: str, session: Session, claim_id: UUID | None = None) -> str:
    """Where a button leads. A claim's button needs the claim's id."""
    match go:
        case Go.CONFIRM:
            return reverse("confirmation:confirm", args=[slug, session.pk])
        case Go.NOTE:
            return reverse("notes:note", args=[slug, session.pk])
        case Go.CLAIM:
            assert claim_id is not None
            return reverse("claims:claim", args=[slug, claim_id])
        case Go.CLIENT:
            return reverse("workspace:client", args=[slug, session.client_id])
        case Go.CALENDAR:
            return reverse("workspace:calendar", args=[slug])
        case Go.BOOK:
            return f"{reverse('workspace:session_new', args=[slug])}?client={session.client_id}"
        case Go.EDIT | Go.CANCEL | Go.NOT_HELD | Go.TOOK_PLACE | Go.CLOSE:
            return reverse(f"workspace:session_{go.value}", args=[slug, session.pk])
