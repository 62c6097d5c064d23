"""The practice itself: created, mended, and the numbers of its policy."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from attest.core import audit
from attest.core.access import Role
from attest.core.models import User, save_fields
from attest.core.walls import inside
from attest.policy.record import DEFAULT_POLICY, Policy, PolicyRefused
from attest.practice.models import Member, Organization, PolicyRecord
from attest.practice.refusal import Refused, problems_of, saving

Welcome = Callable[[Organization, UUID], None]
_welcomes: list[Welcome] = []

TAKEN_SLUG = {"practice_organization_slug_key": ("slug", "Another practice has this address already.")}


def on_new_organization(callback: Welcome) -> None:
    """Rooms above give a new practice its starting rows: called inside its wall with (organization, acting user)."""
    if callback not in _welcomes:
        _welcomes.append(callback)


def create_organization(
    *,
    name: str,
    slug: str,
    zone: str,
    admin_email: str,
    admin_name: str,
    admin_password: str,
    admin_roles: Sequence[str] = (Role.ADMIN,),
) -> Organization:
    """A new practice with its first admin, the starting forms and templates, and nothing else.

    An e-mail that already has a login keeps its own password. Raises Refused for an address (slug) that is taken,
    a password that is too easy, or columns that do not fit.
    """
    organization = Organization(name=name, slug=slug, zone=zone)
    with transaction.atomic():
        problems = problems_of(organization)
        user = user_for(email=admin_email, name=admin_name, password=admin_password, problems=problems)
        with saving(organization, **TAKEN_SLUG):
            organization.save(force_insert=True)
        member = Member(organization=organization, user=user, roles=sorted({*admin_roles, Role.ADMIN.value}))
        with saving(member):
            member.save(force_insert=True)
        with inside(organization.pk, user.pk):
            audit.record(
                "organization.created",
                subject_type="organization",
                subject_id=organization.pk,
                by=user.pk,
            )
            for welcome in _welcomes:
                welcome(organization, user.pk)
    return organization


def user_for(*, email: str, name: str, password: str, problems: Mapping[str, str] | None = None) -> User:
    """The user of an e-mail address, made with `password` when there is none yet.

    `problems` are those already found; they are refused together with what is wrong here.
    """
    found = dict(problems or {})
    known = User.objects.filter(email=email.strip().lower()).first()
    if known is None:
        candidate = User(email=email.strip().lower(), name=name.strip(), password="unset")
        found |= problems_of(candidate)
        try:
            validate_password(password, candidate)
        except ValidationError as error:
            found["password"] = " ".join(error.messages)
    if found:
        raise Refused(found)
    if known is not None:
        return known
    return User.objects.create_user(email, password, name=name.strip())


def update_organization(*, organization: Organization, by: UUID, **values: Any) -> Organization:
    """Mend the practice's own facts: name, zone, billing NPI, tax id, address, clearinghouse ids."""
    for column, value in values.items():
        setattr(organization, column, value)
    with saving(organization, **TAKEN_SLUG):
        save_fields(organization, **values)
    audit.record(
        "organization.updated",
        subject_type="organization",
        subject_id=organization.pk,
        by=by,
        fields=sorted(values),
    )
    return organization


def set_policy_numbers(*, organization_id: UUID, numbers: Mapping[str, object], by: UUID) -> Policy:
    """Choose the practice's own numbers from now on; those left out, or equal to the default, stay the default.

    Raises Refused with a sentence for each number that is looser than the default or no whole number.
    """
    try:
        policy = Policy.from_numbers(numbers)
    except PolicyRefused as refusal:
        raise Refused(refusal.sentences) from refusal
    own = {name: getattr(policy, name) for name in numbers}
    own = {name: value for name, value in own.items() if value != getattr(DEFAULT_POLICY, name)}
    record = PolicyRecord.objects.create(organization_id=organization_id, numbers=own, made_by=by)
    audit.record("policy.set", subject_type="policy", subject_id=record.pk, by=by, numbers=own)
    return policy
