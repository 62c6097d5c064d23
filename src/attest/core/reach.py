"""Whose records a member reaches: the one place that turns a scope into rows, or into a yes or no for one record.

A provider reaches the sessions they hold and the clients that are theirs. For reading they also reach everything of
their own clients, whoever held the session, and the charts that were opened to them: by a grant of an admin or of the
client's own provider, by themselves in an emergency, or by a practice that opens its charts to all its providers.
Writing never reaches further than what is one's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from attest.core.access import Membership, Scope

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Granted:
    """What is open to a member now beyond their own, each with the id of the grant it is by.

    `clients` are single charts, `providers` colleagues all of whose clients are meant, `everybody` says that the
    practice opens its charts to all its providers.
    """

    clients: Mapping[UUID, UUID] = field(default_factory=dict)
    providers: Mapping[UUID, UUID] = field(default_factory=dict)
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """How a member comes to a record; `grant_id` None: by what they are, without a grant."""

    grant_id: UUID | None = None


GrantLoader = Callable[[Any], Granted]
_loaders: list[GrantLoader] = []
_ORDINARY = Way()


def load_grants_with(loader: GrantLoader) -> None:
    """`clients` hands in how a member's grants of this moment are found, in the practice that is set."""
    _loaders[:] = [loader]


def granted_to(member: Any) -> Granted:
    """What is open to the member beyond their own: read when first asked for, once a request."""
    found: Granted | None = getattr(member, "_granted", None)
    if found is None:
        found = _loaders[0](member) if _loaders else Granted()
        member._granted = found
    return found


def without_grants(scope: Scope) -> Scope:
    """The scope for a page about one's own work: without what was opened to be read."""
    return Scope.OWN if scope is Scope.SHARED else scope


def own_or_all(
    rows: QuerySet[Row], member: Any, scope: Scope, provider: str, *, client: str = ""
) -> QuerySet[Row]:
    """Those of `rows` in the member's practice that the scope reaches.

    `provider` names the column that says who holds the record, `client` the relation to its client; it is empty
    where the rows are the clients themselves.
    """
    rows = rows.filter(organization_id=member.organization_id)
    if scope is Scope.ALL:
        return rows
    own = Q(**{provider: member.provider_id}) if member.provider_id is not None else None
    if scope is Scope.OWN:
        return rows.none() if own is None else rows.filter(own)
    if scope not in (Scope.SHARED, Scope.GRANTED):
        return rows.none()
    granted = granted_to(member)
    if granted.everybody:
        return rows
    column, whose = (f"{client}_id", f"{client}__provider_id") if client else ("pk", "provider_id")
    reached = Q(**{f"{column}__in": list(granted.clients)}) if granted.clients else None
    theirs = list(granted.providers)
    if scope is Scope.SHARED and own is not None:
        reached = own if reached is None else reached | own
        theirs.append(member.provider_id)
    if theirs:
        clients = Q(**{f"{whose}__in": theirs})
        reached = clients if reached is None else reached | clients
    return rows.none() if reached is None else rows.filter(reached)


def way_to(
    member: Membership, scope: Scope, *, holder_id: UUID | None, client_id: UUID, client_of: UUID | None
) -> Way | None:
    """How the scope reaches one record of a client in the member's practice; None when it does not.

    `holder_id` is the provider who holds the record (of a client: whose client it is), `client_of` the provider whose
    client the person is. Grants are read only when nothing else leads there, and never for OWN.
    """
    mine = getattr(member, "provider_id", None)
    if scope is Scope.ALL:
        return _ORDINARY
    holders = {Scope.OWN: (holder_id,), Scope.SHARED: (holder_id, client_of)}.get(scope, ())
    if mine is not None and mine in holders:
        return _ORDINARY
    if scope not in (Scope.SHARED, Scope.GRANTED):
        return None
    granted = granted_to(member)
    if granted.everybody:
        return _ORDINARY
    by = granted.clients.get(client_id) or (granted.providers.get(client_of) if client_of else None)
    return Way(by) if by else None
