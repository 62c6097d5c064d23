"""Payers and their dated rules, contracts of providers with them, and fees."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from attest.core import audit
from attest.core.models import save_fields
from attest.practice.models import Contract, Fee, Payer, PayerRule, Provider, ServiceCode
from attest.practice.refusal import Refused, saving

PAYER_TAKEN = {"payer_once": ("payer_id", "A payer with this name and payer id is there already.")}
RULE_TAKEN = {
    "payer_rule_one_at_a_time": ("effective_from", "These rules overlap others of the same payer."),
}
CONTRACT_TAKEN = {
    "contract_one_at_a_time": (
        "effective_from",
        "A contract of this provider with this payer already covers some of these dates.",
    ),
}
FEE_TAKEN = {"fee_not_negative": ("charge_cents", "An amount cannot be below zero.")}


def add_payer(*, organization_id: UUID, by: UUID, **values: Any) -> Payer:
    """A new payer: `name`, `payer_id`, `line_of_business`, `filing_indicator`. It has no rules yet."""
    payer = Payer(organization_id=organization_id, **values)
    with saving(payer, **PAYER_TAKEN):
        payer.save(force_insert=True)
    audit.record("payer.added", subject_type="payer", subject_id=payer.pk, by=by)
    return payer


def update_payer(*, payer: Payer, by: UUID, **values: Any) -> Payer:
    """Mend a payer, or retire it with `active=False`: plans that name it keep it."""
    for column, value in values.items():
        setattr(payer, column, value)
    with saving(payer, **PAYER_TAKEN):
        save_fields(payer, **values)
    audit.record("payer.updated", subject_type="payer", subject_id=payer.pk, by=by, fields=sorted(values))
    return payer


def set_payer_rule(*, payer: Payer, effective_from: date, by: UUID, **values: Any) -> PayerRule:
    """How the payer wants things from a date on.

    The rules running until then are closed the day before; where later rules are known already, the new ones end
    the day before those begin. Rules beginning on the very same date are mended.
    """
    Payer.objects.select_for_update().get(organization_id=payer.organization_id, pk=payer.pk)
    rows = list(
        PayerRule.objects.filter(organization_id=payer.organization_id, payer=payer).order_by(
            "effective_from"
        )
    )
    rule = next((row for row in rows if row.effective_from == effective_from), None)
    if rule is None:
        rule = PayerRule(organization_id=payer.organization_id, payer=payer, effective_from=effective_from)
        later = next((row for row in rows if row.effective_from > effective_from), None)
        rule.effective_to = later.effective_from - timedelta(days=1) if later else None
    for column, value in values.items():
        setattr(rule, column, value)
    if rule.filing_amount < 1:
        raise Refused({"filing_amount": "A filing limit is at least 1."})
    with saving(rule, **RULE_TAKEN):
        day_before = effective_from - timedelta(days=1)
        for row in rows:
            if row.effective_from < effective_from and (
                row.effective_to is None or row.effective_to > day_before
            ):
                save_fields(row, effective_to=day_before)
        rule.save()
    audit.record(
        "payer.rule_set",
        subject_type="payer",
        subject_id=payer.pk,
        by=by,
        rule_id=str(rule.pk),
        effective_from=str(effective_from),
    )
    return rule


def add_contract(
    *, provider: Provider, payer: Payer, effective_from: date, by: UUID, effective_to: date | None = None
) -> Contract:
    """The provider is contracted with the payer in these dates. Raises Refused where contracts would overlap."""
    contract = Contract(
        organization_id=provider.organization_id,
        provider=provider,
        payer=payer,
        effective_from=effective_from,
        effective_to=effective_to,
    )
    _check_dates(effective_from, effective_to)
    with saving(contract, **CONTRACT_TAKEN):
        contract.save(force_insert=True)
    audit.record(
        "contract.added",
        subject_type="contract",
        subject_id=contract.pk,
        by=by,
        provider_id=str(provider.pk),
        payer_id=str(payer.pk),
    )
    return contract


def update_contract(
    *, contract: Contract, effective_from: date, effective_to: date | None, by: UUID
) -> Contract:
    """Mend a contract's dates, or end it."""
    _check_dates(effective_from, effective_to)
    contract.effective_from, contract.effective_to = effective_from, effective_to
    with saving(contract, **CONTRACT_TAKEN):
        save_fields(contract, effective_from=effective_from, effective_to=effective_to)
    audit.record("contract.updated", subject_type="contract", subject_id=contract.pk, by=by)
    return contract


def _check_dates(start: date, end: date | None) -> None:
    if end is not None and end < start:
        raise Refused({"effective_to": "The last day lies before the first."})


def set_fee(
    *,
    provider: Provider,
    payer: Payer | None,
    service: ServiceCode,
    charge_cents: int,
    effective_from: date,
    by: UUID,
    allowed_cents: int | None = None,
) -> Fee:
    """What the provider charges for a service from a date on, and what the payer allows; no payer means self-pay.

    A fee for the very same date is mended. Raises Refused for amounts below zero, and for an allowed amount above
    the charge: the payer would never pay it.
    """
    if charge_cents < 0 or (allowed_cents or 0) < 0:
        raise Refused({"charge_cents": "An amount cannot be below zero."})
    if allowed_cents is not None and allowed_cents > charge_cents:
        raise Refused(
            {
                "charge_cents": "The charge is below what the payer allows: a payer never pays more than the charge."
            }
        )
    fee = Fee.objects.filter(
        organization_id=provider.organization_id,
        provider=provider,
        payer=payer,
        service=service,
        effective_from=effective_from,
    ).first() or Fee(
        organization_id=provider.organization_id,
        provider=provider,
        payer=payer,
        service=service,
        effective_from=effective_from,
    )
    fee.charge_cents, fee.allowed_cents = charge_cents, allowed_cents
    with saving(fee, **FEE_TAKEN):
        fee.save()
    audit.record(
        "fee.set",
        subject_type="provider",
        subject_id=provider.pk,
        by=by,
        payer_id=str(payer.pk) if payer else None,
        code=service.code,
        charge_cents=charge_cents,
    )
    return fee
