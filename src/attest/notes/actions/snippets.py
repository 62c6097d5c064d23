"""A provider's own snippets: kept, changed, thrown away."""

from typing import Any

from attest.core import audit
from attest.notes.definition import plain_text
from attest.notes.models import Snippet
from attest.notes.problems import NotYours
from attest.practice.refusal import Refused, saving

LONGEST = 2_000
_TAKEN = {"snippet_name_once": ("name", "You have a snippet of this name already.")}


def keep_snippet(*, name: str, text: str, by_member: Any, snippet: Snippet | None = None) -> Snippet:
    """Keep a snippet of the member's own, a new one or a changed one. Raises Refused naming the field, NotYours."""
    if by_member.provider_id is None:
        raise NotYours
    row = snippet or Snippet(organization_id=by_member.organization_id, owner_id=by_member.provider_id)
    _must_be_own(row, by_member)
    row.name = " ".join(name.split())
    try:
        row.text = plain_text(text, LONGEST).strip()
    except ValueError as problem:
        raise Refused({"text": f"The text: {problem}"}) from problem
    with saving(row, **_TAKEN):
        row.save()
    _record("snippet.kept", row, by_member)
    return row


def throw_away_snippet(*, snippet: Snippet, by_member: Any) -> None:
    """Throw a snippet of the member's own away; notes keep what was put into them. Raises NotYours."""
    _must_be_own(snippet, by_member)
    _record("snippet.thrown_away", snippet, by_member)
    snippet.delete()


def _must_be_own(snippet: Snippet, by_member: Any) -> None:
    if snippet.owner_id != by_member.provider_id:
        raise NotYours


def _record(event: str, snippet: Snippet, by_member: Any) -> None:
    audit.record(event, subject_type="snippet", subject_id=snippet.pk, by=by_member.user_id)
