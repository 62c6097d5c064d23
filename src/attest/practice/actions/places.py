"""Locations: where sessions happen."""

from typing import Any
from uuid import UUID

from attest.core import audit
from attest.core.models import save_fields
from attest.practice.models import Location
from attest.practice.refusal import saving


def add_location(*, organization_id: UUID, by: UUID, **values: Any) -> Location:
    """A new location: `name`, `place_of_service`, address, perhaps a facility NPI."""
    location = Location(organization_id=organization_id, **values)
    with saving(location):
        location.save(force_insert=True)
    audit.record("location.added", subject_type="location", subject_id=location.pk, by=by)
    return location


def update_location(*, location: Location, by: UUID, **values: Any) -> Location:
    """Mend a location, or retire it with `active=False`: it can no longer be chosen, past sessions keep it."""
    for column, value in values.items():
        setattr(location, column, value)
    with saving(location):
        save_fields(location, **values)
    audit.record(
        "location.updated", subject_type="location", subject_id=location.pk, by=by, fields=sorted(values)
    )
    return location
