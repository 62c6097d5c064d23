"""What belongs into a packet: a list of pieces, chosen once when it is asked for."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from attest.calendar.models import Session
from attest.notes.models import Note, TreatmentPlan
from attest.notes.plans import plan_in_force
from attest.policy.deadlines import local_date, start_of_day
from attest.workspace.models import Packet


class Piece(StrEnum):
    """A kind of piece, each about one record."""

    CLIENT = "client"
    """Who the client is, diagnoses, plans of insurance, forms acknowledged."""
    PLAN = "plan"
    """A treatment plan: its signed note."""
    SESSION = "session"
    """A session's note with what was added, its signatures, its claim."""
    NOTE = "note"
    """A signed note about the client without a session."""
    LOG = "log"
    """Who read the record."""


def pieces_of(packet: Packet) -> list[list[str]]:
    """The packet's pieces in their order, as they are kept: [kind, id]."""
    return [[str(kind), str(about)] for kind, about in _chosen(packet)]


def sessions_of(packet: Packet) -> QuerySet[Session]:
    """The sessions the packet is about, the earliest first."""
    rows = Session.objects.filter(organization_id=packet.organization_id, client_id=packet.client_id)
    if packet.session_id:
        rows = rows.filter(pk=packet.session_id)
    zone = packet.organization.zone
    if packet.since:
        rows = rows.filter(starts_at__gte=start_of_day(packet.since, zone))
    if packet.until:
        rows = rows.filter(starts_at__lt=start_of_day(packet.until + timedelta(days=1), zone))
    return rows.order_by("starts_at", "pk")


def _chosen(packet: Packet) -> Iterator[tuple[Piece, UUID]]:
    sessions = list(sessions_of(packet))
    yield Piece.CLIENT, packet.client_id
    for plan_id in _plans(packet, sessions):
        yield Piece.PLAN, plan_id
    for session in sessions:
        yield Piece.SESSION, session.pk
    if packet.kind == "chart":
        of_plans = TreatmentPlan.objects.filter(
            organization_id=packet.organization_id, client_id=packet.client_id
        )
        notes = Note.objects.filter(
            organization_id=packet.organization_id,
            client_id=packet.client_id,
            session__isnull=True,
            state="signed",
        ).exclude(pk__in=of_plans.values("version__note_id"))
        for note in notes.order_by("created_at", "pk"):
            yield Piece.NOTE, note.pk
    yield Piece.LOG, packet.client_id


def _plans(packet: Packet, sessions: list[Session]) -> list[UUID]:
    """Every treatment plan for a chart; else those in force on the sessions' dates, each once."""
    if packet.kind == "chart":
        plans = TreatmentPlan.objects.filter(
            organization_id=packet.organization_id, client_id=packet.client_id
        )
        return list(plans.order_by("starts_on", "pk").values_list("pk", flat=True))
    found: dict[UUID, None] = {}
    for session in sessions:
        day = local_date(session.starts_at, session.zone)
        if plan := plan_in_force(packet.organization_id, packet.client_id, day):
            found[plan.pk] = None
    return list(found)
