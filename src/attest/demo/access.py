"""Who is let into charts in the story: somebody in an emergency, support once, a colleague who stands in."""

from datetime import timedelta

from attest.clients.actions import end_grant, grant_chart, open_in_emergency, review_emergency
from attest.clients.models import ChartGrant, Client
from attest.core import clock
from attest.core.access import Role
from attest.core.walls import inside
from attest.demo.cast import Cast
from attest.practice.actions import admins_of, end_support, mark_notices_read, open_for_support
from attest.practice.models import Member

EMERGENCY, REVIEWED, SUPPORT, GRANTED = 12, 11, 9, 6
"""How many days ago each happened."""


def let_in(cast: Cast, days_ago: int) -> None:
    """What happened on that morning, if anything; who was told has read it."""
    happened = {EMERGENCY: _emergency, REVIEWED: _reviewed, SUPPORT: _support, GRANTED: _granted}
    if days_ago in happened:
        with inside(cast.organization.pk, cast.admin_id):
            happened[days_ago](cast)
            for member in Member.objects.filter(organization_id=cast.organization.pk):
                mark_notices_read(member=member)


def _client_of(cast: Cast, provider: str) -> Client:
    return next(client for client, who in cast.clients if who.provider == provider)


def _admin(cast: Cast) -> Member:
    return admins_of(cast.organization.pk)[0]


def _emergency(cast: Cast) -> None:
    """Ines takes the call of one of Maren's clients, and closes the chart twenty minutes later."""
    ines = cast.member_of(cast.providers["ines"].pk)
    grant = open_in_emergency(
        client=_client_of(cast, "maren"),
        reason="They called the office in distress while Maren was in session. I need the safety plan.",
        by_member=ines,
    )
    with clock.at(clock.now() + timedelta(minutes=20)):
        end_grant(grant=grant, by=ines.user_id)


def _reviewed(cast: Cast) -> None:
    """The next morning the admin has asked what happened."""
    for grant in ChartGrant.objects.filter(organization_id=cast.organization.pk, reviewed_at__isnull=True):
        if grant.to_review:
            review_emergency(grant=grant, by_member=_admin(cast))


def _support(cast: Cast) -> None:
    """Support looks at a claim, and is done before its time is over."""
    members = Member.objects.filter(
        organization_id=cast.organization.pk, roles__contains=[Role.SUPPORT.value]
    )
    helper = members.select_related("user", "organization").get()
    opening = open_for_support(
        member=helper,
        category="claim",
        reason="The practice asked why a claim waits for a signed note. I look at its standing.",
        reference="R-1042",
    )
    with clock.at(clock.now() + timedelta(minutes=35)):
        end_support(opening=opening, by=helper.user_id)


def _granted(cast: Cast) -> None:
    """Tobias lets Maren read the chart of a client whom she sees while he is away."""
    tobias = cast.member_of(cast.providers["tobias"].pk)
    grant_chart(
        member=cast.member_of(cast.providers["maren"].pk),
        client=_client_of(cast, "tobias"),
        reason="Maren sees the client while I am at a training until the middle of next month.",
        by_member=tobias,
        ends_at=clock.now() + timedelta(days=24),
    )
