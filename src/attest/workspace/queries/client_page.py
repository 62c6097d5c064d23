"""What a client's page shows, tab by tab, as far as the member may see it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from attest.calendar.models import Session
from attest.calendar.queries import visible_sessions
from attest.claims.models import Claim
from attest.claims.queries import listed as listed_claims
from attest.claims.queries import visible_claims
from attest.clients.models import Client, FormAcknowledgement, FormDocument
from attest.clients.queries import forms_in_force
from attest.core.access import scope_of
from attest.notes.models import Note
from attest.policy.chips import CHIPS, UNCONFIRMED, Chip
from attest.policy.protection import Protection
from attest.practice.queries import policy_for
from attest.workspace.queries.protection import protections
from attest.workspace.shown import chip_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A session of the client in a list."""

    session: Session
    chip: Chip
    note: str
    """"signed", "draft" or empty."""
    protection: Protection | None = None


@dataclass(frozen=True, slots=True)
class FormRow:
    """A standard form in the version in force, and when the client acknowledged it."""

    document: FormDocument
    acknowledged: FormAcknowledgement | None


def forms(client: Client, today: date) -> list[FormRow]:
    """Every standard form of the practice in its version of today."""
    given = {
        row.document_id: row
        for row in FormAcknowledgement.objects.filter(organization_id=client.organization_id, client=client)
    }
    return [
        FormRow(document, given.get(document.pk))
        for document in forms_in_force(client.organization_id, today)
    ]


def sessions_of_client(member: Any, client: Client) -> QuerySet[Session]:
    """The client's sessions the member may see, the newest first."""
    scope = scope_of(member, "session.view")
    return (
        visible_sessions(member, scope)
        .filter(client_id=client.pk)
        .select_related("client", "provider")
        .order_by("-starts_at")
    )


def listed(sessions: list[Session], now: datetime) -> list[Listed]:
    """Sessions with their chips, and how their notes stand."""
    if not sessions:
        return []
    policy = policy_for(sessions[0].organization_id)
    states: dict[UUID, str] = dict(
        Note.objects.filter(
            organization_id=sessions[0].organization_id,
            session_id__in=[session.pk for session in sessions],
            state__in=["draft", "signed"],
        ).values_list("session_id", "state")
    )
    standing = protections(sessions, now)
    return [
        Listed(
            session,
            CHIPS[chip_of(session, now, policy)],
            states.get(session.pk, ""),
            standing.get(session.pk),
        )
        for session in sessions
    ]


def next_session(member: Any, client: Client, now: datetime) -> Session | None:
    """The client's next session that is still to come."""
    return (
        sessions_of_client(member, client)
        .filter(starts_at__gt=now, chip__in=[str(chip) for chip in UNCONFIRMED])
        .order_by("starts_at")
        .first()
    )


def noted_sessions(member: Any, client: Client) -> QuerySet[Session]:
    """The client's sessions with a note the member may read, the newest first."""
    scope = scope_of(member, "note.read")
    notes = Note.objects.filter(
        organization_id=client.organization_id, state__in=["draft", "signed"], session__client_id=client.pk
    )
    return (
        visible_sessions(member, scope)
        .filter(client_id=client.pk, pk__in=notes.values("session_id"))
        .select_related("client", "provider")
        .order_by("-starts_at")
    )


def claims_of_client(member: Any, client: Client) -> QuerySet[Claim]:
    """The client's claims the member may see, the newest date of service first."""
    rows = visible_claims(member, scope_of(member, "claim.view")).filter(session__client_id=client.pk)
    return listed_claims(rows.exclude(state="dropped"))
