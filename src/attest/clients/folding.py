"""One way to make text searchable: small letters, no accents, words divided by single spaces."""

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’‘`´]")
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)


def fold(text: str) -> str:
    """ "García-López, O’Brien" becomes "garcia lopez obrien". Text without Latin letters or digits becomes empty."""
    plain = text.lower()
    if not text.isascii():
        small = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
        plain = "".join(letter for letter in small if not unicodedata.combining(letter))
    return _BETWEEN_WORDS.sub(" ", _APOSTROPHES.sub("", plain)).strip()
