"""Who may see a chart: on the client's page, in an emergency, and all of it for the admins."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from attest.clients import actions
from attest.clients.access_forms import ColleagueGrantForm, EmergencyForm, GrantForm
from attest.clients.actions import Refused
from attest.clients.grants import EMERGENCY, ChartGrant
from attest.clients.models import Client
from attest.clients.queries import client_for, known_exactly, may_with
from attest.clients.views.clients import home
from attest.core import audit
from attest.core.access import MemberRequest, Role, access, may
from attest.core.models import User
from attest.policy.deadlines import start_of_day
from attest.practice.actions import allow_support, end_support, reason_refused
from attest.practice.form_page import SeeOther, form_page, typed
from attest.practice.models import Member, SupportOpening
from attest.practice.queries import policy_for

A_PAGE = 25
MOST_TRIES = 5
"""Names that may be tried in an hour before the search stays shut: whoever is in an emergency knows the name."""
TRIES_FORGOTTEN = 3600


def until(values: dict[str, Any], zone: str) -> dict[str, Any]:
    """The days of a form as instants: from the beginning of one day to the end of the other, where the practice is."""
    since, through = values.pop("since", None), values.pop("until")
    return values | {
        "starts_at": start_of_day(since, zone) if since else None,
        "ends_at": start_of_day(through + timedelta(days=1), zone) if through else None,
    }


def may_be_given(member: Member, client: Client | None = None) -> list[Role]:
    """The roles of those to whom the member may open charts: notes are opened to admins by the provider alone."""
    own = client is not None and client.provider_id is not None and client.provider_id == member.provider_id
    return [Role.PROVIDER, Role.ADMIN] if own else [Role.PROVIDER]


@access("grant.edit")
def who(request: MemberRequest, client_id: UUID) -> HttpResponseBase:
    """Who may see this chart besides its provider, and letting somebody in."""
    member = request.member
    client = client_for(member, request.scope, client_id)

    def save(values: dict[str, Any]) -> None:
        actions.grant_chart(client=client, by_member=member, **until(values, request.practice.zone))

    rows = list(
        ChartGrant.objects.filter(organization_id=request.practice.pk)
        .filter(Q(client=client) | Q(provider_id=client.provider_id, provider__isnull=False))
        .select_related("member__user", "provider")
        .order_by("-given_at")[:A_PAGE]
    )
    return form_page(
        request,
        GrantForm(typed(request), by=member, roles=may_be_given(member, client)),
        save,
        title="Who may see this chart",
        then=home(request, client),
        after=lambda: reverse("clients:who", args=[request.practice.slug, client.pk]),
        said="They may read the chart now, and got a notice.",
        template="clients/who.html",
        submit="Let them read it",
        client=client,
        open_charts=bool(policy_for(request.practice.pk).open_charts),
        now_rows=[row for row in rows if not row.over],
        past_rows=[row for row in rows if row.over],
        givers=givers(rows),
    )


def givers(rows: list[ChartGrant]) -> dict[UUID, str]:
    """The names of those who gave, ended or reviewed, by the user's id."""
    ids = {user for row in rows for user in (row.given_by, row.ended_by, row.reviewed_by) if user}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


@require_POST
@access("grant.edit")
def who_end(request: MemberRequest, client_id: UUID, grant_id: UUID) -> HttpResponseBase:
    """Take a chart away again."""
    client = client_for(request.member, request.scope, client_id)
    grant = get_object_or_404(ChartGrant, organization_id=request.practice.pk, client=client, pk=grant_id)
    actions.end_grant(grant=grant, by=request.member.user_id)
    messages.success(request, "Ended. They can no longer read this chart.")
    return SeeOther(reverse("clients:who", args=[request.practice.slug, client.pk]))


@access("emergency.open")
def emergency(request: MemberRequest) -> HttpResponseBase:
    """Open the chart of somebody who is not one's client: exact name, birth date, a reason. Nobody can browse here."""
    member, practice = request.member, request.practice
    opened: list[Client] = []
    minutes = policy_for(practice.pk).emergency_minutes

    def save(values: dict[str, Any]) -> None:
        tries = f"emergency tries {member.pk}"
        tried = cache.get(tries) or 0
        if tried >= MOST_TRIES:
            raise Refused("You have tried several names. Ask an admin of the practice, or wait an hour.")
        if sentence := reason_refused(values["reason"]):
            raise Refused({"reason": sentence})
        reason = values.pop("reason")
        found = known_exactly(practice.pk, **values)
        if not found:
            raise NobodyThere(tries, tried + 1)
        closed = [client for client in found if not _reads(member, client)]
        if not closed:
            raise Refused("This chart is open to you already: you find the client in your list.")
        for client in closed:
            actions.open_in_emergency(client=client, reason=reason, by_member=member)
        opened.extend(closed)

    try:
        return form_page(
            request,
            EmergencyForm(typed(request)),
            save,
            title="Open a chart in an emergency",
            then=reverse("clients:list", args=[practice.slug]),
            after=lambda: home(request, opened[0]),
            said=f"The chart is open to you for {minutes} minutes. The admins have been told.",
            template="clients/emergency.html",
            submit="Open the chart",
            minutes=minutes,
        )
    except NobodyThere as nobody:
        cache.set(nobody.key, nobody.tried, TRIES_FORGOTTEN)
        audit.record("emergency.not_found", subject_type="client", subject_id=None, by=member.user_id)
        form = EmergencyForm(request.POST)
        form.add_error(
            None,
            "Nobody in this practice has exactly this name and birth date."
            " Compare them with an insurance card or an ID.",
        )
        context = {
            "form": form,
            "title": "Open a chart in an emergency",
            "back": reverse("clients:list", args=[practice.slug]),
            "submit": "Open the chart",
            "minutes": minutes,
        }
        return TemplateResponse(request, "clients/emergency.html", context, status=422)


