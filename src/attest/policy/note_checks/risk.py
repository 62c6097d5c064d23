"""Danger spoken of in the text: found by words, so that it is never passed over in silence.

It finds mentions, not meanings: it can only say "this speaks of danger, does the rest of the note answer it?".
A denial ("denies thoughts of suicide") is not a mention; one beside a statement ("denied last week, today …") is
weighed sentence by sentence.
"""

import re

_SELF = r"(?:him|her|them|my|your)(?:self|selves)|self"
_SOMEBODY = r"him|them|someone|somebody|anyone|others?|people"
_DANGER = re.compile(
    rf"""\b(?:
      suicid\w*
    | self[\s-]?(?:harm|injur)\w*
    | (?:cut|hurt|harm|kill)\w*\s+(?:{_SELF})\b
    | end(?:ing)?\s+(?:his|her|their|my)\s+life
    | better\s+off\s+dead
    | (?:want|wish)(?:s|es|ed)?\s+to\s+(?:die|be\s+dead)
    | overdos\w*
    | homicid\w*
    | (?:kill|strangl|stab|shoot)\w*\s+(?:{_SOMEBODY}|(?:his|her|their|the)\s+\w+|her\b)
    | (?:hurt|harm)\w*\s+(?:{_SOMEBODY}|her\b(?!\s+\w))
    | violen(?:t|ce)
    | abus(?:e|es|ed|ing)\b(?!\s+of\s+(?:alcohol|drugs|substances))
    | gun\b | firearms?\b | SI\b | HI\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_CASED = re.compile(r"\b(SI|HI)\b")
_DENIAL = re.compile(
    r"\b(den(?:y|ies|ied|ying)|no\b|not\b|never\b|without\b|negative\s+for|absent|n't\b|rules?\s+out|ruled\s+out)",
    re.IGNORECASE,
)
_TURN = re.compile(r"[.;!?\n]+|\b(?:but|however|although|though|except|yet)\b", re.IGNORECASE)


def mentions(text: str) -> tuple[str, ...]:
    """The words that speak of danger and are not denied in their own clause, in the order of the text."""
    found: list[str] = []
    for clause in _TURN.split(text):
        for match in _DANGER.finditer(clause):
            word = match.group(0)
            if word.upper() in ("SI", "HI") and not _CASED.fullmatch(word):
                continue
            if not _DENIAL.search(clause[: match.start()]):
                found.append(word.lower() if not _CASED.fullmatch(word) else word)
    return tuple(found)
