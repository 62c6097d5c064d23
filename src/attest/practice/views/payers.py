"""Settings: payers and their dated rules, contracts with them, fees."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from attest.core import clock
from attest.core.access import MemberRequest, access, may
from attest.policy.deadlines import local_date
from attest.policy.note_checks import CRITERIA
from attest.practice import actions
from attest.practice.form_page import form_page, onward, typed
from attest.practice.forms import ContractForm, FeesForm, PayerForm, PayerRuleForm
from attest.practice.models import Contract, Payer, PayerRule, Provider, ServiceCode
from attest.practice.queries import rule_row, terms
from attest.practice.views.people import from_providers
from attest.practice.views.settings import url

SELF_PAY = "self-pay"


def _shown_rule(row: PayerRule | None) -> dict[str, Any] | None:
    """A payer's rules in words."""
    if row is None:
        return None
    rule = rule_row(row)
    audio = "not paid"
    if rule.audio_modifier is not None:
        audio = f"modifier: {rule.audio_modifier or 'none'}"
    return {
        "row": row,
        "filing": rule.filing_rule.words if rule.filing_rule else "not known",
        "note": "waits for the signed note" if rule.requires_signed_note else "does not wait for the note",
        "home": rule.telehealth_pos_home,
        "elsewhere": rule.telehealth_pos_other,
        "video": rule.video_modifier or "none",
        "audio": audio,
        "correction": row.get_correction_method_display(),
        "demands": [CRITERIA[name].looks_for for name in rule.required_criteria if name in CRITERIA],
    }


def _today(request: MemberRequest) -> Any:
    return local_date(clock.now(), request.practice.zone)


@access("settings.view")
def payers(request: MemberRequest) -> HttpResponseBase:
    """Every payer with the rules in force today."""
    own = {"organization_id": request.practice.pk}
    today = _today(request)
    rules = {
        row.payer_id: row
        for row in PayerRule.objects.filter(effective_from__lte=today, **own).order_by("effective_from")
        if row.effective_to is None or today <= row.effective_to
    }
    rows = Payer.objects.filter(**own).order_by("-active", "name")
    context = {
        "payers": [(row, _shown_rule(rules.get(row.pk))) for row in rows],
        "may_edit": may(request.member, "payer.edit"),
        **onward(request),
    }
    return TemplateResponse(request, "practice/payers.html", context)


@access("settings.view")
def payer(request: MemberRequest, payer_id: UUID) -> HttpResponseBase:
    """One payer: facts, its rules past, present and future, and who is contracted with it."""
    own = {"organization_id": request.practice.pk}
    row = get_object_or_404(Payer, pk=payer_id, **own)
    context = {
        "payer": row,
        "today": _today(request),
        "rules": [
            _shown_rule(rule)
            for rule in PayerRule.objects.filter(payer=row, **own).order_by("-effective_from")
        ],
        "contracts": Contract.objects.filter(payer=row, **own)
        .select_related("provider")
        .order_by("provider__last_name", "-effective_from"),
        "may_edit": may(request.member, "payer.edit"),
        **onward(request),
    }
    return TemplateResponse(request, "practice/payer.html", context)


@access("payer.edit")
def payer_new(request: MemberRequest) -> HttpResponseBase:
    """A new payer."""
    practice = request.practice

    def save(values: dict[str, Any]) -> None:
        actions.add_payer(organization_id=practice.pk, by=request.member.user_id, **values)

    return form_page(
        request,
        PayerForm(typed(request), initial={"active": True}),
        save,
        title="New payer",
        then=url(request, "payers"),
        parent_title="Payers",
        said="The payer is saved. Add its rules next.",
    )


@access("payer.edit")
def payer_edit(request: MemberRequest, payer_id: UUID) -> HttpResponseBase:
    """Mend a payer's facts."""
    row = get_object_or_404(Payer, organization_id=request.practice.pk, pk=payer_id)

    def save(values: dict[str, Any]) -> None:
        actions.update_payer(payer=row, by=request.member.user_id, **values)

    return form_page(
        request,
        PayerForm(typed(request), instance=row),
        save,
        title=row.name,
        then=url(request, "payer", row.pk),
        grandparent_title="Payers",
        grandparent_url=url(request, "payers"),
        parent_title=row.name,
        said="The payer is saved.",
    )


