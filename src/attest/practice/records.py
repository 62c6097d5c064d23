"""What every table of a practice has in common, and how its rows point at each other."""

from typing import Any

from django.db import models

from attest.core.ids import new_id
from attest.practice.organization import Organization


class Record(models.Model):
    """A row that belongs to one organization: UUIDv7 id, organization, and both together unique.

    A subclass with constraints of its own writes `constraints = [*Record.Meta.constraints, ...]`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="%(app_label)s_%(class)s_own")
        ]


def link(to: Any, *, null: bool = False, related_name: str = "+", on_delete: Any = models.PROTECT) -> Any:
    """A foreign key to another row of the same organization.

    The database constraint is made by `SameOrganization` in the migration, over (organization_id, x_id): a plain one
    ignores row-level security. No index of its own: the ones that queries need are declared on the model.
    """
    return models.ForeignKey(
        to,
        on_delete=on_delete,
        null=null,
        blank=null,
        related_name=related_name,
        db_constraint=False,
        db_index=False,
    )
