"""The templates that come with the product, as rows of a practice."""

from uuid import UUID

from django.db import transaction

from attest.core import audit
from attest.notes.definition import Definition, shipped
from attest.notes.models import NoteTemplate
from attest.notes.queries import current_templates
from attest.practice.models import Organization


def install_templates(organization: Organization, *, by: UUID | None = None) -> list[NoteTemplate]:
    """Give the practice the shipped templates: new ones as version 1, changed ones as their next version.

    Doing it again changes nothing. Notes keep the version they were written in. Returns the rows it made.
    """
    with transaction.atomic():
        newest = {template.key: template for template in current_templates(organization.pk, with_hidden=True)}
        made = []
        for data in shipped():
            definition = Definition.parse(data)
            before = newest.get(definition.key)
            if before is not None and before.definition == data:
                continue
            template = NoteTemplate.objects.create(
                organization=organization,
                key=definition.key,
                version=before.version + 1 if before else 1,
                name=definition.name,
                definition=data,
            )
            audit.record(
                "note_template.installed",
                subject_type="note_template",
                subject_id=template.pk,
                organization_id=organization.pk,
                by=by,
                key=template.key,
                version=template.version,
            )
            made.append(template)
    return made
