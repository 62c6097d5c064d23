"""What an audit event is about, by name, and by whose leave a record was read. Events themselves hold ids alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from attest.calendar.models import Session
from attest.claims.models import Claim
from attest.clients.grants import EMERGENCY, ChartGrant
from attest.clients.models import Client
from attest.core.access import Role
from attest.core.models import AuditEvent, User
from attest.core.templatetags.people import shown_name
from attest.core.templatetags.times import date_text, in_zone
from attest.ledger.models import ChargeDue
from attest.notes.models import Note
from attest.practice.models import Location, Member, Payer, Provider, SupportOpening


@dataclass(frozen=True, slots=True)
class Thing:
    """What an event is about. `page` and `right`: where it is opened and what that takes; empty where nothing is."""

    name: str
    page: str = ""
    right: str = ""
    id: UUID | None = None


IN_THE_RECORD = frozenset(
    {"coverage", "payment_method", "method", "diagnosis", "form", "grant", "treatment_plan", "client"}
)
"""Things that are said as a part of their client's record."""
NOUNS = {
    "session": "a session",
    "note": "a note",
    "client": "a client’s record",
    "claim": "a claim",
    "charge": "a session",
    "interchange": "a file of claims",
    "member": "a member",
    "provider": "a provider",
    "payer": "a payer",
    "location": "a location",
    "licence": "a licence",
    "contract": "a contract",
    "service": "a service",
    "rule": "a payer’s rules",
    "fee": "a fee",
    "coverage": "a plan",
    "method": "a payment method",
    "payment_method": "a payment method",
    "diagnosis": "a diagnosis",
    "grant": "an access",
    "opening": "an access of support",
    "login": "a login",
    "invitation": "an invitation",
}


class Names:
    """The names of what some events are about, found with a few queries for all of them."""

    def __init__(self, organization_id: UUID, events: Iterable[AuditEvent]) -> None:
        self._organization_id = organization_id
        events = list(events)

        def ids(*types: str) -> set[UUID]:
            return {e.subject_id for e in events if e.subject_type in types and e.subject_id is not None}

        def rows(model: Any, wanted: set[UUID], *related: str) -> dict[UUID, Any]:
            if not wanted:
                return {}
            found = model.objects.filter(organization_id=organization_id, pk__in=wanted)
            return {row.pk: row for row in found.select_related(*related)}

        self._notes: dict[UUID, Note] = rows(Note, ids("note"))
        self._claims: dict[UUID, Claim] = rows(Claim, ids("claim"))
        self._charges: dict[UUID, ChargeDue] = rows(ChargeDue, ids("charge"))
        of_others: list[Any] = [*self._notes.values(), *self._claims.values(), *self._charges.values()]
        sessions = ids("session") | {one.session_id for one in of_others if one.session_id}
        self._sessions: dict[UUID, Session] = rows(Session, sessions)
        clients = ids("client") | {e.client_id for e in events if e.client_id}
        clients |= {session.client_id for session in self._sessions.values()}
        self.clients: dict[UUID, Client] = rows(Client, clients)
        self._members: dict[UUID, Member] = rows(Member, ids("member"), "user")
        self._providers: dict[UUID, Provider] = rows(Provider, ids("provider"))
        self._payers: dict[UUID, Payer] = rows(Payer, ids("payer"))
        self._locations: dict[UUID, Location] = rows(Location, ids("location"))
        logins = ids("login")
        self._users: dict[UUID, str] = (
            dict(User.objects.filter(pk__in=logins).values_list("pk", "name")) if logins else {}
        )
        self._named: Mapping[str, Callable[[UUID], Thing | None]] = {
            "session": self._session,
            "note": self._note,
            "claim": self._claim,
            "charge": self._charge,
            "member": self._member,
            "provider": self._provider,
            "payer": self._payer,
            "location": self._location,
            "login": self._login,
        }

    def thing(self, event: AuditEvent) -> Thing | None:
        """What the event is about; None when it is about nothing in particular."""
        kind, subject = event.subject_type, event.subject_id
        if kind in IN_THE_RECORD:
            client = self._client(event.client_id or (subject if kind == "client" else None))
            if client or (subject is None and event.client_id is None):
                return client
        if subject is None:
            return self._client(event.client_id)
        named = self._named.get(kind)
        return (named(subject) if named else None) or Thing(NOUNS.get(kind, "a record"))

    def _client(self, client_id: UUID | None) -> Thing | None:
        if client_id is None or client_id not in self.clients:
            return None
        name = f"{shown_name(self.clients[client_id])}’s record"
        return Thing(name, "workspace:client", "client.view", client_id)

    def _session(self, session_id: UUID) -> Thing | None:
        session = self._sessions.get(session_id)
        if session is None:
            return None
        return Thing(self._meeting(session), "workspace:session", "session.view", session_id)

    def _meeting(self, session: Session) -> str:
        day = date_text(in_zone(session.starts_at, session.zone).date())
        client = self.clients.get(session.client_id)
        return f"the session of {day} with {shown_name(client)}" if client else f"the session of {day}"

    def _note(self, note_id: UUID) -> Thing | None:
        note = self._notes.get(note_id)
        if note is None:
            return None
        session = self._sessions.get(note.session_id) if note.session_id else None
        if session is None:
            client = self._client(note.client_id)
            return Thing(f"a note in {client.name}", client.page, client.right, client.id) if client else None
        return Thing(f"the note of {self._meeting(session)}", "notes:note", "note.read", session.pk)

    def _claim(self, claim_id: UUID) -> Thing | None:
        claim = self._claims.get(claim_id)
        if claim is None:
            return None
        session = self._sessions.get(claim.session_id)
        of = f" for {self._meeting(session)}" if session else ""
        return Thing(f"the claim{of}", "claims:claim", "claim.view", claim_id)

    def _charge(self, charge_id: UUID) -> Thing | None:
        charge = self._charges.get(charge_id)
        return self._session(charge.session_id) if charge else None

    def _member(self, member_id: UUID) -> Thing | None:
        member = self._members.get(member_id)
        return (
            Thing(f"{member.user.name} as a member", "practice:member", "settings.edit", member_id)
            if member
            else None
        )

    def _provider(self, provider_id: UUID) -> Thing | None:
        provider = self._providers.get(provider_id)
        if provider is None:
            return None
        return Thing(f"{provider.full_name} as a provider", "practice:provider", "settings.view", provider_id)

    def _payer(self, payer_id: UUID) -> Thing | None:
        payer = self._payers.get(payer_id)
        return (
            Thing(f"the payer {payer.name}", "practice:payer", "settings.view", payer_id) if payer else None
        )

    def _login(self, user_id: UUID) -> Thing | None:
        return Thing(f"the login of {self._users[user_id]}") if user_id in self._users else None

    def _location(self, location_id: UUID) -> Thing | None:
        place = self._locations.get(location_id)
        if place is None:
            return None
        return Thing(f"the location {place.name}", "practice:location", "settings.edit", location_id)


