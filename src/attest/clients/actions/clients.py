"""Clients: created and mended."""

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from attest.clients.models import Client
from attest.clients.queries import folded_name
from attest.core import audit
from attest.core.models import save_fields
from attest.practice.actions import members_who_are, tell
from attest.practice.models import Provider
from attest.practice.queries import today_in
from attest.practice.refusal import Refused, problems_of, saving

EARLIEST_BIRTH = date(1900, 1, 1)


def create_client(
    *, organization_id: UUID, by: UUID, provider: Provider | None = None, **values: Any
) -> Client:
    """A new client. Needed are legal first and last name and the birth date; the rest can follow."""
    client = Client(organization_id=organization_id, provider=provider, **values)
    client.folded = folded_name(client)
    _check(client)
    with saving(client):
        client.save(force_insert=True)
    audit.record("client.created", subject_type="client", subject_id=client.pk, client_id=client.pk, by=by)
    return client


def update_client(*, client: Client, by: UUID, **values: Any) -> Client:
    """Mend a client: names, birth date, address, provider, marks, or `active=False` when they have left.

    Another provider reads the chart from now on: both are told.
    """
    former = client.provider_id
    for column, value in values.items():
        setattr(client, column, value)
    client.folded = folded_name(client)
    _check(client)
    with saving(client):
        save_fields(client, **values, folded=client.folded)
    audit.record(
        "client.updated",
        subject_type="client",
        subject_id=client.pk,
        client_id=client.pk,
        by=by,
        fields=sorted(values),
    )
    if client.provider_id != former:
        _tell_providers(client, former, by)
    return client


def _tell_providers(client: Client, former: UUID | None, by: UUID) -> None:
    slug = client.organization.slug
    both = members_who_are(client.organization_id, [former, client.provider_id])
    for member in both:
        if member.user_id == by:
            continue
        takes_on = member.provider_id == client.provider_id
        tell(
            [member],
            kind="client.reassigned",
            sentence="A client became yours." if takes_on else "A client of yours became somebody else’s.",
            path=reverse("workspace:client", args=[slug, client.pk]) if takes_on else "",
        )


def set_flags(
    *,
    client: Client,
    by: UUID,
    self_pay: bool,
    do_not_bill: bool,
    part2_program: bool,
    part2_consent_on: date | None,
) -> Client:
    """Set the marks that decide whether insurance is told anything.

    *Do not bill insurance* is the client's right for what they pay themselves (45 CFR 164.522); records of a 42 CFR
    Part 2 program go to a plan only with the client's consent.
    """
    return update_client(
        client=client,
        by=by,
        self_pay=self_pay,
        do_not_bill=do_not_bill,
        part2_program=part2_program,
        part2_consent_on=part2_consent_on,
    )


def _check(client: Client) -> None:
    """What is wrong with a client's columns, all at once; a birth date lies in the past and after 1900."""
    problems = problems_of(client)
    born = client.birth_date
    if "birth_date" not in problems and born is not None:
        if born > today_in(client.organization_id):
            problems["birth_date"] = "The birth date lies in the future."
        elif born < EARLIEST_BIRTH:
            problems["birth_date"] = "The birth date lies before 1900. Look at the year again."
    if not client.folded and "legal_last_name" not in problems:
        problems["legal_last_name"] = "Write the name in Latin letters too, as on the insurance card."
    if problems:
        raise Refused(problems)
