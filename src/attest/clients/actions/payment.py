"""What a client pays with. Only what may be shown is kept here: brand and last four digits."""

from datetime import date
from uuid import UUID

from attest.clients.models import Client, PaymentMethod
from attest.core import audit
from attest.core.models import save_fields
from attest.practice.refusal import Refused, saving


def add_payment_method(
    *,
    client: Client,
    kind: str,
    brand: str,
    last4: str,
    by: UUID,
    expires_on: date | None = None,
    default: bool = True,
) -> PaymentMethod:
    """A card or bank account on file; the first one, or with `default`, becomes the one that is charged."""
    _lock(client)
    method = PaymentMethod(
        organization_id=client.organization_id,
        client=client,
        kind=kind,
        brand=brand,
        last4=last4,
        expires_on=expires_on,
    )
    others = _active(client)
    method.is_default = default or not others
    with saving(method):
        if method.is_default:
            _no_default(others)
        method.save(force_insert=True)
    _record("payment_method.added", method, by)
    return method


def remove_payment_method(*, method: PaymentMethod, by: UUID) -> PaymentMethod:
    """Take a payment method out of use; the newest other one becomes the default. What was charged keeps it."""
    _lock(method.client)
    save_fields(method, active=False, is_default=False)
    others = sorted(_active(method.client), key=lambda other: other.created_at, reverse=True)
    if others and not any(other.is_default for other in others):
        save_fields(others[0], is_default=True)
    _record("payment_method.removed", method, by)
    return method


def make_default(*, method: PaymentMethod, by: UUID) -> PaymentMethod:
    """Charge this payment method from now on. Raises Refused when it was removed."""
    _lock(method.client)
    method.refresh_from_db()
    if not method.active:
        raise Refused("This payment method was removed. Add it again to use it.")
    _no_default(_active(method.client))
    save_fields(method, is_default=True)
    _record("payment_method.default", method, by)
    return method


def _lock(client: Client) -> None:
    Client.objects.select_for_update().only("pk").get(organization_id=client.organization_id, pk=client.pk)


def _active(client: Client) -> list[PaymentMethod]:
    return list(
        PaymentMethod.objects.filter(organization_id=client.organization_id, client=client, active=True)
    )


def _no_default(methods: list[PaymentMethod]) -> None:
    for other in methods:
        if other.is_default:
            save_fields(other, is_default=False)


def _record(kind: str, method: PaymentMethod, by: UUID) -> None:
    audit.record(kind, subject_type="payment_method", subject_id=method.pk, client_id=method.client_id, by=by)
