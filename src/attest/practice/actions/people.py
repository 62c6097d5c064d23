"""The people of a practice: members with their roles, providers with their licences."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from attest.core import audit
from attest.core.access import Role
from attest.core.logins.ending import end_every_login
from attest.core.models import save_fields
from attest.practice.actions.organization import user_for
from attest.practice.models import Licence, Member, Provider
from attest.practice.refusal import Refused, saving

MEMBER_ONCE = {"member_once": ("email", "This person is already a member of the practice.")}
PROVIDER_TAKEN = {
    "provider_npi_once": ("npi", "Another provider of the practice has this NPI."),
    "provider_npi_valid": (
        "npi",
        "The check digit of this NPI is wrong. Copy it again from the NPI registry.",
    ),
}
LICENCE_TAKEN = {"licence_dates": ("valid_to", "The licence ends before it begins.")}


def add_member(
    *,
    organization_id: UUID,
    email: str,
    name: str,
    password: str,
    roles: Sequence[str],
    by: UUID,
    provider: Provider | None = None,
) -> Member:
    """Give a person a place in the practice at once, with a password: for people nobody writes to, such as the demo's.

    Everybody else is invited. Somebody who already has a login keeps their own password. Raises Refused when they are
    a member already, have no role, or the password is too easy; and when the role of provider comes without the
    provider they are.
    """
    check_roles(roles, provider.pk if provider else None)
    user = user_for(email=email, name=name, password=password)
    member = Member(
        organization_id=organization_id,
        user=user,
        roles=sorted(set(roles)),
        provider_id=provider.pk if provider else None,
    )
    with saving(member, **MEMBER_ONCE):
        member.save(force_insert=True)
    audit.record("member.added", subject_type="member", subject_id=member.pk, by=by, roles=member.roles)
    return member


def update_member(
    *, member: Member, roles: Sequence[str], provider_id: UUID | None, active: bool, by: UUID
) -> Member:
    """Change a member's roles, the provider they are, or whether they may enter at all.

    Who may no longer enter is signed out everywhere at once. Raises Refused when the practice would be left without
    an active admin.
    """
    check_roles(roles, provider_id)
    # Every admin's row is locked, so that two admins cannot remove each other at the same moment.
    others = Member.objects.select_for_update().filter(
        organization_id=member.organization_id, active=True, roles__contains=[Role.ADMIN.value]
    )
    remain = {m.pk for m in others} - {member.pk}
    if not remain and not (active and Role.ADMIN in roles):
        raise Refused({"roles": "The practice needs at least one active admin: name another one first."})
    leaves = member.active and not active
    save_fields(member, roles=sorted(set(roles)), provider_id=provider_id, active=active)
    if leaves:
        end_every_login(member.user_id)
    audit.record(
        "member.updated",
        subject_type="member",
        subject_id=member.pk,
        by=by,
        roles=member.roles,
        active=active,
    )
    return member


def check_roles(roles: Sequence[str], provider_id: UUID | None) -> None:
    """Raises Refused for no role, an unknown one, that of client, and for a provider without the provider they are."""
    if not roles:
        raise Refused({"roles": "Choose at least one role."})
    if unknown := set(roles) - {role.value for role in Role}:
        raise Refused({"roles": f"There is no role called {sorted(unknown)[0]}."})
    if Role.CLIENT in roles:
        raise Refused({"roles": "Clients have no login yet: there is no page for them in this version."})
    if Role.PROVIDER in roles and provider_id is None:
        raise Refused({"provider": "Say which provider this person is: the role of provider needs one."})


def add_provider(*, organization_id: UUID, by: UUID, member: Member | None = None, **values: Any) -> Provider:
    """A new provider: names, credentials, NPI, taxonomy, zone. With a `member`, that person is this provider.

    The member gains the role of provider. Raises Refused for an NPI that is wrong or taken.
    """
    provider = Provider(organization_id=organization_id, **values)
    with saving(provider, **PROVIDER_TAKEN):
        provider.save(force_insert=True)
    if member is not None:
        roles = sorted({*member.roles, Role.PROVIDER.value})
        save_fields(member, roles=roles, provider_id=provider.pk)
    audit.record(
        "provider.added",
        subject_type="provider",
        subject_id=provider.pk,
        by=by,
        member_id=str(member.pk) if member else None,
    )
    return provider


def update_provider(*, provider: Provider, by: UUID, **values: Any) -> Provider:
    """Mend a provider, or retire them with `active=False`: past sessions keep them."""
    for column, value in values.items():
        setattr(provider, column, value)
    with saving(provider, **PROVIDER_TAKEN):
        save_fields(provider, **values)
    audit.record(
        "provider.updated", subject_type="provider", subject_id=provider.pk, by=by, fields=sorted(values)
    )
    return provider


def add_licence(
    *, provider: Provider, state: str, number: str, valid_from: date, by: UUID, valid_to: date | None = None
) -> Licence:
    """A licence of the provider in one state. Raises Refused when it ends before it begins."""
    licence = Licence(
        organization_id=provider.organization_id,
        provider=provider,
        state=state,
        number=number,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    with saving(licence, **LICENCE_TAKEN):
        licence.save(force_insert=True)
    audit.record("licence.added", subject_type="licence", subject_id=licence.pk, by=by, state=state)
    return licence


def update_licence(*, licence: Licence, by: UUID, **values: Any) -> Licence:
    """Mend a licence: its number, or its dates when it was renewed."""
    for column, value in values.items():
        setattr(licence, column, value)
    with saving(licence, **LICENCE_TAKEN):
        save_fields(licence, **values)
    audit.record(
        "licence.updated", subject_type="licence", subject_id=licence.pk, by=by, fields=sorted(values)
    )
    return licence
