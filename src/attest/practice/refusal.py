"""How an action says no: typed, with a plain sentence for each field, and nothing saved."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg.errors
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from attest.x12 import npi

WHOLE = ""
"""The key of a sentence that is about the whole form."""


class Refused(Exception):
    """An action was refused. `sentences` maps field names (or WHOLE) to what a person can do about it."""

    def __init__(self, sentences: Mapping[str, str] | str) -> None:
        self.sentences: dict[str, str] = {WHOLE: sentences} if isinstance(sentences, str) else dict(sentences)
        super().__init__(" ".join(self.sentences.values()))


NPI_FIELDS = frozenset({"npi"})


def problems_of(row: models.Model) -> dict[str, str]:
    """What is wrong with the row's own columns, a sentence a field. Constraints are the database's to judge."""
    found: dict[str, str] = {}
    empty = {f.name for f in row._meta.fields if f.null and getattr(row, f.attname) is None}
    try:
        row.clean_fields(exclude={f.name for f in row._meta.fields if f.is_relation} | empty)
    except ValidationError as error:
        found = {name: _sentence(row, name, problems[0]) for name, problems in error.error_dict.items()}
    for name in NPI_FIELDS & {f.name for f in row._meta.fields} - set(found):
        value = getattr(row, name)
        if value and (sentence := npi.problem(value)):
            found[name] = sentence
    return found


def _sentence(row: models.Model, name: str, problem: ValidationError) -> str:
    """Django's words for a column's problem, in ours."""
    column = row._meta.get_field(name)
    label = label_of(column)
    match problem.code:
        case "blank" | "null":
            return f"{label} is needed."
        case "invalid_choice":
            return f"{label}: choose one of the list."
        case "max_length":
            return f"{label} has room for {getattr(column, 'max_length', 0)} characters."
        case "invalid" if isinstance(column, models.SlugField):
            return f"{label}: small letters, digits and dashes only, such as harbor-light."
        case "invalid" if isinstance(column, models.EmailField):
            return f"{label}: an address such as name@practice.example is needed."
        case _:
            return str(problem.messages[0])


def label_of(column: Any) -> str:
    """A column's name as a sentence begins with it."""
    words = str(column.verbose_name)
    return words[:1].upper() + words[1:]


@contextmanager
def saving(*rows: models.Model, **taken: tuple[str, str]) -> Iterator[None]:
    """Check the rows' columns, then run the block in a savepoint; what is refused becomes one `Refused`.

    `taken` maps the name of a database constraint to (field, sentence): the database decides, in every race.
    """
    problems: dict[str, str] = {}
    for row in rows:
        problems |= problems_of(row)
    if problems:
        raise Refused(problems)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = constraint_of(error)
        if name not in taken:
            raise
        field, sentence = taken[name]
        raise Refused({field: sentence}) from error


def constraint_of(error: IntegrityError) -> str:
    """The name of the database constraint that refused, or empty."""
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.errors.Error) else ""
