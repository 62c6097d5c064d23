"""Who may do what: the one table of rights, and the decorator every view carries.

Default deny: a view without `@access`, `@signed_in` or `@public` answers 403; a permission that no role holds is
nobody's. A view runs inside its organization's wall, in one transaction, and is rendered before that ends.
"""

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse

from attest.core import audit
from attest.core.logins.second_factor import lacks_second_factor
from attest.core.walls import inside

View = Callable[..., HttpResponseBase]


class Role(StrEnum):
    """What a member of a practice is there to do."""

    PROVIDER = "provider"
    ADMIN = "admin"
    BILLER = "biller"
    SUPPORT = "support"
    AUDITOR = "auditor"
    CLIENT = "client"
    """Somebody who is treated here. There is no page for them yet, so the role opens nothing."""


class Scope(StrEnum):
    """How far a right reaches. What that means for one record is said in `core.reach`, and nowhere else."""

    NONE = "none"
    GRANTED = "granted"
    """Only charts that were opened to the member: by a grant, or by themselves in an emergency."""
    OWN = "own"
    """The provider's own clients and the sessions they hold."""
    SHARED = "own+"
    """Own, all of the own clients' sessions whoever held them, and what was opened to the member. Reading only."""
    OPENED = "opened"
    """The whole practice, while the member has opened it for support with a reason; else nothing."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Right:
    """One permission: who holds it and how far; `chart` says that using it reads or writes a client's chart."""

    meaning: str
    grants: dict[Role, Scope] = field(default_factory=dict)
    chart: bool = False


_P, _A, _B, _S, _U = Role.PROVIDER, Role.ADMIN, Role.BILLER, Role.SUPPORT, Role.AUDITOR
OWN, SHARED, GRANTED, OPENED, ALL = Scope.OWN, Scope.SHARED, Scope.GRANTED, Scope.OPENED, Scope.ALL

RIGHTS: dict[str, Right] = {
    "calendar.view": Right("See the calendar", {_P: OWN, _A: ALL, _B: ALL, _U: ALL, _S: OPENED}),
    "todo.view": Right("See what is owed", {_P: OWN, _A: ALL}),
    "protection.view": Right(
        "See which sessions are protected, and why", {_P: OWN, _A: ALL, _U: ALL}, chart=True
    ),
    "session.view": Right(
        "Open a session's panel", {_P: SHARED, _A: ALL, _B: ALL, _U: ALL, _S: OPENED}, chart=True
    ),
    "session.schedule": Right("Schedule, move and cancel sessions", {_P: OWN, _A: ALL}),
    "session.confirm": Right("Confirm a session", {_P: OWN}, chart=True),
    "session.draft": Right("Refresh what stands beside an open confirm form", {_P: OWN}),
    "session.close": Right("Close a session as not billable", {_P: OWN, _A: ALL}),
    "note.read": Right("Read progress notes", {_P: SHARED, _A: GRANTED, _U: ALL}, chart=True),
    "note.write": Right("Write, sign and amend own progress notes", {_P: OWN}, chart=True),
    "snippet.edit": Right("Keep words of one's own to put into notes", {_P: OWN}),
    "note.draft": Right("Refresh what stands beside an open draft", {_P: OWN}),
    "client.view": Right(
        "See clients, their plans and forms",
        {_P: SHARED, _A: ALL, _B: ALL, _U: ALL, _S: OPENED},
        chart=True,
    ),
    "client.edit": Right(
        "Create and mend clients, coverage and payment methods", {_P: OWN, _A: ALL, _B: ALL}
    ),
    "client.assign": Right("Choose whose client somebody is, and hand clients over", {_A: ALL}),
    "grant.edit": Right("Say who else may see a client's chart", {_P: OWN, _A: ALL}),
    "diagnosis.view": Right("See diagnoses", {_P: SHARED, _A: ALL, _B: ALL, _U: ALL}, chart=True),
    "diagnosis.edit": Right("Add and resolve diagnoses", {_P: OWN}, chart=True),
    "codes.view": Right("Search the public diagnosis codes", {_P: ALL}),
    "claim.view": Right("See claims", {_P: SHARED, _A: ALL, _B: ALL, _U: ALL, _S: OPENED}, chart=True),
    "money.view": Right("See charges and what is due", {_P: OWN, _A: ALL, _B: ALL, _U: ALL}),
    "settings.view": Right("See the practice's settings", {_P: ALL, _A: ALL, _B: ALL, _U: ALL}),
    "settings.edit": Right("Change the practice's settings", {_A: ALL}),
    "member.edit": Right("Invite people, change what they may do, let them go", {_A: ALL}),
    "member.recover": Right("Begin or stop taking a lost second step off a member's login", {_A: ALL}),
    "mail.view": Right("See which messages have not left, and try again", {_A: ALL}),
    "payer.edit": Right("Change payers, contracts and fees", {_A: ALL, _B: ALL}),
    "emergency.open": Right("Open a chart in an emergency, with a reason", {_P: ALL, _A: ALL}),
    "support.open": Right("State a reason and open the practice for support", {_S: ALL}),
    "access.view": Right("See who was let into charts, when and why", {_A: ALL, _U: ALL}),
    "access.review": Right("End such access, allow support in, review emergencies", {_A: ALL}),
    "log.view": Right(
        "See who read a client's record, and hand out the list", {_P: OWN, _A: ALL, _U: ALL}, chart=True
    ),
    "packet.make": Right("Make packets of a client's records, to hand out", {_P: OWN, _U: ALL}, chart=True),
    "audit.view": Right("See and export the audit trail", {_A: ALL, _U: ALL}, chart=True),
    "notice.view": Right("See what the product tells oneself", {_P: ALL, _A: ALL, _B: ALL, _U: ALL}),
    "demo.clock": Right("Move the demo's clock", {_P: ALL, _A: ALL, _B: ALL, _U: ALL, _S: ALL}),
}


