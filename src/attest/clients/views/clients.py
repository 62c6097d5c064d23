"""The list of clients, and creating and mending one."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from attest.clients import actions
from attest.clients.forms import ClientForm
from attest.clients.models import Client
from attest.clients.queries import client_for, files_of, search, standing_of, visible_clients
from attest.core import audit, clock
from attest.core.access import MemberRequest, Scope, access, may, way_in
from attest.policy.deadlines import local_date
from attest.practice.form_page import form_page, typed
from attest.practice.queries import policy_for

A_PAGE = 25


def home(request: MemberRequest, client: Client) -> str:
    """The address of a client's page."""
    return reverse("workspace:client", args=[request.practice.slug, client.pk])


@access("client.view")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: MemberRequest) -> HttpResponseBase:
    """The clients the member may see, each with how they stand. A name is posted, so that no address holds it."""
    asked = request.POST if request.method == "POST" else request.GET
    query = request.POST.get("q", "").strip()[:100]
    former = asked.get("former") == "1"
    if query:
        audit.record(
            "client.searched",
            subject_type="client",
            subject_id=None,
            by=request.member.user_id,
            **way_in(request.member),
        )
    clients = visible_clients(request.member, request.scope).filter(active=not former)
    page = Paginator(search(clients.select_related("provider"), query), A_PAGE).get_page(
        request.GET.get("page")
    )
    zone = request.practice.zone
    files = files_of(list(page.object_list), on=local_date(clock.now(), zone))
    policy = policy_for(request.practice.pk)
    context = {
        "page": page,
        "rows": [(client, standing_of(files[client.pk], policy, zone)) for client in page.object_list],
        "query": query,
        "former": former,
        "all_providers": request.scope is Scope.ALL
        or any(client.provider_id != request.member.provider_id for client in page.object_list),
        "emergencies": may(request.member, "emergency.open"),
        "may_edit": may(request.member, "client.edit"),
        "any": bool(page.paginator.count) or visible_clients(request.member, request.scope).exists(),
    }
    return TemplateResponse(request, "clients/list.html", context)


@access("client.edit")
def new(request: MemberRequest) -> HttpResponseBase:
    """A new client. A provider's new client is their own."""
    practice, member = request.practice, request.member
    chooses = may(member, "client.assign")
    start = {"state": practice.state, "sex": "U", "provider": member.provider_id}
    form = ClientForm(typed(request), initial=start, organization_id=practice.pk, choose_provider=chooses)
    made: list[Client] = []

    def save(values: dict[str, Any]) -> None:
        provider = values.pop("provider", None) if chooses else member.provider
        made.append(
            actions.create_client(organization_id=practice.pk, by=member.user_id, provider=provider, **values)
        )

    return form_page(
        request,
        form,
        save,
        title="New client",
        then=reverse("clients:list", args=[practice.slug]),
        after=lambda: home(request, made[0]),
        said="The client is saved. A plan, a payment method and the forms come next.",
        template="clients/form.html",
    )


@access("client.edit")
def edit(request: MemberRequest, client_id: UUID) -> HttpResponseBase:
    """Mend a client's name, address, provider and marks."""
    client = client_for(request.member, request.scope, client_id)
    form = ClientForm(
        typed(request),
        instance=client,
        organization_id=request.practice.pk,
        choose_provider=may(request.member, "client.assign"),
    )

    def save(values: dict[str, Any]) -> None:
        actions.update_client(client=client, by=request.member.user_id, **values)

    return form_page(
        request,
        form,
        save,
        title="Edit client",
        then=home(request, client),
        said="The client is saved.",
        template="clients/form.html",
        client=client,
    )
