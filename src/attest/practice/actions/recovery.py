"""The way back for a person who lost their second factor and has no recovery codes left.

An admin of the practice can only begin it. The person confirms it from their own e-mail, with their password; then a
waiting time runs in which they and every admin of every practice they are in are told, and each of them can stop it. So
no admin takes over a login alone, nor does a thief of the e-mail or of the password. Support cannot begin it at all.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from attest.core import audit, clock, outbox, work
from attest.core.access import Role
from attest.core.logins.ending import end_every_login, take_off_second_factors
from attest.core.models import User, save_fields
from attest.core.walls import inside
from attest.practice.entry import Recovery, digest, new_token
from attest.practice.models import Member, Organization
from attest.practice.queries import policy_for
from attest.practice.refusal import Refused, saving

TO_CONFIRM = timedelta(hours=48)
TAKE_EFFECT = "recovery.take_effect"
NO_LONGER = "This no longer works: it was stopped, done, or too old."
OPEN_ONCE = {"recovery_open_once": ("", "This was begun already for this person.")}


def start_recovery(*, member: Member, by: Member, request: HttpRequest | None = None) -> Recovery:
    """Begin taking a lost second factor off another member's login, as an active admin of the practice.

    The person gets a message to confirm it by, every admin one that it was begun. Raises Refused for oneself, for a
    member who may no longer enter, and when it was begun already.
    """
    if by.user_id == member.user_id:
        raise Refused(
            "Another admin has to begin this for you. If there is none: attest recover, on the server."
        )
    if not member.active:
        raise Refused("This person may no longer enter the practice.")
    if Role.ADMIN not in by.role_names or not by.active:
        raise Refused("Only an admin can begin this.")
    now = clock.now()
    for old in Recovery.objects.filter(user_id=member.user_id, done_at=None, stopped_at=None):
        if not old.open:
            save_fields(old, stopped_at=now)
    token, stop = new_token(), new_token()
    recovery = Recovery(
        organization=by.organization,
        user=member.user,
        started_by=by.user,
        started_at=now,
        digest=digest(token),
        stop_digest=digest(stop),
        expires_at=now + TO_CONFIRM,
        wait_hours=policy_for(by.organization_id).recovery_hours,
    )
    with saving(recovery, **OPEN_ONCE):
        recovery.save(force_insert=True)
    audit.record("recovery.started", subject_type="login", subject_id=member.user_id, by=by.user_id)
    links = {"stop_link": outbox.link_to(reverse("recovery_stop", args=[stop]), request)}
    mine = links | {"link": outbox.link_to(reverse("recovery_confirm", args=[token]), request)}
    _write("recovery.confirm", recovery, [member.user], mine, until=recovery.expires_at)
    _write("recovery.started", recovery, _admins(recovery), links)
    return recovery


def confirm_recovery(*, recovery: Recovery, password: str, request: HttpRequest | None = None) -> Recovery:
    """The person confirms with their password; the waiting time begins, and everybody is told until when.

    Raises Refused for a wrong password (counted by the caller) and when it has ended meanwhile.
    """
    if not recovery.user.check_password(password):
        raise Refused({"password": "This is not your password. Type it again."})
    with inside(recovery.organization_id, recovery.user_id):
        locked = _lock(recovery.pk)
        if locked.confirmed_at is not None:
            raise Refused("You have confirmed this already.")
        now = clock.now()
        stop = new_token()
        at = now + timedelta(hours=locked.wait_hours)
        save_fields(locked, confirmed_at=now, effective_at=at, stop_digest=digest(stop))
        work.schedule(TAKE_EFFECT, locked.pk, at=at)
        audit.record("recovery.confirmed", subject_type="login", subject_id=locked.user_id, by=locked.user_id)
        links = {"stop_link": outbox.link_to(reverse("recovery_stop", args=[stop]), request)}
        _write("recovery.waiting", locked, [locked.user, *_admins(locked)], links, until=at)
    return locked


def stop_recovery(*, recovery: Recovery, by: UUID | None) -> Recovery:
    """Stop it; everything stays as it was. `by` is None when it was stopped by the link of a message.

    Raises Refused when it has taken effect or was stopped already.
    """
    with inside(recovery.organization_id, by):
        locked = _lock(recovery.pk)
        save_fields(locked, stopped_at=clock.now())
        work.drop(TAKE_EFFECT, locked.pk)
        audit.record("recovery.stopped", subject_type="login", subject_id=locked.user_id, by=by)
        _write("recovery.stopped", locked, [locked.user, *_admins(locked)], {})
    return locked


def take_effect(recovery_id: UUID) -> None:
    """After the waiting time, unless it was stopped: the second factors and every session of the login are gone."""
    recovery = Recovery.objects.select_for_update().select_related("user", "organization").get(pk=recovery_id)
    if not recovery.open or recovery.effective_at is None or clock.now() < recovery.effective_at:
        return
    save_fields(recovery, done_at=clock.now())
    take_off_second_factors(recovery.user_id)
    end_every_login(recovery.user_id)
    audit.record("recovery.done", subject_type="login", subject_id=recovery.user_id, by=None)
    links = {"link": outbox.link_to(reverse("account_login"))}
    _write("recovery.done", recovery, [recovery.user, *_admins(recovery)], links)


def recover_on_the_server(*, user: User) -> int:
    """Take the second factors off a login at once, by whoever runs the server (`attest recover`).

    Every practice the person is in has it in its audit trail, and its admins are told. Returns how many were there.
    """
    with transaction.atomic():
        taken = take_off_second_factors(user.pk)
        end_every_login(user.pk)
        for place in Organization.objects.filter(members__user=user, members__active=True):
            with inside(place.pk):
                audit.record(
                    "recovery.done_on_server",
                    subject_type="login",
                    subject_id=user.pk,
                    by=None,
                    factors=taken,
                )
            words = {
                "practice": place.name,
                "person": user.name,
                "link": outbox.link_to(reverse("account_login")),
            }
            for person in {user, *_admins_of([place.pk])}:
                outbox.write(
                    "recovery.done",
                    address=person.email,
                    words=words,
                    organization_id=place.pk,
                    user_id=person.pk,
                )
    return taken


def recovery_by(token: str) -> Recovery | None:
    """The recovery that a link to confirm leads to."""
    return _with_people().filter(digest=digest(token)).first()


def recovery_to_stop(token: str) -> Recovery | None:
    """The recovery that a link to stop leads to."""
    return _with_people().filter(stop_digest=digest(token)).first()


def open_recoveries(organization_id: UUID) -> list[Recovery]:
    """Those under way for anybody who is in this practice, whichever practice began them."""
    found = _with_people().filter(
        user__memberships__organization_id=organization_id, done_at=None, stopped_at=None
    )
    return [recovery for recovery in found.order_by("started_at") if recovery.open]


def _with_people() -> QuerySet[Recovery]:
    return Recovery.objects.select_related("user", "organization", "started_by")


def _lock(recovery_id: UUID) -> Recovery:
    locked = (
        Recovery.objects.select_for_update(of=("self",))
        .select_related("user", "organization", "started_by")
        .get(pk=recovery_id)
    )
    if not locked.open:
        raise Refused(NO_LONGER)
    return locked


def _admins(recovery: Recovery) -> list[User]:
    """The admins of every practice the person is in, but not the person."""
    places = Member.objects.filter(user_id=recovery.user_id, active=True).values_list(
        "organization_id", flat=True
    )
    return [user for user in _admins_of([recovery.organization_id, *places]) if user.pk != recovery.user_id]


def _admins_of(organization_ids: Iterable[UUID]) -> list[User]:
    admins = Member.objects.filter(
        organization_id__in=list(organization_ids), active=True, roles__contains=[Role.ADMIN.value]
    )
    return list({member.user_id: member.user for member in admins.select_related("user")}.values())


def _write(
    kind: str,
    recovery: Recovery,
    people: Iterable[User],
    links: dict[str, str],
    until: datetime | None = None,
) -> None:
    practice = recovery.organization
    words = {"practice": practice.name, "who": recovery.started_by.name, "person": recovery.user.name} | links
    if until is not None:
        words["until"] = outbox.moment_text(until, practice.zone)
    for person in {user.pk: user for user in people}.values():
        outbox.write(kind, address=person.email, words=words, organization_id=practice.pk, user_id=person.pk)
