"""What a password must be, by NIST SP 800-63B (section 3.1.1): long, and not one that is guessed first.

At least 12 characters, because a second factor always stands beside it; 1,000 fit, of any script, spaces too. No rule
asks for digits or signs, and none expires. What is refused is what attackers try first: known passwords, words of this
place (the product, the practice, the person's own name and address), and one piece again and again.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

SHORTEST = 12
LONGEST = 1000
OWN_ENOUGH = 6
"""So many characters must be left of a password when words of this place are taken out of it."""

TOO_SHORT = f"A password has at least {SHORTEST} characters. A few words in a row are easy to keep in mind."
TOO_LONG = f"A password has at most {LONGEST} characters."
KNOWN = "This password is known from lists of stolen ones. Choose another, such as a few words in a row."
OF_THIS_PLACE = "This is mostly your name, your email, the practice or the product. Choose other words."
REPEATED = "This is the same piece again and again. Choose other words."
IN_ORDER = "This runs along the keyboard or the alphabet. Choose other words."

HINT = f"At least {SHORTEST} characters. A few words in a row are best; spaces and any letters are welcome."

PRODUCT = ("attest",)
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
)


def problem(password: str, words_of_this_place: Iterable[str] = ()) -> str:
    """What is wrong with a password, in a sentence; empty when it may be used.

    `words_of_this_place` are names and addresses; parts of fewer than four characters do not count.
    """
    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < SHORTEST:
        return TOO_SHORT
    if len(plain) > LONGEST:
        return TOO_LONG
    folded = plain.casefold()
    if _known(folded):
        return KNOWN
    if _repeats(folded):
        return REPEATED
    if _in_order(folded):
        return IN_ORDER
    if _of_this_place(folded, words_of_this_place):
        return OF_THIS_PLACE
    return ""


_common = CommonPasswordValidator()


def _known(folded: str) -> bool:
    """On the list of 20,000, as it is or without the digits and signs that people put at its ends."""
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    return bool({folded, folded.replace(" ", ""), bare} & _common.passwords)


def _repeats(folded: str) -> bool:
    """One piece, of at most a third of the length or itself on the list, from the beginning to the end."""
    for length in range(1, len(folded) // 2 + 1):
        piece = folded[:length]
        if (piece * (len(folded) // length + 1))[: len(folded)] == folded:
            return length <= max(4, len(folded) // 3) or piece in _common.passwords
    return False


def _in_order(folded: str) -> bool:
    letters = re.sub(r"[\W_]+", "", folded)
    if len(letters) < SHORTEST // 2:
        return False
    steps = sum(
        1
        for one, other in pairwise(letters)
        if any(one + other in row or other + one in row for row in ROWS) or one == other
    )
    return steps >= 0.8 * (len(letters) - 1)


def _of_this_place(folded: str, words: Iterable[str]) -> bool:
    parts = {
        part
        for word in (*PRODUCT, *words)
        for part in re.split(r"[\W_]+", unicodedata.normalize("NFKC", word).casefold())
        if len(part) >= 4
    }
    left = folded
    for part in sorted(parts, key=len, reverse=True):
        left = left.replace(part, "")
    return left != folded and len(re.sub(r"[\W\d_]+", "", left)) < OWN_ENOUGH


class PasswordRules:
    """These rules for Django and the login library (settings.AUTH_PASSWORD_VALIDATORS)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with the sentence of `problem`."""
        if sentence := problem(password, words_around(user)):
            raise ValidationError(sentence, code="password")

    def get_help_text(self) -> str:
        return HINT


def words_around(user: Any) -> list[str]:
    """The words of this place for a user: their name and address, and the practices they are in."""
    if user is None:
        return []
    words = [user.name, user.email.partition("@")[0], user.email.partition("@")[2].rpartition(".")[0]]
    return words + _practice_names(user.pk)


def _practice_names(user_id: UUID | None) -> list[str]:
    return [name for finder in _name_finders for name in finder(user_id)] if user_id else []


_name_finders: list[Any] = []


def name_practices_with(finder: Any) -> None:
    """`practice` hands in how the names of a user's practices are found: (user id) → names."""
    _name_finders[:] = [finder]
