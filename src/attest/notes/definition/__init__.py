"""What a note template is made of, read from data: sections, fields, options; and values that fit them.

A definition is a JSON object, see docs/templates.md and `schema.json` beside this file. Field keys are unique in a
template, and a key means the same in every template, so that text can move between them.
"""

from attest.notes.definition.kinds import (
    BadDefinition,
    BadValues,
    Column,
    Definition,
    Field,
    FieldKind,
    Option,
    Purpose,
    Section,
    Value,
    Values,
)
from attest.notes.definition.shipped import shipped
from attest.notes.definition.values import LONGEST_TEXT, carried_over, clean, complete, plain_text

__all__ = [
    "LONGEST_TEXT",
    "BadDefinition",
    "BadValues",
    "Column",
    "Definition",
    "Field",
    "FieldKind",
    "Option",
    "Purpose",
    "Section",
    "Value",
    "Values",
    "carried_over",
    "clean",
    "complete",
    "plain_text",
    "shipped",
]
