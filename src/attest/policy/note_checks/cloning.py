"""Text that was used before: how much of one note stands in another.

Notes have to speak of their own session (payers call repeated text "cloned" and take money back for it). Compared
are runs of words, so that a changed name or a moved sentence does not hide a copy.
"""

from collections.abc import Mapping

from .fields import Value

RUN = 4
"""Words in a run. Shorter text may repeat without having been copied."""


def words_of(text: str) -> list[str]:
    """The words of a text, whatever its blanks, capitals and punctuation."""
    kept = "".join(character if character.isalnum() else " " for character in text.casefold())
    return kept.split()


def runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of `RUN` words. Empty when the text is shorter than that."""
    words = words_of(text)
    return frozenset(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def share_used_before(text: str, other: str) -> float:
    """How much of `text` stands in `other` already, from 0 to 1, by runs of words. 0 when `text` is too short."""
    runs = runs_of(text)
    return len(runs & runs_of(other)) / len(runs) if runs else 0.0


def prose(values: Mapping[str, Value]) -> str:
    """All that was written in words in a note, choices left out: a choice is one of few and may repeat."""
    return "\n".join(value for value in values.values() if isinstance(value, str) and " " in value.strip())


def same_text(one: Value | None, other: Value | None) -> bool:
    """Whether two fields hold the same text of at least `RUN` words."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    words = words_of(one)
    return len(words) >= RUN and words == words_of(other)
