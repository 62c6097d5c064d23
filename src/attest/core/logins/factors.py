"""Second factors at rest, and what is said about them: the login library's adapter for them."""

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from attest.core import keys
from attest.core.logins.second_factor import FACTORS, factors_of, must_keep_one

PURPOSE = "mfa"
PRODUCT = "Attest"


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and seeds of recovery codes are sealed with the site's key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "This is your only second factor. Add another one first, then remove this.",
        "cannot_generate_recovery_codes": "Recovery codes stand in for a second factor. Set one up first.",
        "incorrect_code": "This code did not fit. Take the newest one from your app, or another recovery code.",
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is written down. Raises KeyMissing when the site's key is not there."""
        sealed = keys.seal(text.encode(), purpose=PURPOSE, organization_id=None)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` gave. Raises Altered when it is not what was sealed, KeyMissing without the key."""
        sealed = base64.b64decode(encrypted_text)
        return keys.unseal(sealed, purpose=PURPOSE, organization_id=None).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays where a practice asks for one."""
        if authenticator.type not in FACTORS or factors_of(authenticator.user_id) > 1:
            return True
        return not must_keep_one(authenticator.user)

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """A name for a passkey that nobody named."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site that passkeys belong to: its host name, so that one made here is offered nowhere else."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": PRODUCT}
