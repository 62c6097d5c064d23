"""A provider's clients handed over to others in one step, at once; and taken back while nothing has come of it.

The new provider becomes the client's: the chart is theirs to read, the sessions that others held among it. Sessions to
come move along. What was held stays with whoever held it: confirming it and signing its note is still for them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from attest.calendar.models import Handover, Session
from attest.clients.models import Client
from attest.core import audit, clock
from attest.core.models import save_fields
from attest.core.once import fingerprint
from attest.policy.chips import ChipState
from attest.practice.actions import members_who_are, tell
from attest.practice.models import Member, Provider
from attest.practice.refusal import Refused


class Moved(Exception):
    """What would be handed over is no longer what was on the screen."""


def to_come(provider: Provider, client_ids: Collection[UUID], keep: Collection[UUID]) -> QuerySet[Session]:
    """The provider's sessions with these clients that have not begun and would move, but for those to keep."""
    sessions = Session.objects.filter(
        organization_id=provider.organization_id,
        provider=provider,
        client_id__in=list(client_ids),
        chip=str(ChipState.SCHEDULED),
        starts_at__gt=clock.now(),
    )
    return sessions.exclude(pk__in=list(keep)).order_by("starts_at", "pk")


def seen_of(to: Mapping[UUID, UUID], sessions: Collection[UUID]) -> str:
    """Fingerprint of a handover as it is shown before it is done: who goes to whom, which sessions move."""
    return fingerprint(sorted((str(k), str(v)) for k, v in to.items()), sorted(str(pk) for pk in sessions))


def hand_over(
    *,
    provider: Provider,
    to: Mapping[UUID, Provider],
    keep: Collection[UUID],
    seen: str,
    by_member: Member,
) -> Handover:
    """Make the clients those of other providers, with the sessions to come: all of it or nothing.

    `to` maps a client's id to who takes them on, `keep` names sessions that stay (somebody has begun their note).
    Both sides get a notice. Raises Moved when it is not what `seen` says, Refused when it cannot be done at all.
    """
    if not to:
        raise Refused("Choose who takes on at least one client.")
    if any(taker.pk == provider.pk or not taker.active for taker in to.values()):
        raise Refused("Clients are handed over to another provider who sees clients here.")
    with transaction.atomic():
        own = {"organization_id": provider.organization_id}
        clients = list(
            Client.objects.select_for_update()
            .filter(pk__in=list(to), provider=provider, **own)
            .order_by("folded", "pk")
        )
        sessions = list(to_come(provider, to, keep).select_for_update(of=("self",)))
        whom = {pk: taker.pk for pk, taker in to.items()}
        if len(clients) != len(to) or seen_of(whom, [session.pk for session in sessions]) != seen:
            raise Moved
        along: dict[UUID, list[Session]] = defaultdict(list)
        for session in sessions:
            along[session.client_id].append(session)
        handover = Handover(
            provider=provider,
            made_by=by_member.user_id,
            moves=[_move(client, to[client.pk], along[client.pk]) for client in clients],
            **own,
        )
        handover.save(force_insert=True)
        for client in clients:
            _reassign(client, along[client.pk], to[client.pk], handover, by_member.user_id)
        _record("clients.handed_over", handover, by_member.user_id)
        _tell_both(handover, clients, to, by_member)
    return handover


def _move(client: Client, taker: Provider, sessions: Collection[Session]) -> dict[str, Any]:
    moved = [{"id": str(session.pk), "zone": session.zone} for session in sessions]
    return {"client": str(client.pk), "to": str(taker.pk), "sessions": moved}


def _reassign(
    client: Client, sessions: Collection[Session], taker: Provider, handover: Handover, by: UUID
) -> None:
    save_fields(client, provider=taker)
    audit.record(
        "client.handed_over",
        subject_type="client",
        subject_id=client.pk,
        client_id=client.pk,
        by=by,
        handover=str(handover.pk),
        to=str(taker.pk),
        sessions=len(sessions),
    )
    for session in sessions:
        # Its instants stay; dates and hours are from now on those of the new provider's zone.
        save_fields(session, provider=taker, zone=taker.zone)
        _record_session(session, handover, by)