AS = {
    Role.PROVIDER: "as a provider",
    Role.ADMIN: "as an admin of the practice",
    Role.BILLER: "for billing",
    Role.AUDITOR: "as an auditor",
    Role.SUPPORT: "for support",
}
"""As what a member came, in the order in which a reader wants to know it."""


def reasons(
    organization_id: UUID, events: Iterable[AuditEvent], *, in_own_words: bool = True
) -> dict[UUID, str]:
    """Why each record was read: by whose leave, or as what the reader came.

    `in_own_words` adds what was typed as the reason of a grant or an opening; a list that leaves the practice does
    without, because what was typed may speak of others.
    """
    events = list(events)
    grants = _marked(ChartGrant, organization_id, events, "grant")
    openings = _marked(SupportOpening, organization_id, events, "opening")
    found = {}
    for event in events:
        grant, opening = grants.get(event.data.get("grant", "")), openings.get(event.data.get("opening", ""))
        if grant is not None:
            why = "in an emergency" if grant.kind == EMERGENCY else "let in by the practice"
            found[event.pk] = f"{why}: “{grant.reason}”" if in_own_words else why
        elif opening is not None:
            why = f"for support ({opening.get_category_display().lower()})"
            found[event.pk] = f"{why}: “{opening.reason}”" if in_own_words else why
        elif roles := event.data.get("roles"):
            found[event.pk] = next((said for role, said in AS.items() if role in roles), "")
    return found


def _marked(model: Any, organization_id: UUID, events: list[AuditEvent], mark: str) -> dict[str, Any]:
    ids = {event.data[mark] for event in events if mark in event.data}
    if not ids:
        return {}
    return {str(row.pk): row for row in model.objects.filter(organization_id=organization_id, pk__in=ids)}
