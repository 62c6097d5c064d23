"""What a claim says, frozen as JSON when it is built, and the same facts as X12 records.

A change in the chart or in settings after that does not change the claim. `version` names the shape of the JSON,
so that old claims stay readable when the shape changes.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from attest.claims.basis import ClaimBasis
from attest.clients.models import Client, Coverage
from attest.practice.models import Location, Organization
from attest.x12 import claim_837p as x12

VERSION = 1
RELATIONSHIPS = {"spouse": "01", "child": "19", "other": "G8"}
"""A coverage's relation as the individual relationship code of the guide (PAT01)."""
OFFICE = "11"


def facts_of(basis: ClaimBasis, *, number: str) -> dict[str, Any]:
    """Every fact the claim will carry, as JSON: legal names, addresses, plan, codes and charges as they are now."""
    return {"version": VERSION, **_plain(record_of(basis, number=number))}


def problems_of(basis: ClaimBasis) -> tuple[x12.Problem, ...]:
    """Everything that would keep this claim from being written, known before it is built; () when nothing does."""
    return x12.problems(record_of(basis, number="0"))


def to_x12(facts: dict[str, Any], shared: dict[Any, Any] | None = None) -> x12.Claim:
    """The claim record that `facts` describe.

    With one `shared` dictionary for a whole file, records that recur (practice, provider, payer, place) become
    one object, which the writer then writes once. Raises ValueError for a shape this version does not know.
    """
    if facts.get("version") != VERSION:
        raise ValueError(f"claim facts of version {facts.get('version')!r} are not known here")
    keep = {} if shared is None else shared
    subscriber, patient = facts["subscriber"], facts["patient"]
    return x12.Claim(
        **{
            name: value
            for name, value in facts.items()
            if name
            not in ("version", "billing", "rendering", "facility", "payer", "subscriber", "patient", "lines")
            and name not in ("diagnoses", "onset")
        },
        onset=_day(facts["onset"]),
        diagnoses=tuple(facts["diagnoses"]),
        billing=_shared(keep, "billing", facts["billing"], lambda f: x12.BillingProvider(**_placed(f))),
        rendering=_shared(keep, "rendering", facts["rendering"], lambda f: x12.RenderingProvider(**f)),
        facility=_shared(keep, "facility", facts["facility"], lambda f: x12.ServiceFacility(**_placed(f))),
        payer=_shared(keep, "payer", facts["payer"], lambda f: x12.Payer(**f)),
        subscriber=_shared(keep, "subscriber", subscriber, lambda f: x12.Subscriber(**_person(f))),
        patient=_shared(keep, "patient", patient, lambda f: x12.Dependent(**_person(f))),
        lines=tuple(
            x12.ServiceLine(
                **{
                    **line,
                    "date": date.fromisoformat(line["date"]),
                    "modifiers": tuple(line["modifiers"]),
                    "diagnosis_pointers": tuple(line["diagnosis_pointers"]),
                }
            )
            for line in facts["lines"]
        ),
    )


def record_of(basis: ClaimBasis, *, number: str) -> x12.Claim:
    """The claim as an X12 record, from the practice's own records."""
    client, coverage, provider = basis.session.client, basis.coverage, basis.provider
    own_plan = coverage.relation == "self"
    return x12.Claim(
        control_number=number,
        billing=_billing(basis.organization),
        rendering=x12.RenderingProvider(
            last_name=provider.last_name,
            first_name=provider.first_name,
            npi=provider.npi,
            taxonomy=provider.taxonomy,
        ),
        facility=_facility(basis.location, basis.organization) if basis.location else None,
        payer=x12.Payer(name=basis.payer.name, id=basis.payer.payer_id),
        claim_filing_indicator=basis.payer.filing_indicator,
        subscriber=_subscriber_self(client, coverage) if own_plan else _subscriber_other(coverage),
        patient=None if own_plan else _dependent(client, coverage),
        place_of_service=basis.place_of_service,
        diagnoses=tuple(basis.diagnoses),
        lines=tuple(
            x12.ServiceLine(
                procedure=line.code,
                modifiers=tuple(line.modifiers),
                units=line.units,
                charge_cents=line.charge_cents,
                diagnosis_pointers=tuple(line.pointers),
                date=basis.date_of_service,
                control_number=f"{number}-{position}",
            )
            for position, line in enumerate(basis.lines, 1)
        ),
    )


def _billing(organization: Organization) -> x12.BillingProvider:
    return x12.BillingProvider(
        name=organization.name,
        npi=organization.npi,
        tax_id=organization.tax_id,
        tax_id_kind="SY" if organization.tax_id_kind == "SY" else "EI",
        taxonomy=organization.taxonomy,
        address=_address(organization),
    )


def _facility(location: Location, organization: Organization) -> x12.ServiceFacility:
    """An office goes by the practice's name, any other place (a school, a clinic) by its own."""
    office = location.place_of_service == OFFICE
    return x12.ServiceFacility(
        name=organization.name if office else location.name, npi=location.npi, address=_address(location)
    )


def _subscriber_self(client: Client, coverage: Coverage) -> x12.Subscriber:
    return x12.Subscriber(
        last_name=client.legal_last_name,
        first_name=client.legal_first_name,
        member_id=coverage.member_id,
        group_number=coverage.group_number,
        birth_date=client.birth_date,
        sex=_sex(client.sex),
        address=_address(client),
    )


def _subscriber_other(coverage: Coverage) -> x12.Subscriber:
    return x12.Subscriber(
        last_name=coverage.subscriber_last_name,
        first_name=coverage.subscriber_first_name,
        member_id=coverage.member_id,
        group_number=coverage.group_number,
    )


def _dependent(client: Client, coverage: Coverage) -> x12.Dependent:
    return x12.Dependent(
        last_name=client.legal_last_name,
        first_name=client.legal_first_name,
        relationship=RELATIONSHIPS[coverage.relation],
        birth_date=client.birth_date,
        sex=_sex(client.sex),
        address=_address(client),
    )


def _address(place: Organization | Location | Client) -> x12.Address:
    return x12.Address(
        line1=place.line1, line2=place.line2, city=place.city, state=place.state, postal_code=place.zip_code
    )


def _sex(value: str) -> Any:
    return value if value in ("F", "M") else "U"


def _plain(value: Any) -> Any:
    """JSON of dataclasses: fields by name, dates as ISO text, tuples as lists."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _placed(facts: dict[str, Any]) -> dict[str, Any]:
    address = facts["address"]
    return {**facts, "address": x12.Address(**address) if address else None}


def _person(facts: dict[str, Any]) -> dict[str, Any]:
    return {**_placed(facts), "birth_date": _day(facts["birth_date"])}


def _shared(keep: dict[Any, Any], kind: str, facts: Any, make: Callable[[Any], Any]) -> Any:
    if facts is None:
        return None
    key = (kind, _frozen(facts))
    if key not in keep:
        keep[key] = make(facts)
    return keep[key]


def _frozen(facts: Any) -> Any:
    return (
        tuple((name, _frozen(value)) for name, value in facts.items()) if isinstance(facts, dict) else facts
    )
