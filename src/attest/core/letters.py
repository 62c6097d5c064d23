"""What the product writes to people by e-mail: every kind of message, in words that name no client.

A message says that there is something, never what it is about a client: e-mail is read by servers and on screens
that nobody knows. So a kind may use only the few words below, all of them about the practice's own people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from string import Formatter

ALLOWED = frozenset({"practice", "who", "person", "link", "stop_link", "until"})
"""Practice, acting colleague, the person it is about (never a client), links, and a time in words."""

FOOT = "This message was sent by Attest and holds nothing about any client. Answers to it are not read."


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of message: its subject and text, and how long it is of use (afterwards it is not sent any more)."""

    kind: str
    subject: str
    text: str
    useful_for: timedelta


_letters: dict[str, Letter] = {}


def letter(kind: str, subject: str, text: str, *, useful_for: timedelta) -> Letter:
    """Add a kind of message. Raises LookupError for a second one of that name or a word that is not allowed."""
    if kind in _letters:
        raise LookupError(f"two letters of the kind {kind}")
    used = {name for part in (subject, text) for _, name, _, _ in Formatter().parse(part) if name is not None}
    if unknown := used - ALLOWED:
        raise LookupError(f"a message must not tell {sorted(unknown)[0]}")
    _letters[kind] = Letter(kind, subject, text, useful_for)
    return _letters[kind]


def letters() -> Mapping[str, Letter]:
    """Every kind of message there is."""
    return dict(_letters)


def worded(kind: str, words: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text of a message. Raises LookupError for an unknown kind, a missing word or one too many."""
    form = _letters.get(kind)
    if form is None:
        raise LookupError(f"there is no letter of the kind {kind}")
    if unknown := set(words) - ALLOWED:
        raise LookupError(f"a message must not tell {sorted(unknown)[0]}")
    plain = {name: _plain(word) for name, word in words.items()}
    subject = form.subject.format_map(plain)
    return subject, f"{form.text.format_map(plain).strip()}\n\n-- \n{FOOT}\n"


def _plain(word: str) -> str:
    """A word on one line, so that no name can add a line or a header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in word).split())[:400]


HOUR, DAY = timedelta(hours=1), timedelta(days=1)

letter(
    "login.reset",
    "Choose a new password",
    """
Somebody, probably you, asked for a new password for your login to Attest.

Open this page to choose one. It works once, for an hour:
{link}

If it was not you, do nothing: your password stays as it is. A second step is still needed to sign in.
""",
    useful_for=HOUR,
)
letter(
    "login.password_changed",
    "Your password was changed",
    """
The password of your login to Attest was changed just now, and every other place where you were signed in was
signed out.

If it was not you, choose a new password at once and tell an admin of your practice:
{link}
""",
    useful_for=7 * DAY,
)
letter(
    "login.changed",
    "The way you sign in was changed",
    """
The way you sign in to Attest was changed just now: a passkey, an authenticator app, recovery codes or a sign-in
with another provider was added, replaced or removed.

If it was not you, sign in, look at it, and tell an admin of your practice:
{link}
""",
    useful_for=7 * DAY,
)
letter(
    "mail.test",
    "A test message from {practice}",
    """
{who} sent this to see whether messages from {practice} arrive. They do.
""",
    useful_for=HOUR,
)
