"""Settings: providers with their licences."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from attest.core import clock
from attest.core.access import MemberRequest, access, may
from attest.policy.deadlines import local_date
from attest.practice import actions
from attest.practice.form_page import form_page, onward, typed
from attest.practice.forms import LicenceForm, ProviderForm
from attest.practice.models import Contract, Fee, Licence, Member, Payer, Provider, ServiceCode
from attest.practice.views.settings import admins, url


@access("settings.view")
def providers(request: MemberRequest) -> HttpResponseBase:
    """Every provider, with what is still missing for each."""
    own = {"organization_id": request.practice.pk}
    today = local_date(clock.now(), request.practice.zone)
    licences: dict[UUID, list[str]] = {}
    for row in Licence.objects.filter(**own).order_by("state"):
        if row.valid_from <= today and (row.valid_to is None or today <= row.valid_to):
            licences.setdefault(row.provider_id, []).append(row.state)
    contracted = set(Contract.objects.filter(**own).values_list("provider_id", flat=True))
    priced = set(Fee.objects.filter(**own).values_list("provider_id", flat=True).distinct())
    shown = []
    for provider_row in Provider.objects.filter(**own).order_by("-active", "last_name", "first_name"):
        states = licences.get(provider_row.pk, [])
        missing = [
            word
            for word, there in [
                ("licence", bool(states)),
                ("contract", provider_row.pk in contracted),
                ("fees", provider_row.pk in priced),
            ]
            if not there
        ]
        shown.append((provider_row, states, missing))
    context = {"providers": shown, "may_edit": may(request.member, "settings.edit")}
    return TemplateResponse(request, "practice/providers.html", context)


@access("settings.view")
def provider(request: MemberRequest, provider_id: UUID) -> HttpResponseBase:
    """One provider: facts, licences, contracts, and how many codes have a fee with each payer."""
    own = {"organization_id": request.practice.pk}
    row = get_object_or_404(Provider.objects.select_related("location"), pk=provider_id, **own)
    today = local_date(clock.now(), request.practice.zone)
    codes: dict[UUID | None, set[UUID]] = {}
    fees = Fee.objects.filter(provider=row, effective_from__lte=today, service__active=True, **own)
    for payer_id, service_id in fees.values_list("payer_id", "service_id"):
        codes.setdefault(payer_id, set()).add(service_id)
    payers = Payer.objects.filter(active=True, **own).order_by("name")
    context = {
        "provider": row,
        "today": today,
        "licences": Licence.objects.filter(provider=row, **own).order_by("state", "-valid_from"),
        "contracts": Contract.objects.filter(provider=row, **own)
        .select_related("payer")
        .order_by("payer__name", "-effective_from"),
        "fees": [(None, len(codes.get(None, ())))]
        + [(payer, len(codes.get(payer.pk, ()))) for payer in payers],
        "service_count": ServiceCode.objects.filter(active=True, **own).count(),
        "may_edit": may(request.member, "settings.edit"),
        "may_edit_terms": may(request.member, "payer.edit"),
        "member_of": Member.objects.filter(provider_id=row.pk, **own).select_related("user").first(),
        "admins": admins(request),
        **onward(request),
    }
    return TemplateResponse(request, "practice/provider.html", context)


def from_providers(request: MemberRequest, row: Provider) -> dict[str, Any]:
    """The way back from a provider's forms: the list, then the provider."""
    return {
        "grandparent_title": "Providers",
        "grandparent_url": url(request, "providers"),
        "parent_title": row.full_name,
    }


@access("settings.edit")
def provider_new(request: MemberRequest) -> HttpResponseBase:
    """A new provider; they sign in once a member is linked to them."""
    practice = request.practice
    start = {"zone": practice.zone, "active": True}

    def save(values: dict[str, Any]) -> None:
        actions.add_provider(organization_id=practice.pk, by=request.member.user_id, **values)

    return form_page(
        request,
        ProviderForm(typed(request), initial=start, organization_id=practice.pk),
        save,
        title="New provider",
        then=url(request, "providers"),
        parent_title="Providers",
        said="The provider is saved. Licences, contracts and fees are on their page.",
    )


@access("settings.edit")
def provider_edit(request: MemberRequest, provider_id: UUID) -> HttpResponseBase:
    """Mend a provider's facts."""
    practice = request.practice
    row = get_object_or_404(Provider, organization_id=practice.pk, pk=provider_id)

    def save(values: dict[str, Any]) -> None:
        actions.update_provider(provider=row, by=request.member.user_id, **values)

    return form_page(
        request,
        ProviderForm(typed(request), instance=row, organization_id=practice.pk),
        save,
        title=row.full_name,
        then=url(request, "provider", row.pk),
        **from_providers(request, row),
        said="The provider is saved.",
    )


@access("settings.edit")
def licence_new(request: MemberRequest, provider_id: UUID) -> HttpResponseBase:
    """A licence in one more state."""
    row = get_object_or_404(Provider, organization_id=request.practice.pk, pk=provider_id)

    def save(values: dict[str, Any]) -> None:
        actions.add_licence(provider=row, by=request.member.user_id, **values)

    start = {"state": request.GET.get("state", "")}
    return form_page(
        request,
        LicenceForm(typed(request), initial=start),
        save,
        title="New licence",
        then=url(request, "provider", row.pk),
        **from_providers(request, row),
        said="The licence is saved.",
    )


@access("settings.edit")
def licence(request: MemberRequest, provider_id: UUID, licence_id: UUID) -> HttpResponseBase:
    """Mend a licence."""
    row = get_object_or_404(
        Licence.objects.select_related("provider"),
        organization_id=request.practice.pk,
        provider_id=provider_id,
        pk=licence_id,
    )

    def save(values: dict[str, Any]) -> None:
        actions.update_licence(licence=row, by=request.member.user_id, **values)

    return form_page(
        request,
        LicenceForm(typed(request), instance=row),
        save,
        title=f"Licence in {row.state}",
        then=url(request, "provider", provider_id),
        **from_providers(request, row.provider),
        said="The licence is saved.",
    )
