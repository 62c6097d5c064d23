"""Which practice a command is about."""

from typing import TYPE_CHECKING

from attest.cli.home import Unable

if TYPE_CHECKING:
    from attest.practice.models import Organization


def practice_named(slug: str | None) -> "Organization":
    """The practice of that short name, or without one the only practice there is. `Unable` when that is not one."""
    from attest.practice.models import Organization

    if slug is not None:
        found = Organization.objects.filter(slug=slug).first()
        if found is None:
            raise Unable(f"There is no practice called {slug}.")
        return found
    practices = list(Organization.objects.order_by("slug")[:20])
    if not practices:
        raise Unable("There is no practice yet. Make one with: attest init")
    if len(practices) > 1:
        names = ", ".join(practice.slug for practice in practices)
        raise Unable(f"There is more than one practice. Name one of them with --practice: {names}")
    return practices[0]
