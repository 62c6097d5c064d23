"""Ending what a person is signed in by: all their sessions at once, or their second factors."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import F

from attest.core.models import User


def end_every_login(user_id: UUID) -> None:
    """Whoever is signed in as this person is out with their next request, in this practice and in every other.

    Each session is tied to a number of the user's row; another number ends them all, known to the list or not.
    """
    User.objects.filter(pk=user_id).update(sign_in_round=F("sign_in_round") + 1)
    UserSession.objects.filter(user_id=user_id).delete()


def take_off_second_factors(user_id: UUID) -> int:
    """Remove authenticator app, passkeys and recovery codes of a login; returns how many there were."""
    deleted, _ = Authenticator.objects.filter(user_id=user_id).delete()
    return int(deleted)
