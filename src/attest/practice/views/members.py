"""Settings: members with their roles, invitations, and the way back for who lost their second step."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from attest.core import clock, outbox
from attest.core.access import MemberRequest, access, may
from attest.core.logins import throttling
from attest.core.logins.second_factor import who_has_one
from attest.practice import actions
from attest.practice.form_page import SeeOther, form_page, typed
from attest.practice.forms import InviteForm, MemberRolesForm
from attest.practice.models import Invitation, Member, Provider, Recovery
from attest.practice.refusal import Refused
from attest.practice.views.settings import url


@access("settings.view")
def members(request: MemberRequest) -> HttpResponseBase:
    """Everybody who may enter, those who no longer may, and who is invited."""
    rows = (
        Member.objects.filter(organization_id=request.practice.pk)
        .select_related("user")
        .order_by("-active", "user__name")
    )
    providers = Provider.objects.filter(organization_id=request.practice.pk).in_bulk()
    shown = [(row, providers.get(row.provider_id) if row.provider_id else None) for row in rows]
    may_edit = may(request.member, "member.edit")
    waiting = Invitation.objects.filter(
        organization_id=request.practice.pk, accepted_at=None, withdrawn_at=None
    ).select_related("invited_by")
    context = {
        "members": shown,
        "may_edit": may_edit,
        "with_factor": who_has_one([row.user_id for row in rows]) if may_edit else set(),
        "invitations": waiting.order_by("-invited_at") if may_edit else [],
        "recoveries": actions.open_recoveries(request.practice.pk) if may_edit else [],
        "now": clock.now(),
    }
    return TemplateResponse(request, "practice/members.html", context)


@access("member.edit")
def invite(request: MemberRequest) -> HttpResponseBase:
    """Invite a person by e-mail."""
    if request.method == "POST" and (
        stopped := throttling.too_often(request, "invite", key=request.practice.slug)
    ):
        return stopped

    def save(values: dict[str, Any]) -> None:
        actions.invite(organization=request.practice, by=request.member.user, request=request, **values)

    return form_page(
        request,
        InviteForm(typed(request), organization_id=request.practice.pk),
        save,
        title="Invite somebody",
        then=url(request, "members"),
        parent_title="Members",
        said="The invitation is on its way.",
        lead="They get an email with a link that works once, for seven days. They choose their own password.",
        submit="Send the invitation",
    )


@access("member.edit")
@require_POST
def invite_again(request: MemberRequest, invitation_id: UUID) -> HttpResponseBase:
    """Send an invitation once more, with a new link."""
    row = get_object_or_404(Invitation, organization_id=request.practice.pk, pk=invitation_id)
    if stopped := throttling.too_often(request, "invite", key=request.practice.slug):
        return stopped
    return _done(
        request,
        lambda: actions.invite_again(invitation=row, by=request.member.user, request=request),
        "The invitation is on its way again. The link before no longer works.",
    )


@access("member.edit")
@require_POST
def withdraw(request: MemberRequest, invitation_id: UUID) -> HttpResponseBase:
    """Take an invitation back."""
    row = get_object_or_404(Invitation, organization_id=request.practice.pk, pk=invitation_id)
    return _done(
        request,
        lambda: actions.withdraw_invitation(invitation=row, by=request.member.user_id),
        "The invitation is withdrawn. Its link no longer works.",
    )


@access("member.edit")
def member(request: MemberRequest, member_id: UUID) -> HttpResponseBase:
    """A member's roles, whether they may enter, and the way back for them."""
    row = _member(request, member_id)
    start = {"roles": row.roles, "provider": row.provider_id, "active": row.active}

    def save(values: dict[str, Any]) -> None:
        provider = values["provider"]
        actions.update_member(
            member=row,
            roles=values["roles"],
            provider_id=provider.pk if provider else None,
            active=values["active"],
            by=request.member.user_id,
        )

    return form_page(
        request,
        MemberRolesForm(typed(request), initial=start, organization_id=request.practice.pk),
        save,
        title=row.user.name,
        then=url(request, "members"),
        parent_title="Members",
        said="The member is saved.",
        lead=row.user.email,
        template="practice/member.html",
        person=row,
        may_recover=row.active
        and row.user_id != request.member.user_id
        and may(request.member, "member.recover"),
        under_way=next(
            (r for r in actions.open_recoveries(request.practice.pk) if r.user_id == row.user_id), None
        ),
    )


@access("member.recover")
@require_POST
def recover(request: MemberRequest, member_id: UUID) -> HttpResponseBase:
    """Begin taking a lost second step off a member's login."""
    row = _member(request, member_id)
    return _done(
        request,
        lambda: actions.start_recovery(member=row, by=request.member, request=request),
        f"{row.user.name} gets an email to confirm it. Every admin is told and can stop it.",
    )


@access("member.recover")
@require_POST
def stop_recovery(request: MemberRequest, recovery_id: UUID) -> HttpResponseBase:
    """Stop it, whichever practice of the person began it."""
    row = get_object_or_404(
        Recovery.objects.filter(user__memberships__organization_id=request.practice.pk), pk=recovery_id
    )
    return _done(
        request,
        lambda: actions.stop_recovery(recovery=row, by=request.member.user_id),
        "It is stopped. Everything stays as it was.",
    )


@access("mail.view")
def mail(request: MemberRequest) -> HttpResponseBase:
    """Messages that have not left, why, and a way to try whether any do."""
    from django.conf import settings

    context = {
        "unsent": outbox.unsent(request.practice.pk)[:100],
        "configured": bool(settings.ATTEST_SMTP_URL),
        "sender": settings.ATTEST_MAIL_FROM,
        "server": outbox.server_name(),
    }
    return TemplateResponse(request, "practice/mail.html", context)


@access("mail.view")
@require_POST
def mail_test(request: MemberRequest) -> HttpResponseBase:
    """Send a message to oneself."""
    if stopped := throttling.too_often(request, "invite", key=request.practice.slug):
        return stopped
    words = {"practice": request.practice.name, "who": request.member.user.name}
    outbox.write(
        "mail.test",
        address=request.member.user.email,
        words=words,
        organization_id=request.practice.pk,
        user_id=request.member.user_id,
    )
    messages.success(request, f"A test message is on its way to {request.member.user.email}.")
    return SeeOther(url(request, "mail"))


@access("mail.view")
@require_POST
def mail_again(request: MemberRequest, message_id: UUID) -> HttpResponseBase:
    """Try a message again that was given up."""
    row = get_object_or_404(outbox.Message, organization_id=request.practice.pk, pk=message_id)
    if outbox.again(row):
        messages.success(request, "The message is tried again.")
    else:
        messages.error(request, "This message is of no use any more. Start again what it was for.")
    return SeeOther(url(request, "mail"))


def _member(request: MemberRequest, member_id: UUID) -> Member:
    return get_object_or_404(
        Member.objects.select_related("user"), organization_id=request.practice.pk, pk=member_id
    )


def _done(request: MemberRequest, act: Any, said: str) -> HttpResponseBase:
    """Do it and go back to the members, saying what was done or why it was not."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, " ".join(refusal.sentences.values()))
    else:
        messages.success(request, said)
    return SeeOther(url(request, "members"))