def _reads(member: Member, client: Client) -> bool:
    """Nothing more would open to the member."""
    return may_with(member, "client.view", client) and may_with(member, "note.read", client)


class NobodyThere(Exception):
    """No client has this name and birth date; how often the member has tried."""

    def __init__(self, key: str, tried: int) -> None:
        super().__init__()
        self.key, self.tried = key, tried


@require_POST
@access("emergency.open")
def emergency_end(request: MemberRequest, grant_id: UUID) -> HttpResponseBase:
    """The member closes what they opened."""
    grant = get_object_or_404(
        ChartGrant,
        organization_id=request.practice.pk,
        member=request.member,
        kind=EMERGENCY,
        pk=grant_id,
    )
    actions.end_grant(grant=grant, by=request.member.user_id)
    messages.success(request, "Closed. What you looked at stays in the access log.")
    return SeeOther(reverse("clients:list", args=[request.practice.slug]))


@access("access.view")
@require_safe
def overview(request: MemberRequest) -> HttpResponse:
    """Everybody who was let into what is not theirs: now, and in the past."""
    own = {"organization_id": request.practice.pk}
    grants = ChartGrant.objects.filter(**own).select_related("member__user", "client", "provider")
    to_review = list(grants.filter(kind=EMERGENCY, reviewed_at__isnull=True).order_by("-given_at"))
    recent = list(grants.filter(ended_at__isnull=True).order_by("-given_at"))
    now_rows = [row for row in recent if not row.over]
    shown = {row.pk for row in [*to_review, *now_rows]}
    past = Paginator(grants.exclude(pk__in=shown).order_by("-given_at"), A_PAGE).get_page(
        request.GET.get("page")
    )
    openings = list(
        SupportOpening.objects.filter(**own).select_related("member__user").order_by("-asked_at")[:A_PAGE]
    )
    context = {
        "to_review": to_review,
        "now_rows": [row for row in now_rows if row not in to_review],
        "past": past,
        "openings": openings,
        "givers": givers([*to_review, *now_rows, *past.object_list]),
        "reviews": may(request.member, "access.review"),
        "policy": policy_for(request.practice.pk),
    }
    return TemplateResponse(request, "clients/access.html", context)


@access("access.review")
def grant_new(request: MemberRequest) -> HttpResponseBase:
    """Somebody stands in for a provider: they may read the charts of all of the provider's clients."""
    member, practice = request.member, request.practice

    def save(values: dict[str, Any]) -> None:
        actions.grant_chart(by_member=member, **until(values, practice.zone))

    return form_page(
        request,
        ColleagueGrantForm(typed(request), by=member, roles=may_be_given(member)),
        save,
        title="Let a colleague stand in",
        then=reverse("clients:access", args=[practice.slug]),
        parent_title="Access and grants",
        said="They may read these charts, and got a notice.",
        lead="They read the charts of all clients of a provider: sessions, notes and claims. They change nothing.",
        submit="Let them read",
    )


def _grant(request: MemberRequest, grant_id: UUID) -> ChartGrant:
    return get_object_or_404(ChartGrant, organization_id=request.practice.pk, pk=grant_id)


def _back(request: MemberRequest) -> SeeOther:
    return SeeOther(reverse("clients:access", args=[request.practice.slug]))


@require_POST
@access("access.review")
def grant_end(request: MemberRequest, grant_id: UUID) -> HttpResponseBase:
    """End a grant or an emergency."""
    actions.end_grant(grant=_grant(request, grant_id), by=request.member.user_id)
    messages.success(request, "Ended.")
    return _back(request)


@require_POST
@access("access.review")
def review(request: MemberRequest, grant_id: UUID) -> HttpResponseBase:
    """An emergency was looked at."""
    try:
        actions.review_emergency(grant=_grant(request, grant_id), by_member=request.member)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Marked as reviewed.")
    return _back(request)


@require_POST
@access("access.review")
def support_allow(request: MemberRequest, opening_id: UUID) -> HttpResponseBase:
    """Let a support agent in who waits."""
    opening = get_object_or_404(SupportOpening, organization_id=request.practice.pk, pk=opening_id)
    try:
        allow_support(opening=opening, by=request.member.user_id)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "They are let in.")
    return _back(request)


@require_POST
@access("access.review")
def support_close(request: MemberRequest, opening_id: UUID) -> HttpResponseBase:
    """Turn a support agent out, or down."""
    opening = get_object_or_404(SupportOpening, organization_id=request.practice.pk, pk=opening_id)
    end_support(opening=opening, by=request.member.user_id)
    messages.success(request, "Ended. The practice is closed to them.")
    return _back(request)
