"""What the login library wants to tell people goes the way of every other message: into the outbox."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context as current
from django.urls import reverse

from attest.core import outbox
from attest.core.models import User

RESET = "account/email/password_reset_key"
PASSWORD = frozenset(
    {"account/email/password_reset", "account/email/password_changed", "account/email/password_set"}
)


class ByOutbox:
    """Part of the account adapter: every message is one of ours (`core.letters`), for the login and no practice."""

    def send_mail(self, template_prefix: str, email: str, context: Mapping[str, Any]) -> None:
        """Write the message that stands for this template of the library."""
        user = context.get("user")
        if template_prefix == RESET:
            path = urlsplit(str(context["password_reset_url"])).path
            self._write("login.reset", email, user, path)
        elif template_prefix in PASSWORD:
            self._write("login.password_changed", email, user, reverse("account_reset_password"))
        else:
            self._write("login.changed", email, user, reverse("own_login"))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: Mapping[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the person what changed about their login, at the address they sign in with."""
        self.send_mail(template_prefix, email or user.email, {**(context or {}), "user": user})

    def _write(self, kind: str, address: str, user: Any, path: str) -> None:
        words = {"link": outbox.link_to(path, current.request)}
        user_id = user.pk if isinstance(user, User) else None
        outbox.write(kind, address=address, words=words, user_id=user_id)
