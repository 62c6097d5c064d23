"""Registration of the room with Django."""

from typing import Any
from uuid import UUID

from django.apps import AppConfig


class Practice(AppConfig):
    name = "attest.practice"
    label = "practice"

    def ready(self) -> None:
        """Say how members are found, and what this room puts into the rail and the settings."""
        from attest.core.access import ask_for_a_reason_at, load_members_with
        from attest.core.audit.sealing import list_practices_with
        from attest.core.frame import RailEntry, add_context, add_to_rail
        from attest.core.idle import limit_minutes_with
        from attest.core.logins.practices import find_places_with
        from attest.core.passwords import name_practices_with
        from attest.practice import letters  # noqa: F401 - what the practice writes by e-mail
        from attest.practice.actions.notices import carry_notices_with
        from attest.practice.mailing import mail_notices
        from attest.practice.openings import unread
        from attest.practice.setup import add_own_pages_and_steps

        load_members_with(active_member)
        find_places_with(places_of)
        name_practices_with(practice_names)
        limit_minutes_with(idle_minutes)
        carry_notices_with(mail_notices)
        list_practices_with(every_practice)
        ask_for_a_reason_at("practice:support")
        add_context(_told)
        add_to_rail(RailEntry(5, "Support", "support", "practice:support", "support.open"))
        add_to_rail(RailEntry(85, "Notices", "inbox", "practice:notices", "notice.view", unread))
        add_to_rail(RailEntry(90, "Settings", "settings", "practice:settings", "settings.view"))
        add_own_pages_and_steps()


def _told(request: Any) -> dict[str, Any]:
    """What stands above every page: unread notices, and until when a practice is open for support."""
    from attest.core.access import may
    from attest.practice.openings import unread

    member = getattr(request, "member", None)
    if member is None:
        return {}
    return {
        "unread": unread(member) if may(member, "notice.view") else 0,
        "opening": member.opening if may(member, "support.open") else None,
    }


def active_member(user_id: UUID, slug: str) -> Any:
    """The active member that the user is in the practice of that slug, with its organization; one query, or None."""
    from attest.practice.queries import active_members

    return next(iter(active_members(user_id, slug)), None)


def every_practice() -> list[UUID]:
    """The id of every practice of this installation, the oldest first."""
    from attest.practice.organization import Organization

    return list(Organization.objects.order_by("pk").values_list("pk", flat=True))


def places_of(user_id: UUID) -> list[Any]:
    """The practices a user is an active member of, as signing in asks for them."""
    from attest.core.logins.practices import Place
    from attest.practice.organization import Member

    found = Member.objects.select_related("organization").filter(user_id=user_id, active=True)
    practices = [member.organization for member in found.order_by("organization__name")]
    return [Place(one.pk, one.name, one.zone, one.identity_provider) for one in practices]


def practice_names(user_id: UUID) -> list[str]:
    """The names of the practices a user is in, which are no passwords."""
    from attest.practice.organization import Member

    return list(Member.objects.filter(user_id=user_id).values_list("organization__name", flat=True))


def idle_minutes(organization_id: UUID) -> int:
    """Minutes without use after which a practice locks the screen. Inside its wall."""
    from attest.practice.queries import policy_for

    return policy_for(organization_id).idle_minutes
