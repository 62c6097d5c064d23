"""What a member is told on their pages."""

from collections.abc import Callable, Iterable
from uuid import UUID

from attest.core import clock
from attest.core.access import Role
from attest.core.models import insert
from attest.practice.models import Member, Notice

Messenger = Callable[[list[Notice]], None]
_messengers: list[Messenger] = []


def carry_notices_with(messenger: Messenger) -> None:
    """A room that sends messages hands in how a notice leaves the house too; called in the same transaction."""
    _messengers[:] = [messenger]


def admins_of(organization_id: UUID) -> list[Member]:
    """The active admins of the practice, with their users."""
    admins = Member.objects.filter(
        organization_id=organization_id, active=True, roles__contains=[Role.ADMIN.value]
    )
    return list(admins.select_related("user").order_by("user__name"))


def members_who_are(organization_id: UUID, provider_ids: Iterable[UUID | None]) -> list[Member]:
    """The active members who are these providers; providers without a login are nobody to tell."""
    wanted = [one for one in provider_ids if one is not None]
    members = Member.objects.filter(organization_id=organization_id, active=True, provider_id__in=wanted)
    return list(members.select_related("user"))


def tell(members: Iterable[Member], *, kind: str, sentence: str, path: str = "") -> list[Notice]:
    """One notice for each of the members, once for each. The sentence names no client.

    `path` leads to where more is to be seen, for those who may open it.
    """
    notices = [
        Notice(organization_id=member.organization_id, member=member, kind=kind, sentence=sentence, path=path)
        for member in {member.pk: member for member in members}.values()
    ]
    insert(*notices)
    for messenger in _messengers if notices else ():
        messenger(notices)
    return notices


def mark_notices_read(*, member: Member) -> int:
    """The member has read what they were told up to now; how many there were."""
    waiting = Notice.objects.filter(
        organization_id=member.organization_id, member=member, read_at__isnull=True
    )
    return waiting.update(read_at=clock.now())
