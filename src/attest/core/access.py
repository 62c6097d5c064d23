"""Who may do what: the one table of rights, and the decorator every view carries.

Default deny: a view without `@access`, `@signed_in` or `@public` answers 403; a permission that no role holds is
nobody's. A view runs inside its organization's wall, in one transaction, and is rendered before that ends.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse

from attest.core import audit
from attest.core.walls import inside

View = Callable[..., HttpResponseBase]
Row = TypeVar("Row", bound=Model)


class Role(StrEnum):
    """What a member of a practice is there to do."""

    PROVIDER = "provider"
    ADMIN = "admin"
    BILLER = "biller"
    SUPPORT = "support"
    AUDITOR = "auditor"


class Scope(StrEnum):
    """How far a right reaches: the provider's own clients and sessions, or the whole practice."""

    NONE = "none"
    OWN = "own"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Right:
    """One permission: who holds it and how far; `chart` says that using it reads or writes a client's chart."""

    meaning: str
    grants: dict[Role, Scope] = field(default_factory=dict)
    chart: bool = False


_P, _A, _B, _S, _U = Role.PROVIDER, Role.ADMIN, Role.BILLER, Role.SUPPORT, Role.AUDITOR
OWN, ALL = Scope.OWN, Scope.ALL

RIGHTS: dict[str, Right] = {
    "calendar.view": Right("See the calendar", {_P: OWN, _A: ALL, _B: ALL, _U: ALL}),
    "todo.view": Right("See what is owed", {_P: OWN, _A: ALL}),
    "session.view": Right("Open a session's panel", {_P: OWN, _A: ALL, _B: ALL, _U: ALL}, chart=True),
    "session.schedule": Right("Schedule, move and cancel sessions", {_P: OWN, _A: ALL}),
    "session.confirm": Right("Confirm a session", {_P: OWN}, chart=True),
    "session.draft": Right("Refresh what stands beside an open confirm form", {_P: OWN}),
    "session.close": Right("Close a session as not billable", {_P: OWN, _A: ALL}),
    "note.read": Right("Read progress notes", {_P: OWN, _U: ALL}, chart=True),
    "note.write": Right("Write, sign and amend own progress notes", {_P: OWN}, chart=True),
    "note.draft": Right("Refresh what stands beside an open draft", {_P: OWN}),
    "client.view": Right(
        "See clients and their chart facts", {_P: OWN, _A: ALL, _B: ALL, _U: ALL}, chart=True
    ),
    "client.edit": Right(
        "Create and mend clients, coverage and payment methods", {_P: OWN, _A: ALL, _B: ALL}
    ),
    "diagnosis.edit": Right("Add and resolve diagnoses", {_P: OWN}, chart=True),
    "codes.view": Right("Search the public diagnosis codes", {_P: ALL, _A: ALL, _B: ALL, _U: ALL}),
    "claim.view": Right("See claims", {_P: OWN, _A: ALL, _B: ALL, _U: ALL}, chart=True),
    "money.view": Right("See charges and what is due", {_P: OWN, _A: ALL, _B: ALL, _U: ALL}),
    "settings.view": Right("See the practice's settings", {_P: ALL, _A: ALL, _B: ALL, _U: ALL}),
    "settings.edit": Right("Change the practice's settings", {_A: ALL}),
    "payer.edit": Right("Change payers, contracts and fees", {_A: ALL, _B: ALL}),
    "demo.clock": Right("Move the demo's clock", {_P: ALL, _A: ALL, _B: ALL, _U: ALL, _S: ALL}),
}


class Membership(Protocol):
    """What the access module needs to know of a member (`practice` provides it)."""

    organization_id: UUID
    user_id: UUID

    @property
    def role_names(self) -> set[Role]: ...


class MemberRequest(HttpRequest):
    """A request that has passed `@access`."""

    member: Any
    practice: Any
    scope: Scope


MemberLoader = Callable[[UUID, str], Any]
_loaders: list[MemberLoader] = []


