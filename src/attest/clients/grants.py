"""Charts opened to members who would not reach them: the rows, and what they open at a moment."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet

from attest.core import clock
from attest.core.access import Role
from attest.core.reach import Granted
from attest.practice.models import Member, Provider
from attest.practice.queries import policy_for
from attest.practice.records import Record, link

GRANT, EMERGENCY = "grant", "emergency"


class ChartGrant(Record):
    """A member may read a chart that is not theirs: which, why, from when until when, and who said so.

    Either one client's chart, or the charts of all clients of a colleague. A *grant* is given by an admin or by the
    client's own provider; an *emergency* is a member's own opening, with an end, for others to look at afterwards.
    Rows stay for good: ended, never deleted.
    """

    kind = models.CharField(max_length=9, choices=[(GRANT, "Grant"), (EMERGENCY, "Emergency")], default=GRANT)
    member = link(Member)
    client = link("clients.Client", null=True)
    provider = link(Provider, null=True)
    reason = models.CharField(max_length=500)
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True)
    given_by = models.UUIDField()
    given_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="chart_grant_one_thing",
                condition=Q(client__isnull=False, provider__isnull=True)
                | Q(client__isnull=True, provider__isnull=False, kind=GRANT),
            ),
            models.CheckConstraint(
                name="chart_grant_times", condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="chart_grant_emergency_ends", condition=Q(kind=GRANT) | Q(ends_at__isnull=False)
            ),
            models.CheckConstraint(name="chart_grant_reason", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(
                fields=["organization", "member"],
                name="chart_grant_of_member",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(fields=["organization", "client"], name="chart_grant_of_client"),
            models.Index(fields=["organization", "given_at"], name="chart_grant_given"),
        ]

    @property
    def stands(self) -> bool:
        """It opens something at this moment."""
        now = clock.now()
        return self.starts_at <= now and not self.over

    @property
    def over(self) -> bool:
        """It was ended, or its time has passed."""
        return self.ended_at is not None or (self.ends_at is not None and self.ends_at <= clock.now())

    @property
    def to_review(self) -> bool:
        """An emergency that nobody has looked at yet."""
        return self.kind == EMERGENCY and self.reviewed_at is None


def standing(organization_id: UUID) -> QuerySet[ChartGrant]:
    """The grants of the practice that open something now."""
    now = clock.now()
    return ChartGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        organization_id=organization_id,
        ended_at__isnull=True,
        starts_at__lte=now,
    )


def granted(member: Any) -> Granted:
    """What is open to the member now, for `core.reach`: one statement beside that of the policy."""
    organization_id: UUID = member.organization_id
    clients: dict[UUID, UUID] = {}
    providers: dict[UUID, UUID] = {}
    rows = standing(organization_id).filter(member_id=member.pk).order_by("-kind", "given_at")
    found: Any = rows.values_list("pk", "client_id", "provider_id")
    for pk, client_id, provider_id in found:
        if client_id is not None:
            clients.setdefault(client_id, pk)
        else:
            providers.setdefault(provider_id, pk)
    provides = Role.PROVIDER in member.role_names and member.provider_id is not None
    return Granted(clients, providers, everybody=provides and bool(policy_for(organization_id).open_charts))


def emergency_of(member: Any, client_id: UUID) -> ChartGrant | None:
    """The emergency by which the member has this client's chart open now."""
    rows = standing(member.organization_id).filter(member_id=member.pk, client_id=client_id, kind=EMERGENCY)
    return rows.order_by("-ends_at").first()
