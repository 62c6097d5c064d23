"""Who else may read a chart: granted, opened in an emergency, ended, reviewed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from attest.clients.grants import EMERGENCY, GRANT, ChartGrant
from attest.clients.models import Client
from attest.core import audit, clock
from attest.core.access import Role
from attest.core.models import save_fields
from attest.practice.actions import admins_of, members_who_are, reason_refused, tell
from attest.practice.models import Member, Provider
from attest.practice.queries import policy_for
from attest.practice.refusal import Refused, saving

GAIN = frozenset({Role.PROVIDER, Role.ADMIN})
"""The roles that reach more by a grant; the others see what they need already, or never a note."""
GRANT_TIMES = {"chart_grant_times": ("until", "It ends before it begins.")}


def grant_chart(
    *,
    member: Member,
    reason: str,
    by_member: Member,
    client: Client | None = None,
    provider: Provider | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> ChartGrant:
    """Let a colleague read one client's chart, or those of all clients of a provider. Never for oneself.

    A provider gives away only what is theirs: one chart of a client of their own; an admin either. The colleague and
    the provider whose clients they are get a notice. Raises Refused.
    """
    owner = client.provider_id if client else provider.pk if provider else None
    is_admin = Role.ADMIN in by_member.role_names
    if not is_admin and (client is None or owner is None or owner != by_member.provider_id):
        raise Refused("Only an admin, or the client's own provider, may open a chart to somebody else.")
    problems = {}
    if member.pk == by_member.pk:
        problems["member"] = "Nobody opens a chart to themselves. In an emergency there is another way."
    elif not member.active or not GAIN & member.role_names:
        problems["member"] = "Choose an active provider or admin: nobody else gains anything by it."
    elif owner is not None and member.provider_id == owner:
        problems["member"] = "They are this provider, so they see it already."
    elif Role.ADMIN in member.role_names - {Role.PROVIDER} and owner != by_member.provider_id:
        problems["member"] = "Only the client's own provider opens notes to an admin."
    if sentence := reason_refused(reason):
        problems["reason"] = sentence
    now = clock.now()
    if ends_at is not None and ends_at <= now:
        problems["until"] = "This day has passed."
    if problems:
        raise Refused(problems)
    grant = ChartGrant(
        organization_id=by_member.organization_id,
        kind=GRANT,
        member=member,
        client=client,
        provider=provider,
        reason=reason.strip(),
        starts_at=max(starts_at or now, now),
        ends_at=ends_at,
        given_by=by_member.user_id,
    )
    with saving(grant, **GRANT_TIMES):
        grant.save(force_insert=True)
    _record("grant.given", grant, by_member.user_id, member=str(member.pk))
    what = "a chart" if client else f"the charts of {provider.full_name}’s clients" if provider else ""
    slug = by_member.organization.slug
    there = (
        reverse("workspace:client", args=[slug, client.pk])
        if client
        else reverse("clients:list", args=[slug])
    )
    tell([member], kind="grant.given", sentence=f"{by_member.user.name} opened {what} to you.", path=there)
    owners = [one for one in members_who_are(grant.organization_id, [owner]) if one.pk != by_member.pk]
    whose = "one of your clients’ charts" if client else "your clients’ charts"
    tell(
        owners,
        kind="grant.given",
        sentence=f"{by_member.user.name} opened {whose} to {member.user.name}.",
        path=reverse("clients:who", args=[slug, client.pk]) if client else "",
    )
    return grant


def open_in_emergency(*, client: Client, reason: str, by_member: Member) -> ChartGrant:
    """Open a chart that is not one's own, for the policy's minutes (60).

    Every admin and the client's provider are told. Raises Refused for a reason that says nothing.
    """
    if sentence := reason_refused(reason):
        raise Refused({"reason": sentence})
    now = clock.now()
    grant = ChartGrant(
        organization_id=client.organization_id,
        kind=EMERGENCY,
        member=by_member,
        client=client,
        reason=reason.strip(),
        starts_at=now,
        ends_at=now + timedelta(minutes=policy_for(client.organization_id).emergency_minutes),
        given_by=by_member.user_id,
    )
    with saving(grant):
        grant.save(force_insert=True)
    by_member.__dict__.pop("_granted", None)
    _record("emergency.opened", grant, by_member.user_id)
    slug = by_member.organization.slug
    told = admins_of(client.organization_id)
    owners = [
        one
        for one in members_who_are(client.organization_id, [client.provider_id])
        if one.pk not in {by_member.pk, *(admin.pk for admin in told)}
    ]
    sentence = f"{by_member.user.name} opened a chart in an emergency."
    tell(told, kind="emergency.opened", sentence=sentence, path=reverse("clients:access", args=[slug]))
    mine = f"{by_member.user.name} opened the chart of one of your clients in an emergency."
    path = reverse("clients:who", args=[slug, client.pk])
    tell(owners, kind="emergency.opened", sentence=mine, path=path)
    return grant


def end_grant(*, grant: ChartGrant, by: UUID) -> ChartGrant:
    """End a grant or an emergency now, or before it has begun. One that is over already stays as it is."""
    if not grant.over:
        save_fields(grant, ended_at=clock.now(), ended_by=by)
        _record(f"{grant.kind}.ended", grant, by)
    return grant


def review_emergency(*, grant: ChartGrant, by_member: Member) -> ChartGrant:
    """An admin has looked at an emergency. Not at their own, unless there is no other admin. Raises Refused."""
    if not grant.to_review:
        raise Refused("There is nothing to review here any more.")
    if grant.member_id == by_member.pk and len(admins_of(grant.organization_id)) > 1:
        raise Refused("Another admin reviews what you opened yourself.")
    save_fields(grant, reviewed_at=clock.now(), reviewed_by=by_member.user_id)
    _record("emergency.reviewed", grant, by_member.user_id)
    return grant


def _record(kind: str, grant: ChartGrant, by: UUID, **data: Any) -> None:
    audit.record(
        kind,
        subject_type="grant",
        subject_id=grant.pk,
        client_id=grant.client_id,
        by=by,
        grant=str(grant.pk),
        **data,
    )
