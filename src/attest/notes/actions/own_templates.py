"""A practice's own templates: copied from another, changed version by version; and the list's order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from attest.core import audit
from attest.notes.definition import BadDefinition, Definition, Field, FieldKind, Purpose
from attest.notes.models import NoteTemplate, TemplatePlace
from attest.notes.problems import TemplateRefused
from attest.notes.queries import current_templates, template_by_key
from attest.practice.models import Organization

OWN = "own_"
"""Begins the key of a template and of a field that a practice has made itself."""
OWN_KINDS = (FieldKind.TEXT, FieldKind.CHOICE, FieldKind.CHECKS)


def copy_template(*, template: NoteTemplate, name: str, by: UUID) -> NoteTemplate:
    """A copy under a name of its own, which the practice can change. Raises TemplateRefused for a taken name."""
    organization_id = template.organization_id
    with transaction.atomic():
        _lock(organization_id)
        name = _free_name(organization_id, name)
        numbers = [
            int(key.removeprefix(OWN))
            for key in NoteTemplate.objects.filter(organization_id=organization_id, own=True)
            .values_list("key", flat=True)
            .distinct()
        ]
        key = f"{OWN}{max(numbers, default=0) + 1}"
        copy = NoteTemplate.objects.create(
            organization_id=organization_id,
            key=key,
            name=name,
            definition=template.definition | {"key": key, "name": name},
            own=True,
            based_on=template.key,
        )
        _record("note_template.copied", copy, by, based_on=template.key)
    return copy


def change_template(*, template: NoteTemplate, definition: dict[str, Any], by: UUID) -> NoteTemplate:
    """Make the next version of a practice's own template. Drafts and notes keep the version they were written in.

    `template` is the version that was on the screen. What the original asks for before signing, and whatever documents
    risk, stays; fields of the original keep their meaning; new fields are text or choices. The same again makes no
    version. Raises TemplateRefused with a sentence, also when somebody has made a newer version since.
    """
    if not template.own:
        raise TemplateRefused("This template comes with the product. Copy it, and change the copy.")
    with transaction.atomic():
        _lock(template.organization_id)
        newest = template_by_key(template.organization_id, template.key)
        if newest != template:
            raise TemplateRefused("Somebody changed this template meanwhile. Load the page again.")
        if definition == template.definition:
            return template
        first = NoteTemplate.objects.get(
            organization_id=template.organization_id, key=template.key, version=1
        )
        _refuse_missing(_keys(definition), first.parsed)
        try:
            wanted = Definition.parse(definition)
        except BadDefinition as problem:
            raise TemplateRefused(f"This is not a whole template yet: {problem}.") from None
        refuse_lost_facts(wanted, first.parsed)
        name = wanted.name
        if name != template.name:
            name = _free_name(template.organization_id, name)
        made = NoteTemplate.objects.create(
            organization_id=template.organization_id,
            key=template.key,
            version=template.version + 1,
            name=name,
            definition=definition | {"name": name},
            own=True,
            based_on=template.based_on,
        )
        _record("note_template.changed", made, by, version=made.version)
    return made


def refuse_lost_facts(wanted: Definition, original: Definition) -> None:
    """Raises TemplateRefused when `wanted` has lost or bent what `original` needs."""
    frame = (original.key, original.purpose, original.suits, original.billable)
    if (wanted.key, wanted.purpose, wanted.suits, wanted.billable) != frame:
        raise TemplateRefused("What kind of note a template is for cannot be changed.")
    _refuse_missing(set(wanted.by_key()), original)
    known = original.by_key()
    for field in wanted.fields:
        before = known.get(field.key)
        if field.key.startswith(OWN):
            if field.kind not in OWN_KINDS or field.risk or field.prefill:
                raise TemplateRefused(f"“{field.label}”: your own fields are text or choices.")
        elif before is None:
            raise TemplateRefused(f"“{field.label}” does not belong to this template.")
        elif _meaning(field) != _meaning(before) or (before.asked and _asked(field) != _asked(before)):
            raise TemplateRefused(f"“{before.label}” keeps its answers, and stays needed where it is.")


def _refuse_missing(keys: set[str], original: Definition) -> None:
    for field in original.fields:
        if must_stay(field) and field.key not in keys:
            raise TemplateRefused(f"“{field.label}” stays: a payer or the law asks for it.")


def _keys(definition: dict[str, Any]) -> set[str]:
    """The keys of the fields of data that may not be a whole template."""
    return {item.get("key", "") for section in definition["sections"] for item in section["fields"]}


def must_stay(field: Field) -> bool:
    """Whether a copy cannot do without it: asked for before signing, or about danger. One's own can always go."""
    return not field.key.startswith(OWN) and (field.asked or field.risk)


def _meaning(field: Field) -> tuple[object, ...]:
    return field.kind, field.options, field.columns, field.risk, field.most, field.unit, field.prefill


def _asked(field: Field) -> tuple[object, ...]:
    return field.required, field.required_when, field.required_unless


def arrange_templates(*, organization_id: UUID, keys: Sequence[str], by: UUID) -> None:
    """Put the practice's templates into this order; those not named follow as they were."""
    with transaction.atomic():
        _lock(organization_id)
        now = [template.key for template in current_templates(organization_id, with_hidden=True)]
        wanted = [key for key in keys if key in now]
        order = [*dict.fromkeys(wanted), *(key for key in now if key not in wanted)]
        hidden = _hidden(organization_id)
        for position, key in enumerate(order, start=1):
            _place(organization_id, key, position * 10, key in hidden)
        audit.record(
            "note_template.arranged",
            subject_type="organization",
            subject_id=organization_id,
            organization_id=organization_id,
            by=by,
        )


def hide_template(*, template: NoteTemplate, hidden: bool, by: UUID) -> None:
    """Take a template out of every choice, or put it back. Notes written in it stay as they are.

    Raises TemplateRefused for the last one that sessions can be documented with.
    """
    organization_id = template.organization_id
    with transaction.atomic():
        _lock(organization_id)
        templates = current_templates(organization_id, with_hidden=True)
        gone = _hidden(organization_id) | {template.key} if hidden else _hidden(organization_id)
        left = [one for one in templates if one.key not in gone and one.parsed.purpose is Purpose.PROGRESS]
        if hidden and not left:
            raise TemplateRefused("One template for sessions has to stay.")
        known = TemplatePlace.objects.filter(organization_id=organization_id, key=template.key).first()
        _place(organization_id, template.key, known.position if known else template.parsed.order, hidden)
        _record("note_template.hidden" if hidden else "note_template.shown", template, by)


def _hidden(organization_id: UUID) -> set[str]:
    rows = TemplatePlace.objects.filter(organization_id=organization_id, hidden=True)
    return set(rows.values_list("key", flat=True))


def _place(organization_id: UUID, key: str, position: int, hidden: bool) -> None:
    TemplatePlace.objects.update_or_create(
        organization_id=organization_id, key=key, defaults={"position": position, "hidden": hidden}
    )


def _free_name(organization_id: UUID, name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise TemplateRefused("Give it a name of at most 60 characters.")
    taken = {one.name.casefold() for one in current_templates(organization_id, with_hidden=True)}
    if name.casefold() in taken:
        raise TemplateRefused(f"Another template is called “{name}” already.")
    return name


def _lock(organization_id: UUID) -> None:
    """Two changes of one practice's templates wait for each other."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def _record(event: str, template: NoteTemplate, by: UUID, **data: Any) -> None:
    audit.record(
        event,
        subject_type="note_template",
        subject_id=template.pk,
        organization_id=template.organization_id,
        by=by,
        key=template.key,
        **data,
    )
