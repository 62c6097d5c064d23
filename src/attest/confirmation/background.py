"""The records behind a session's readiness: for one session or a whole week, at a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from attest.calendar.models import Session
from attest.clients.models import Client, Coverage
from attest.clients.queries import ClientFile, covers, files_of
from attest.core.ready import any_of, ready
from attest.core.settled import asked_once
from attest.notes.models import Note
from attest.policy.deadlines import local_date
from attest.policy.record import Policy
from attest.practice.models import Location, Organization, Provider
from attest.practice.queries import FeeRow, Terms, settled_locations, settled_terms


@dataclass(frozen=True, slots=True)
class Background:
    """Everything read about one session besides what is typed. Lists are a few rows, chosen from by date."""

    session: Session
    provider: Provider
    organization: Organization
    terms: Terms = field(repr=False)
    file: ClientFile = field(repr=False)
    note: Note | None
    locations: Mapping[UUID, Location] = field(repr=False)

    @property
    def client(self) -> Client:
        """The client, whose plans, forms and payment methods are in `file`."""
        return self.file.client

    @property
    def policy(self) -> Policy:
        """The practice's numbers."""
        return self.terms.policy

    def coverage_on(self, day: date) -> Coverage | None:
        """The primary plan in force on that date; where none is, the newest one, so that it can be named."""
        primary = (c for c in self.file.coverages if c.rank == "primary")
        return self.file.primary_on(day) or max(primary, key=lambda c: c.effective_from, default=None)

    def secondary_on(self, day: date) -> Coverage | None:
        """The secondary plan in force on that date."""
        return next((c for c in self.file.coverages if c.rank == "secondary" and covers(c, day)), None)

    def priced_codes_on(self, day: date) -> frozenset[str]:
        """The services the provider can bill on that date: to the client's plan, or privately."""
        session, client = self.session, self.client
        private = session.self_pay or session.do_not_bill or client.self_pay or client.do_not_bill
        plan = None if private else self.coverage_on(day)
        return self.terms.priced_codes(self.provider.pk, plan.payer_id if plan else None, day)

    def fee_on(self, code: str, payer_id: UUID | None, day: date) -> FeeRow | None:
        """The provider's fee for the code with that payer (None: self-pay), in force on that date."""
        return self.terms.fee_on(self.provider.pk, payer_id, code, day)


def background(session: Session, *, now: datetime) -> Background:
    """The records behind one session."""
    return backgrounds([session], now=now)[session.pk]


def backgrounds(sessions: Sequence[Session], *, now: datetime) -> dict[UUID, Background]:
    """The records behind several sessions of one organization, in about ten queries whatever their number.

    Clients, providers and the organization that were read with the sessions are not read again.
    """
    if not sessions:
        return {}
    prefetch_related_objects(sessions, "organization", "client", "provider")  # links stay within the practice
    organization: Organization = sessions[0].organization
    clients = {s.client_id: s.client for s in sessions}
    with asked_once():
        files = files_of(clients.values(), on=local_date(now, organization.zone))
        practice_terms, locations = settled_terms(organization.pk), settled_locations(organization.pk)
    notes = {note.session_id: note for note in _notes(organization.pk, [s.pk for s in sessions])}
    for session in sessions:
        if session.pk in notes:
            notes[session.pk].session = session
    return {
        s.pk: Background(
            session=s,
            provider=s.provider,
            organization=organization,
            terms=practice_terms,
            file=files[s.client_id],
            note=notes.get(s.pk),
            locations=locations,
        )
        for s in sessions
    }


@ready
def _notes(organization_id: UUID, session_ids: list[UUID]) -> QuerySet[Note]:
    notes = Note.objects.filter(organization_id=organization_id).exclude(state="discarded")
    return any_of(notes, "session_id", session_ids).select_related("template")
