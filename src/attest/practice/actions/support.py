"""A practice opened for support: asked for with a reason, allowed where the practice wants that, and ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from attest.core import audit, clock
from attest.core.models import save_fields
from attest.practice.actions.notices import admins_of, tell
from attest.practice.models import Member, SupportOpening
from attest.practice.queries import policy_for
from attest.practice.refusal import Refused, saving

SHORTEST_REASON = 15
"""Characters of a reason that says anything: a sentence, not a word."""


def reason_refused(reason: str) -> str:
    """What is wrong with a reason, as a sentence; empty when it says something."""
    if len(reason.strip()) < SHORTEST_REASON or len(reason.split()) < 3:
        return "Say in a sentence why. Others will read it."
    return ""


def open_for_support(*, member: Member, category: str, reason: str, reference: str = "") -> SupportOpening:
    """The member states why they need to look into the practice, and is let in for the policy's minutes (120).

    Where the practice allows support only by hand, the opening waits for an admin. The admins are told either way.
    Raises Refused for a reason that says nothing, and while an earlier one of theirs still stands or waits.
    """
    standing = SupportOpening.objects.filter(
        organization_id=member.organization_id, member=member, ended_at__isnull=True
    )
    if any(one.stands or one.waits for one in standing):
        raise Refused("You have asked already. End that one before you state another reason.")
    if sentence := reason_refused(reason):
        raise Refused({"reason": sentence})
    policy, now = policy_for(member.organization_id), clock.now()
    opening = SupportOpening(
        organization_id=member.organization_id,
        member=member,
        category=category,
        reason=reason.strip(),
        reference=reference.strip(),
        asked_at=now,
    )
    if not policy.support_approval:
        opening.starts_at, opening.ends_at = now, now + timedelta(minutes=policy.support_minutes)
    with saving(opening):
        opening.save(force_insert=True)
    if hasattr(member, "_opening"):
        del member._opening
    kind = "support.opened" if opening.stands else "support.asked"
    _record(kind, opening, member.user_id, category=category)
    does = "opened the practice for support" if opening.stands else "asks to be let in for support"
    _tell_admins(opening, kind, f"{member.user.name} {does}: {opening.get_category_display().lower()}.")
    return opening


def allow_support(*, opening: SupportOpening, by: UUID) -> SupportOpening:
    """An admin lets the support agent in, for the policy's minutes from now. Raises Refused when it does not wait."""
    if not opening.waits:
        raise Refused("This request does not wait any more.")
    now = clock.now()
    minutes = policy_for(opening.organization_id).support_minutes
    save_fields(opening, starts_at=now, ends_at=now + timedelta(minutes=minutes), allowed_by=by)
    _record("support.allowed", opening, by)
    return opening


def end_support(*, opening: SupportOpening, by: UUID) -> SupportOpening:
    """End an opening before its time, or turn down one that waits. One that is over already stays as it is."""
    if opening.ended_at is None and (opening.waits or opening.stands):
        save_fields(opening, ended_at=clock.now(), ended_by=by)
        _record("support.ended", opening, by)
    return opening


def _record(kind: str, opening: SupportOpening, by: UUID, **data: Any) -> None:
    audit.record(kind, subject_type="opening", subject_id=opening.pk, by=by, **data)


def _tell_admins(opening: SupportOpening, kind: str, sentence: str) -> None:
    path = reverse("clients:access", args=[opening.member.organization.slug])
    tell(admins_of(opening.organization_id), kind=kind, sentence=sentence, path=path)
