"""Clients with what they need, and their sessions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attest.calendar.models import Session
from attest.clients.models import (
    ChartDiagnosis,
    Client,
    Coverage,
    FormAcknowledgement,
    FormDocument,
    PaymentMethod,
)
from attest.clients.queries import folded_name
from attest.core import clock
from attest.core.walls import inside
from attest.practice.models import (
    Organization,
    Payer,
    Provider,
)
from tests.factories.basics import LONG_AGO, a_number, today
from tests.factories.codes import ICD


def make_client(
    organization: Organization,
    provider: Provider | None,
    *,
    payer: Payer | None = None,
    ready: bool = True,
    **more: Any,
) -> Client:
    """A client with address and birth date.

    With a `payer`, a verified coverage; when `ready`, a card and every standard form acknowledged.
    """
    values: dict[str, Any] = {
        "legal_first_name": "Alex",
        "legal_last_name": "Rivera",
        "birth_date": date(1990, 5, 17),
        "sex": "F",
        "line1": "4 Mill Lane",
        "city": "Kingston",
        "state": "NY",
        "zip_code": "12401",
    }
    values |= more
    client = Client(organization=organization, provider=provider, **values)
    client.folded = folded_name(client)
    with inside(organization.pk):
        client.save(force_insert=True)
        if payer is not None:
            make_coverage(client, payer)
        if ready:
            make_payment_method(client)
            acknowledge_forms(client)
    return client


def make_coverage(client: Client, payer: Payer, **more: Any) -> Coverage:
    """A primary plan of the client's own, verified a minute ago, with a copay of $25."""
    values: dict[str, Any] = {
        "member_id": f"M{a_number():08d}",
        "effective_from": LONG_AGO,
        "verification": "verified",
        "verified_at": clock.now() - timedelta(minutes=1),
        "copay_cents": 2500,
    }
    with inside(client.organization_id):
        return Coverage.objects.create(
            organization_id=client.organization_id, client=client, payer=payer, **values | more
        )


def make_payment_method(client: Client, **more: Any) -> PaymentMethod:
    """A card on file, the default."""
    values = {"kind": "card", "brand": "Visa", "last4": "4242"}
    with inside(client.organization_id):
        return PaymentMethod.objects.create(
            organization_id=client.organization_id, client=client, **values | more
        )


def acknowledge_forms(client: Client) -> None:
    """The client acknowledges every standard form of the practice, in its newest version."""
    with inside(client.organization_id):
        newest: dict[str, FormDocument] = {}
        for document in FormDocument.objects.filter(organization_id=client.organization_id).order_by(
            "version"
        ):
            newest[document.key] = document
        for document in newest.values():
            FormAcknowledgement.objects.create(
                organization_id=client.organization_id,
                client=client,
                document=document,
                typed_name=client.legal_name,
            )


def make_diagnosis(client: Client, code: str = "F41.1", **more: Any) -> ChartDiagnosis:
    """A diagnosis in the chart; `code` with or without its dot."""
    plain = code.replace(".", "")
    label = next((text for known, text, _ in ICD if known.replace(".", "") == plain), code)
    with inside(client.organization_id):
        return ChartDiagnosis.objects.create(
            organization_id=client.organization_id, client=client, code=plain, label=label, **more
        )


def make_session(client: Client, *, minutes: int = 53, **more: Any) -> Session:
    """Yesterday's session at 2:00 PM in the provider's zone, in person at the provider's office.

    `more` are columns of the session: `provider`, `starts_at`, `ends_at`, `modality`, `kind` ...
    """
    with inside(client.organization_id):
        provider: Provider = more.pop("provider", None) or client.provider
        zone = more.setdefault("zone", provider.zone)
        start: datetime = more.pop("starts_at", None) or datetime.combine(
            today(zone) - timedelta(days=1), datetime.min.time().replace(hour=14), ZoneInfo(zone)
        ).astimezone(UTC)
        values: dict[str, Any] = {
            "location": provider.location,
            "client_state": client.state,
            "client_at_home": False,
            "ends_at": start + timedelta(minutes=minutes),
        }
        return Session.objects.create(
            organization_id=client.organization_id,
            client=client,
            provider=provider,
            starts_at=start,
            **values | more,
        )
