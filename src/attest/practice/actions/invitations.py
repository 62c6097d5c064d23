"""Inviting people: a place in the practice is offered by e-mail, and taken by whoever opens that e-mail."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.urls import reverse

from attest.core import audit, clock, outbox, passwords
from attest.core.models import User, save_fields
from attest.core.walls import inside
from attest.practice.actions.people import check_roles
from attest.practice.entry import Invitation, digest, new_token
from attest.practice.models import Member, Organization, Provider
from attest.practice.refusal import Refused, saving

VALID_FOR = timedelta(days=7)
ALREADY_INVITED = "This address was invited already. Send that invitation again, or withdraw it first."
MEMBER = "This person is already a member of the practice."
MEMBER_BEFORE = (
    "This person was a member before. Open their page and let them in again; no invitation is needed."
)
INVITED_ONCE = {"invitation_open_once": ("email", ALREADY_INVITED)}
NO_LONGER = "This invitation no longer works. Ask the practice for a new one."


def invite(
    *,
    organization: Organization,
    email: str,
    name: str,
    roles: Sequence[str],
    by: User,
    provider: Provider | None = None,
    request: HttpRequest | None = None,
) -> Invitation:
    """Offer a person a place in the practice, for seven days, by a message with a link that works once.

    Raises Refused when they are a member or invited already, have no role, or the role of provider comes without the
    provider they are.
    """
    address = email.strip().lower()
    check_roles(roles, provider.pk if provider else None)
    if known := Member.objects.filter(organization=organization, user__email=address).first():
        raise Refused({"email": MEMBER if known.active else MEMBER_BEFORE})
    token = new_token()
    now = clock.now()
    invitation = Invitation(
        organization=organization,
        email=address,
        name=name.strip(),
        roles=sorted(set(roles)),
        provider_id=provider.pk if provider else None,
        digest=digest(token),
        invited_by=by,
        invited_at=now,
        expires_at=now + VALID_FOR,
    )
    with saving(invitation, **INVITED_ONCE):
        invitation.save(force_insert=True)
    _send(invitation, token, by, request)
    audit.record(
        "member.invited",
        subject_type="invitation",
        subject_id=invitation.pk,
        by=by.pk,
        roles=invitation.roles,
    )
    return invitation


def invite_again(*, invitation: Invitation, by: User, request: HttpRequest | None = None) -> Invitation:
    """Send a new link for another seven days; the one sent before no longer works. Raises Refused once it has ended."""
    locked = _lock(invitation.pk)
    token = new_token()
    save_fields(locked, digest=digest(token), expires_at=clock.now() + VALID_FOR)
    _send(locked, token, by, request)
    audit.record("member.invited_again", subject_type="invitation", subject_id=locked.pk, by=by.pk)
    return locked


def withdraw_invitation(*, invitation: Invitation, by: UUID) -> Invitation:
    """Take the offer back; its link no longer works. Raises Refused when it was accepted or withdrawn meanwhile."""
    locked = _lock(invitation.pk)
    save_fields(locked, withdrawn_at=clock.now())
    audit.record("member.invitation_withdrawn", subject_type="invitation", subject_id=locked.pk, by=by)
    return locked


def accept_as_new(*, invitation: Invitation, name: str, password: str) -> Member:
    """The invited person has no login yet: make one with this password, whose e-mail address the link has proven.

    Raises Refused when the invitation has ended, the address has a login by now, or the password is too easy.
    """
    candidate = User(email=invitation.email, name=name.strip())
    found = {} if candidate.name else {"name": "Your name is needed: colleagues see it beside what you do."}
    words = [*passwords.words_around(candidate), invitation.organization.name]
    if sentence := passwords.problem(password, words):
        found["password"] = sentence
    if found:
        raise Refused(found)
    with inside(invitation.organization_id):
        locked = _lock(invitation.pk, still_valid=True)
        if User.objects.filter(email=locked.email).exists():
            raise Refused("This address has a login already. Sign in with it, then accept.")
        user = User.objects.create_user(locked.email, password, name=candidate.name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return _become_member(locked, user)


def accept_as_known(*, invitation: Invitation, user: User) -> Member:
    """The invited person has a login, and is signed in with it: they gain a place in this practice too.

    Raises Refused when the invitation has ended or is for another address.
    """
    with inside(invitation.organization_id, user.pk):
        locked = _lock(invitation.pk, still_valid=True)
        if user.email != locked.email:
            raise Refused("This invitation is for another address. Sign in with that one to accept it.")
        return _become_member(locked, user)


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link leads to, whatever has become of it; None for an unknown link."""
    return (
        Invitation.objects.select_related("organization", "invited_by").filter(digest=digest(token)).first()
    )


def _become_member(invitation: Invitation, user: User) -> Member:
    member, created = Member.objects.get_or_create(
        organization_id=invitation.organization_id,
        user=user,
        defaults={"roles": invitation.roles, "provider_id": invitation.provider_id},
    )
    if not created:
        raise Refused("You are a member of this practice already.")
    save_fields(invitation, accepted_at=clock.now(), accepted_by_id=user.pk)
    audit.record(
        "member.joined",
        subject_type="member",
        subject_id=member.pk,
        by=user.pk,
        roles=member.roles,
        invitation_id=str(invitation.pk),
        invited_by=str(invitation.invited_by_id),
    )
    return member


def _lock(invitation_id: UUID, *, still_valid: bool = False) -> Invitation:
    locked = Invitation.objects.select_for_update().get(pk=invitation_id)
    if not locked.open or (still_valid and locked.expired):
        raise Refused(NO_LONGER)
    return locked


def _send(invitation: Invitation, token: str, by: User, request: HttpRequest | None) -> None:
    organization = invitation.organization
    outbox.write(
        "member.invited",
        address=invitation.email,
        organization_id=organization.pk,
        words={
            "who": by.name,
            "person": invitation.name,
            "practice": organization.name,
            "until": outbox.moment_text(invitation.expires_at, organization.zone),
            "link": outbox.link_to(reverse("invitation", args=[token]), request),
        },
    )
