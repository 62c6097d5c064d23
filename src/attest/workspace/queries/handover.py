"""What handing clients over would do: what moves, what stays, what clashes, and what will then be in the way."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from attest.calendar.handover import seen_of, to_come
from attest.calendar.models import CONSULTATION, Session
from attest.calendar.queries import LONGEST
from attest.clients.models import Client
from attest.clients.queries import ClientFile, files_of
from attest.notes.models import Note
from attest.policy.chips import UNCONFIRMED, ChipState
from attest.practice.models import Provider
from attest.practice.queries import Terms, settled_terms


@dataclass(frozen=True, slots=True)
class Clash:
    """A session that would move, and one that its new provider holds at that time."""

    moving: Session
    other: Session


@dataclass(frozen=True, slots=True)
class Line:
    """One client of the handover: who takes them on, what moves, and what will be in the way of confirming."""

    client: Client
    taker: Provider
    sessions: tuple[Session, ...]
    clashes: tuple[Clash, ...]
    ahead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stays:
    """What stays with the provider who hands over, all clients together: counts."""

    unconfirmed: int
    drafts: int
    owed: int
    begun_ahead: int
    """Sessions to come for which a note has been begun: they are not moved."""

    @property
    def anything(self) -> bool:
        return bool(self.unconfirmed or self.drafts or self.owed or self.begun_ahead)


@dataclass(frozen=True, slots=True)
class Preview:
    """All that would happen. `seen` is its fingerprint, `keep` the sessions that stay."""

    lines: tuple[Line, ...]
    stays: Stays
    keep: frozenset[UUID]
    seen: str

    @property
    def session_count(self) -> int:
        return sum(len(line.sessions) for line in self.lines)

    @property
    def clash_count(self) -> int:
        return sum(len(line.clashes) for line in self.lines)

    @property
    def ahead(self) -> tuple[tuple[str, tuple[Client, ...]], ...]:
        """What will be in the way of confirming, and for whom, what concerns most clients first."""
        found: dict[str, list[Client]] = defaultdict(list)
        for line in self.lines:
            for sentence in line.ahead:
                found[sentence].append(line.client)
        ordered = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))
        return tuple((sentence, tuple(clients)) for sentence, clients in ordered)


def clients_of(provider: Provider) -> QuerySet[Client]:
    """Everybody who is the provider's client, those who have left the practice last."""
    rows = Client.objects.filter(organization_id=provider.organization_id, provider=provider)
    return rows.order_by("-active", "folded", "pk")


def preview(
    provider: Provider,
    clients: Collection[Client],
    to: Mapping[UUID, Provider],
    *,
    now: datetime,
    today: date,
) -> Preview:
    """What handing over these clients would do, `to` being who takes each on. A constant number of queries."""
    keep = frozenset(_begun_ahead(provider, to, now))
    sessions = list(to_come(provider, to, keep).select_related("client", "provider", "location"))
    along: dict[UUID, list[Session]] = defaultdict(list)
    for session in sessions:
        along[session.client_id].append(session)
    clashing = _clashes(sessions, to)
    files = files_of(list(clients), on=today)
    known = settled_terms(provider.organization_id)
    lines = tuple(
        Line(
            client=client,
            taker=to[client.pk],
            sessions=tuple(along[client.pk]),
            clashes=tuple(clashing[client.pk]),
            ahead=_ahead(files[client.pk], to[client.pk], along[client.pk], known, today),
        )
        for client in clients
        if client.pk in to
    )
    seen = seen_of({pk: taker.pk for pk, taker in to.items()}, [session.pk for session in sessions])
    return Preview(lines, staying(provider, now), keep, seen)


def staying(provider: Provider, now: datetime) -> Stays:
    """What the provider still has to confirm, sign or write, whoever's the clients are."""
    own = {"organization_id": provider.organization_id}
    held = Session.objects.filter(provider=provider, starts_at__lte=now, **own)
    drafts = Note.objects.filter(author=provider, state="draft", **own)
    return Stays(
        unconfirmed=held.filter(chip__in=[str(chip) for chip in UNCONFIRMED])
        .exclude(kind=CONSULTATION)
        .count(),
        drafts=drafts.filter(Q(session__isnull=True) | Q(session__starts_at__lte=now)).count(),
        owed=held.filter(chip=str(ChipState.NOTE_DUE)).count(),
        begun_ahead=drafts.filter(session__starts_at__gt=now).count(),
    )


def _begun_ahead(provider: Provider, to: Collection[UUID], now: datetime) -> list[UUID]:
    notes = Note.objects.filter(
        organization_id=provider.organization_id,
        session__provider=provider,
        session__client_id__in=list(to),
        session__starts_at__gt=now,
    )
    return [pk for pk in notes.exclude(state="discarded").values_list("session_id", flat=True) if pk]


def _clashes(sessions: Sequence[Session], to: Mapping[UUID, Provider]) -> dict[UUID, list[Clash]]:
    """By client: each moving session that overlaps an open one of its new provider, members of one group excepted."""
    found: dict[UUID, list[Clash]] = defaultdict(list)
    if not sessions:
        return found
    first, last = min(s.starts_at for s in sessions), max(s.ends_at for s in sessions)
    theirs: dict[UUID, list[Session]] = defaultdict(list)
    rows = Session.objects.filter(
        organization_id=sessions[0].organization_id,
        provider_id__in={taker.pk for taker in to.values()},
        chip__in=[str(chip) for chip in UNCONFIRMED],
        starts_at__gt=first - LONGEST,
        starts_at__lt=last,
    )
    for other in rows.select_related("client").order_by("starts_at"):
        theirs[other.provider_id].append(other)
    for session in sessions:
        for other in theirs[to[session.client_id].pk]:
            overlaps = other.starts_at < session.ends_at and session.starts_at < other.ends_at
            if overlaps and other.occasion_id != session.occasion_id:
                found[session.client_id].append(Clash(session, other))
    return found


def _ahead(
    file: ClientFile, taker: Provider, sessions: Collection[Session], known: Terms, today: date
) -> tuple[str, ...]:
    """What will be in the way of confirming with the new provider, as far as the practice can settle it now."""
    client, said = file.client, []
    if not client.active:
        return ()
    remote = {session.client_state for session in sessions if session.modality != "in_person"}
    states = {state for state in remote if state} or ({client.state} if client.state else set())
    held = {licence.state for licence in known.licences_of(taker.pk) if licence.period.covers(today)}
    said += [f"{taker.full_name} has no licence in {state}." for state in sorted(states - held)]
    plan = None if client.self_pay or client.do_not_bill else file.primary_on(today)
    contracts = known.contracts_of(taker.pk, plan.payer_id) if plan else ()
    if plan is not None and not any(period.covers(today) for period in contracts):
        said.append(f"{taker.full_name} has no contract with {plan.payer.name}.")
    payer_id = plan.payer_id if plan else None
    if not known.priced_codes(taker.pk, payer_id, today):
        payer = plan.payer.name if plan else "self-pay"
        said.append(f"{taker.full_name} has no fees for {payer}.")
    return tuple(said)