class Membership(Protocol):
    """What the access module needs to know of a member (`practice` provides it)."""

    organization_id: UUID
    user_id: UUID

    @property
    def role_names(self) -> set[Role]: ...

    @property
    def opening(self) -> Any: ...


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


_WIDEST = (Scope.ALL, Scope.SHARED, Scope.OWN, Scope.GRANTED)
_asked_why: list[str] = []


def ask_for_a_reason_at(url_name: str) -> None:
    """`practice` says which page takes the reason that opens a practice for support; it is given the slug."""
    _asked_why[:] = [url_name]


def scope_of(member: Membership | None, permission: str) -> Scope:
    """How far `permission` reaches for the member: the widest scope of their roles. Unknown names raise LookupError.

    OPENED is never the answer: it is ALL while an opening of the member stands, else NONE. Inside the wall only.
    """
    if permission not in RIGHTS:
        raise LookupError(permission)
    if member is None:
        return Scope.NONE
    held = {RIGHTS[permission].grants.get(role, Scope.NONE) for role in member.role_names}
    if Scope.OPENED in held and Scope.ALL not in held and member.opening is not None:
        return Scope.ALL
    return next((scope for scope in _WIDEST if scope in held), Scope.NONE)


def waits_for_a_reason(member: Membership, permission: str) -> bool:
    """True when the permission would be the member's once they have opened the practice with a reason."""
    return any(RIGHTS[permission].grants.get(role) is Scope.OPENED for role in member.role_names)


def may(member: Membership | None, permission: str) -> bool:
    """True when the member holds the permission at all."""
    return scope_of(member, permission) is not Scope.NONE


_client: ContextVar[UUID | None] = ContextVar("attest_access_client", default=None)
_grant: ContextVar[UUID | None] = ContextVar("attest_access_grant", default=None)


def concerns(client_id: UUID, grant_id: UUID | None = None) -> None:
    """What this request reads is this client's: said by the queries that find one session, claim or client.

    The access log names the client by it, whatever the address names, and the grant without which the record would
    not have been there.
    """
    _client.set(client_id)
    _grant.set(grant_id)


def _marks(member: Membership, kwargs: dict[str, Any]) -> dict[str, Any]:
    """What the access log says besides: as what the member came, by which grant or opening, to which part of a page."""
    marks: dict[str, Any] = {"roles": sorted(member.role_names)}
    if part := kwargs.get("tab"):
        marks["part"] = part
    if grant_id := _grant.get():
        marks["grant"] = str(grant_id)
    return marks | way_in(member)


def way_in(member: Membership) -> dict[str, Any]:
    """For an event's data: the opening for support by which the member is in the practice; else nothing."""
    if Role.SUPPORT in member.role_names and member.opening is not None:
        return {"opening": str(member.opening.pk)}
    return {}


def access(permission: str) -> Callable[[View], View]:
    """Decorator for a view under `/o/<slug:practice>/…`: signed in by two factors, a member, holding `permission`.

    The view gets `request.member`, `request.practice` and `request.scope`; it must narrow what it reads by scope.
    A chart right leaves an audit event naming what the URL names, and the client it is about (`concerns`). A refusal
    leaves one too, and so does asking for a record that is not there or not this member's, sending what the page
    answers with a reason why not, and a fault of ours: those two outside the transaction that was rolled back.
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
            if lacks_second_factor(request, member.organization.identity_provider):
                return redirect_to_login(request.get_full_path(), reverse("set_up_second_factor"))
            organization_id: UUID = member.organization_id
            request.member, request.practice, request.scope = member, member.organization, Scope.NONE
            what, subject = _subject(kwargs)
            _client.set(None)
            _grant.set(None)
            try:
                with inside(organization_id, user_id):
                    request.scope = scope_of(member, permission)
                    if request.scope is Scope.NONE:
                        if request.method == "GET" and waits_for_a_reason(member, permission):
                            return HttpResponseRedirect(reverse(_asked_why[0], args=[practice]))
                        raise PermissionDenied(permission)
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
                            **_marks(member, kwargs),
                        )
                    elif response.status_code >= 400 and request.method == "POST":
                        audit.record(
                            "action.refused",
                            subject_type=what or permission.partition(".")[0],
                            subject_id=subject,
                            client_id=_client.get(),
                            by=user_id,
                            right=permission,
                            status=response.status_code,
                        )
            except (Http404, PermissionDenied) as refusal:
                kind = "access.refused" if isinstance(refusal, PermissionDenied) else "access.not_found"
                with inside(organization_id, user_id):
                    audit.record(
                        kind,
                        subject_type=what or permission.partition(".")[0],
                        subject_id=subject,
                        by=user_id,
                        right=permission,
                    )
                raise
            except Exception as fault:
                with suppress(DatabaseError), inside(organization_id, user_id):
                    audit.record(
                        "action.failed",
                        subject_type=what or permission.partition(".")[0],
                        subject_id=subject,
                        client_id=_client.get(),
                        by=user_id,
                        right=permission,
                        fault=type(fault).__name__,
                    )
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
