"""The tables of keys: wrapped data keys, and the practices' signing keys. No row is ever deleted."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from attest.core import clock
from attest.core.ids import new_id


class WrappedKey(models.Model):
    """A data key as the database holds it: wrapped by a master key, of which it knows the id only.

    The highest `number` seals what is new. Only wrapping changes, and `lost_at`, set when people have said that the
    master key will not come back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField()
    master_id = models.CharField(max_length=40)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(default=clock.real_now)
    lost_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class SiteKey(WrappedKey):
    """A data key for secrets that belong to no practice, such as a login's second factor."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="site_key_number")]


class DataKey(WrappedKey):
    """A data key of one practice."""

    organization_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "number"], name="data_key_number"),
        ]


class SigningKey(models.Model):
    """An Ed25519 key in whose name a practice signs. One is in force; the earlier ones still verify.

    The public half never changes. The private half is sealed, and gone once the key is retired.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField()
    number = models.PositiveIntegerField()
    public = models.BinaryField()
    private = models.BinaryField()
    made_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization_id", "number"], name="signing_key_number"),
            models.UniqueConstraint(
                fields=["organization_id"], name="signing_key_in_force", condition=Q(retired_at__isnull=True)
            ),
        ]