def load_members_with(loader: MemberLoader) -> None:
    """`practice` hands in how a member is found: (user id, practice slug) → member with `.organization`, or None."""
    _loaders[:] = [loader]


def scope_of(member: Membership | None, permission: str) -> Scope:
    """How far `permission` reaches for the member: the widest scope of their roles. Unknown names raise LookupError."""
    if permission not in RIGHTS:
        raise LookupError(permission)
    if member is None:
        return Scope.NONE
    held = {RIGHTS[permission].grants.get(role, Scope.NONE) for role in member.role_names}
    return Scope.ALL if Scope.ALL in held else Scope.OWN if Scope.OWN in held else Scope.NONE


def own_or_all(rows: QuerySet[Row], member: Any, scope: Scope, provider: str) -> QuerySet[Row]:
    """Those of `rows` in the member's practice that the scope reaches; `provider` names the column that says whose."""
    rows = rows.filter(organization_id=member.organization_id)
    if scope is Scope.ALL:
        return rows
    if scope is Scope.OWN and member.provider_id is not None:
        return rows.filter(**{provider: member.provider_id})
    return rows.none()


def may(member: Membership | None, permission: str) -> bool:
    """True when the member holds the permission at all."""
    return scope_of(member, permission) is not Scope.NONE


_client: ContextVar[UUID | None] = ContextVar("attest_access_client", default=None)


def concerns(client_id: UUID) -> None:
    """What this request reads is this client's: said by the queries that find one session, claim or client.

    The access log names the client by it, whatever the address names.
    """
    _client.set(client_id)


def access(permission: str) -> Callable[[View], View]:
    """Decorator for a view under `/o/<slug:practice>/…`: signed in, a member, holding `permission`.

    The view gets `request.member`, `request.practice` and `request.scope`; it must narrow what it reads by scope.
    A chart right leaves an audit event naming what the URL names, and the client it is about (`concerns`). A refusal
    leaves one too, and so does asking for a record that is not there or not this member's.
    """
    right = RIGHTS[permission]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: MemberRequest, practice: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            user_id: UUID = request.user.pk
            member = _loaders[0](user_id, practice)
            if member is None:
                raise Http404("no such practice for this person")
            organization_id: UUID = member.organization_id
            scope = scope_of(member, permission)
            request.member, request.practice, request.scope = member, member.organization, scope
            what, subject = _subject(kwargs)
            _client.set(None)
            try:
                if scope is Scope.NONE:
                    raise PermissionDenied(permission)
                with inside(organization_id, user_id):
                    response = view(request, **kwargs)
                    if isinstance(response, SimpleTemplateResponse):
                        response = response.render()
                    if right.chart and response.status_code < 400 and request.method == "GET":
                        audit.record(
                            permission,
                            subject_type=what or permission.partition(".")[0],
                            subject_id=subject,
                            client_id=_client.get(),
                            by=user_id,
                        )
            except (Http404, PermissionDenied) as refusal:
                kind = "access.refused" if isinstance(refusal, PermissionDenied) else "access.not_found"
                with inside(organization_id, user_id):
                    audit.record(kind, subject_type=what or permission, subject_id=subject, by=user_id)
                raise
            return response

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def _subject(kwargs: dict[str, Any]) -> tuple[str, UUID | None]:
    """What the URL names first, such as ("session", its id); ("", None) for a page about many."""
    for name, value in kwargs.items():
        if isinstance(value, UUID):
            return name.removesuffix("_id"), value
    return "", None


def public(view: View) -> View:
    """Mark a view that anyone may open (login, plain pages). It sees no practice's rows."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Mark a view for any signed-in person, outside any practice's wall."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.access = "signed in"  # type: ignore[attr-defined]
    return guarded


class DenyByDefault:
    """Middleware: a view that does not say who may open it is opened by nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        if not getattr(view, "access", None):
            raise PermissionDenied("this view declares no access")
