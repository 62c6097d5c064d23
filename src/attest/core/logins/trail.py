"""What happens to a login is written into the audit trail of every practice its person is in.

Events hold the person's id and kinds of proof, never an address, a name of a key, a code or where it came from.
"""

from typing import Any
from uuid import UUID

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest

from attest.core import audit
from attest.core.logins.practices import places_of
from attest.core.models import User
from attest.core.walls import inside

KINDS = {"totp": "app", "webauthn": "passkey", "recovery_codes": "recovery code"}


def note(kind: str, user_id: UUID, *, by: UUID | None, **data: Any) -> None:
    """Record one event about a login in each practice of its person; `by` is None when nobody has proven to be them."""
    for place in places_of(user_id):
        with inside(place.organization_id, by):
            audit.record(kind, subject_type="login", subject_id=user_id, by=by, **data)


def proofs(request: HttpRequest, user: Any) -> list[str]:
    """By what the person has proven who they are in this session: ["password", "app"]."""
    return list(dict.fromkeys(_word(record) for record in get_authentication_records(request, user)))


def _word(record: dict[str, Any]) -> str:
    if record.get("method") == "mfa":
        return KINDS.get(record.get("type", ""), "code")
    method = str(record.get("method", ""))
    return "identity provider" if method == "socialaccount" else method


def _signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    note("login.succeeded", user.pk, by=user.pk, proofs=proofs(request, user))


def _signed_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        note("login.ended", user.pk, by=user.pk, logins=1)


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    address = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    user = User.objects.filter(email=address).first() if address else None
    if user is not None:
        note("login.failed", user.pk, by=None, proof="password")


def _code_failed(user: Any, authenticator: Any, **_: Any) -> None:
    note("login.failed", user.pk, by=None, proof=KINDS.get(authenticator.type, "code"))


def _proven_again(
    request: HttpRequest, user: Any, method: str, reauthenticated: bool = False, **_: Any
) -> None:
    if reauthenticated:
        last = get_authentication_records(request, user)[-1]
        note("login.proven_again", user.pk, by=user.pk, proof=_word(last))


def _factor_added(user: Any, authenticator: Any, **_: Any) -> None:
    note("login.factor_added", user.pk, by=user.pk, factor=KINDS[authenticator.type])


def _factor_removed(user: Any, authenticator: Any, **_: Any) -> None:
    note("login.factor_removed", user.pk, by=user.pk, factor=KINDS[authenticator.type])


def _codes_renewed(user: Any, **_: Any) -> None:
    note("login.codes_renewed", user.pk, by=user.pk)


def _password_changed(user: Any, **_: Any) -> None:
    note("login.password_changed", user.pk, by=user.pk)


def _connected(sociallogin: Any, **_: Any) -> None:
    provider = str(sociallogin.account.provider)
    note("login.provider_connected", sociallogin.user.pk, by=sociallogin.user.pk, provider=provider)


def listen() -> None:
    """Called once when Django starts."""
    account.user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_failed)
    account.authentication_step_completed.connect(_proven_again)
    account.password_changed.connect(_password_changed)
    account.password_set.connect(_password_changed)
    mfa.authentication_failed.connect(_code_failed)
    mfa.authenticator_added.connect(_factor_added)
    mfa.authenticator_removed.connect(_factor_removed)
    mfa.authenticator_reset.connect(_codes_renewed)
    social_account_added.connect(_connected)