@access("payer.edit")
def rule_new(request: MemberRequest, payer_id: UUID) -> HttpResponseBase:
    """How the payer wants things from a date on; prefilled with the newest rules, or those of `?from=`."""
    own = {"organization_id": request.practice.pk}
    row = get_object_or_404(Payer, pk=payer_id, **own)
    known = PayerRule.objects.filter(payer=row, **own).order_by("-effective_from")
    mended = next((rule for rule in known if str(rule.effective_from) == request.GET.get("from")), None)
    basis = mended or (known[0] if known else None)
    names = PayerRuleForm.Meta.fields
    start: dict[str, Any] = {"audio_paid": True}
    if basis is not None:
        start = {name: getattr(basis, name) for name in names}
    start["effective_from"] = mended.effective_from if mended else _today(request)

    def save(values: dict[str, Any]) -> None:
        actions.set_payer_rule(payer=row, by=request.member.user_id, **values)

    return form_page(
        request,
        PayerRuleForm(typed(request), initial=start),
        save,
        title="Mend these rules" if mended else "New rules",
        then=url(request, "payer", row.pk),
        grandparent_title="Payers",
        grandparent_url=url(request, "payers"),
        parent_title=row.name,
        said="The rules are saved.",
    )


@access("payer.edit")
def contract_new(request: MemberRequest, provider_id: UUID) -> HttpResponseBase:
    """The provider is contracted with one more payer."""
    practice = request.practice
    row = get_object_or_404(Provider, organization_id=practice.pk, pk=provider_id)

    def save(values: dict[str, Any]) -> None:
        actions.add_contract(provider=row, by=request.member.user_id, **values)

    return form_page(
        request,
        ContractForm(
            typed(request), initial={"payer": request.GET.get("payer")}, organization_id=practice.pk
        ),
        save,
        title="New contract",
        then=url(request, "provider", row.pk),
        **from_providers(request, row),
        said="The contract is saved.",
    )


@access("payer.edit")
def contract(request: MemberRequest, provider_id: UUID, contract_id: UUID) -> HttpResponseBase:
    """Mend or end a contract."""
    practice = request.practice
    row = get_object_or_404(
        Contract.objects.select_related("payer", "provider"),
        organization_id=practice.pk,
        provider_id=provider_id,
        pk=contract_id,
    )

    def save(values: dict[str, Any]) -> None:
        actions.update_contract(contract=row, by=request.member.user_id, **values)

    return form_page(
        request,
        ContractForm(typed(request), instance=row, organization_id=practice.pk),
        save,
        title=f"Contract with {row.payer.name}",
        then=url(request, "provider", provider_id),
        **from_providers(request, row.provider),
        said="The contract is saved.",
    )


@access("payer.edit")
def fees(request: MemberRequest, provider_id: UUID, payer: str) -> HttpResponseBase:
    """All fees of a provider with one payer, or for self-pay, on one page."""
    own = {"organization_id": request.practice.pk}
    row = get_object_or_404(Provider, pk=provider_id, **own)
    paying = None if payer == SELF_PAY else _payer_or_404(request, payer)
    payer_id = paying.pk if paying else None
    services = list(ServiceCode.objects.filter(active=True, **own).order_by("code"))
    today = _today(request)
    known = terms(request.practice.pk, provider_ids=[row.pk], payer_ids=[payer_id] if payer_id else [])
    in_force = {s.code: known.fee_on(row.pk, payer_id, s.code, today) for s in services}
    start: dict[str, Any] = {"effective_from": today}
    for code, fee in in_force.items():
        if fee is not None:
            start |= {f"charge_{code}": fee.charge_cents, f"allowed_{code}": fee.allowed_cents}

    def save(values: dict[str, Any]) -> None:
        refused: dict[str, str] = {}
        for service in services:
            charge, allowed = values[f"charge_{service.code}"], values.get(f"allowed_{service.code}")
            on = known.fee_on(row.pk, payer_id, service.code, values["effective_from"])
            if charge is None and allowed is None and on is None:
                continue
            if charge is None:
                refused[f"charge_{service.code}"] = f"{service.code}: the charge is needed."
            elif on is None or (charge, allowed) != (on.charge_cents, on.allowed_cents):
                try:
                    actions.set_fee(
                        provider=row,
                        payer=paying,
                        service=service,
                        charge_cents=charge,
                        allowed_cents=allowed,
                        effective_from=values["effective_from"],
                        by=request.member.user_id,
                    )
                except actions.Refused as refusal:
                    refused[f"charge_{service.code}"] = f"{service.code}: {refusal}"
        if refused:
            raise actions.Refused(refused)

    return form_page(
        request,
        FeesForm(typed(request), initial=start, services=services, with_allowed=paying is not None),
        save,
        title=f"Fees with {paying.name}" if paying else "Self-pay fees",
        then=url(request, "provider", row.pk),
        **from_providers(request, row),
        said="The fees are saved.",
        template="practice/fees.html",
        with_allowed=paying is not None,
    )


def _payer_or_404(request: MemberRequest, text: str) -> Payer:
    try:
        payer_id = UUID(text)
    except ValueError:
        raise Http404("no such payer") from None
    return get_object_or_404(Payer, organization_id=request.practice.pk, pk=payer_id)
