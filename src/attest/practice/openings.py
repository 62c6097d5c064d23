"""A practice opened for support, and what its people are told: the rows, and which of them count now."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from attest.core import clock
from attest.practice.organization import Member
from attest.practice.records import Record, link

CATEGORIES = [
    ("question", "A question the practice asked"),
    ("fault", "A fault that has to be seen to be mended"),
    ("claim", "A claim that is stuck"),
    ("import", "Data brought in or taken out"),
    ("security", "A worry about security"),
]


class SupportOpening(Record):
    """A support agent said why they need to look into the practice; until when that counts, and who ended it.

    `starts_at` stays empty while the practice has to allow it first.
    """

    member = link(Member)
    category = models.CharField("what it is about", max_length=10, choices=CATEGORIES)
    reason = models.CharField(max_length=500)
    reference = models.CharField("request number", max_length=40, blank=True, default="")
    asked_at = models.DateTimeField(default=clock.now)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    allowed_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="support_opening_times",
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(name="support_opening_reason", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(
                fields=["organization", "member"],
                name="support_opening_open",
                condition=Q(ended_at__isnull=True),
            )
        ]

    @property
    def waits(self) -> bool:
        """It waits for an admin of the practice."""
        return self.starts_at is None and self.ended_at is None

    @property
    def stands(self) -> bool:
        """It lets its member in at this moment."""
        return self.ended_at is None and self.ends_at is not None and clock.now() < self.ends_at


def opening_of(member: Member) -> SupportOpening | None:
    """The opening that lets the member in now; of several, the one that lasts longest."""
    return (
        SupportOpening.objects.filter(
            organization_id=member.organization_id,
            member=member,
            ended_at__isnull=True,
            ends_at__gt=clock.now(),
        )
        .order_by("-ends_at")
        .first()
    )


class Notice(Record):
    """Something a member is told on their pages. The sentence names no client; the path leads to where more is."""

    member = link(Member)
    kind = models.CharField(max_length=40)
    sentence = models.CharField(max_length=300)
    path = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        indexes = [
            models.Index(
                fields=["organization", "member"], name="notice_unread", condition=Q(read_at__isnull=True)
            ),
            models.Index(fields=["organization", "member", "made_at"], name="notice_of_member"),
        ]


def unread(member: Any) -> int:
    """How many notices the member has not read: one statement a request, over the few that are unread."""
    if not hasattr(member, "_unread"):
        member._unread = Notice.objects.filter(
            organization_id=member.organization_id, member_id=member.pk, read_at__isnull=True
        ).count()
    found: int = member._unread
    return found
