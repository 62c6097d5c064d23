"""Turning names and addresses into characters every payer's X12 reader accepts.

X12 has a basic character set (capital letters, digits, blank and common punctuation) and an extended one.
Letters with accents belong to neither, and the four separators of our files may not occur in data at all.
Identifiers are never changed by anything in this module: an identifier with a foreign character is an error.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

#: Characters that may stand in a name or address, where we send capital letters only.
TEXT_CLASS: Final = r" !\"&'()+,\-./;?=#@%_$A-Z0-9"
#: Characters that may stand in an identifier.
ID_CLASS: Final = TEXT_CLASS + "a-z"

_UNCHANGED = re.compile(rf"[{TEXT_CLASS}a-z]*")
_BLANKS = re.compile(r"\s+")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")

_REPLACEMENTS: Final = {
    # separators of our files
    "*": " ", ":": " ", "~": "-", "^": "",
    # characters other partners use as separators
    "|": "/", "\\": "/", "[": "(", "]": ")", "{": "(", "}": ")", "<": "(", ">": ")",
    # quotation marks, apostrophes, dashes
    "`": "'", "´": "'", "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "ʹ": "'", "ʻ": "'", "ʼ": "'",
    "ʽ": "'", "ˈ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "‑": "-", "‒": "-",
    "–": "-", "—": "-", "―": "-", "−": "-", "…": "...", "·": ".", "•": "-", "№": "No", "°": "", "⁄": "/",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u200e": "", "\u200f": "", "\ufeff": "",
    # letters Unicode does not take apart
    "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "ß": "ss", "ẞ": "SS", "Ø": "O", "ø": "o", "Đ": "D",
    "đ": "d", "Ð": "D", "ð": "d", "Þ": "TH", "þ": "th", "Ł": "L", "ł": "l", "Ħ": "H", "ħ": "h", "ı": "i",
    "Ŋ": "N", "ŋ": "n", "Ŧ": "T", "ŧ": "t", "Ə": "E", "ə": "e", "ĸ": "k", "Ɓ": "B", "ɓ": "b", "Ɗ": "D",
    "ɗ": "d", "Ƙ": "K", "ƙ": "k", "Ɵ": "O", "ɵ": "o",
}  # fmt: skip


class Change(NamedTuple):
    """One character that had to give way: what stood there and what is sent instead ("" means nothing)."""

    before: str
    after: str


class Transliteration(NamedTuple):
    """A text fit for X12, what changed on the way (each kind once, in order), and what has no equivalent.

    Capitals instead of small letters and single blanks instead of several are not reported as changes.
    Characters in `unknown` are left out of `text`: the caller decides whether the rest is still the name.
    """

    text: str
    changes: tuple[Change, ...] = ()
    unknown: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def _character(char: str) -> str | None:
    """Return what is sent for one character, or None when X12 has nothing for it."""
    if _UNCHANGED.fullmatch(char):
        return char
    if char in _REPLACEMENTS:
        return _REPLACEMENTS[char]
    if char.isspace():
        return " "
    bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    bare = "".join(_REPLACEMENTS.get(c, c) for c in bare)
    return bare if _UNCHANGED.fullmatch(bare) and (bare or unicodedata.combining(char)) else None


def _capital(match: re.Match[str]) -> str:
    after = _character(match[0])
    return match[0] if after is None else after.upper()


def without_accents(text: str) -> str:
    """Replace the letters outside ASCII as `transliterate` does, in capitals; leave everything else alone.

    Letters without an equivalent stay as they are. Meant for speed: blanks and separators are not looked at.
    """
    return text if text.isascii() else _NON_ASCII.sub(_capital, text)


def transliterate(text: str, *, keep_case: bool = False) -> Transliteration:
    """Rewrite a name, an address line or a remark in X12's characters.

    Ñ becomes N, é becomes e (E without `keep_case`), ’ becomes ', separators become blanks or dashes, runs of
    white space become one blank, and blanks at both ends go. An empty text stays empty.
    """
    changes: list[Change] = []
    unknown: list[str] = []
    if _UNCHANGED.fullmatch(text):
        plain = text
    else:
        pieces: list[str] = []
        for char in unicodedata.normalize("NFC", text):
            after = _character(char)
            if after is None:
                unknown.append(char)
                continue
            pieces.append(after)
            if after != char and not char.isspace():
                changes.append(Change(char, after if keep_case else after.upper()))
        plain = "".join(pieces)
    plain = _BLANKS.sub(" ", plain).strip()
    return Transliteration(
        plain if keep_case else plain.upper(), tuple(dict.fromkeys(changes)), tuple(dict.fromkeys(unknown))
    )
