"""Names on a screen that somebody else may be looking at."""

from collections.abc import Iterable
from typing import Any, Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from attest.core.access import Role

register = template.Library()


class Named(Protocol):
    """Anybody with a legal and perhaps a preferred name."""

    legal_first_name: str
    legal_last_name: str
    preferred_name: str
    pronouns: str


def shown_name(client: Named, private: bool = False) -> str:
    """The preferred (else legal) first name and the last name; "A. R." in privacy mode."""
    first = client.preferred_name or client.legal_first_name
    if private:
        return " ".join(f"{part[0]}." for part in (first, client.legal_last_name) if part)
    return f"{first} {client.legal_last_name}".strip()


def initials(name: str) -> str:
    """Up to two letters for a name's little disc: "Morgan Reyes, LCSW" gives "MR"."""
    words = [word for word in name.split(",")[0].split() if word[:1].isalnum()]
    if not words:
        return ""
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.simple_tag(takes_context=True)
def person(context: dict[str, Any], client: Named, pronouns: bool = False) -> SafeString:
    """A client's name; initials when the context's `private` is set. With `pronouns` they follow, muted."""
    name = shown_name(client, bool(context.get("private")))
    if pronouns and client.pronouns:
        return format_html('{} <span class="muted small">({})</span>', name, client.pronouns)
    return format_html("{}", name)


register.filter("initials", initials)


ROLE_NAMES = {
    Role.PROVIDER: "Provider",
    Role.ADMIN: "Practice admin",
    Role.BILLER: "Biller",
    Role.SUPPORT: "Support",
    Role.AUDITOR: "Auditor",
    Role.CLIENT: "Client",
}


@register.filter
def role_words(roles: Iterable[str]) -> str:
    """The roles of a member as a person says them: "Provider, Practice admin"."""
    return ", ".join(words for role, words in ROLE_NAMES.items() if role.value in set(roles))


@register.filter
def named(names: dict[Any, str], user_id: Any) -> str:
    """The name of a member of staff by their user's id; "somebody who has left" where it is not known."""
    return names.get(user_id, "somebody who has left")
