"""In which practices a person is, and what the installation knows: asked when somebody signs in, outside every wall."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Place:
    """A practice a person is an active member of.

    `identity_provider` is the id of the one that the practice lets prove the second factor; empty: none.
    """

    organization_id: UUID
    name: str
    zone: str
    identity_provider: str


PlaceFinder = Callable[[UUID], list[Place]]
_finders: list[PlaceFinder] = []


def find_places_with(finder: PlaceFinder) -> None:
    """`practice` hands in how the practices of a user are found."""
    _finders[:] = [finder]


def places_of(user_id: UUID) -> list[Place]:
    """Every practice the user is an active member of; none for somebody who is in no practice."""
    return _finders[0](user_id)


def known_providers() -> list[tuple[str, str]]:
    """Id and name of each identity provider of this installation (`config.identity_providers`)."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return [(app["provider_id"], app["name"]) for app in apps]
