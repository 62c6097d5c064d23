"""Notices leave the house too: who has one gets a message that there is something, and where, but not what."""

from django.urls import reverse

from attest.core import outbox
from attest.practice.models import Member, Notice


def mail_notices(notices: list[Notice]) -> None:
    """One message to each person who was told something, however much it was."""
    ids = {notice.member_id for notice in notices}
    for member in Member.objects.filter(pk__in=ids).select_related("user", "organization"):
        practice = member.organization
        outbox.write(
            "notice",
            address=member.user.email,
            words={
                "person": member.user.name,
                "practice": practice.name,
                "link": outbox.link_to(reverse("practice:notices", args=[practice.slug])),
            },
            organization_id=practice.pk,
            user_id=member.user_id,
        )