def undo_handover(*, handover_id: UUID, by_member: Member) -> Handover:
    """Give everything back as it was. Raises Refused once something has come of it, or when it was undone already."""
    with transaction.atomic():
        own = {"organization_id": by_member.organization_id}
        handover = Handover.objects.select_for_update().get(pk=handover_id, **own)
        if handover.undone_at is not None:
            raise Refused("This was taken back already.")
        giver = Provider.objects.get(pk=handover.provider_id, **own)
        if not giver.active:
            raise Refused(f"{giver.full_name} no longer sees clients here. Hand the clients over anew.")
        takers = {UUID(move["client"]): UUID(move["to"]) for move in handover.moves}
        zones = {UUID(row["id"]): row["zone"] for move in handover.moves for row in move["sessions"]}
        clients = list(Client.objects.select_for_update().filter(pk__in=list(takers), **own).order_by("pk"))
        sessions = list(
            Session.objects.select_for_update().filter(pk__in=list(zones), **own).order_by("starts_at", "pk")
        )
        _refuse_what_has_gone_on(takers, clients, sessions)
        for client in clients:
            save_fields(client, provider=giver)
            audit.record(
                "client.handed_back",
                subject_type="client",
                subject_id=client.pk,
                client_id=client.pk,
                by=by_member.user_id,
                handover=str(handover.pk),
                to=str(giver.pk),
            )
        for session in sessions:
            save_fields(session, provider=giver, zone=zones[session.pk])
            _record_session(session, handover, by_member.user_id)
        save_fields(handover, undone_at=clock.now(), undone_by=by_member.user_id)
        _record("clients.handed_back", handover, by_member.user_id)
        tell(
            members_who_are(giver.organization_id, {giver.pk, *takers.values()}),
            kind="clients.handed_back",
            sentence=f"{by_member.user.name} took a handover back: {len(clients)} clients are again"
            f" those of {giver.full_name}.",
        )
    return handover


def _refuse_what_has_gone_on(
    takers: Mapping[UUID, UUID], clients: Collection[Client], sessions: Collection[Session]
) -> None:
    now = clock.now()
    elsewhere = [client for client in clients if client.provider_id != takers[client.pk]]
    begun = [
        session
        for session in sessions
        if session.chip != ChipState.SCHEDULED
        or session.starts_at <= now
        or session.provider_id != takers[session.client_id]
    ]
    if elsewhere or begun:
        raise Refused(
            "Something has come of it since: a session that moved has begun or was changed, or a client has gone on"
            " to somebody else. Hand the clients over anew instead."
        )


def _tell_both(
    handover: Handover, clients: Collection[Client], to: Mapping[UUID, Provider], by_member: Member
) -> None:
    slug, giver = by_member.organization.slug, handover.provider
    counted: dict[UUID, int] = defaultdict(int)
    for client in clients:
        counted[to[client.pk].pk] += 1
    takers = {taker.pk: taker for taker in to.values()}
    for pk, count in counted.items():
        tell(
            members_who_are(giver.organization_id, [pk]),
            kind="clients.handed_over",
            sentence=f"{_clients(count)} of {giver.full_name} became yours, with the sessions to come.",
            path=reverse("clients:list", args=[slug]),
        )
    names = " and ".join(sorted(taker.full_name for taker in takers.values()))
    tell(
        members_who_are(giver.organization_id, [giver.pk]),
        kind="clients.handed_over",
        sentence=f"{_clients(len(clients))} of yours went to {names}."
        " What you held stays with you to confirm and sign.",
        path=reverse("workspace:todo", args=[slug]),
    )


def _clients(count: int) -> str:
    return "1 client" if count == 1 else f"{count} clients"


def _record(kind: str, handover: Handover, by: UUID) -> None:
    audit.record(
        kind,
        subject_type="provider",
        subject_id=handover.provider_id,
        by=by,
        handover=str(handover.pk),
        clients=len(handover.moves),
        sessions=sum(len(move["sessions"]) for move in handover.moves),
    )


def _record_session(session: Session, handover: Handover, by: UUID) -> None:
    audit.record(
        "session.handed_over",
        subject_type="session",
        subject_id=session.pk,
        client_id=session.client_id,
        by=by,
        handover=str(handover.pk),
        to=str(session.provider_id),
    )
