"""What a note still needs, before it can be signed and before somebody audits it: sentences, never a score.

- `fields`: which fields must be filled and are not · `criteria`: what auditors look for, as named rules with a
  severity per payer · `cloning`: text that was used before · `risk`: danger spoken of without a plan ·
  `times`: times that always equal the schedule · `review`: all of them at once, as the editor shows them.
"""

from .criteria import CRITERIA, REQUIRABLE, Criterion, Fact, Severity, places_demanded, severities
from .fields import NoteField, PlainField, Value, is_filled, missing_required
from .review import CheckKind, EarlierNote, Finding, Reviewed, blocking, review

__all__ = [
    "CRITERIA", "REQUIRABLE", "CheckKind", "Criterion", "EarlierNote", "Fact", "Finding", "NoteField", "PlainField",
    "Reviewed", "Severity", "Value", "blocking", "is_filled", "missing_required", "places_demanded",
    "review", "severities",
]  # fmt: skip
